"""Chebyshev coefficients of the modified Bessel functions, by mpmath: what `compiler/operators/bessel.ts` holds.

`python3 test/scripts/bessel-coefficients.py` prints them. Near 0 they are series in 2 * x / 5 - 1, for x up to 5, further out in 10 / x - 1.
"""
from mpmath import besseli, cos, exp, mp, mpf, nstr, pi, sqrt

mp.dps = 80
KNOT = 5
NODES = 90
LEAST = 4e-18


def scaled(nu, x):
    """exp(-x) * I_nu(x): far out by its asymptotic series (Abramowitz and Stegun 9.7.1)."""
    if x < 300:
        return besseli(nu, x) * exp(-x)
    total = term = mpf(1)
    for k in range(1, 200):
        next_term = -term * (4 * nu * nu - (2 * k - 1) ** 2) / (k * 8 * x)
        if abs(next_term) > abs(term):
            break
        term = next_term
        total += term
    return total / sqrt(2 * pi * x)


def gap(x):
    """1 - I1(x) / I0(x)."""
    return 1 - scaled(1, x) / scaled(0, x)


def bend(x):
    """The derivative of I1(x) / I0(x)."""
    ratio = scaled(1, x) / scaled(0, x)
    return 1 - ratio / x - ratio * ratio


def series(function):
    """The coefficients of a function of t between -1 and 1, from its values at Chebyshev's points."""
    angles = [pi * (j + mpf(1) / 2) / NODES for j in range(NODES)]
    values = [function(cos(angle)) for angle in angles]
    found = [2 * sum(v * cos(k * a) for v, a in zip(values, angles)) / NODES for k in range(NODES)]
    found[0] /= 2
    while abs(found[-1]) < LEAST:
        found.pop()
    return found


def near(t):
    return KNOT * (1 + t) / 2


def far(t):
    return 2 * mpf(KNOT) / (1 + t)


SERIES = {
    'sqrt(x) * exp(-x) * I0(x), far': lambda t: sqrt(far(t)) * scaled(0, far(t)),
    '1 - I1(x) / I0(x), near': lambda t: gap(near(t)),
    'x * (1 - I1(x) / I0(x)), far': lambda t: far(t) * gap(far(t)),
    "(I1(x) / I0(x))', near": lambda t: bend(near(t)),
    "x^2 * (I1(x) / I0(x))', far": lambda t: far(t) ** 2 * bend(far(t)),
}

if __name__ == '__main__':
    for name, function in SERIES.items():
        numbers = series(function)
        print(f'{name}: {len(numbers)} for float64, {sum(abs(c) > 2e-9 for c in numbers)} for float32')
        print(', '.join(nstr(c, 17) for c in numbers))
