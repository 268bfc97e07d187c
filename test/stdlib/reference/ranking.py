"""Reference values: learning to rank, and survival."""

import torch
import torch.nn.functional as F
from torch import distributions

from cases import case, reference

RELEVANCE = [[2.0, 0.0, 1.0, 3.0], [0.0, 1.0, 0.0, 2.0]]
SCORE = [[0.4, -0.3, 1.2, 0.1], [1.5, 0.2, -0.7, 0.9]]


@reference("margin_ranking", source="torch")
def margin_ranking(target, left, right, *, margin=0.0):
    return F.margin_ranking_loss(left, right, target, margin=margin, reduction="none")


case("margin_ranking", "right and wrong order", target=[1.0, -1.0, 1.0], left=[0.5, 2.0, 1.0], right=[1.5, 0.0, -2.0], margin=0.25)
case("margin_ranking", "no margin, right order", target=[1.0, -1.0], left=[2.0, -1.0], right=[1.0, 0.0])


@reference("bpr")
def bpr(preferred, other):
    return -F.logsigmoid(preferred - other)


case("bpr", "right and wrong order", preferred=[1.5, -0.5], other=[0.5, 2.0])
case("bpr", "equal scores cost log(2)", preferred=[1.0], other=[1.0])


def pairs_of(target):
    return [(i, j) for i in range(len(target)) for j in range(len(target)) if target[i] > target[j]]


def mean_over_pairs(target, prediction, cost):
    rows = []
    for t, s in zip(target, prediction):
        costs = [cost(s[i], s[j]) for i, j in pairs_of(t)]
        rows.append(sum(costs) / len(costs) if costs else (0 * s).sum())
    return torch.stack(rows)


@reference("ranknet")
def ranknet(target, prediction):
    return mean_over_pairs(target, prediction, lambda above, below: torch.log(1 + torch.exp(below - above)))


case("ranknet", "two lists", target=RELEVANCE, prediction=SCORE)
case("ranknet", "nothing to order costs nothing", target=[[1.0, 1.0, 1.0]], prediction=[[0.5, 2.0, -1.0]])


@reference("pairwise_hinge")
def pairwise_hinge(target, prediction, *, margin=1.0):
    return mean_over_pairs(target, prediction, lambda above, below: torch.clamp(margin - (above - below), min=0))


case("pairwise_hinge", "two lists", target=RELEVANCE, prediction=SCORE, margin=0.75)
case("pairwise_hinge", "in order, beyond the margin", target=[[2.0, 1.0, 0.0]], prediction=[[5.0, 2.0, -1.0]])


def ideal_dcg(target):
    gains = torch.sort(2**target - 1, descending=True).values
    return (gains / torch.log2(torch.arange(len(target)) + 2.0)).sum()


@reference("lambdarank")
def lambdarank(target, prediction):
    rows = []
    for t, s in zip(target, prediction):
        order = torch.argsort(s, descending=True)
        rank = torch.empty(len(s))
        rank[order] = torch.arange(len(s)) + 1.0
        gain, discount = 2**t - 1, 1 / torch.log2(1 + rank)
        total = sum(abs(gain[i] - gain[j]) * abs(discount[i] - discount[j]) * F.softplus(s[j] - s[i]) for i, j in pairs_of(t))
        rows.append(total / ideal_dcg(t))
    return torch.stack(rows)


case("lambdarank", "two lists", target=[[2.0, 0.0, 1.0, 3.0], [0.0, 1.0, 4.0, 2.0]], prediction=SCORE)
case("lambdarank", "one pair, in order", target=[[1.0, 0.0]], prediction=[[2.0, 1.0]])


@reference("listnet")
def listnet(target, prediction):
    return F.cross_entropy(prediction, torch.softmax(target, -1), reduction="none")


case("listnet", "two lists", target=RELEVANCE, prediction=SCORE)
case("listnet", "the targets themselves have no slope", target=[[2.0, 0.0, 1.0]], prediction=[[2.0, 0.0, 1.0]])


