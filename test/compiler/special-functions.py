"""Values and slopes of special functions to 40 digits, by mpmath: `python3 special-functions.py > special-functions.jsonl`."""
import json

from mpmath import besseli, erfc, exp, expm1, log, log1p, mp, mpf, nstr, pi, sqrt

mp.dps = 60
FAR = 1000


def scaled(x):
    """exp(x^2) * erfc(x): far out by its asymptotic series."""
    if x < FAR:
        with mp.workdps(60 + int(abs(x))):
            return exp(x * x) * erfc(x)
    total = term = mpf(1)
    for k in range(1, 20):
        term *= -(2 * k - 1) / (2 * x * x)
        total += term
    return total / (x * sqrt(pi))


def scaled_slope(x):
    if x < FAR:
        with mp.workdps(160):
            return 2 * x * exp(x * x) * erfc(x) - 2 / sqrt(pi)
    total, term = mpf(0), mpf(1)
    for k in range(1, 20):
        term *= -(2 * k - 1) / (2 * x * x)
        total += term
    return 2 / sqrt(pi) * total


def log_erfc(x):
    return log(erfc(x)) if x < FAR else log(scaled(x)) - x * x


def normal_slope(x):
    return -2 / sqrt(pi) * exp(-x * x)


def normal_density(x):
    return exp(-x * x / 2) / sqrt(2 * pi)


def scaled_tail(x):
    return erfc(-x / sqrt(2)) / 2


def log_ndtr(x):
    return log(scaled_tail(x)) if x < 0 else log1p(-scaled_tail(-x))


def scaled_bessel(order, x):
    """exp(-|x|) * I_order(x): far out by Hankel's series (Abramowitz and Stegun 9.7.1)."""
    if abs(x) < FAR:
        return besseli(order, x) * exp(-abs(x))
    total = term = mpf(1)
    for k in range(1, 40):
        term *= -mpf(4 * order * order - (2 * k - 1) ** 2) / (8 * k * abs(x))
        total += term
    return (-1 if x < 0 and order % 2 else 1) * total / sqrt(2 * pi * abs(x))


def log_i0(x):
    return log(besseli(0, x)) if abs(x) < FAR else abs(x) + log(scaled_bessel(0, x))


def i1_slope(x):
    return (besseli(0, x) + besseli(2, x)) / 2


def i0e_slope(x):
    """0 at the kink."""
    with mp.workdps(100):
        return scaled_bessel(1, x) - (x > 0) * scaled_bessel(0, x) + (x < 0) * scaled_bessel(0, x)


def i1e_slope(x):
    with mp.workdps(100):
        if x == 0:
            return mpf(1) / 2
        first = scaled_bessel(1, x)
        return scaled_bessel(0, x) - first / x - (1 if x > 0 else -1) * first


LINE = [-9, -5, -2.5, -1, -0.75, -0.5, -0.125, -(2**-20), 0, 2**-20, 0.125, 0.375, 0.5, 0.625, 1, 1.5, 2, 3, 5, 8, 9]
ROUND = [-30, -5, -1.25, -(2**-10), 0, 2**-20, 2**-10, 0.125, 0.5, 1, 1.75, 2, 2.5, 4, 4.75, 5, 5.25, 8, 20]
OUT = [12, 40, 2**10, 2**20, 2**60]
FUNCTIONS = {
    'erfc': (erfc, normal_slope, LINE),
    'erfcx': (scaled, scaled_slope, [*LINE, *OUT]),
    'ndtr': (lambda x: erfc(-x / sqrt(2)) / 2, normal_density, LINE),
    'log_ndtr': (log_ndtr, lambda x: normal_density(x) / scaled_tail(x), [-1024, -40, -12, *LINE]),
    'log1mexp': (
        lambda x: log(-expm1(x)) if x > -1 else log1p(-exp(x)),
        lambda x: -1 / expm1(-x),
        [-80, -20, -5, -1, -0.75, -0.6875, -0.5, -0.125, -(2**-10), -(2**-20)],
    ),
    'i0': (lambda x: besseli(0, x), lambda x: besseli(1, x), [*ROUND, 40, 80]),
    'i0e': (lambda x: scaled_bessel(0, x), i0e_slope, [*ROUND, *OUT]),
    'i1': (lambda x: besseli(1, x), i1_slope, [*ROUND, 40, 80]),
    'i1e': (lambda x: scaled_bessel(1, x), i1e_slope, [*ROUND, *OUT]),
    'log_i0': (log_i0, lambda x: scaled_bessel(1, x) / scaled_bessel(0, x), [*ROUND, *OUT, 10000]),
    'log_i0e': (lambda x: log(scaled_bessel(0, x)), lambda x: i0e_slope(x) / scaled_bessel(0, x), [*ROUND, *OUT, 10000]),
    'log_erfc': (log_erfc, lambda x: -2 / sqrt(pi) / scaled(x), [*LINE, *OUT]),
}

if __name__ == '__main__':
    for name, (value, slope, points) in FUNCTIONS.items():
        for x in points:
            numbers = [nstr(f(mpf(x)), 40, strip_zeros=False) for f in (value, slope)]
            print(json.dumps({'function': name, 'x': x, 'value': numbers[0], 'slope': numbers[1]}))
