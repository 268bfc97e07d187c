"""Numbers of any precision that carry their derivatives, and the functions of the expressions on them.

A `Number` is a value and its derivatives by the inputs, in mpmath's working precision. `carried(True)` rounds every intermediate
number as a float32 program in log-space can at best carry it: see `rounded`. That says which points a program can get right at all.
"""
from contextlib import contextmanager

from mpmath import libmp, mp, mpf

_carried = False


@contextmanager
def carried():
    """Within it every intermediate number is rounded as float32 carries it."""
    global _carried
    _carried = True
    try:
        yield
    finally:
        _carried = False


def to_float32_digits(x):
    """The nearest number of 24 binary digits, of any exponent."""
    return mp.make_mpf(libmp.mpf_pos(mpf(x)._mpf_, 24, 'n'))


# Numbers whose logarithm is not larger than this are carried as they are, others by the logarithm of their magnitude.
PLAIN = 16


def rounded(v, d):
    """Value and derivatives as float32 carries them: a number near 1 by its distance from 1, a number that is very large or very small
    by the logarithm of its magnitude, any other as it is; derivatives are those of what is carried."""
    if v == 0:
        return v, {k: to_float32_digits(x) for k, x in d.items()}
    away = abs(v) - 1 if 0.5 < abs(v) < 2 else mpf(0)
    middle, rest = (mp.sign(v), mp.sign(v) * away) if away != 0 else (mpf(0), v)
    log = mp.log(abs(rest))
    near = to_float32_digits(rest) if abs(log) < PLAIN else mp.sign(rest) * mp.exp(to_float32_digits(log))
    return middle + near, {k: near * to_float32_digits(x / rest) for k, x in d.items()}


class Number:
    __slots__ = ('v', 'd')

    def __init__(self, v, d=None):
        self.v, self.d = rounded(v, d or {}) if _carried else (v, d or {})

    def __add__(self, other):
        return total([self, other])

    __radd__ = __add__

    def __sub__(self, other):
        return linear([1, -1], [self, other])

    def __rsub__(self, other):
        return linear([1, -1], [other, self])

    def __neg__(self):
        return linear([-1], [self])

    def __mul__(self, other):
        if not isinstance(other, Number):
            return linear([other], [self])
        return Number(self.v * other.v, summed([(other.v, self.d), (self.v, other.d)]))

    __rmul__ = __mul__

    def __truediv__(self, other):
        other = lift(other)
        v = self.v / other.v
        return Number(v, summed([(1 / other.v, self.d), (-v / other.v, other.d)]))

    def __rtruediv__(self, other):
        return lift(other) / self

    def __pow__(self, other):
        if isinstance(other, Number):
            return exp(other * log(self))
        g = plain(other)
        return Number(self.v**g, summed([(g * self.v ** (g - 1), self.d)]))

    def __lt__(self, other):
        return self.v < lift(other).v

    def __gt__(self, other):
        return self.v > lift(other).v


def plain(x):
    """A number without derivatives. A Python float is the decimal that is written."""
    return mpf(repr(x)) if isinstance(x, float) else mpf(x)


def lift(x):
    return x if isinstance(x, Number) else Number(plain(x))


def summed(terms):
    """The derivatives of a sum: factors and the derivatives that they multiply."""
    result = {}
    for factor, d in terms:
        for k, x in d.items():
            result[k] = result.get(k, 0) + factor * x
    return result


# Sums are rounded once, at the end: a program that knows the form has no need to round the parts.


def linear(weights, numbers):
    """A sum with weights that have no derivatives; what has weight 0 is left out."""
    pairs = [(plain(w), lift(x)) for w, x in zip(weights, numbers) if w != 0]
    return Number(mp.fsum(w * x.v for w, x in pairs), summed([(w, x.d) for w, x in pairs]))


def total(numbers):
    return linear([1] * len(numbers), numbers)


def mean(numbers):
    return linear([mpf(1) / len(numbers)] * len(numbers), numbers)


def weighted(weights, numbers):
    """A mean with weights."""
    weights = [plain(w) for w in weights]
    return linear([w / mp.fsum(weights) for w in weights], numbers)


def mix(w, p, q):
    """w p + (1 - w) q, for a weight that may have derivatives."""
    p, q = lift(p), lift(q)
    if not isinstance(w, Number):
        return linear([plain(w), 1 - plain(w)], [p, q])
    return Number(w.v * p.v + (1 - w.v) * q.v, summed([(w.v, p.d), (1 - w.v, q.d), (p.v - q.v, w.d)]))


