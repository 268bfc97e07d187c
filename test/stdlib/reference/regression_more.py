"""Reference values: depth, asymmetric errors, intervals, audio, regression by bins, and diffusion."""

import math

import torch
from torch import distributions

from cases import case, reference

DEPTHS = [[[1.0, 2.0], [4.0, 0.5]], [[3.0, 1.5], [2.0, 2.5]]]


@reference("silog")
def silog(target, prediction, *, balance=0.5):
    gap = (target.log() - prediction.log()).flatten(1)
    return torch.sqrt((gap**2).mean(1) - balance * gap.mean(1) ** 2)


case("silog", "two depth maps", target=DEPTHS, prediction=[[[1.25, 1.5], [3.0, 0.75]], [[2.0, 2.0], [2.5, 1.0]]])
case("silog", "with balance 1 the factor does not count", target=[[1.0, 2.0, 4.0]], prediction=[[2.0, 5.0, 6.0]], balance=1.0)
case("silog", "a common factor costs its logarithm with balance 0", target=[[1.0, 2.0, 4.0]], prediction=[[2.0, 4.0, 8.0]], balance=0.0)


@reference("berhu")
def berhu(target, prediction, *, share=0.2):
    error = (prediction - target).abs()
    c = share * error.max()
    return torch.where(error <= c, error, (error**2 + c**2) / (2 * c))


case("berhu", "small and large errors", target=[0.0, 1.0, 2.0, -1.0], prediction=[0.25, 3.0, 1.75, 4.0])
case("berhu", "no errors cost nothing", gradient=False, target=[1.0, -2.0], prediction=[1.0, -2.0])


@reference("linex")
def linex(target, prediction, *, a=1.0):
    e = prediction - target
    return torch.exp(a * e) - a * e - 1


case("linex", "too high and too low", target=[0.0, 1.0], prediction=[1.5, -0.5])
case("linex", "the other way round, steeper", target=[0.0, 1.0, 2.0], prediction=[1.5, -0.5, 2.0], a=-2.0)


@reference("interval_score")
def interval_score(target, low, high, *, alpha=0.1):
    below = torch.where(target < low, low - target, torch.zeros_like(low))
    above = torch.where(target > high, target - high, torch.zeros_like(high))
    return (high - low) + (2 / alpha) * (below + above)


case("interval_score", "within, below and above", target=[0.0, -2.0, 3.0], low=[-1.0, -1.0, 0.5], high=[1.0, 2.0, 2.0], alpha=0.2)
case("interval_score", "a narrow interval that holds the target", target=[1.0], low=[0.75], high=[1.25])


@reference("balanced_mse")
def balanced_mse(target, prediction, *, noise=1.0):
    variance = torch.as_tensor(noise) ** 2
    logits = -0.5 * (prediction[:, None] - target[None, :]) ** 2 / variance
    losses = torch.nn.functional.cross_entropy(logits, torch.arange(len(target)), reduction="none")
    return losses * (2 * variance).detach()


case("balanced_mse", "three common targets and a rare one", target=[0.0, 0.25, 0.125, 3.0], prediction=[0.5, 0.0, 0.25, 1.5], noise=0.75)
case("balanced_mse", "one item has no rival", target=[1.0], prediction=[2.0])


@reference("si_sdr")
def si_sdr(target, prediction):
    scale = (prediction * target).sum(-1, keepdim=True) / (target**2).sum(-1, keepdim=True)
    kept = scale * target
    return -10 * torch.log10((kept**2).sum(-1) / ((kept - prediction) ** 2).sum(-1))


# The first is the example of torchmetrics, 18.4030 dB.
case("si_sdr", "18.4 decibels", target=[[3.0, -0.5, 2.0, 7.0]], prediction=[[2.5, 0.0, 2.0, 8.0]])
case("si_sdr", "loudness does not matter", target=[[1.0, -2.0, 0.5], [1.0, -2.0, 0.5]], prediction=[[1.5, -1.0, 0.25], [3.0, -2.0, 0.5]])


@reference("hl_gauss")
def hl_gauss(target, prediction, *, low=-10.0, high=10.0, spread=0.75):
    bins = prediction.shape[-1]
    edges = torch.linspace(float(low), float(high), bins + 1)
    width = (float(high) - float(low)) / bins
    rows = []
    for t, p in zip(target, prediction):
        below = distributions.Normal(t.clamp(float(low), float(high)), float(spread) * width).cdf(edges)
        mass = below.diff() / (below[-1] - below[0])
        rows.append(-(mass * p.log()).sum())
    return torch.stack(rows)


BINS = [[0.1, 0.2, 0.4, 0.3], [0.25, 0.25, 0.25, 0.25]]
case("hl_gauss", "within the bins, and beyond them", gradient=["prediction"], target=[0.6, 2.0], prediction=BINS, low=0.0, high=1.0)
case("hl_gauss", "a narrow spread is the bin itself", gradient=["prediction"], target=[0.625], prediction=[[0.1, 0.2, 0.4, 0.3]], low=0.0, high=1.0, spread=0.05)


@reference("min_snr", data=["snr"])
def min_snr(target, snr, prediction, *, gamma=5.0):
    weight = torch.minimum(torch.full_like(snr, float(gamma)), snr) / snr
    return weight * ((prediction - target) ** 2).flatten(1).mean(1)


case("min_snr", "much noise and little", gradient=["prediction"], target=[[0.5, -1.0, 0.25], [1.0, 0.0, -0.5]], snr=[0.5, 20.0], prediction=[[0.25, -0.5, 0.0], [0.5, 0.25, -1.0]])
case("min_snr", "the noise itself", gradient=["prediction"], target=[[0.5, -1.0]], snr=[10.0], prediction=[[0.5, -1.0]], gamma=1.0)


@reference("adaptive_wing")
def adaptive_wing(target, prediction, *, alpha=2.1, omega=14.0, epsilon=1.0, theta=0.5):
    error, power = (target - prediction).abs(), alpha - target
    ratio = torch.as_tensor(theta) / epsilon
    slope = omega * (1 / (1 + ratio**power)) * power * ratio ** (power - 1) / epsilon
    offset = theta * slope - omega * torch.log(1 + ratio**power)
    return torch.where(error < theta, omega * torch.log(1 + (error / epsilon) ** power), slope * error - offset)


case("adaptive_wing", "near and far, on a peak and on the background", target=[1.0, 0.0, 1.0, 0.0], prediction=[0.75, 0.25, -0.5, 0.875])
case("adaptive_wing", "other constants", target=[0.5, 0.25], prediction=[0.625, 1.5], alpha=2.5, omega=5.0, epsilon=0.5, theta=0.25)
