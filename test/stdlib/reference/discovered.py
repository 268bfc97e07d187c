"""Reference values: losses that were found by search."""

import math

import torch
import torch.nn.functional as F

from cases import case, one_hot, own, reference

# softmax of the logits [2, 1, 0.1], and chance: the points of the published comparisons.
THREE = torch.softmax(torch.tensor([2.0, 1.0, 0.1]), 0).tolist()
PAIR = [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]
CHANCE = [[0.25, 0.25, 0.25, 0.25]]


@reference("baikal")
def baikal(target, prediction):
    x = one_hot(target, prediction.shape[-1])
    return -(prediction.log() - x / prediction).sum(-1) / prediction.shape[-1]


case("baikal", "softmax of the logits [2, 1, 0.1], class 0", target=[0], prediction=[THREE])
case("baikal", "its minimum for four classes: half, and a third of the rest each", target=[0], prediction=[[1 / 2, 1 / 6, 1 / 6, 1 / 6]])
case("baikal", "a nearly impossible true class", target=[1], prediction=[[0.999, 0.001]])


@reference("baikal_cma")
def baikal_cma(target, prediction, *, c0=2.7279, c1=0.9863, c2=1.5352, c3=-1.1135, c4=1.3716, c5=-0.8411):
    x = one_hot(target, prediction.shape[-1])
    return -(c0 * (c1 * torch.log(c2 * prediction) - c3 * (c4 * x) / (c5 * prediction))).mean(-1)


case("baikal_cma", "softmax of the logits [2, 1, 0.1], class 0", target=[0], prediction=[THREE])
case("baikal_cma", "all coefficients 1: Baikal", target=[2], prediction=[[0.5, 0.25, 0.25]], c0=1.0, c1=1.0, c2=1.0, c3=1.0, c4=1.0, c5=1.0)
case("baikal_cma", "chance", target=[3], prediction=CHANCE)


def taylor(x, y, t):
    return t[2] * y + t[3] / 2 * y**2 + t[4] / 6 * y**3 + t[5] * x * y + t[6] / 2 * x * y**2 + t[7] / 2 * x**2 * y


@reference("taylor3")
def taylor3(target, prediction, *, t0=0.0, t1=0.0, t2=0.0, t3=0.0, t4=0.0, t5=0.0, t6=0.0, t7=0.0):
    x = one_hot(target, prediction.shape[-1]) - t0
    return -taylor(x, prediction - t1, [t0, t1, t2, t3, t4, t5, t6, t7]).mean(-1)


case("taylor3", "all parameters", target=[0, 2], prediction=PAIR, t0=0.5, t1=-0.25, t2=1.0, t3=-2.0, t4=3.0, t5=0.75, t6=-1.5, t7=2.5)
case("taylor3", "all 0 is the zero loss", target=[1], prediction=[[0.2, 0.8]], gradient=["prediction"])


@reference("taylor_glo_mnist")
def taylor_glo_mnist(target, prediction):
    x = one_hot(target, prediction.shape[-1]) + 10.9408
    y = prediction - 7.5216
    return -taylor(x, y, [0, 0, 8.2896, 2 * 0.2415, 6 * 7.8726, 8.9666, 2 * 2.0184, 2 * 7.0513]).sum(-1)


case("taylor_glo_mnist", "labels", target=[0, 2], prediction=PAIR)
case("taylor_glo_mnist", "chance", target=[3], prediction=CHANCE)


@reference("taylor_glo_early")
def taylor_glo_early(target, prediction):
    x = one_hot(target, prediction.shape[-1]) - 0.8439
    y = prediction - 1.4872
    return -taylor(x, y, [0, 0, 1.5742, -2 * 1.4446, 6 * 2.3616, -0.6632, -2 * 2.8569, -2 * 1.1313]).sum(-1)


case("taylor_glo_early", "labels", target=[0, 2], prediction=PAIR)
case("taylor_glo_early", "chance", target=[3], prediction=CHANCE)


@reference("taylor_glo_cross_entropy")
def taylor_glo_cross_entropy(target, prediction):
    x = one_hot(target, prediction.shape[-1])
    terms = 0.166667 - prediction + 2 * prediction**2 - 1.33333 * prediction**3
    return (terms + x * (2.19315 - 4 * prediction + 2 * prediction**2)).sum(-1)


case("taylor_glo_cross_entropy", "labels", target=[0, 2], prediction=PAIR)
case("taylor_glo_cross_entropy", "finite where cross-entropy is not", target=[0], prediction=[[0.0, 1.0]])


