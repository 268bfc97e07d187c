"""Reference values: cross-entropy and its relatives on probabilities."""

import torch
import torch.nn.functional as F

from cases import case, one_hot, own, reference, times_log

HALF = [[0.5, 0.25, 0.25]]
PAIR = [[0.7, 0.2, 0.1], [0.1, 0.3, 0.6]]


def soft_cross_entropy(target, prediction):
    return -times_log(one_hot(target, prediction.shape[-1]), prediction).sum(-1)


@reference("cross_entropy", source="torch")
def cross_entropy(target, prediction):
    # nll_loss on log-probabilities for labels, KL plus entropy for soft targets.
    if not target.is_floating_point() and target.dim() < prediction.dim():
        return F.nll_loss(prediction.log().flatten(0, -2), target.flatten(), reduction="none").reshape(target.shape)
    return soft_cross_entropy(target, prediction)


case("cross_entropy", "softmax of the logits [2, 1, 0.1], class 0", target=[0], prediction=[torch.softmax(torch.tensor([2.0, 1.0, 0.1]), 0).tolist()])
case("cross_entropy", "soft targets", target=[[0.2, 0.3, 0.5], [1.0, 0.0, 0.0]], prediction=PAIR)
case("cross_entropy", "a probability of exactly 0 where the target is 0", target=[[1.0, 0.0, 0.0]], prediction=[[0.5, 0.5, 0.0]])
case("cross_entropy", "an axis in front of the classes", target=[[0, 1], [1, 1]], prediction=[[[0.9, 0.1], [0.4, 0.6]], [[0.5, 0.5], [0.2, 0.8]]])


@reference("weighted_cross_entropy")
def weighted_cross_entropy(target, prediction, *, weight=1.0):
    return -(weight * times_log(one_hot(target, prediction.shape[-1]), prediction)).sum(-1)


case("weighted_cross_entropy", "labels", target=[0, 2], prediction=PAIR, weight=[1.0, 2.0, 3.0])
case("weighted_cross_entropy", "a perfect prediction costs nothing", target=[[0, 1, 0]], prediction=[[0.0, 1.0, 0.0]], weight=[1.0, 2.0, 3.0])


@reference("class_balanced")
def class_balanced(target, prediction, *, count, beta=0.999):
    effective = (1 - beta**count) / (1 - beta)
    weight = 1 / effective
    weight = weight / weight.sum() * len(count)
    return -(weight * times_log(one_hot(target, prediction.shape[-1]), prediction)).sum(-1)


case("class_balanced", "a long tail", target=[0, 2], prediction=PAIR, count=[1000.0, 100.0, 10.0], beta=0.99)
case("class_balanced", "beta = 0 weighs all alike", gradient=["prediction"], target=[1], prediction=HALF, count=[1000.0, 100.0, 10.0], beta=0.0)


@reference("label_smoothing")
def label_smoothing(target, prediction, *, smoothing=0.1):
    losses = -((1 - smoothing) * own(target, prediction).log() + smoothing * prediction.log().mean(-1))
    assert torch.allclose(losses, F.cross_entropy(prediction.log(), target, label_smoothing=float(smoothing), reduction="none"))
    return losses


case("label_smoothing", "labels", target=[0, 2], prediction=PAIR, smoothing=0.2)
case("label_smoothing", "the default", target=[1], prediction=HALF)


@reference("nll", source="torch")
def nll(target, prediction):
    return F.nll_loss(prediction, target, reduction="none")


case("nll", "log-probabilities", target=[0, 2], prediction=torch.tensor(PAIR).log().tolist())
case("nll", "certain and right costs nothing", target=[1], prediction=[[-40.0, 0.0, -40.0]])


@reference("masked_cross_entropy", data=["mask"])
def masked_cross_entropy(target, mask, prediction):
    rows = []
    for t, m, p in zip(target, mask, prediction):
        losses = [-p[k, t[k]].log() for k in range(len(m)) if m[k] == 1]
        rows.append(sum(losses) / len(losses) if losses else torch.tensor(0.0))
    return torch.stack(rows)


TOKENS = [[[0.9, 0.1], [0.4, 0.6], [0.5, 0.5]], [[0.2, 0.8], [0.3, 0.7], [0.6, 0.4]]]
case("masked_cross_entropy", "two tokens, then one", target=[[0, 1, 0], [1, 0, 0]], mask=[[1, 1, 0], [1, 0, 0]], prediction=TOKENS)
case("masked_cross_entropy", "a row without tokens counts as 0", target=[[0, 1], [1, 0]], mask=[[1, 1], [0, 0]], prediction=[[[0.9, 0.1], [0.4, 0.6]], [[0.5, 0.5], [0.2, 0.8]]])


