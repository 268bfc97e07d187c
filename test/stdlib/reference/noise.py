"""Reference values: classification with wrong labels, the asymmetric, negative and Jensen-Shannon losses."""

import math

import torch

from cases import case, one_hot, own, reference, times_log
from classification import nce, nfl

HALF = [[0.5, 0.25, 0.25]]
PAIR = [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]
CHANCE = [[0.25, 0.25, 0.25, 0.25]]
CERTAIN = [[0.0, 1.0, 0.0]]


@reference("agce")
def agce(target, prediction, *, a=1.0, q=2.0):
    return ((a + 1) ** q - (a + own(target, prediction)) ** q) / q


case("agce", "the defaults", target=[0, 2], prediction=PAIR)
case("agce", "q below 1", target=[1], prediction=HALF, a=0.5, q=0.6)
case("agce", "a perfect prediction costs nothing", target=[1], prediction=CERTAIN, a=3.0, q=1.5)


@reference("aue")
def aue(target, prediction, *, a=1.5, q=0.9):
    return ((a - own(target, prediction)) ** q - (a - 1) ** q) / q


case("aue", "the defaults", target=[0, 2], prediction=PAIR)
case("aue", "q = 1 is 1 - p", target=[1], prediction=HALF, a=2.0, q=1.0)
case("aue", "a perfect prediction costs nothing", target=[1], prediction=CERTAIN, a=6.3, q=1.5)


@reference("ael")
def ael(target, prediction, *, a=3.0):
    return torch.exp(own(target, prediction)) ** (-1 / a)


case("ael", "the defaults", target=[0, 2], prediction=PAIR)
case("ael", "a perfect prediction costs exp(-1 / a)", target=[1], prediction=CERTAIN, a=0.5)


@reference("anorm")
def anorm(target, prediction, *, a=1.5, q=0.9):
    gap = (a * one_hot(target, prediction.shape[-1]) - prediction).abs()
    return ((gap**q).sum(-1) - (a - 1) ** q) / q


case("anorm", "the defaults", target=[0, 2], prediction=PAIR)
case("anorm", "squares", target=[1], prediction=HALF, a=2.0, q=2.0)


def raised(prediction, floor):
    return torch.clamp(prediction, min=float(floor))


@reference("nnce")
def nnce(target, prediction, *, floor=1e-7):
    lifted = raised(prediction, floor).log() - math.log(floor)
    return 1 - own(target, lifted) / lifted.sum(-1)


case("nnce", "the default floor", target=[0, 2], prediction=PAIR)
case("nnce", "chance costs 1 - 1 / classes", target=[3], prediction=CHANCE)
case("nnce", "below the floor nothing pulls", gradient=["prediction"], target=[0], prediction=[[0.6, 0.399, 0.001]], floor=0.01)


@reference("nnfl")
def nnfl(target, prediction, *, gamma=0.5, floor=1e-7):
    p = raised(prediction, floor)
    focal = -((1 - p) ** gamma) * p.log()
    top = -((1 - floor) ** gamma) * math.log(floor)
    return 1 - (top - own(target, focal)) / (prediction.shape[-1] * top - focal.sum(-1))


case("nnfl", "the default floor", target=[0, 2], prediction=PAIR)
case("nnfl", "gamma = 0 is nnce", gradient=["prediction"], target=[1], prediction=HALF, gamma=0.0)
case("nnfl", "chance costs 1 - 1 / classes", target=[3], prediction=CHANCE, gamma=2.0)


@reference("anl_ce")
def anl_ce(target, prediction, *, alpha=5.0, beta=5.0, floor=1e-7):
    return alpha * nce(target, prediction) + beta * nnce(target, prediction, floor=floor)


case("anl_ce", "the defaults", target=[0, 2], prediction=PAIR)
case("anl_ce", "weights", target=[1], prediction=HALF, alpha=10.0, beta=1.0)


@reference("anl_fl")
def anl_fl(target, prediction, *, alpha=5.0, beta=5.0, gamma=0.5, floor=1e-7):
    return alpha * nfl(target, prediction, gamma=gamma) + beta * nnfl(target, prediction, gamma=gamma, floor=floor)


