"""Reference values: distillation, unlearning, metric learning with proxies and angles, boxes and masks beyond the usual."""

import math

import torch
import torch.nn.functional as F

from cases import case, one_hot, reference, times_log
from overlap import flat, iou, measures, per_box, sides

PAIR = [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]
LOGITS = [[0.5, 2.0, -1.0], [1.5, 0.0, 0.25]]
TEACHER = [[1.0, 2.5, -2.0], [0.5, 0.25, 1.0]]


@reference("squentropy")
def squentropy(target, prediction):
    wrong = [[z for k, z in enumerate(row) if k != t] for t, row in zip(target.tolist(), prediction)]
    squares = torch.stack([sum(z**2 for z in row) / len(row) for row in wrong])
    return F.cross_entropy(prediction, target, reduction="none") + squares


case("squentropy", "labels", target=[1, 0], prediction=LOGITS)
case("squentropy", "logits of 0 cost log(classes)", target=[2], prediction=[[0.0, 0.0, 0.0]])


@reference("dkd", data=["teacher"])
def dkd(target, teacher, prediction, *, temperature=4.0, alpha=1.0, beta=8.0):
    rows = []
    for t, guide, z in zip(target.tolist(), teacher, prediction):
        p, q = torch.softmax(z / temperature, 0), torch.softmax(guide / temperature, 0)
        kept = [k for k in range(len(z)) if k != t]
        binary = lambda x: torch.stack([x[t], sum(x[k] for k in kept)])  # noqa: E731
        own = (binary(q) * (binary(q) / binary(p)).log()).sum()
        p_rest, q_rest = p[kept] / p[kept].sum(), q[kept] / q[kept].sum()
        others = (q_rest * (q_rest / p_rest).log()).sum()
        rows.append(temperature**2 * (alpha * own + beta * others))
    return torch.stack(rows)


case("dkd", "the defaults", target=[1, 0], teacher=TEACHER, prediction=LOGITS)
case("dkd", "weights", target=[2, 0], teacher=TEACHER, prediction=LOGITS, temperature=2.0, alpha=0.5, beta=2.0)
case("dkd", "the teacher itself costs nothing", target=[1], teacher=[[1.0, 2.5, -2.0]], prediction=[[1.0, 2.5, -2.0]])


def divergence(p, q):
    return (times_log(p, p) - times_log(p, q)).sum(-1)


@reference("skew_kl")
def skew_kl(target, prediction, *, weight=0.1):
    return divergence(target, weight * target + (1 - weight) * prediction)


@reference("skew_reverse_kl")
def skew_reverse_kl(target, prediction, *, weight=0.1):
    return divergence(prediction, (1 - weight) * target + weight * prediction)


for name in ("skew_kl", "skew_reverse_kl"):
    case(name, "two distributions", target=[[0.2, 0.3, 0.5], [0.1, 0.6, 0.3]], prediction=[[0.5, 0.25, 0.25], [0.2, 0.7, 0.1]], weight=0.25)
    case(name, "finite where the supports do not meet", gradient=False, target=[[1.0, 0.0]], prediction=[[0.0, 1.0]])


@reference("npo", data=["reference"])
def npo(reference, log_probability, *, beta=0.1):
    ratio = torch.exp(log_probability - reference)
    return 2 / beta * torch.log(1 + ratio**beta)


case("npo", "still likely, and forgotten", reference=[-10.0, -9.0], log_probability=[-8.0, -30.0], beta=0.25)
case("npo", "at the reference: 20 log(2)", reference=[-10.0], log_probability=[-10.0])


@reference("dino", data=["teacher"])
def dino(teacher, student, *, center=0.0, student_temperature=0.1, teacher_temperature=0.04):
    goal = torch.softmax((teacher - center) / teacher_temperature, -1)
    return -(goal * torch.log_softmax(student / student_temperature, -1)).sum(-1)


case("dino", "a centre for each output", gradient=["student"], teacher=TEACHER, student=LOGITS, center=[0.5, 0.25, -0.5], student_temperature=1.0, teacher_temperature=0.5)
case("dino", "the student says the same", gradient=["student"], teacher=[[0.04, 0.08]], student=[[0.1, 0.2]])