@reference("token_cross_entropy", data=["mask"])
def token_cross_entropy(target, mask, prediction):
    losses = -torch.gather(prediction.log(), -1, target.unsqueeze(-1)).squeeze(-1)
    return losses[mask == 1].mean() if bool((mask == 1).any()) else (0 * prediction).sum()


case("token_cross_entropy", "three tokens in two rows", target=[[0, 1, 0], [1, 0, 0]], mask=[[1, 1, 0], [1, 0, 0]], prediction=TOKENS)
case("token_cross_entropy", "no token counts", target=[[0, 1]], mask=[[0, 0]], prediction=[[[0.9, 0.1], [0.4, 0.6]]])


@reference("focal")
def focal(target, prediction, *, gamma=2.0, alpha=0.25):
    rows = []
    for t, p in zip(target.tolist(), prediction):
        weight = alpha[t] if torch.is_tensor(alpha) and alpha.dim() == 1 else alpha
        rows.append(-weight * (1 - p[t]) ** gamma * p[t].log())
    return torch.stack(rows)


case("focal", "the defaults", target=[0], prediction=HALF)
case("focal", "gamma = 0 with a weight per class", gradient=["prediction", "alpha"], target=[0, 2], prediction=PAIR, gamma=0.0, alpha=[1.0, 0.5, 0.25])
case("focal", "a perfect prediction costs nothing", gradient=False, target=[0], prediction=[[1.0, 0.0, 0.0]])


@reference("poly1")
def poly1(target, prediction, *, epsilon=1.0):
    p = own(target, prediction)
    return -p.log() + epsilon * (1 - p)


case("poly1", "the value of PolyLoss for ImageNet", target=[0, 2], prediction=PAIR, epsilon=2.0)
case("poly1", "a perfect prediction costs nothing", target=[1], prediction=[[0.0, 1.0, 0.0]])


@reference("poly1_focal")
def poly1_focal(target, prediction, *, gamma=2.0, alpha=0.25, epsilon=1.0):
    p = own(target, prediction)
    return -alpha * (1 - p) ** gamma * p.log() + epsilon * (1 - p) ** (gamma + 1)


case("poly1_focal", "for detection", target=[0, 2], prediction=PAIR, gamma=1.5, alpha=0.5, epsilon=-1.0)
case("poly1_focal", "a perfect prediction costs nothing", target=[1], prediction=[[0.0, 1.0, 0.0]])


@reference("taylor_cross_entropy")
def taylor_cross_entropy(target, prediction, *, weight=None):
    miss = 1 - own(target, prediction)
    weights = [1.0, 1.0] if weight is None else weight
    return sum(weights[j] * miss ** (j + 1) / (j + 1) for j in range(len(weights)))


case("taylor_cross_entropy", "two terms", target=[0, 2], prediction=PAIR)
case("taylor_cross_entropy", "four terms of different weight", target=[1], prediction=HALF, weight=[1.0, 0.5, 2.0, 1.0])
case("taylor_cross_entropy", "a perfect prediction costs nothing", target=[1], prediction=[[0.0, 1.0, 0.0]])


@reference("brier", source="torch")
def brier(target, prediction):
    return F.mse_loss(prediction, one_hot(target, prediction.shape[-1]), reduction="none").sum(-1)


case("brier", "labels", target=[0, 2], prediction=PAIR)
case("brier", "the worst prediction", target=[[1.0, 0.0]], prediction=[[0.0, 1.0]])


@reference("spherical")
def spherical(target, prediction):
    return -own(target, prediction) / torch.linalg.vector_norm(prediction, dim=-1)


case("spherical", "labels", target=[0, 2], prediction=PAIR)
case("spherical", "a perfect prediction", target=[1], prediction=[[0.0, 1.0, 0.0]])


@reference("probability_mae")
def probability_mae(target, prediction):
    return 2 * (1 - own(target, prediction))


case("probability_mae", "labels", target=[0, 2], prediction=PAIR)
case("probability_mae", "a perfect prediction", target=[1], prediction=[[0.0, 1.0, 0.0]])


@reference("gce")
def gce(target, prediction, *, q=0.7):
    return (1 - own(target, prediction) ** q) / q


case("gce", "the default q", target=[0, 2], prediction=PAIR)
case("gce", "q = 1 is 1 - p", target=[1], prediction=HALF, q=1.0)
case("gce", "a perfect prediction costs nothing", target=[1], prediction=[[0.0, 1.0, 0.0]], q=0.5)


@reference("rce")
def rce(target, prediction, *, floor=1e-4):
    return -(prediction * torch.log(one_hot(target, prediction.shape[-1]).clamp(min=float(floor)))).sum(-1)


case("rce", "labels: 4 log(10) (1 - p)", target=[0, 2], prediction=PAIR)
case("rce", "soft targets need no floor", target=[[0.2, 0.3, 0.5]], prediction=HALF)


