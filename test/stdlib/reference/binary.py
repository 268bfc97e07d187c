"""Reference values: binary and multi-label losses."""

import torch
import torch.nn.functional as F

from cases import case, reference, times_log


@reference("bce", source="torch")
def bce(target, prediction):
    return F.binary_cross_entropy(prediction, target, reduction="none")


case("bce", "any shape, soft targets too", target=[[1.0, 0.0], [0.25, 1.0]], prediction=[[0.8, 0.3], [0.5, 0.01]])
case("bce", "certain and right costs nothing", gradient=False, target=[1.0, 0.0, 1.0], prediction=[1.0, 0.0, 0.5])


@reference("bce_with_logits", source="torch")
def bce_with_logits(target, prediction, *, pos_weight=None, weight=None):
    spread = lambda v: None if v is None else torch.tensor(v)
    return F.binary_cross_entropy_with_logits(prediction, target, weight=spread(weight), pos_weight=spread(pos_weight), reduction="none").mean(-1)


case("bce_with_logits", "two labels", target=[[1.0, 0.0], [0.0, 1.0]], prediction=[[0.8, -0.3], [2.5, -4.0]])
case("bce_with_logits", "weights, and logits far out", target=[[1.0, 0.0]], prediction=[[-40.0, -50.0]], pos_weight=[3.0, 2.0], weight=[0.5, 1.0])


@reference("weighted_bce")
def weighted_bce(target, prediction, *, positive_weight=1.0):
    return -(positive_weight * times_log(target, prediction) + times_log(1 - target, 1 - prediction))


case("weighted_bce", "positives count three times", target=[1.0, 0.0, 0.5], prediction=[0.8, 0.3, 0.2], positive_weight=3.0)
case("weighted_bce", "certain and right costs nothing", gradient=False, target=[1.0, 0.0], prediction=[1.0, 0.0], positive_weight=2.0)


@reference("binary_focal")
def binary_focal(target, prediction, *, gamma=2.0, alpha=0.25):
    positive = target == 1
    p = torch.where(positive, prediction, 1 - prediction)
    weight = torch.where(positive, torch.as_tensor(alpha), 1 - torch.as_tensor(alpha))
    return -weight * (1 - p) ** gamma * p.log()


case("binary_focal", "the defaults", target=[1, 0, 1, 0], prediction=[0.9, 0.1, 0.2, 0.7])
case("binary_focal", "gamma = 0 is weighted cross-entropy", gradient=["prediction", "alpha"], target=[1, 0], prediction=[0.5, 0.75], gamma=0.0, alpha=0.5)
case("binary_focal", "certain and right costs nothing", gradient=False, target=[1, 0], prediction=[1.0, 0.0])


@reference("hinge")
def hinge(target, prediction):
    return torch.clamp(1 - target * prediction, min=0)


case("hinge", "inside and beyond the margin", target=[1.0, -1.0, 1.0], prediction=[0.5, 2.0, 3.0])
case("hinge", "a score of 0", target=[1.0, -1.0], prediction=[0.0, 0.0])


@reference("squared_hinge")
def squared_hinge(target, prediction):
    return torch.clamp(1 - target * prediction, min=0) ** 2


case("squared_hinge", "inside and beyond the margin", target=[1.0, -1.0, 1.0], prediction=[0.5, 2.0, 3.0])
case("squared_hinge", "on the margin", target=[1.0, -1.0], prediction=[1.0, -1.0])


@reference("smooth_hinge")
def smooth_hinge(target, prediction):
    m = target * prediction
    # The integral of a hinge's slope cut to [-1, 0].
    return torch.where(m <= 0, 0.5 - m, 0.5 * torch.clamp(1 - m, min=0) ** 2)


case("smooth_hinge", "parabola, line and zero", target=[1.0, -1.0, 1.0], prediction=[0.5, 2.0, 3.0])
case("smooth_hinge", "at both seams", target=[1.0, -1.0], prediction=[0.0, -1.0])


@reference("soft_margin", source="torch")
def soft_margin(target, prediction):
    return torch.stack([F.soft_margin_loss(p, t) for t, p in zip(target, prediction)])