LEFT = [[1.0, 0.5, -0.25], [0.25, 1.0, 0.5], [-0.5, 0.75, 1.0], [1.0, -1.0, 0.5]]
RIGHT = [[0.75, 0.5, 0.0], [0.5, 1.0, 0.25], [-0.25, 0.5, 1.0], [0.5, -1.0, 1.0]]


@reference("dcl")
def dcl(left, right, *, temperature=0.1):
    left, right = F.normalize(left, dim=-1), F.normalize(right, dim=-1)
    rows = []
    for i in range(len(left)):
        rivals = [v[j] for v in (left, right) for j in range(len(left)) if j != i]
        total = sum(torch.exp((left[i] * v).sum() / temperature) for v in rivals)
        rows.append(-(left[i] * right[i]).sum() / temperature + total.log())
    return torch.stack(rows)


case("dcl", "four pairs", left=LEFT, right=RIGHT, temperature=0.5)
case("dcl", "two pairs, the default", left=LEFT[:2], right=RIGHT[:2])


PROXIES = [[1.0, 0.25, 0.0], [-0.25, 1.0, 0.5], [0.5, -1.0, 1.0]]


@reference("proxy_anchor")
def proxy_anchor(target, prediction, *, proxy, alpha=32.0, margin=0.1):
    similarity = F.normalize(prediction, dim=-1) @ F.normalize(proxy, dim=-1).T
    near, far = [], []
    for k in range(len(proxy)):
        own = [similarity[i, k] for i in range(len(target)) if target[i] == k]
        other = [similarity[i, k] for i in range(len(target)) if target[i] != k]
        if own:
            near.append(torch.log(1 + sum(torch.exp(-alpha * (s - margin)) for s in own)))
        far.append(torch.log(1 + sum((torch.exp(alpha * (s + margin)) for s in other), torch.tensor(0.0))))
    return sum(near) / len(near) + sum(far) / len(far)


case("proxy_anchor", "three classes, one without items", target=[0, 1, 0, 1], prediction=LEFT, proxy=PROXIES, alpha=4.0, margin=0.25)
case("proxy_anchor", "the defaults", target=[0, 2], prediction=LEFT[:2], proxy=PROXIES)


CENTRES = [[[1.0, 0.25, 0.0], [0.5, 0.5, -0.5]], [[-0.25, 1.0, 0.5], [0.0, 0.5, 1.0]], [[0.5, -1.0, 1.0], [1.0, -0.5, 0.25]]]


@reference("soft_triple")
def soft_triple(target, prediction, *, prototype, scale=20.0, gamma=0.1, margin=0.01):
    x, w = F.normalize(prediction, dim=-1), F.normalize(prototype, dim=-1)
    similarity = torch.einsum("bf,cpf->bcp", x, w)
    chosen = (torch.softmax(similarity / gamma, -1) * similarity).sum(-1)
    return F.cross_entropy(scale * (chosen - margin * one_hot(target, len(w))), target, reduction="none")


case("soft_triple", "two centres each", target=[0, 1, 2, 2], prediction=LEFT, prototype=CENTRES, scale=4.0, gamma=0.5, margin=0.1)
case("soft_triple", "the defaults", target=[1], prediction=[[0.25, 1.0, 0.5]], prototype=CENTRES)


@reference("angular", data=["label"])
def angular(label, embedding, *, angle=40.0):
    x = F.normalize(embedding, dim=-1)
    square = torch.tan(torch.as_tensor(angle) * math.pi / 180) ** 2
    rows = []
    for a in range(len(x)):
        costs = []
        for p in range(len(x)):
            if p == a or label[p] != label[a]:
                continue
            strangers = [x[n] for n in range(len(x)) if label[n] != label[a]]
            terms = [torch.exp(4 * square * ((x[a] + x[p]) * n).sum() - 2 * (1 + square) * (x[a] * x[p]).sum()) for n in strangers]
            costs.append(torch.log(1 + sum(terms)))
        rows.append(sum(costs) / len(costs) if costs else 0 * x[a].sum())
    return torch.stack(rows)


case("angular", "five points of two kinds", label=[0, 0, 1, 1, 0], embedding=LEFT + [[0.5, 1.0, 0.25]])
case("angular", "no friends cost nothing", label=[0, 1], embedding=LEFT[:2], angle=45.0)


