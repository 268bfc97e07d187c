"""Reference values: classification on logits and scores, with margins, weights and teachers."""

import torch
import torch.nn.functional as F

from cases import case, one_hot, own, reference

LOGITS = [[2.0, 1.0, 0.1], [-1.0, 0.5, 3.0]]


@reference("cross_entropy_logits", source="torch")
def cross_entropy_logits(target, prediction):
    return F.cross_entropy(prediction, target, reduction="none")


case("cross_entropy_logits", "labels", target=[0, 1], prediction=LOGITS)
case("cross_entropy_logits", "soft targets, logits far out", target=[[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]], prediction=[[2.0, 1.0, 0.1], [-1000.0, 0.0, 0.0]])


@reference("sparse_cross_entropy", source="torch")
def sparse_cross_entropy(target, prediction, *, ignore=-100):
    if bool((target == ignore).all()):
        return (0 * prediction).sum()
    return F.cross_entropy(prediction.flatten(0, -2), target.flatten(), ignore_index=ignore)


case("sparse_cross_entropy", "one of three is ignored", target=[0, -100, 1], prediction=LOGITS + [[0.0, 0.0, 1.0]])
case("sparse_cross_entropy", "tokens, label 0 is padding", target=[[1, 2], [1, 0]], prediction=[LOGITS, [[0.5, -0.5, 0.0], [9.0, 9.0, 0.0]]], ignore=0)
case("sparse_cross_entropy", "all are ignored", target=[-100], prediction=[[1.0, 2.0]])


@reference("sparse_cross_entropy_weighted", source="torch")
def sparse_cross_entropy_weighted(target, prediction, *, weight=None, ignore=-100):
    weights = None if weight is None else torch.tensor(weight)
    return F.cross_entropy(prediction, target, weight=weights, ignore_index=ignore)


case("sparse_cross_entropy_weighted", "class weights, one label ignored", target=[0, -100, 1], prediction=LOGITS + [[0.0, 0.0, 1.0]], weight=[1.0, 2.0, 0.5])
case("sparse_cross_entropy_weighted", "without weights it is the mean", target=[0, 1], prediction=LOGITS)


@reference("categorical_hinge")
def categorical_hinge(target, prediction):
    y = one_hot(target, prediction.shape[-1])
    best_other = torch.where(y == 0, prediction, torch.tensor(-torch.inf)).amax(-1)
    return torch.clamp(1 + best_other - (y * prediction).sum(-1), min=0)


case("categorical_hinge", "right and wrong", target=[0, 1], prediction=[[2.0, 1.5, 0.1], [-1.0, 0.5, 3.0]])
case("categorical_hinge", "beyond the margin, and all scores below 0", target=[0, 1], prediction=[[3.0, 1.0, 0.1], [-3.0, -2.5, -4.0]])


@reference("multi_margin", source="torch")
def multi_margin(target, prediction, *, margin=1.0, weight=None):
    weights = None if weight is None else torch.tensor(weight)
    return F.multi_margin_loss(prediction, target, margin=margin, weight=weights, reduction="none")


case("multi_margin", "right and wrong", target=[0, 1], prediction=[[2.0, 1.5, 0.1], [-1.0, 0.5, 3.0]])
case("multi_margin", "class weights and a margin", target=[2, 0], prediction=LOGITS, margin=2.0, weight=[1.0, 2.0, 0.5])


@reference("z_loss")
def z_loss(target, prediction, *, weight=1e-4):
    return F.cross_entropy(prediction, target, reduction="none") + weight * prediction.exp().sum(-1).log() ** 2


case("z_loss", "labels", target=[0, 1], prediction=LOGITS, weight=0.1)
case("z_loss", "log-probabilities cost nothing more", gradient=["prediction"], target=[1], prediction=[torch.tensor([0.5, 0.25, 0.25]).log().tolist()], weight=1.0)


@reference("logit_norm")
def logit_norm(target, prediction, *, temperature=0.04):
    return F.cross_entropy(F.normalize(prediction, dim=-1) / temperature, target, reduction="none")


case("logit_norm", "labels", target=[0, 1], prediction=LOGITS, temperature=0.5)
case("logit_norm", "scale does not count", target=[0], prediction=[[200.0, 100.0, 10.0]])