case("soft_margin", "right and wrong", target=[1.0, -1.0], prediction=[0.5, 2.0])
case("soft_margin", "far out", target=[1.0, 1.0], prediction=[40.0, -40.0])


@reference("exponential")
def exponential(target, prediction):
    return torch.exp(-target * prediction)


case("exponential", "right and wrong", target=[1.0, -1.0], prediction=[0.5, 2.0])
case("exponential", "a score of 0", target=[1.0, -1.0], prediction=[0.0, 0.0])


@reference("modified_huber")
def modified_huber(target, prediction):
    m = target * prediction
    return torch.where(m >= -1, torch.clamp(1 - m, min=0) ** 2, -4 * m)


case("modified_huber", "parabola, line and zero", target=[1.0, -1.0, 1.0], prediction=[0.5, 2.0, 3.0])
case("modified_huber", "at both seams", target=[1.0, 1.0], prediction=[1.0, -1.0])


@reference("hinge_embedding", source="torch")
def hinge_embedding(target, distance, *, margin=1.0):
    return F.hinge_embedding_loss(distance, target, margin=margin, reduction="none")


case("hinge_embedding", "alike and not", target=[1.0, -1.0, -1.0], distance=[0.5, 0.25, 3.0])
case("hinge_embedding", "a wider margin", target=[-1.0, 1.0], distance=[1.5, 0.0], margin=2.0)


@reference("multilabel_soft_margin", source="torch")
def multilabel_soft_margin(target, prediction, *, weight=None):
    weights = None if weight is None else torch.tensor(weight)
    return F.multilabel_soft_margin_loss(prediction, target.to(torch.float64), weight=weights, reduction="none")


case("multilabel_soft_margin", "two items of three labels", target=[[1, 0, 1], [0, 0, 0]], prediction=[[0.5, -1.0, 2.0], [0.0, -3.0, 1.0]])
case("multilabel_soft_margin", "weights, and logits far out", target=[[1, 0]], prediction=[[-30.0, 30.0]], weight=[0.5, 2.0])


@reference("multilabel_margin", source="torch")
def multilabel_margin(target, prediction):
    # PyTorch takes the indices of the labels that are on, then -1.
    indices = torch.full(target.shape, -1)
    for row, labels in enumerate(target):
        on = labels.nonzero().flatten()
        indices[row, : len(on)] = on
    return F.multilabel_margin_loss(prediction, indices, reduction="none")


case("multilabel_margin", "two labels on, two off", target=[[1, 0, 0, 1]], prediction=[[0.1, 0.2, 0.4, 0.8]])
case("multilabel_margin", "no label on costs nothing", target=[[0, 0, 0], [1, 0, 1]], prediction=[[0.5, -1.0, 2.0], [3.0, -1.0, 0.25]])


@reference("asymmetric")
def asymmetric(target, prediction, *, gamma_pos=1.0, gamma_neg=4.0, shift=0.05):
    shifted = torch.clamp(prediction - shift, min=0)
    on = (1 - prediction) ** gamma_pos * prediction.log()
    off = shifted**gamma_neg * torch.log(1 - shifted)
    return -torch.where(target == 1, on, off).sum(-1)


case("asymmetric", "the defaults", target=[[1, 0, 0], [0, 1, 1]], prediction=[[0.7, 0.4, 0.9], [0.2, 0.1, 0.6]])
case("asymmetric", "a negative below the shift costs nothing", gradient=["prediction"], target=[[0, 1]], prediction=[[0.1, 0.5]], gamma_pos=0.0, gamma_neg=2.0, shift=0.2)


@reference("zlpr")
def zlpr(target, prediction):
    off = torch.where(target == 0, prediction.exp(), torch.zeros_like(prediction)).sum(-1)
    on = torch.where(target == 1, (-prediction).exp(), torch.zeros_like(prediction)).sum(-1)
    return torch.log(1 + off) + torch.log(1 + on)


case("zlpr", "two items of three labels", target=[[1, 0, 1], [0, 1, 0]], prediction=[[0.5, -1.0, 2.0], [1.0, -3.0, 0.25]])
case("zlpr", "no label on, and all on", target=[[0, 0], [1, 1]], prediction=[[0.5, -1.0], [2.0, 0.25]])
