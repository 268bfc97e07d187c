"""Reference values: divergences between distributions and between batches."""

import torch
import torch.nn.functional as F

from cases import case, one_hot, reference, times_log

TARGET = [[0.2, 0.3, 0.5], [0.1, 0.6, 0.3]]
PREDICTION = [[0.5, 0.25, 0.25], [0.2, 0.7, 0.1]]
LEFT = [[1.0, 0.5], [-0.5, 2.0], [0.25, -1.0]]
RIGHT = [[0.75, 0.0], [-1.0, 1.5], [1.25, -0.5]]


@reference("kl", source="torch")
def kl(target, prediction):
    return F.kl_div(prediction.log(), one_hot(target, prediction.shape[-1]), reduction="none").sum(-1)


case("kl", "two distributions", target=TARGET, prediction=PREDICTION)
case("kl", "equal distributions; a label", target=[[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]], prediction=[[0.5, 0.25, 0.25], [0.25, 0.5, 0.25]])


@reference("reverse_kl", source="torch")
def reverse_kl(target, prediction, *, floor=1e-12):
    return F.kl_div(one_hot(target, prediction.shape[-1]).clamp(min=floor).log(), prediction, reduction="none").sum(-1)


case("reverse_kl", "two distributions", target=TARGET, prediction=PREDICTION)
case("reverse_kl", "a target of 0 is raised to the floor", target=[[0.0, 1.0]], prediction=[[0.25, 0.75]], floor=1e-4)


@reference("js", source="torch")
def js(target, prediction):
    t = one_hot(target, prediction.shape[-1])
    middle = ((t + prediction) / 2).log()
    return (F.kl_div(middle, t, reduction="none") + F.kl_div(middle, prediction, reduction="none")).sum(-1) / 2


case("js", "two distributions", target=TARGET, prediction=PREDICTION)
case("js", "nothing in common costs log(2)", gradient=False, target=[[1.0, 0.0]], prediction=[[0.0, 1.0]])


@reference("hellinger")
def hellinger(target, prediction):
    return 1 - torch.sqrt(target * prediction).sum(-1) - (2 - target.sum(-1) - prediction.sum(-1)) / 2


case("hellinger", "two distributions", target=TARGET, prediction=PREDICTION)
case("hellinger", "nothing in common costs 1", gradient=False, target=[[1.0, 0.0]], prediction=[[0.0, 1.0]])


@reference("itakura_saito")
def itakura_saito(target, prediction):
    ratio = target / prediction
    return ratio - ratio.log() - 1


case("itakura_saito", "two spectra", target=[[1.0, 4.0]], prediction=[[2.0, 0.5]])
case("itakura_saito", "a perfect prediction", target=[3.0], prediction=[3.0])


@reference("mmd")
def mmd(left, right, *, bandwidth=1.0):
    kernel = lambda a, b: torch.exp(-((a[:, None] - b[None]) ** 2).sum(-1) / bandwidth).mean()
    return kernel(left, left) + kernel(right, right) - 2 * kernel(left, right)


case("mmd", "three vectors each", left=LEFT, right=RIGHT, bandwidth=2.0)
case("mmd", "the same batch in another order", left=[[1.0, 0.5], [-0.5, 2.0]], right=[[-0.5, 2.0], [1.0, 0.5]])


@reference("coral_domain")
def coral_domain(left, right):
    return ((torch.cov(left.T) - torch.cov(right.T)) ** 2).sum() / (4 * left.shape[1] ** 2)


case("coral_domain", "three vectors each", left=LEFT, right=RIGHT)
case("coral_domain", "a shift does not count", left=[[1.0, 0.5], [-0.5, 2.0]], right=[[3.0, -0.5], [1.5, 1.0]])
