"""Reference values: regression and robust losses."""



import torch
import torch.nn.functional as F

from cases import case, reference


@reference("mse", source="torch")
def mse(target, prediction):
    return F.mse_loss(prediction, target, reduction="none")


case("mse", "two items of two outputs", target=[[0.0, 1.0], [2.0, -1.0]], prediction=[[0.5, 3.0], [2.0, -4.0]])
case("mse", "a perfect prediction", target=[1.5, -2.0], prediction=[1.5, -2.0])


@reference("mae", source="torch")
def mae(target, prediction):
    return F.l1_loss(prediction, target, reduction="none")


case("mae", "errors of both signs", target=[[0.0, 1.0], [2.0, -1.0]], prediction=[[0.5, 3.0], [2.5, -4.0]])
case("mae", "a perfect prediction", gradient=False, target=[1.5, -2.0], prediction=[1.5, -2.0])


@reference("huber", source="torch")
def huber(target, prediction, *, delta=1.0):
    return F.huber_loss(prediction, target, reduction="none", delta=delta)


case("huber", "one small and one large error", target=[[0.0, 0.0]], prediction=[[0.5, 3.0]], delta=2.0)
case("huber", "the default threshold, both signs", target=[0.0, 1.0, -1.0], prediction=[0.25, -2.0, 4.0])
case("huber", "at the threshold and at the target", target=[0.0, 1.0], prediction=[1.0, 1.0])


@reference("smooth_l1", source="torch")
def smooth_l1(target, prediction, *, beta=1.0):
    return F.smooth_l1_loss(prediction, target, reduction="none", beta=beta)


case("smooth_l1", "one small and one large error", target=[[0.0, 0.0]], prediction=[[0.5, 3.0]], beta=2.0)
case("smooth_l1", "at the threshold and at the target", target=[0.0, 1.0], prediction=[-1.0, 1.0])


@reference("log_cosh")
def log_cosh(target, prediction):
    return torch.log(torch.cosh(prediction - target))


case("log_cosh", "small and large errors", target=[0.0, 0.0, 1.0], prediction=[0.3, -2.0, 9.0])
case("log_cosh", "a perfect prediction, and an error at the seam of the two forms", target=[1.0, 0.0], prediction=[1.0, 1.0])


@reference("mape")
def mape(target, prediction, *, epsilon=1e-7):
    return 100 * (target - prediction).abs() / target.abs().clamp(min=epsilon)


case("mape", "relative errors of both signs", target=[2.0, -4.0], prediction=[2.5, -1.0])
case("mape", "a target of 0 is divided by epsilon", target=[0.0, 1.0], prediction=[0.5, 2.0], epsilon=0.25)


@reference("smape")
def smape(target, prediction):
    return torch.where((target == 0) & (prediction == 0), torch.zeros_like(target), 200 * (target - prediction).abs() / (target.abs() + prediction.abs()))


case("smape", "relative errors of both signs", target=[2.0, -4.0], prediction=[2.5, -1.0])
case("smape", "both 0, and opposite signs", gradient=False, target=[0.0, 1.0], prediction=[0.0, -1.0])


@reference("msle")
def msle(target, prediction):
    return (torch.log(target + 1) - torch.log(prediction + 1)) ** 2


case("msle", "ratios", target=[3.0, 10.0], prediction=[1.0, 20.0])
case("msle", "a prediction of 0", target=[0.0, 1.0], prediction=[0.0, 0.0])


def quantile_loss(error, tau):
    return torch.where(error >= 0, tau * error, (tau - 1) * error)


@reference("pinball")
def pinball(target, prediction, *, tau=0.5):
    return quantile_loss(target - prediction, tau)


case("pinball", "above and below", target=[1.0, 1.0], prediction=[0.0, 3.0], tau=0.9)
case("pinball", "half the absolute error, and a perfect prediction", gradient=False, target=[1.0, 2.0], prediction=[0.0, 2.0])


@reference("quantiles")
def quantiles(target, prediction, *, tau=None):
    levels = torch.tensor([0.1, 0.5, 0.9]) if tau is None else tau
    return torch.stack([quantile_loss(t - row, levels).mean() for t, row in zip(target, prediction)])


case("quantiles", "three quantiles", target=[1.0, -1.0], prediction=[[0.0, 0.5, 3.0], [-3.0, -0.5, 0.0]])
case("quantiles", "other levels, as many as outputs", target=[2.0], prediction=[[1.0, 4.0]], tau=[0.25, 0.75])


@reference("expectile")
def expectile(target, prediction, *, tau=0.7):
    error = target - prediction
    return torch.abs(tau - (error < 0).to(error.dtype)) * error**2


case("expectile", "above and below", target=[1.0, 1.0], prediction=[0.0, 3.0], tau=0.9)
case("expectile", "a perfect prediction costs nothing and has no slope", target=[1.0, 2.0], prediction=[1.0, 3.0])


@reference("epsilon_insensitive")
def epsilon_insensitive(target, prediction, *, epsilon=0.1):
    return ((prediction - target).abs() - epsilon).clamp(min=0)


case("epsilon_insensitive", "outside the band on both sides", target=[0.0, 0.0], prediction=[0.5, -2.0], epsilon=0.25)
case("epsilon_insensitive", "inside the band", target=[1.0, 1.0], prediction=[1.05, 2.0])


