"""Reference values: segmentation masks and bounding boxes."""

import math

import torch
import torch.nn.functional as F

from cases import case, one_hot, reference, times_log

MASK = [[[1, 0], [1, 1]], [[0, 0], [0, 1]]]
SHOWN = [[[0.9, 0.2], [0.6, 0.7]], [[0.1, 0.3], [0.2, 0.4]]]
EMPTY = [[0, 0, 0], [1, 1, 0]]
GUESS = [[0.0, 0.0, 0.0], [1.0, 1.0, 0.0]]


def flat(mask):
    return mask.to(torch.float64).flatten(1)


@reference("dice")
def dice(target, prediction, *, smooth=1.0):
    t, p = flat(target), flat(prediction)
    return 1 - (2 * (t * p).sum(-1) + smooth) / (t.sum(-1) + p.sum(-1) + smooth)


case("dice", "two masks", target=MASK, prediction=SHOWN, smooth=0.5)
case("dice", "an empty mask found empty, and a perfect mask", target=EMPTY, prediction=GUESS)


@reference("batch_dice")
def batch_dice(target, prediction, *, smooth=1.0):
    return dice(target.reshape(1, -1), prediction.reshape(1, -1), smooth=smooth)[0]


case("batch_dice", "two masks as one", target=MASK, prediction=SHOWN, smooth=0.5)
case("batch_dice", "a perfect batch", gradient=["prediction"], target=EMPTY, prediction=GUESS)


@reference("multiclass_dice")
def multiclass_dice(target, prediction, *, smooth=1.0):
    y = one_hot(target, prediction.shape[-1])
    classes = [dice(y[..., k].flatten(1), prediction[..., k].flatten(1), smooth=smooth) for k in range(prediction.shape[-1])]
    return torch.stack(classes).mean(0)


