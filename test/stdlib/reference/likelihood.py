"""Reference values: probabilistic regression, mostly from torch.distributions."""

import math

import torch
import torch.nn.functional as F
from torch import distributions

from cases import case, reference


@reference("gaussian_nll", source="torch")
def gaussian_nll(target, center, variance, *, epsilon=1e-6):
    return F.gaussian_nll_loss(center, target, variance, reduction="none", eps=epsilon)


case("gaussian_nll", "two items", target=[1.0, -1.0], center=[0.5, 2.0], variance=[0.25, 4.0])
case("gaussian_nll", "a variance below epsilon", gradient=["center"], target=[1.0], center=[1.5], variance=[0.001], epsilon=0.5)


@reference("gaussian_nll_packed")
def gaussian_nll_packed(target, prediction, *, epsilon=1e-6):
    scale = torch.sqrt(F.softplus(prediction[..., 1]) + epsilon)
    return -distributions.Normal(prediction[..., 0], scale).log_prob(target) - math.log(2 * math.pi) / 2


case("gaussian_nll_packed", "two items", target=[1.0, -1.0], prediction=[[0.5, 0.3], [2.0, -1.0]])
case("gaussian_nll_packed", "a perfect mean, sure of itself", target=[2.0], prediction=[[2.0, -6.0]])


@reference("beta_nll")
def beta_nll(target, center, variance, *, beta=0.5):
    weight = variance.detach() ** beta
    return weight * (-distributions.Normal(center, variance.sqrt()).log_prob(target) - math.log(2 * math.pi) / 2)


case("beta_nll", "two items", gradient=["center", "variance"], target=[1.0, -1.0], center=[0.5, 2.0], variance=[0.25, 4.0])
case("beta_nll", "beta = 1 gives the mean the slope of squared error", gradient=["center", "variance"], target=[1.0], center=[3.0], variance=[9.0], beta=1.0)


@reference("laplace_nll", source="torch")
def laplace_nll(target, center, scale):
    return -distributions.Laplace(center, scale).log_prob(target)


case("laplace_nll", "two items", target=[1.0, -1.0], center=[0.5, 2.0], scale=[0.25, 4.0])
case("laplace_nll", "a perfect center", gradient=["scale"], target=[2.0], center=[2.0], scale=[0.5])


@reference("student_t_nll")
def student_t_nll(target, center, scale, *, nu=4.0):
    return -distributions.StudentT(torch.as_tensor(nu), center, scale).log_prob(target)


case("student_t_nll", "two items", target=[1.0, -1.0], center=[0.5, 2.0], scale=[0.25, 4.0], nu=3.0)
case("student_t_nll", "a perfect center, and an outlier", target=[2.0, 100.0], center=[2.0, 0.0], scale=[0.5, 1.0])


@reference("poisson", source="torch")
def poisson(target, prediction):
    return F.poisson_nll_loss(prediction, target, log_input=False, full=False, eps=0, reduction="none")


case("poisson", "two items", target=[3.0, 1.0], prediction=[2.0, 4.0])
case("poisson", "a count of 0, and a perfect prediction", target=[0.0, 2.0], prediction=[0.5, 2.0])


@reference("poisson_log", source="torch")
def poisson_log(target, prediction):
    return F.poisson_nll_loss(prediction, target, log_input=True, full=False, reduction="none")


case("poisson_log", "two items", target=[3.0, 1.0], prediction=[0.7, -1.5])
case("poisson_log", "a count of 0", target=[0.0], prediction=[-3.0])


@reference("poisson_full", source="torch")
def poisson_full(target, prediction):
    return F.poisson_nll_loss(prediction, target, log_input=False, full=True, eps=0, reduction="none")


case("poisson_full", "counts above 1", target=[3.0, 7.0], prediction=[2.0, 4.0])
case("poisson_full", "counts of 0 and 1 have no constant", target=[0.0, 1.0], prediction=[0.5, 2.0])


@reference("negative_binomial")
def negative_binomial(target, mean_count, shape):
    return -distributions.NegativeBinomial(shape, probs=mean_count / (mean_count + shape)).log_prob(target)


case("negative_binomial", "two items", target=[3.0, 1.0], mean_count=[2.0, 4.0], shape=[1.5, 0.5])
case("negative_binomial", "a count of 0", target=[0.0], mean_count=[2.0], shape=[3.0])


@reference("gamma_nll")
def gamma_nll(target, prediction):
    # A gamma of shape 1 is the exponential distribution: its log-likelihood is exactly the negative of this loss.
    return -distributions.Exponential(1 / prediction).log_prob(target)


case("gamma_nll", "two items", target=[3.0, 1.0], prediction=[2.0, 4.0])
case("gamma_nll", "a perfect prediction has no slope", target=[2.0], prediction=[2.0])


@reference("tweedie")
def tweedie(target, prediction, *, power=1.5):
    return prediction ** (2 - power) / (2 - power) - target * prediction ** (1 - power) / (1 - power)


case("tweedie", "two items", target=[3.0, 1.0], prediction=[2.0, 4.0], power=1.3)
case("tweedie", "a target of 0, and a perfect prediction", target=[0.0, 2.0], prediction=[0.5, 2.0])


@reference("mdn")
def mdn(target, weight, center, scale):
    rows = []
    for t, w, m, s in zip(target, weight, center, scale):
        density = sum(w[k] * torch.exp(-0.5 * ((t - m[k]) / s[k]) ** 2) / (s[k] * math.sqrt(2 * math.pi)) for k in range(len(w)))
        rows.append(-torch.log(density))
    return torch.stack(rows)


case("mdn", "two components", target=[0.5, -1.0], weight=[[0.25, 0.75], [0.5, 0.5]], center=[[0.0, 1.0], [-2.0, 3.0]], scale=[[1.0, 0.5], [1.5, 2.0]])
case("mdn", "one component is a Gaussian", target=[1.0], weight=[[1.0]], center=[[0.0]], scale=[[2.0]])
case("mdn", "a component of weight 0", gradient=["center", "scale"], target=[1.0], weight=[[0.0, 1.0]], center=[[5.0, 0.0]], scale=[[1.0, 2.0]])


@reference("crps_gaussian")
def crps_gaussian(target, center, scale):
    normal = distributions.Normal(torch.tensor(0.0), torch.tensor(1.0))
    z = (target - center) / scale
    return scale * (z * (2 * normal.cdf(z) - 1) + 2 * normal.log_prob(z).exp() - 1 / math.sqrt(math.pi))


case("crps_gaussian", "two items", target=[1.0, -1.0], center=[0.5, 2.0], scale=[0.25, 4.0])
case("crps_gaussian", "a perfect center", target=[2.0], center=[2.0], scale=[0.5])


@reference("evidential_regression")
def evidential_regression(target, gamma, nu, alpha, beta, *, weight=0.01):
    scale = torch.sqrt(beta * (1 + nu) / (nu * alpha))
    likelihood = distributions.StudentT(2 * alpha, gamma, scale).log_prob(target)
    return -likelihood + weight * (target - gamma).abs() * (2 * nu + alpha)


case("evidential_regression", "two items", target=[1.0, -1.0], gamma=[0.5, 2.0], nu=[1.0, 0.5], alpha=[2.0, 1.5], beta=[1.0, 3.0], weight=0.1)
case("evidential_regression", "a perfect prediction", gradient=["nu", "alpha", "beta"], target=[2.0], gamma=[2.0], nu=[1.5], alpha=[2.5], beta=[0.5])
