"""Expressions with functions that the language does not have yet; each says which. They are compared from the day it has them.

erfc(x) = 1 - erf(x); log_ndtr(x) is the log of the normal distribution function; log1mexp(x) = log(1 - exp(x)) for x < 0;
bessel_i0 and bessel_i1 are the modified Bessel functions of the first kind.
"""
from mpmath import mp

from dual import bessel_i0, bessel_i1, cos, erfc, exp, linear, log, log1mexp, mean, ndtr, sigmoid, square, total
from entry import Entry


def one(needs, name, signature, body, function, **options):
    return Entry('needed', name, signature, body, function, needs=needs.split(), **options)


def emg(x, s):
    """The log-density of a normal plus an exponential."""
    return square(s) / 2 - x + log(ndtr(x / s - s))


NEEDED = [
    one('erfc', 'log_of_erfc', 'z: real', '-log(erfc(z))', lambda z: -log(erfc(z)), span=20),
    one('erfc', 'log_erfc_beside', 'z: real',
        'let q = erfc(z) / 2\n-log(q) - 0.5 * log(1 - q)',
        lambda z: -log(erfc(z) / 2) - 0.5 * log(erfc(-z) / 2),
        span=20),
    one('erfc', 'erfc_labelled', 'target: binary, z: real',
        'let p = erfc(-z / sqrt(2)) / 2\n-(target * log(p) + (1 - target) * log(1 - p))',
        lambda t, z: -log(ndtr(z if t else -z)),
        span=20),
    one('erfc', 'erfc_mills', 'z: real',
        'exp(-z^2) / erfc(z)',
        lambda z: exp(-square(z)) / erfc(z),
        span=20, valid=lambda z: z > -8),
    one('erfc', 'erfc_mixture', 'a: real, b: real',
        '-log(0.3 * erfc(a) + 0.7 * erfc(b))',
        lambda a, b: -log(linear([0.3, 0.7], [erfc(a), erfc(b)])),
        span=20),
    one('erfc', 'erfc_product', 'a: real, b: real', '-log(1 - (1 - erfc(a) / 2) * (1 - erfc(b) / 2))',
        lambda a, b: -log(total([erfc(a) / 2, erfc(b) / 2 * erfc(-a) / 2])), span=20),
    one('erfc', 'exponential_of_normal', 'x: real, s: positive',
        'let u = (s - x / s) / sqrt(2)\n-log(exp(s^2 / 2 - x) * erfc(u) / 2)',
        lambda x, s: -emg(x, s),
        span=20, valid=lambda x, s: 0.5 < s < 4),
    one('log_ndtr', 'probit_log', 'z: real', '-log_ndtr(z)', lambda z: -log(ndtr(z)), span=100),
    one('log_ndtr', 'probit_log_labelled', 'target: binary, z: real',
        'if target == 1 then -log_ndtr(z) else -log(1 - exp(log_ndtr(z)))',
        lambda t, z: -log(ndtr(z if t else -z)),
        span=20),
    one('log_ndtr', 'probit_log_mixture', 'x: real[k]',
        '-log(mean(exp(log_ndtr(x)), k))',
        lambda x: -log(mean([ndtr(z) for z in x])),
        span=20),
    one('log_ndtr', 'mills_log', 'z: real',
        'exp(-z^2 / 2 - log_ndtr(z))',
        lambda z: exp(-square(z) / 2) / ndtr(z),
        span=20, valid=lambda z: z < 12),
    one('log1mexp', 'complement_of_exp', 'u: positive', '-log1mexp(-u)', lambda u: -log1mexp(-u), valid=lambda u: u < 80),
    one('log1mexp', 'complement_of_sum', 'x: real[k]', '-log1mexp(sum(log(sigmoid(x)), k))',
        lambda x: -log(total([sigmoid(-x[0]), sigmoid(x[0]) * sigmoid(-x[1]), sigmoid(x[0]) * sigmoid(x[1]) * sigmoid(-x[2])]))),
    one('log1mexp', 'odds_of_a_log', 'u: positive',
        '-u - log1mexp(-u)',
        lambda u: -u - log1mexp(-u),
        valid=lambda u: abs(u - 0.7) > 0.2),
    one('bessel_i0', 'von_mises', 'd: real, c: positive',
        'log(2 * pi * bessel_i0(c)) - c * cos(d)',
        lambda d, c: log(2 * mp.pi * bessel_i0(c)) - c * cos(d),
        span=3),
    one('bessel_i0', 'log_bessel_i0', 'z: real', 'log(bessel_i0(z))', lambda z: log(bessel_i0(z))),
    one('bessel_i0', 'rice', 'u: positive, v: positive', '-log(u * exp(-(u^2 + v^2) / 2) * bessel_i0(u * v))',
        lambda u, v: (square(u) + square(v)) / 2 - log(u) - log(bessel_i0(u * v)), valid=lambda u, v: 0.01 < u and 0.01 < v ),
    one('bessel_i0 bessel_i1', 'mean_resultant', 'c: positive',
        'bessel_i1(c) / bessel_i0(c)',
        lambda c: bessel_i1(c) / bessel_i0(c)),
    one('bessel_i0 bessel_i1', 'bessel_ratio', 'c: positive',
        '-log(bessel_i1(c) / bessel_i0(c))',
        lambda c: -log(bessel_i1(c) / bessel_i0(c))),
    one('bessel_i0', 'von_mises_mixture', 'x: positive[k]',
        'log(mean(bessel_i0(x), k))',
        lambda x: log(mean([bessel_i0(z) for z in x]))),
]