@reference("softmax_ranking")
def softmax_ranking(target, prediction):
    return -(target * F.log_softmax(prediction, -1)).sum(-1)


case("softmax_ranking", "two lists", target=RELEVANCE, prediction=SCORE)
case("softmax_ranking", "nothing relevant costs nothing", target=[[0.0, 0.0]], prediction=[[0.5, 2.0]])


@reference("listmle")
def listmle(target, prediction):
    rows = []
    for t, s in zip(target, prediction):
        ordered = s[torch.argsort(t, descending=True)]
        # The chance of drawing the list in its true order, one item after the other.
        rows.append(-sum(torch.log(ordered[k].exp() / ordered[k:].exp().sum()) for k in range(len(s))))
    return torch.stack(rows)


case("listmle", "two lists", target=[[2.0, 0.0, 1.0, 3.0], [0.0, 1.0, 4.0, 2.0]], prediction=SCORE)
case("listmle", "a list of one costs nothing", target=[[1.0]], prediction=[[3.0]])


@reference("approx_ndcg")
def approx_ndcg(target, prediction, *, temperature=0.1):
    rows = []
    for t, s in zip(target, prediction):
        total = 0
        for i in range(len(s)):
            rank = 1 + sum(torch.sigmoid((s[j] - s[i]) / temperature) for j in range(len(s)) if j != i)
            total = total + (2 ** t[i] - 1) / torch.log2(1 + rank)
        rows.append(-total / ideal_dcg(t))
    return torch.stack(rows)


case("approx_ndcg", "two lists", target=[[2.0, 0.0, 1.0, 3.0], [0.0, 1.0, 4.0, 2.0]], prediction=SCORE, temperature=0.5)
case("approx_ndcg", "in order and far apart it is nearly -1", target=[[2.0, 1.0, 0.0]], prediction=[[9.0, 5.0, 1.0]])


@reference("cox", data=["time", "event"])
def cox(time, event, prediction):
    losses = []
    for i in range(len(time)):
        if event[i] == 1:
            risk = prediction[time >= time[i]]
            losses.append(-torch.log(prediction[i].exp() / risk.exp().sum()))
    return torch.stack(losses).mean() if losses else (0 * prediction).sum()


case("cox", "three events, one censored", time=[2.0, 5.0, 3.0, 4.0], event=[1, 1, 0, 1], prediction=[0.5, -1.0, 0.25, 1.5])
case("cox", "tied times", time=[2.0, 2.0, 3.0], event=[1, 1, 1], prediction=[0.5, -1.0, 0.25])
case("cox", "no event", time=[2.0, 1.0], event=[0, 0], prediction=[0.5, -1.0])


@reference("logistic_hazard", data=["interval", "event"])
def logistic_hazard(interval, event, prediction):
    rows = []
    for k, e, h in zip(interval.tolist(), event.tolist(), prediction):
        survival = torch.cumprod(1 - h, 0)
        before = survival[k - 1] if k > 0 else torch.tensor(1.0)
        rows.append(-torch.log(before * (h[k] if e == 1 else 1 - h[k])))
    return torch.stack(rows)


case("logistic_hazard", "an event, and one censored", interval=[2, 1], event=[1, 0], prediction=[[0.1, 0.2, 0.3], [0.05, 0.4, 0.5]])
case("logistic_hazard", "an event at once", interval=[0], event=[1], prediction=[[0.25, 0.5]])


@reference("weibull_nll", data=["time", "event"])
def weibull_nll(time, event, scale, shape):
    weibull = distributions.Weibull(scale, shape)
    log_survival = -((time / scale) ** shape)
    return -torch.where(event == 1, weibull.log_prob(time), log_survival)


case("weibull_nll", "an event, and one censored", time=[2.0, 3.0], event=[1, 0], scale=[1.5, 4.0], shape=[0.8, 2.0])
case("weibull_nll", "at the scale, shape 1: the exponential distribution", time=[2.0], event=[1], scale=[2.0], shape=[1.0])