@reference("sce")
def sce(target, prediction, *, alpha=0.1, beta=1.0):
    return alpha * soft_cross_entropy(target, prediction) + beta * rce(target, prediction)


case("sce", "the defaults", target=[0, 2], prediction=PAIR)
case("sce", "a perfect prediction costs nothing", target=[[0, 1, 0]], prediction=[[0.0, 1.0, 0.0]], alpha=6.0, beta=0.1)


@reference("nce")
def nce(target, prediction):
    return own(target, prediction).log() / prediction.log().sum(-1)


case("nce", "labels", target=[0, 2], prediction=PAIR)
case("nce", "chance costs 1 / classes", target=[3], prediction=[[0.25, 0.25, 0.25, 0.25]])


@reference("nfl")
def nfl(target, prediction, *, gamma=0.5):
    terms = -((1 - prediction) ** gamma) * prediction.log()
    return own(target, terms) / terms.sum(-1)


case("nfl", "labels", target=[0, 2], prediction=PAIR, gamma=1.5)
case("nfl", "chance costs 1 / classes", target=[3], prediction=[[0.25, 0.25, 0.25, 0.25]])


@reference("ngce")
def ngce(target, prediction, *, q=0.7):
    return (1 - own(target, prediction) ** q) / (prediction.shape[-1] - (prediction**q).sum(-1))


case("ngce", "labels", target=[0, 2], prediction=PAIR)
case("ngce", "q = 1: (1 - p) / (classes - 1)", target=[1], prediction=HALF, q=1.0)


@reference("nce_rce")
def nce_rce(target, prediction, *, alpha=1.0, beta=1.0):
    return alpha * nce(target, prediction) + beta * rce(target, prediction)


case("nce_rce", "the defaults", target=[0, 2], prediction=PAIR)
case("nce_rce", "weights", target=[1], prediction=HALF, alpha=10.0, beta=0.1)


@reference("bootstrap_soft")
def bootstrap_soft(target, prediction, *, beta=0.95):
    mixed = beta * one_hot(target, prediction.shape[-1]) + (1 - beta) * prediction.detach()
    return -times_log(mixed, prediction).sum(-1)


case("bootstrap_soft", "labels", target=[0, 2], prediction=PAIR, beta=0.8)
case("bootstrap_soft", "a perfect prediction", gradient=["prediction"], target=[1], prediction=[[0.0, 1.0, 0.0]])


@reference("confidence_penalty")
def confidence_penalty(target, prediction, *, beta=0.1):
    return soft_cross_entropy(target, prediction) + beta * times_log(prediction, prediction).sum(-1)


case("confidence_penalty", "labels", target=[0, 2], prediction=PAIR, beta=0.5)
case("confidence_penalty", "certain and right costs nothing", gradient=False, target=[[0, 1, 0]], prediction=[[0.0, 1.0, 0.0]])


@reference("emd2")
def emd2(target, prediction):
    gap = torch.cumsum(prediction - one_hot(target, prediction.shape[-1]), -1)
    return (gap**2).sum(-1)


case("emd2", "near misses cost less", target=[0, 0], prediction=[[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])
case("emd2", "soft targets", target=[[0.2, 0.3, 0.5]], prediction=HALF)


@reference("coral")
def coral(target, prediction):
    rows = []
    for t, p in zip(target, prediction):
        rows.append(-sum(p[k].log() if t > k else (1 - p[k]).log() for k in range(len(p))))
    return torch.stack(rows)


case("coral", "four ranks, three outputs", target=[0, 2], prediction=[[0.7, 0.2, 0.1], [0.9, 0.6, 0.3]])
case("coral", "certain and right costs nothing", gradient=False, target=[2], prediction=[[1.0, 1.0, 0.0]])


@reference("mixup", data=["first", "second", "share"])
def mixup(first, second, share, prediction):
    return share * soft_cross_entropy(first, prediction) + (1 - share) * soft_cross_entropy(second, prediction)


case("mixup", "labels", first=[0, 1], second=[2, 1], share=[0.75, 0.5], prediction=PAIR)
case("mixup", "all of the first", first=[0], second=[1], share=[1.0], prediction=HALF)


@reference("evidential")
def evidential(target, evidence, *, weight=1.0):
    from torch.distributions import Dirichlet, kl_divergence

    y = one_hot(target, evidence.shape[-1])
    posterior = Dirichlet(evidence + 1)
    fit = ((y - posterior.mean) ** 2 + posterior.variance).sum(-1)
    misleading = Dirichlet(y + (1 - y) * (evidence + 1))
    return fit + weight * kl_divergence(misleading, Dirichlet(torch.ones_like(evidence)))


case("evidential", "evidence for and against", target=[0, 2], evidence=[[4.0, 1.0, 0.5], [2.0, 0.0, 3.0]], weight=0.5)
case("evidential", "no evidence", target=[1], evidence=[[0.0, 0.0, 0.0]])