case("anl_fl", "the defaults", target=[0, 2], prediction=PAIR)
case("anl_fl", "weights", target=[1], prediction=HALF, alpha=10.0, beta=1.0, gamma=1.5)


@reference("anl_ce_er")
def anl_ce_er(target, prediction, *, alpha=5.0, beta=5.0, weight=2.0, floor=1e-7):
    usage = prediction.mean(0)
    from_uniform = math.log(len(usage)) + times_log(usage, usage).sum()
    return anl_ce(target, prediction, alpha=alpha, beta=beta, floor=floor) + weight * from_uniform


case("anl_ce_er", "the defaults", target=[0, 2], prediction=PAIR)
case("anl_ce_er", "spread evenly nothing is added", target=[0, 1], prediction=[[0.25, 0.75], [0.75, 0.25]], alpha=10.0, beta=1.0, weight=3.0)


@reference("nce_agce")
def nce_agce(target, prediction, *, alpha=1.0, beta=4.0, a=6.0, q=1.5):
    return alpha * nce(target, prediction) + beta * agce(target, prediction, a=a, q=q)


case("nce_agce", "the defaults", target=[0, 2], prediction=PAIR)
case("nce_agce", "weights", target=[1], prediction=HALF, alpha=10.0, beta=0.1, a=1.5, q=3.0)


@reference("nce_aue")
def nce_aue(target, prediction, *, alpha=1.0, beta=4.0, a=6.3, q=1.5):
    return alpha * nce(target, prediction) + beta * aue(target, prediction, a=a, q=q)


case("nce_aue", "the defaults", target=[0, 2], prediction=PAIR)
case("nce_aue", "weights", target=[1], prediction=HALF, alpha=10.0, beta=0.1, a=1.5, q=3.0)


@reference("nce_ael")
def nce_ael(target, prediction, *, alpha=1.0, beta=4.0, a=5.0):
    return alpha * nce(target, prediction) + beta * ael(target, prediction, a=a)


case("nce_ael", "the defaults", target=[0, 2], prediction=PAIR)
case("nce_ael", "weights", target=[1], prediction=HALF, alpha=10.0, beta=0.1, a=1.5)


def divergence(p, q):
    return times_log(p, p / q).sum(-1)


def spread(weights, distributions):
    """The weighted mean divergence from the mixture, over the greatest that it can be with the first one certain."""
    middle = sum(w * d for w, d in zip(weights, distributions))
    rest = torch.as_tensor(1 - weights[0])
    return sum(w * divergence(d, middle) for w, d in zip(weights, distributions)) / -(rest * rest.log())


@reference("weighted_js")
def weighted_js(target, prediction, *, weight=0.5):
    return spread([weight, 1 - weight], [one_hot(target, prediction.shape[-1]), prediction])


case("weighted_js", "equal weights", target=[0, 2], prediction=PAIR)
case("weighted_js", "more weight on the label", target=[1], prediction=HALF, weight=0.9)


@reference("gjs")
def gjs(target, prediction, view, *, weight=0.9):
    each = (1 - weight) / 2
    return spread([weight, each, each], [one_hot(target, prediction.shape[-1]), prediction, view])


OTHER = [[0.6, 0.1, 0.3], [0.2, 0.5, 0.3]]
case("gjs", "two views that differ", target=[0, 2], prediction=PAIR, view=OTHER)
case("gjs", "views alike: weighted_js", target=[1], prediction=HALF, view=HALF, weight=0.3)


@reference("phuber_cross_entropy")
def phuber_cross_entropy(target, prediction, *, tau=10.0):
    p = own(target, prediction)
    tau = torch.as_tensor(tau)
    return torch.where(p <= 1 / tau, -tau * p + torch.log(tau) + 1, -torch.log(p))


case("phuber_cross_entropy", "the defaults", target=[0, 2], prediction=[[0.0625, 0.6875, 0.25], [0.1, 0.3, 0.6]])
case("phuber_cross_entropy", "straight up to a half", target=[1], prediction=HALF, tau=2.0)
case("phuber_cross_entropy", "a perfect prediction costs nothing", target=[1], prediction=CERTAIN)