def share(p, *others):
    """p / (p + others)."""
    numbers = [lift(x) for x in (p, *others)]
    whole = mp.fsum(x.v for x in numbers)
    v = numbers[0].v / whole
    rest = mp.fsum(x.v for x in numbers[1:]) / whole
    return Number(v, summed([(rest / whole, numbers[0].d), *((-v / whole, x.d) for x in numbers[1:])]))


def product(numbers):
    result = lift(1)
    for x in numbers:
        result = result * x
    return result


class Tie(Exception):
    """Two numbers are equal, so the larger one has no gradient."""


def largest(numbers):
    numbers = [lift(x) for x in numbers]
    best = max(numbers, key=lambda x: x.v)
    if sum(x.v == best.v for x in numbers) > 1:
        raise Tie
    return best


def smallest(numbers):
    return -largest([-x for x in numbers])


def _function(value, slope):
    def apply(x):
        x = lift(x)
        v = value(x.v)
        if mp.im(v) != 0 or not mp.isfinite(v):
            raise ValueError('outside its domain')
        return Number(v, summed([(slope(x.v), x.d)]))

    return apply


def _softplus(x):
    return mp.log1p(mp.exp(x)) if x < 0 else x + mp.log1p(mp.exp(-x))


def _sigmoid(x):
    return 1 / (1 + mp.exp(-x))


exp = _function(mp.exp, mp.exp)
expm1 = _function(mp.expm1, mp.exp)
log = _function(mp.log, lambda x: 1 / x)
log1p = _function(mp.log1p, lambda x: 1 / (1 + x))
sqrt = _function(mp.sqrt, lambda x: 1 / (2 * mp.sqrt(x)))
sigmoid = _function(_sigmoid, lambda x: _sigmoid(x) * _sigmoid(-x))
softplus = _function(_softplus, _sigmoid)
tanh = _function(mp.tanh, lambda x: mp.sech(x) ** 2)
sinh = _function(mp.sinh, mp.cosh)
cosh = _function(mp.cosh, mp.sinh)
cos = _function(mp.cos, lambda x: -mp.sin(x))
atan = _function(mp.atan, lambda x: 1 / (1 + x**2))
erf = _function(mp.erf, lambda x: 2 / mp.sqrt(mp.pi) * mp.exp(-(x**2)))
erfc = _function(mp.erfc, lambda x: -2 / mp.sqrt(mp.pi) * mp.exp(-(x**2)))
# The distribution function of the normal distribution.
ndtr = _function(lambda x: mp.erfc(-x / mp.sqrt(2)) / 2, lambda x: mp.npdf(x))
lgamma = _function(mp.loggamma, lambda x: mp.psi(0, x))
# log(1 - exp(x)), x < 0.
log1mexp = _function(lambda x: mp.log(-mp.expm1(x)), lambda x: -1 / mp.expm1(-x))
bessel_i0 = _function(lambda x: mp.besseli(0, x), lambda x: mp.besseli(1, x))
bessel_i1 = _function(lambda x: mp.besseli(1, x), lambda x: mp.besseli(0, x) - mp.besseli(1, x) / x)


def square(x):
    return x**2


def logsumexp(numbers):
    """Of some numbers; none of them is rounded on the way."""
    numbers = [lift(x) for x in numbers]
    top = max(x.v for x in numbers)
    parts = [mp.exp(x.v - top) for x in numbers]
    whole = mp.fsum(parts)
    return Number(top + mp.log(whole), summed([(part / whole, x.d) for part, x in zip(parts, numbers)]))


def softmax(numbers):
    """The parts of each in the sum of the exponentials."""
    numbers = [lift(x) for x in numbers]
    result = []
    for i, x in enumerate(numbers):
        parts = [mp.exp(other.v - x.v) for other in numbers]
        v = 1 / mp.fsum(parts)
        rest = mp.fsum(part for j, part in enumerate(parts) if j != i) * v
        others = [(-v * parts[j] * v, y.d) for j, y in enumerate(numbers) if j != i]
        result.append(Number(v, summed([(v * rest, x.d), *others])))
    return result


def log_softmax(numbers):
    return [log(p) for p in softmax(numbers)]