THREE = [[[0.7, 0.2, 0.1], [0.1, 0.3, 0.6], [0.2, 0.5, 0.3], [0.6, 0.3, 0.1]]]
case("multiclass_dice", "four pixels, three classes", target=[[0, 2, 1, 0]], prediction=THREE, smooth=0.5)
case("multiclass_dice", "a class that is not in the picture", target=[[0, 1]], prediction=[[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])


@reference("generalized_dice")
def generalized_dice(target, prediction, *, epsilon=1e-6):
    y = one_hot(target, prediction.shape[-1]).flatten(1, -2)
    p = prediction.flatten(1, -2)
    weight = 1 / (y.sum(1) ** 2 + epsilon)
    return 1 - 2 * (weight * (y * p).sum(1)).sum(-1) / ((weight * (y.sum(1) + p.sum(1))).sum(-1) + epsilon)


case("generalized_dice", "four pixels, three classes", target=[[0, 2, 1, 0]], prediction=THREE, epsilon=0.01)
case("generalized_dice", "a perfect picture", gradient=False, target=[[0, 1, 1]], prediction=[[[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]])


@reference("log_cosh_dice")
def log_cosh_dice(target, prediction, *, smooth=1.0):
    return dice(target, prediction, smooth=smooth).cosh().log()


case("log_cosh_dice", "two masks", target=MASK, prediction=SHOWN, smooth=0.5)
case("log_cosh_dice", "a perfect mask", target=EMPTY, prediction=GUESS)


@reference("dice_bce")
def dice_bce(target, prediction, *, weight=0.5, smooth=1.0):
    bce = F.binary_cross_entropy(prediction, target.to(torch.float64), reduction="none").flatten(1).mean(-1)
    return weight * dice(target, prediction, smooth=smooth) + (1 - weight) * bce


case("dice_bce", "two masks", target=MASK, prediction=SHOWN, weight=0.3, smooth=0.5)
case("dice_bce", "a perfect mask", gradient=False, target=EMPTY, prediction=GUESS)


@reference("jaccard")
def jaccard(target, prediction, *, smooth=1.0):
    t, p = flat(target), flat(prediction)
    return 1 - ((t * p).sum(-1) + smooth) / ((t + p - t * p).sum(-1) + smooth)


case("jaccard", "two masks", target=MASK, prediction=SHOWN, smooth=0.5)
case("jaccard", "an empty mask found empty, and a perfect mask", target=EMPTY, prediction=GUESS)


@reference("tversky")
def tversky(target, prediction, *, alpha=0.5, beta=0.5, smooth=1.0):
    t, p = flat(target), flat(prediction)
    hit = (t * p).sum(-1)
    return 1 - (hit + smooth) / (hit + alpha * (p.sum(-1) - hit) + beta * (t.sum(-1) - hit) + smooth)


case("tversky", "misses cost more than false alarms", target=MASK, prediction=SHOWN, alpha=0.3, beta=0.7, smooth=0.5)
case("tversky", "an empty mask found empty, and a perfect mask", gradient=["prediction"], target=EMPTY, prediction=GUESS)


@reference("focal_tversky")
def focal_tversky(target, prediction, *, gamma=0.75, alpha=0.3, beta=0.7, smooth=1.0):
    return tversky(target, prediction, alpha=alpha, beta=beta, smooth=smooth) ** gamma


case("focal_tversky", "the defaults", target=MASK, prediction=SHOWN)
case("focal_tversky", "a perfect mask", gradient=False, target=EMPTY, prediction=GUESS, gamma=1.5)


@reference("boundary", data=["distance"])
def boundary(distance, prediction):
    return (distance * prediction).flatten(1).mean(-1)


case("boundary", "inside and outside", distance=[[[-1.0, 0.5], [2.0, -0.5]]], prediction=[[[0.9, 0.2], [0.1, 0.6]]])
case("boundary", "nothing shown costs nothing", distance=[[-1.0, 2.0]], prediction=[[0.0, 0.0]])


@reference("total_variation")
def total_variation(prediction):
    # PyTorch's mean over nothing is NaN; the language's is 0.
    mean = lambda steps: steps.abs().mean((1, 2)) if steps.numel() else steps.sum((1, 2))
    return mean(prediction.diff(dim=2)) + mean(prediction.diff(dim=1))


case("total_variation", "a picture of 2 by 3", prediction=[[[0.1, 0.5, 0.2], [0.9, 0.3, 0.7]]])
case("total_variation", "one row: nothing below it", prediction=[[[1.0, 4.0, 2.0]]])
case("total_variation", "a flat picture costs nothing", gradient=False, prediction=[[[2.0, 2.0], [2.0, 2.0]]])


def sides(box):
    return box[2] - box[0], box[3] - box[1]


def measures(a, b):
    """Intersection, union, hull sides of two boxes, by cases as on paper."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    inter = width * height if width > 0 and height > 0 else 0 * width
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - inter
    return inter, union, max(a[2], b[2]) - min(a[0], b[0]), max(a[3], b[3]) - min(a[1], b[1])


def per_box(function):
    def apply(target, prediction, **options):
        pairs = zip(target.reshape(-1, 4), prediction.reshape(-1, 4))
        return torch.stack([function(t, p, **options) for t, p in pairs]).reshape(target.shape[:-1])

    return apply


def boxes(name, function):
    """Registers a box loss under the plain names of its inputs."""

    def loss(target, prediction):
        return per_box(function)(target, prediction)

    reference(name)(loss)
    case(name, "boxes that overlap", target=[[0.0, 0.0, 4.0, 3.0], [1.0, 1.0, 2.0, 5.0]], prediction=[[1.0, 0.5, 5.0, 4.0], [0.5, 2.0, 3.0, 4.0]])
    case(name, "boxes that do not touch, and some that do; two per item", target=[[[0.0, 0.0, 2.0, 1.0], [0.0, 0.0, 2.0, 2.0]]], prediction=[[[3.0, 4.0, 5.0, 6.0], [1.0, 1.0, 3.0, 4.0]]])
    case(name, "equal boxes", gradient=False, target=[[1.0, 1.0, 3.0, 4.0]], prediction=[[1.0, 1.0, 3.0, 4.0]])


def iou(t, p):
    inter, union, _, _ = measures(t, p)
    return 1 - inter / union


def giou(t, p):
    inter, union, width, height = measures(t, p)
    return 1 - (inter / union - (width * height - union) / (width * height))


def diou(t, p):
    _, _, width, height = measures(t, p)
    gap = torch.stack([(t[0] + t[2]) / 2 - (p[0] + p[2]) / 2, (t[1] + t[3]) / 2 - (p[1] + p[3]) / 2])
    return iou(t, p) + (gap**2).sum() / (width**2 + height**2)


def ciou(t, p):
    (wt, ht), (wp, hp) = sides(t), sides(p)
    v = 4 / math.pi**2 * (torch.atan2(wt, ht) - torch.atan2(wp, hp)) ** 2
    alpha = (v / (iou(t, p) + v + 1e-7)).detach()
    return diou(t, p) + alpha * v


def eiou(t, p):
    _, _, width, height = measures(t, p)
    (wt, ht), (wp, hp) = sides(t), sides(p)
    return diou(t, p) + (wt - wp) ** 2 / width**2 + (ht - hp) ** 2 / height**2


def cse_a_regression(t, p):
    i, u, width, height = measures(t, p)
    e = width * height
    return 1 - (i / u - (e - (i + 2)) / e)


def cse_b_regression(t, p):
    i, u, width, height = measures(t, p)
    e = width * height
    return (3 * e * u + 12 * e + 3 * i + 3 * u + 18) / (-3 * e * u + i * u + u**2 - 15 * e + 5 * i + 5 * u)


for box_loss in (iou, giou, diou, ciou, eiou, cse_a_regression, cse_b_regression):
    boxes(box_loss.__name__, box_loss)


def soft_bce(target, prediction):
    return -(times_log(target, prediction) + times_log(1 - target, 1 - prediction))


@reference("quality_focal")
def quality_focal(target, prediction, *, beta=2.0):
    return (target - prediction).abs() ** beta * soft_bce(target, prediction)


case("quality_focal", "soft targets", target=[0.8, 0.0, 0.5], prediction=[0.6, 0.3, 0.9], beta=1.5)
case("quality_focal", "as sure as it should be", target=[0.5, 1.0], prediction=[0.5, 0.25])


@reference("varifocal")
def varifocal(target, prediction, *, alpha=0.75, gamma=2.0):
    weight = torch.where(target > 0, target, alpha * prediction.detach() ** gamma)
    return weight * soft_bce(target, prediction)


case("varifocal", "positives by quality, negatives by their score", gradient=["prediction", "alpha"], target=[0.8, 0.0, 0.5], prediction=[0.6, 0.3, 0.9], alpha=0.5, gamma=1.5)
case("varifocal", "a negative that is certain costs nothing", gradient=False, target=[0.0, 1.0], prediction=[0.0, 0.5])


@reference("distribution_focal")
def distribution_focal(target, prediction):
    rows = []
    for y, p in zip(target.flatten().tolist(), prediction.reshape(-1, prediction.shape[-1])):
        left = min(int(y), len(p) - 2)
        rows.append(-((left + 1 - y) * p[left].log() + (y - left) * p[left + 1].log()))
    return torch.stack(rows).reshape(target.shape)


case("distribution_focal", "between two bins", target=[1.25, 0.5], prediction=[[0.1, 0.4, 0.3, 0.2], [0.3, 0.3, 0.2, 0.2]])
case("distribution_focal", "on a bin, sides of a box", target=[[2.0, 0.75]], prediction=[[[0.1, 0.2, 0.6, 0.1], [0.25, 0.25, 0.25, 0.25]]])
