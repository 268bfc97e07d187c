"""Logarithms of cumulative distributions, and of differences of monotone functions."""
from mpmath import mp

from dual import atan, erf, exp, expm1, log, ndtr, sigmoid, softplus, sqrt, square, total, weighted
from entry import Entry

PHI = '(1 + erf(z / sqrt(2))) / 2'


def sigmoid_gap(a, b):
    """sigmoid(a) - sigmoid(b), a > b."""
    return sigmoid(a) * sigmoid(-b) * -expm1(b - a)


def ndtr_gap(a, b):
    """Of the normal distribution function, by the tails that lose nothing."""
    return ndtr(a) - ndtr(b) if a.v + b.v < 0 else ndtr(-b) - ndtr(-a)


def laplace(z):
    return exp(z) / 2 if z.v < 0 else 1 - exp(-z) / 2


def ordinal(target, z):
    if target == 0:
        return softplus(-z)
    return softplus(z + 2) if target == 2 else -log(sigmoid_gap(z + 2, z))


def hazards(target, x):
    return softplus(-x[target]) + total([softplus(z) for z in x[:target]])


def one(name, signature, body, function, **options):
    return Entry('cumulative', name, signature, body, function, **options)


CUMULATIVE = [
    one('logistic', 'z: real', '-log(sigmoid(z))', lambda z: softplus(-z)),
    one('logistic_beside', 'z: real', 'let p = sigmoid(z)\n-log(p) + p^2', lambda z: softplus(-z) + sigmoid(z) ** 2),
    one('bce', 'target: binary, z: real', '-(target * log(sigmoid(z)) + (1 - target) * log(1 - sigmoid(z)))',
        lambda t, z: softplus(-z if t else z)),
    one('bce_if', 'target: binary, z: real', 'let p = sigmoid(z)\nif target == 1 then -log(p) else -log(1 - p)',
        lambda t, z: softplus(-z if t else z)),
    one('probit', 'z: real', f'-log({PHI})', lambda z: -log(ndtr(z)), span=20),
    one('probit_bce', 'target: binary, z: real', f'let p = {PHI}\n-(target * log(p) + (1 - target) * log(1 - p))',
        lambda t, z: -log(ndtr(z if t else -z)), span=20),
    one('probit_upper', 'x: real, mu: real, s: positive', 'let z = (x - mu) / s\n-log((1 - erf(z / sqrt(2))) / 2)',
        lambda x, mu, s: -log(ndtr((mu - x) / s)), span=20, valid=lambda x, mu, s: 0.01 < s and abs(x - mu) < 30 * s),
    one('censored', 'data cut: binary, z: real', 'if cut == 1 then -log((1 - erf(z / sqrt(2))) / 2) else z^2 / 2',
        lambda c, z: -log(ndtr(-z)) if c else square(z) / 2, span=20),
    one('truncated', 'z: real',
        f'z^2 / 2 + log({PHI.replace("z", "(z + 1)")})',
        lambda z: square(z) / 2 + log(ndtr(z + 1)),
        span=20),
    one('half_normal_tail', 'u: positive', '-log(1 - erf(u))', lambda u: -log(2 * ndtr(-u * sqrt(2))), valid=lambda u: u <= 25),
    one('half_normal', 'u: positive', '-log(erf(u))', lambda u: -log(erf(u))),
    one('gumbel', 'z: real', '-log(exp(-exp(-z))) + exp(-exp(-z))', lambda z: exp(-z) + exp(-exp(-z)), span=20),
    one('gumbel_tail', 'z: real', '-log(1 - exp(-exp(z)))', lambda z: -log(-expm1(-exp(z))), valid=lambda z: z < 4),
    one('laplace_cdf', 'z: real', '-log(if z < 0 then exp(z) / 2 else 1 - exp(-z) / 2)', lambda z: -log(laplace(z))),
    one('cauchy', 'z: real', '-log(0.5 + atan(z) / pi)',
        lambda z: -log(atan(-1 / z) / mp.pi) if z.v < 0 else -log(1 - atan(1 / z) / mp.pi)),
    one('largest_of_five', 'z: real', '-log(1 - sigmoid(z)^5)',
        lambda z: -log(sigmoid(-z) * total([1, *(sigmoid(z) ** n for n in range(1, 5))]))),
    one('ordinal', 'target: integer, z: real',
        'if target == 0 then -log(sigmoid(z)) else if target == 1 then -log(sigmoid(z + 2) - sigmoid(z)) else -log(1 - sigmoid(z + 2))',
        ordinal),
    one('discrete_survival', 'target: integer, x: real[k]',
        'let h = sigmoid(x)\n-log(at(h, k, target)) - sum(log(1 - h), k where index(k) < target)', hazards),
    one('log_softplus', 'z: real', '-log(softplus(z))', lambda z: -log(softplus(z))),
]


def gap(name, signature, body, function, **options):
    return Entry('difference', name, signature, body, function, **options)


def above(a, b):
    return a > b


DIFFERENCE = [
    gap('ordinal_width', 'z: real, width: positive',
        '-log(sigmoid(z + width) - sigmoid(z))',
        lambda z, w: -log(sigmoid_gap(z + w, z)),
        valid=lambda z, w: w >= 0.05),
    gap('sigmoids', 'a: real, b: real', '-log(sigmoid(a) - sigmoid(b))', lambda a, b: -log(sigmoid_gap(a, b)), valid=above),
    gap('sigmoids_beside', 'a: real, b: real', 'let p = sigmoid(a)\nlet q = sigmoid(b)\n-log(p - q) - log(1 - p) * q',
        lambda a, b: -log(sigmoid_gap(a, b)) + softplus(a) * sigmoid(b), valid=above),
    gap('exponentials', 'a: real, b: real', 'log(exp(a) - exp(b))', lambda a, b: a + log(-expm1(b - a)), valid=above),
    gap('exponentials_shared', 'a: real, b: real',
        'let e = exp(b - a)\nlog(1 - e) + 0.5 * e',
        lambda a, b: log(-expm1(b - a)) + 0.5 * exp(b - a),
        valid=above),
    gap('softplus_inverse', 'u: positive', 'log(exp(u) - 1)', lambda u: log(expm1(u))),
    gap('one_minus_exp', 'u: positive', '-log(1 - exp(-u))', lambda u: -log(-expm1(-u)), valid=lambda u: u < 80),
    gap('normal_interval', 'z: real',
        f'-log({PHI.replace("z", "(z + 1)")} - {PHI})',
        lambda z: -log(ndtr_gap(z + 1, z)),
        span=20),
    gap('one_minus_square', 'p: unit', '-log(1 - p^2)', lambda p: -log((1 - p) * (1 + p))),
    gap('one_minus_twice_half', 'z: real', 'let p = sigmoid(z) / 2\n-log(1 - 2 * p) + p', lambda z: softplus(z) + sigmoid(z) / 2),
    gap('two_classes', 'x: real[k]', 'let p = softmax(x, k)\n-log(at(p, k, 0) - at(p, k, 1))',
        lambda x: -log(-expm1(x[1] - x[0]) / total([exp(y - x[0]) for y in x])), valid=lambda x: x[0] > x[1]),
    gap('pixel', 'data weight: probability[k], x: real[k]', '-log(sum(weight * (sigmoid(x + 0.5) - sigmoid(x - 0.5)), k))',
        lambda w, x: -log(weighted(w, [sigmoid_gap(z + 0.5, z - 0.5) for z in x]))),
]