@reference("ngl")
def ngl(target, prediction):
    x = one_hot(target, prediction.shape[-1])
    return (torch.exp(2.4092 - prediction - prediction * x) - torch.cos(torch.cos(torch.sin(prediction)))).mean(-1)


case("ngl", "softmax of the logits [2, 1, 0.1], class 0", target=[0], prediction=[THREE])
case("ngl", "certain and right", target=[1], prediction=[[0.0, 1.0]])


@reference("sparse_lsr")
def sparse_lsr(target, prediction, *, smoothing=0.1, floor=1e-7):
    k = prediction.shape[-1]
    p = own(target, prediction)
    # Label smoothing with the other classes' probabilities replaced by their mean.
    other = torch.clamp(1 - p, min=float(floor)) / (k - 1)
    return -((1 - smoothing + smoothing / k) * p.log() + (k - 1) * smoothing / k * other.log())


case("sparse_lsr", "labels", target=[0, 2], prediction=PAIR, smoothing=0.2)
case("sparse_lsr", "certain and right: the floor bounds it", gradient=["prediction"], target=[1], prediction=[[0.0, 1.0]])


@reference("margin_search")
def margin_search(target, prediction, *, a=0.5):
    p = own(target, prediction)
    return -torch.log(p / (a * p + 1 - a))


case("margin_search", "labels", target=[0, 2], prediction=PAIR, a=-1.5)
case("margin_search", "a = 0 is cross-entropy", target=[1], prediction=[[0.2, 0.8]], a=0.0)
case("margin_search", "certain and right costs nothing", target=[1], prediction=[[0.0, 1.0]])


@reference("cse_a_classification", data=["quality"])
def cse_a_classification(target, quality, prediction):
    y = one_hot(target, prediction.shape[-1])
    return -(y * (1 + torch.sin(quality))[:, None] * torch.log(torch.softmax(prediction, -1))).sum(-1)


case("cse_a_classification", "a box, and background", target=[1, 0], quality=[0.75, 1.0], prediction=[[0.5, 2.0, -1.0], [1.5, 0.0, 0.25]])
case("cse_a_classification", "no overlap is cross-entropy", target=[2], quality=[0.0], prediction=[[0.5, 2.0, -1.0]])


@reference("cse_b_classification", data=["quality"])
def cse_b_classification(target, quality, prediction, *, alpha=0.25):
    half = math.sqrt(math.pi) / 2
    serf = (torch.erf(half * torch.sigmoid(1 - target.to(torch.float64)) / 2) + 1) / 2
    gudermann = 2 * torch.atan(torch.tanh(prediction * math.pi / 8))
    sgdf = (2 / math.pi * gudermann + 1) / 2
    p = torch.sigmoid(prediction)
    inner = quality * (1 + serf) * torch.log(p) + (sgdf - quality) * ((1 - quality) - (1 - p)) * torch.log(1 - p)
    return -inner * torch.where(target == 1, torch.as_tensor(alpha), 1 - torch.as_tensor(alpha))


case("cse_b_classification", "a box, and background", target=[1, 0], quality=[0.75, 0.0], prediction=[0.5, -1.0], alpha=0.4)
case("cse_b_classification", "a logit of 0", target=[0, 1], quality=[0.0, 0.5], prediction=[0.0, 0.0])


def swapped(target, prediction, c):
    x = one_hot(target, prediction.shape[-1]) - c[1]
    y = prediction - c[0]
    return -taylor(y, x, c).mean(-1)


@reference("sibsau_a")
def sibsau_a(target, prediction, *, c=None):
    found = [-7.8471, -0.008636, -7.2777, 6.8714, 7.5341, 1.1744, 4.6252, -0.39936]
    return swapped(target, prediction, found if c is None else c)


case("sibsau_a", "labels", target=[0, 2], prediction=PAIR)
case("sibsau_a", "chance", target=[3], prediction=CHANCE)


@reference("sibsau_b")
def sibsau_b(target, prediction, *, c=None):
    found = [2.5951, -2.5426, 2.1013, -1.4131, 3.5397, 4.8604, -4.5617, -3.5141]
    return swapped(target, prediction, found if c is None else c)


case("sibsau_b", "labels", target=[0, 2], prediction=PAIR)
case("sibsau_b", "other coefficients", target=[1], prediction=[[0.2, 0.8]], c=[0.5, -0.25, 1.0, -2.0, 3.0, 0.75, -1.5, 2.5])
