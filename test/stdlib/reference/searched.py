"""Reference values: losses that were found by search in reinforcement learning, preferences and recommendation."""

import torch
import torch.nn.functional as F

from cases import case, reference

GIVEN = ["reference_chosen", "reference_rejected"]
# Two answers in the right order, one in the wrong one, and one that the reference has wrong as well.
PAIRS = {
    "reference_chosen": [-10.0, -12.0, -9.0],
    "reference_rejected": [-11.0, -9.0, -7.5],
    "chosen": [-8.0, -13.0, -8.0],
    "rejected": [-12.0, -7.0, -7.0],
}
LIKE_THE_REFERENCE = {"reference_chosen": [-10.0], "reference_rejected": [-11.0], "chosen": [-9.0], "rejected": [-10.0]}


def log_ratio(reference_chosen, reference_rejected, chosen, rejected):
    return (chosen - rejected) - (reference_chosen - reference_rejected)


def nlls(u):
    return -F.logsigmoid(u)


@reference("padll", data=GIVEN)
def padll(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.05, decay=0.9, mismatch=0.5):
    r = log_ratio(reference_chosen, reference_rejected, chosen, rejected)
    is_wrong = (r < 0).to(torch.float64)
    return decay * (1 - is_wrong * mismatch) * nlls(beta * r)


case("padll", "right and wrong preferences", **PAIRS, beta=0.25, decay=0.8, mismatch=0.25)
case("padll", "as much as the reference: 0.9 log(2)", **LIKE_THE_REFERENCE)


@reference("cell", data=GIVEN)
def cell(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.05, alpha=0.5):
    u = beta * log_ratio(reference_chosen, reference_rejected, chosen, rejected)
    return alpha / u.exp() + (1 - alpha) * nlls(u)


case("cell", "right and wrong preferences", **PAIRS, beta=0.25, alpha=0.25)
case("cell", "as much as the reference: (1 + log(2)) / 2", **LIKE_THE_REFERENCE)


@reference("pfl", data=GIVEN)
def pfl(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.05, focus=2.0):
    u = beta * log_ratio(reference_chosen, reference_rejected, chosen, rejected)
    return torch.where(chosen > rejected, nlls(u) / focus, focus * torch.clamp(1 - u, min=0))


case("pfl", "right and wrong preferences", **PAIRS, beta=0.25, focus=1.5)
case("pfl", "as much as the reference: log(2) / 2", **LIKE_THE_REFERENCE)


@reference("aql", data=GIVEN)
def aql(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.05, tau=0.05, rate=0.01):
    u = beta * log_ratio(reference_chosen, reference_rejected, chosen, rejected)
    quantile = (1 - rate) * 0.5 + rate * torch.sigmoid((u / tau).mean())
    below = 1 / (1 + torch.exp(u / tau - quantile))
    return below * nlls(u) + (1 - below) * torch.clamp(1 - u, min=0)


case("aql", "right and wrong preferences", **PAIRS, beta=0.25, tau=0.5, rate=0.2)
case("aql", "as much as the reference", **LIKE_THE_REFERENCE)


@reference("aqfl", data=GIVEN)
def aqfl(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.05, tau=0.05, rate=0.05, scale=0.1):
    u = beta * log_ratio(reference_chosen, reference_rejected, chosen, rejected)
    v = u / tau
    spread = v.std(unbiased=True) if len(v) > 1 else 0 * v.sum()
    start = spread * torch.sigmoid(-v).mean()
    quantile = start + rate * (torch.sigmoid(v.mean()) - start)
    logistic = torch.sigmoid(scale * (v - quantile).abs())
    return logistic * nlls(u) + (1 - logistic) * torch.clamp(1 - u, min=0)


case("aqfl", "right and wrong preferences", **PAIRS, beta=0.25, tau=0.5, rate=0.2, scale=0.3)
case("aqfl", "a batch of one has no spread", **LIKE_THE_REFERENCE)


@reference("dbaql", data=GIVEN)
def dbaql(reference_chosen, reference_rejected, chosen, rejected, *, beta=0.05, tau=0.05, temperature=0.9):
    u = beta * log_ratio(reference_chosen, reference_rejected, chosen, rejected)
    variance = (u / tau).var(unbiased=True) if len(u) > 1 else 0 * u.sum()
    blend = torch.sigmoid(variance)
    return blend * nlls(u / temperature) + (1 - blend) * torch.exp(-u * temperature)