@reference("logit_adjusted")
def logit_adjusted(target, prediction, *, prior, tau=1.0):
    weighted = prior**tau * prediction.exp()
    return -own(target, weighted / weighted.sum(-1, keepdim=True)).log()


case("logit_adjusted", "a long tail", target=[0, 1], prediction=LOGITS, prior=[0.7, 0.2, 0.1], tau=1.5)
case("logit_adjusted", "tau = 0 is cross-entropy", gradient=["prediction"], target=[2], prediction=[[2.0, 1.0, 0.1]], prior=[0.7, 0.2, 0.1], tau=0.0)


@reference("ldam")
def ldam(target, prediction, *, count, margin=0.5, scale=30.0):
    delta = 1 / torch.sqrt(torch.sqrt(count))
    delta = delta * (margin / delta.max())
    return F.cross_entropy(scale * (prediction - one_hot(target, len(count)) * delta), target, reduction="none")


case("ldam", "a long tail", gradient=["prediction"], target=[0, 2], prediction=[[0.4, 0.3, 0.1], [0.2, 0.1, 0.3]], count=[1000.0, 100.0, 10.0], margin=0.5, scale=10.0)
case("ldam", "equal counts: the same margin for all", gradient=["prediction"], target=[1], prediction=[[0.4, 0.3, 0.1]], count=[50.0, 50.0, 50.0], margin=0.2, scale=1.0)


@reference("arcface")
def arcface(target, prediction, *, scale=64.0, margin=0.5):
    y = one_hot(target, prediction.shape[-1])
    # cos(a + m) by the addition theorem.
    sine = torch.sqrt(1 - prediction**2)
    turned = prediction * torch.cos(torch.as_tensor(margin)) - sine * torch.sin(torch.as_tensor(margin))
    return F.cross_entropy(scale * (y * turned + (1 - y) * prediction), target, reduction="none")


case("arcface", "two items", target=[0, 2], prediction=[[0.8, 0.1, -0.3], [0.2, 0.6, 0.5]], scale=8.0, margin=0.3)
case("arcface", "no margin is a scaled softmax", gradient=["prediction", "scale"], target=[1], prediction=[[0.5, 0.25, 0.0]], scale=4.0, margin=0.0)


@reference("cosface")
def cosface(target, prediction, *, scale=64.0, margin=0.35):
    return F.cross_entropy(scale * (prediction - margin * one_hot(target, prediction.shape[-1])), target, reduction="none")


case("cosface", "two items", target=[0, 2], prediction=[[0.8, 0.1, -0.3], [0.2, 0.6, 0.5]], scale=8.0, margin=0.2)
case("cosface", "no margin is a scaled softmax", target=[1], prediction=[[0.5, 0.25, 0.0]], scale=4.0, margin=0.0)


@reference("center_loss")
def center_loss(target, prediction, *, center):
    return torch.stack([((x - center[t]) ** 2).sum() / 2 for t, x in zip(target.tolist(), prediction)])


case("center_loss", "two classes", target=[0, 1, 0], prediction=[[1.0, 2.0], [0.5, -1.0], [0.0, 0.0]], center=[[0.0, 1.0], [1.0, -1.0]])
case("center_loss", "at the centre", target=[1], prediction=[[1.0, -1.0]], center=[[0.0, 1.0], [1.0, -1.0]])


@reference("distillation", data=["teacher"])
def distillation(target, teacher, prediction, *, temperature=4.0, alpha=0.5):
    t = torch.as_tensor(temperature)
    soft = F.cross_entropy(prediction / t, torch.softmax(teacher / t, -1), reduction="none")
    return alpha * F.cross_entropy(prediction, target, reduction="none") + (1 - alpha) * t**2 * soft


case("distillation", "labels and a teacher", gradient=["prediction", "temperature", "alpha"], target=[0, 1], teacher=[[3.0, 1.0, -1.0], [0.0, 2.0, 1.0]], prediction=LOGITS, temperature=2.0, alpha=0.25)
case("distillation", "the teacher alone, agreeing", target=[0], teacher=[[2.0, 1.0, 0.1]], prediction=[[2.0, 1.0, 0.1]], alpha=0.0)