SHAPES = {"target": [[0.0, 0.0, 4.0, 3.0], [1.0, 1.0, 2.0, 5.0]], "prediction": [[1.0, 0.5, 5.0, 4.0], [0.5, 2.0, 3.0, 4.0]]}
APART = {"target": [[0.0, 0.0, 2.0, 1.0]], "prediction": [[3.0, 4.0, 5.0, 6.0]]}


def boxwise(function):
    def apply(target, prediction, **options):
        rows = [function(t, p, **options) for t, p in zip(target, prediction)]
        return torch.stack([torch.as_tensor(row) for row in rows])

    return apply


def overlap_of(t, p):
    return 1 - iou(t, p)


@reference("log_iou")
def log_iou(target, prediction, *, floor=1e-6):
    return boxwise(lambda t, p: -torch.log(torch.clamp(overlap_of(t, p), min=float(floor))))(target, prediction)


case("log_iou", "boxes that overlap", gradient=["prediction"], **SHAPES)
case("log_iou", "boxes that do not touch", gradient=["prediction"], **APART, floor=0.001)


@reference("alpha_iou")
def alpha_iou(target, prediction, *, alpha=3.0):
    return boxwise(lambda t, p: 1 - overlap_of(t, p) ** alpha)(target, prediction)


case("alpha_iou", "boxes that overlap", **SHAPES)
case("alpha_iou", "alpha = 1 is the IoU loss", **SHAPES, alpha=1.0)


@reference("mpdiou")
def mpdiou(target, prediction, *, width=1.0, height=1.0):
    corners = ((prediction[:, :2] - target[:, :2]) ** 2).sum(-1) + ((prediction[:, 2:] - target[:, 2:]) ** 2).sum(-1)
    return 1 - boxwise(overlap_of)(target, prediction) + corners / (width**2 + height**2)


case("mpdiou", "boxes that overlap", **SHAPES, width=8.0, height=6.0)
case("mpdiou", "boxes that do not touch", **APART, width=10.0, height=10.0)


@reference("nwd")
def nwd(target, prediction, *, constant=12.8):
    def gaussian(box):
        x1, y1, x2, y2 = box
        return torch.stack([(x1 + x2) / 2, (y1 + y2) / 2, (x2 - x1) / 2, (y2 - y1) / 2])

    return boxwise(lambda t, p: 1 - torch.exp(-torch.linalg.vector_norm(gaussian(t) - gaussian(p)) / constant))(target, prediction)


case("nwd", "boxes that overlap", **SHAPES)
case("nwd", "boxes that do not touch", **APART, constant=4.0)


@reference("bounded_iou")
def bounded_iou(target, prediction, *, beta=0.2):
    def loss(t, p):
        costs = []
        for low, high in ((0, 2), (1, 3)):
            shift = ((t[low] + t[high]) / 2 - (p[low] + p[high]) / 2).abs()
            size, other = t[high] - t[low], p[high] - p[low]
            costs.append(1 - torch.clamp((size - 2 * shift) / (size + 2 * shift), min=0))
            costs.append(1 - torch.minimum(size / other, other / size))
        return sum(torch.where(c < beta, c**2 / (2 * beta), c - beta / 2) for c in costs) / 4

    return boxwise(loss)(target, prediction)


case("bounded_iou", "boxes that overlap", **SHAPES)
case("bounded_iou", "boxes that do not touch", **APART, beta=0.5)


@reference("mcc")
def mcc(target, prediction, *, smooth=1.0):
    y, p = flat(target), flat(prediction)
    tp, tn = (y * p).sum(-1), ((1 - y) * (1 - p)).sum(-1)
    fp, fn = ((1 - y) * p).sum(-1), (y * (1 - p)).sum(-1)
    return 1 - (tp * tn - fp * fn) / (torch.sqrt((tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)) + smooth)


MASKS = {"target": [[[1, 0], [1, 1]], [[0, 0], [0, 1]]], "prediction": [[[0.9, 0.2], [0.6, 0.7]], [[0.1, 0.3], [0.2, 0.4]]]}
case("mcc", "two masks", **MASKS, smooth=0.5)
case("mcc", "a mask of one kind costs 1", gradient=False, target=[[0, 0, 0]], prediction=[[0.25, 0.5, 0.125]])