case("dbaql", "right and wrong preferences", **PAIRS, beta=0.25, tau=1.0, temperature=0.75)
case("dbaql", "a batch of one has no spread: (1 + log(2)) / 2", **LIKE_THE_REFERENCE)


@reference("discovered_policy", data=["advantage", "old_log_probability"])
def discovered_policy(advantage, old_log_probability, log_probability, *, alpha=2.0, beta=0.6):
    ratio = torch.exp(log_probability) / torch.exp(old_log_probability)
    up, down = (ratio - 1) * advantage, torch.log(ratio) * advantage
    good = torch.clamp(up - alpha * torch.tanh(up / alpha), min=0)
    bad = torch.clamp(down - beta * torch.tanh(down / beta), min=0)
    return -(ratio * advantage - torch.where(advantage >= 0, good, bad))


case("discovered_policy", "good and bad actions, either way", advantage=[2.0, 1.5, -1.0, -2.0], old_log_probability=[-1.0, -1.0, -1.0, -1.0], log_probability=[-0.25, -1.5, -0.5, -2.0])
case("discovered_policy", "sharper limits", advantage=[3.0, -3.0], old_log_probability=[-2.0, -0.5], log_probability=[-1.0, -1.5], alpha=0.5, beta=0.25)
case("discovered_policy", "a policy that has not moved", advantage=[1.5, -1.0], old_log_probability=[-1.0, -0.5], log_probability=[-1.0, -0.5])


Q_DATA = ["action", "reward", "done", "next"]
# Going on and done, values below and above the goal.
STEPS = {"action": [1, 0], "reward": [1.0, -1.0], "done": [0, 1], "next": [[0.5, 2.0], [9.0, 1.0]], "value": [[0.0, 2.5], [1.5, -1.0]]}
EXPECTED = {"action": [0], "reward": [2.0], "done": [1], "next": [[1.0, 0.5]], "value": [[2.0, 0.0]]}


def taken_and_goal(action, reward, done, next, value, discount):
    best = next.max(-1).values
    return value.gather(-1, action[:, None])[:, 0], reward + discount * (1 - done) * best, best


@reference("dqn_reg", data=Q_DATA)
def dqn_reg(action, reward, done, next, value, *, discount=0.99, weight=0.1):
    q, goal, _ = taken_and_goal(action, reward, done, next, value, discount)
    return F.mse_loss(q, goal, reduction="none") + weight * q


case("dqn_reg", "going on, and done", **STEPS, discount=0.9, weight=0.25)
case("dqn_reg", "as expected", **EXPECTED)


@reference("dqn_clipped", data=Q_DATA)
def dqn_clipped(action, reward, done, next, value, *, discount=0.99):
    q, goal, best = taken_and_goal(action, reward, done, next, value, discount)
    delta = q - goal
    return torch.maximum(q, delta**2 + goal) + torch.maximum(delta, discount * best**2)


case("dqn_clipped", "going on, and done", **STEPS, discount=0.9)
case("dqn_clipped", "far above the goal both maxima follow the value", action=[0], reward=[-1.0], done=[1], next=[[0.5, 0.25]], value=[[1.5, 0.0]], discount=0.75)


@reference("max_r")
def max_r(target, prediction, *, smooth=1e-6):
    up, down = target + smooth, prediction + smooth
    return torch.maximum(up / down, down / up)


case("max_r", "too low, too high, soft", target=[1.0, 0.0, 0.25], prediction=[0.5, 0.25, 0.75], smooth=0.1)
case("max_r", "a perfect prediction is worth 1", gradient=False, target=[1.0, 0.0], prediction=[1.0, 0.0])


@reference("sum_r")
def sum_r(target, prediction, *, smooth=1e-6):
    return (target + prediction + smooth) / (smooth + prediction * target)


case("sum_r", "clicks and none", target=[1.0, 0.0, 0.25], prediction=[0.5, 0.25, 0.75], smooth=0.1)
case("sum_r", "certain and right", gradient=["prediction"], target=[1.0, 0.0], prediction=[1.0, 0.0], smooth=0.5)


@reference("log_min")
def log_min(target, prediction, *, smooth=1e-6):
    smaller = torch.minimum(target, prediction)
    return torch.log(1 / (smaller + smooth) + smooth) * (smaller + target + prediction)


case("log_min", "clicks and none", target=[1.0, 0.0, 0.25], prediction=[0.5, 0.25, 0.75], smooth=0.1)
case("log_min", "the default smooth", target=[1.0, 0.0], prediction=[0.25, 0.125])