@reference("cosine_similarity", source="torch")
def cosine_similarity(target, prediction):
    return -F.cosine_similarity(target, prediction, dim=-1)


case("cosine_similarity", "an angle", target=[[1.0, 2.0, 2.0], [0.0, 1.0, 0.0]], prediction=[[2.0, 1.0, -1.0], [3.0, 4.0, 0.0]])
case("cosine_similarity", "the same direction, and the opposite one", target=[[1.0, 0.0], [1.0, 1.0]], prediction=[[5.0, 0.0], [-2.0, -2.0]])


@reference("ccc")
def ccc(target, prediction):
    both = torch.stack([target.flatten(), prediction.flatten()])
    covariance = torch.cov(both, correction=0)
    gap = target.mean() - prediction.mean()
    return 1 - 2 * covariance[0, 1] / (covariance[0, 0] + covariance[1, 1] + gap**2)


case("ccc", "four items", target=[1.0, 2.0, 3.0, 4.0], prediction=[1.5, 1.0, 3.5, 5.0])
case("ccc", "a perfect prediction", target=[1.0, 2.0, 4.0], prediction=[1.0, 2.0, 4.0])


@reference("pearson")
def pearson(target, prediction):
    return 1 - torch.corrcoef(torch.stack([target.flatten(), prediction.flatten()]))[0, 1]


case("pearson", "four items", target=[1.0, 2.0, 3.0, 4.0], prediction=[1.5, 1.0, 3.5, 5.0])
case("pearson", "scale and offset are free", target=[1.0, 2.0, 4.0], prediction=[12.0, 14.0, 18.0])


@reference("charbonnier")
def charbonnier(target, prediction, *, epsilon=1e-3):
    return torch.hypot(prediction - target, torch.as_tensor(epsilon).expand_as(target))


case("charbonnier", "errors around epsilon", target=[0.0, 0.0], prediction=[0.5, -3.0], epsilon=0.5)
case("charbonnier", "a perfect prediction costs epsilon", target=[1.0, 2.0], prediction=[1.0, 5.0])


@reference("barron")
def barron(target, prediction, *, alpha=1.0, c=1.0):
    z = ((prediction - target) / c) ** 2
    if float(alpha) == 2:
        return z / 2
    if float(alpha) == 0:
        return torch.log(z / 2 + 1)
    b = abs(alpha - 2)
    return b / alpha * ((z / b + 1) ** (alpha / 2) - 1)


case("barron", "alpha = 1: sqrt(z + 1) - 1", target=[0.0, 0.0], prediction=[0.5, -3.0], alpha=1.0, c=2.0)
case("barron", "alpha = -2: Geman-McClure", target=[0.0, 1.0], prediction=[0.5, 1.0], alpha=-2.0, c=1.0)
case("barron", "alpha = 2: half the squared error", gradient=["prediction"], target=[0.0, 1.0], prediction=[0.5, 3.0], alpha=2.0)
case("barron", "alpha = 0: Cauchy", gradient=["prediction"], target=[0.0, 1.0], prediction=[0.5, 3.0], alpha=0.0)


@reference("cauchy")
def cauchy(target, prediction, *, c=1.0):
    return torch.log(1 + (prediction - target) ** 2 / (2 * c**2))


case("cauchy", "small and large errors", target=[0.0, 0.0], prediction=[0.5, -10.0], c=2.0)
case("cauchy", "a perfect prediction", target=[1.0, 2.0], prediction=[1.0, 3.0])


@reference("geman_mcclure")
def geman_mcclure(target, prediction, *, c=1.0):
    e = (prediction - target) / c
    return 2 * (1 - 1 / (1 + e**2 / 4))


case("geman_mcclure", "small and large errors", target=[0.0, 0.0], prediction=[0.5, -10.0], c=2.0)
case("geman_mcclure", "a perfect prediction", target=[1.0, 2.0], prediction=[1.0, 3.0])


@reference("welsch")
def welsch(target, prediction, *, c=1.0):
    return 1 - torch.exp(-0.5 * ((prediction - target) / c) ** 2)


case("welsch", "small and large errors", target=[0.0, 0.0], prediction=[0.5, -10.0], c=2.0)
case("welsch", "a perfect prediction", target=[1.0, 2.0], prediction=[1.0, 3.0])


@reference("tukey")
def tukey(target, prediction, *, c=4.685):
    e = prediction - target
    inside = c**2 / 6 * (1 - (1 - (e / c) ** 2) ** 3)
    return torch.where(e.abs() <= c, inside, torch.as_tensor(c) ** 2 / 6 * torch.ones_like(e))


case("tukey", "inside, and beyond c", target=[0.0, 0.0], prediction=[1.5, -10.0], c=2.0)
case("tukey", "a perfect prediction, and an outlier", target=[1.0, 2.0], prediction=[1.0, 9.0])


@reference("wing")
def wing(target, prediction, *, width=10.0, curvature=2.0):
    e = (prediction - target).abs()
    offset = width - width * torch.log(torch.as_tensor(1 + width / curvature))
    return torch.where(e < width, width * torch.log(1 + e / curvature), e - offset)


case("wing", "the logarithm, and the line", target=[0.0, 0.0], prediction=[1.5, -12.0], width=5.0, curvature=0.5)
case("wing", "a perfect prediction, and one at the seam", gradient=False, target=[1.0, 0.0], prediction=[1.0, 10.0])


