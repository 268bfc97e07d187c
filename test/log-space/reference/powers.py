"""Hyperbolic functions, powers and quotients."""
from mpmath import mp

from dual import cosh, exp, expm1, lgamma, log, logsumexp, ndtr, share, sigmoid, sinh, softplus, sqrt, square, tanh
from entry import Entry


def one(name, signature, body, function, **options):
    return Entry('hyperbolic', name, signature, body, function, **options)


def log_cosh(z):
    return logsumexp([z, -z]) - log(2)


HYPERBOLIC = [
    one('log_cosh', 'z: real', 'log((exp(z) + exp(-z)) / 2)', lambda z: log(cosh(z))),
    one('log_cosh_beside', 'z: real', 'let e = exp(-z)\nlog(exp(z) + e) + sigmoid(z)', lambda z: logsumexp([z, -z]) + sigmoid(z)),
    one('log_sinh', 'u: positive', 'log((exp(u) - exp(-u)) / 2)', lambda u: log(sinh(u))),
    one('log_tanh', 'u: positive', '-log(tanh(u))', lambda u: -log(tanh(u)), valid=lambda u: u < 40),
    one('one_minus_tanh', 'z: real', '-log(1 - tanh(z))', lambda z: softplus(2 * z) - log(2)),
    one('squashed', 'z: real', '-log(1 - tanh(z)^2)', lambda z: 2 * log_cosh(z)),
    one('area_tangent', 'z: real', 'let a = tanh(z)\n0.5 * log((1 + a) / (1 - a)) + a^2', lambda z: z + tanh(z) ** 2),
    one('root_of_squares', 'z: real', 'log(sqrt(1 + ((exp(z) - exp(-z)) / 2)^2))', log_cosh),
    one('area_sine', 'z: real',
        '-log(z + sqrt(z^2 + 1))',
        lambda z: -log(z + sqrt(z**2 + 1)) if z.v > 0 else log(sqrt(z**2 + 1) - z)),
    one('pseudo_huber', 'u: positive',
        'log(sqrt(1 + u^2) - 1)',
        lambda u: log(u**2 / (sqrt(1 + u**2) + 1)),
        valid=lambda u: u > 1e-10),
    one('ratio_of_cosines', 'a: real, b: real',
        'log((exp(a) + exp(-a)) / (exp(b) + exp(-b)))',
        lambda a, b: log_cosh(a) - log_cosh(b),
        valid=lambda a, b: abs(abs(a) - abs(b)) > 0.1),
]


def power(name, signature, body, function, **options):
    return Entry('power', name, signature, body, function, **options)


def poisson(data, z):
    return exp(z) - data * z + log(mp.factorial(data))


POWER = [
    power('odds_to_a_power', 'z: real', 'let p = sigmoid(z)\n(p / (1 - p))^0.3', lambda z: exp(0.3 * z)),
    power('generalised_beside', 'z: real', 'let p = sigmoid(z)\n(1 - p^0.7) / 0.7 - 0.1 * log(p)',
        lambda z: -expm1(-0.7 * softplus(-z)) / 0.7 + 0.1 * softplus(-z)),
    power('bhattacharyya', 'a: real, b: real',
        'let p = sigmoid(a)\nlet q = sigmoid(b)\n-log(sqrt(p * q) + sqrt((1 - p) * (1 - q)))',
        lambda a, b: -log(sqrt(sigmoid(a) * sigmoid(b)) + sqrt(sigmoid(-a) * sigmoid(-b))),
        valid=lambda a, b: abs(a - b) > 1),
    power('root_of_product', 'p: unit, q: unit', '-log((p * q)^0.5) + p * q', lambda p, q: -0.5 * log(p) - 0.5 * log(q) + p * q),
    power('ratio_of_sigmoids', 'a: real, b: real', 'log(sigmoid(a) / sigmoid(b))', lambda a, b: softplus(-b) - softplus(-a)),
    power('mills', 'z: real',
        'log(exp(-z^2 / 2) / (1 - erf(z / sqrt(2))))',
        lambda z: -square(z) / 2 - log(2 * ndtr(-z)),
        span=20),
    power('hazard', 'z: real', 'exp(-z^2 / 2) / (1 - erf(z / sqrt(2)))', lambda z: exp(-square(z) / 2) / (2 * ndtr(-z)), span=20,
        valid=lambda z: z > -12),
    power('sigmoid_hazard', 'z: real',
        'let p = sigmoid(z)\nlog(p * (1 - p) / (1 - p^2))',
        lambda z: -softplus(-z) - log(1 + sigmoid(z))),
    power('poisson', 'target: integer, z: real',
        '-log(exp(-exp(z)) * exp(target * z) / exp(lgamma(target + 1)))',
        poisson,
        span=20),
    power('gamma_ratio', 'u: positive',
        'log(exp(lgamma(u + 0.5)) / exp(lgamma(u)))',
        lambda u: lgamma(u + 0.5) - lgamma(u),
        valid=lambda u: u <= 25),
    power('exponential_times_ratio', 'a: real, p: unit, q: unit', 'log(exp(a) * p / q)', lambda a, p, q: a + log(p) - log(q)),
    power('root_ratio', 'a: real', 'exp(a) / sqrt(1 + exp(2 * a)) - log(1 + exp(2 * a)) / 2',
        lambda a: sqrt(sigmoid(2 * a)) - softplus(2 * a) / 2, valid=lambda a: abs(a) > 2),
    power('sharpened', 'z: real', 'let p = sigmoid(z)\n-log(p^2 / (p^2 + (1 - p)^2))', lambda z: softplus(-2 * z)),
    power('inverse_square', 'z: real', 'log((1 + exp(z))^-2) - (1 + exp(z))^-2', lambda z: -2 * softplus(z) - sigmoid(-z) ** 2),
    power('vanishing_ratio', 'a: real, b: real',
        'sigmoid(a) * sigmoid(b) / (sigmoid(a) * sigmoid(b) + exp(a) * (1 - sigmoid(b)))',
        lambda a, b: share(sigmoid(a) * sigmoid(b), exp(a) * sigmoid(-b))),
]
