"""What emitted modules for JAX and for Keras 3 carry along. `xp` stands for the framework's own functions, `jnp` or `ops`; here it is NumPy."""
import numpy as xp

from common import (
    LOSS,
    _alike,
    _bend_far,
    _bend_near,
    _bessel_far,
    _bessel_near,
    _gap_far,
    _gap_near,
    _scaled_erfc,
    _scaled_slope,
)


def _spread(name, tensor, shape):
    """A parameter in its shape; one number is repeated."""
    given = xp.shape(tensor)
    if _alike(given, shape):
        return tensor
    if _alike(given, ()) or _alike(given, (1,)):
        return xp.broadcast_to(xp.reshape(tensor, ()), shape)
    raise ValueError(f'{LOSS}: {name} has dimensions {list(given)} where {list(shape)} or one number is needed')


def _told(*places):
    """The length of an axis by the first tensor that tells it: pairs of tensor and dimension."""
    for x, axis in places:
        if len(x.shape) > 0:
            return xp.shape(x)[axis]
    return 1


def _labels(x, rank, place, classes):
    """The labels, if rows of so many dimensions are given by labels: without the axis of the classes, or with 1 there."""
    if len(x.shape) == rank - 1:
        return x
    if len(x.shape) == rank and x.shape[place] == 1 and classes != 1:
        return xp.squeeze(x, place)
    return None


def _counted(x, counts):
    """A prediction without the items that do not count: what is not finite there has no gradient."""
    if counts is None:
        return x
    ignored = xp.reshape(xp.equal(counts, 0), (-1,) + (1,) * (len(x.shape) - 1))
    return xp.where(ignored, 0.5, x)


def _reduced(values, items, counts, reduction, weights):
    """Items to one number: mean is sum(w * l) / N, weightedMean is sum(w * l) / sum(w); none keeps them."""
    if reduction not in ('mean', 'sum', 'none', 'weightedMean'):
        raise ValueError(f'{LOSS}: unknown reduction {reduction}: use mean, sum, none or weightedMean')
    if counts is not None:
        counts = xp.reshape(counts, (-1,))
        values = xp.where(xp.equal(counts, 0), 0.0, values * counts)
    if weights is not None:
        weights = _weights(weights, items, values)
        values = xp.where(xp.equal(weights, 0), 0.0, values * weights)
    if reduction == 'none':
        return xp.reshape(values, items)
    total = xp.sum(values)
    if reduction == 'sum':
        return total
    if values.shape[0] == 0:
        return total * float('nan')
    if counts is None and weights is None:
        return xp.mean(values)
    ones = xp.ones_like(values)
    shares = ones if counts is None else xp.where(xp.equal(counts, 0), 0.0, ones)
    if reduction == 'weightedMean' and weights is not None:
        shares = shares * weights
    # What has no share in the mean adds nothing to it.
    some = xp.any(xp.not_equal(shares, 0))
    return total / xp.where(some, xp.sum(shares), 1.0)


def _weights(weights, items, values):
    """Sample weights, one per item, from the items' shape or that of its first axes."""
    weights = xp.array(weights, dtype=values.dtype)
    shape = xp.shape(weights)
    if not _alike(shape, items[: len(shape)]):
        raise ValueError(f'{LOSS}: sample_weight has dimensions {list(shape)}, the items have {list(items)}')
    column = xp.reshape(weights, shape + (1,) * (len(items) - len(shape)))
    return xp.reshape(xp.broadcast_to(column, items), (-1,))


def _xlogy(x, y):
    """x * log(y), and 0 where x is 0."""
    return xp.where(xp.equal(x, 0), 0.0, x * xp.log(y))


def _power(x, y):
    """x to the power of y, and NaN where y is: by IEEE 754 1 to any power is 1."""
    power = x ** y
    return xp.where(xp.equal(y, y), power, y)


def _sign(x):
    """-1, 0 or 1, and NaN of NaN."""
    return xp.where(xp.equal(x, x), xp.sign(x), x)


def _log1mexp(x):
    """log(1 - exp(x)) for x < 0: by expm1 near 0, by log1p further away (Maechler 2012)."""
    by_expm1 = xp.log(-xp.expm1(x))
    return xp.where(x > -0.6931471805599453, by_expm1, xp.log1p(-xp.exp(x)))


def _logsumexp(x, axes):
    """log(sum(exp(x))); minus infinity over nothing."""
    top = xp.max(x, axis=axes, keepdims=True, initial=-float('inf'))
    top = xp.where(xp.isfinite(top), top, 0.0)
    return top + xp.log(xp.sum(xp.exp(x - top), axis=axes, keepdims=True))


def _running_sum(x, axis, exclusive=False, reverse=False):
    """The sum of the entries up to each position, or from it on; exclusive leaves its own out."""
    if reverse:
        x = xp.flip(x, axis)
    if exclusive:
        before = (slice(None),) * axis
        first, rest = x[before + (slice(0, 1),)], x[before + (slice(0, -1),)]
        x = xp.concatenate([xp.zeros_like(first), rest], axis)
    x = xp.cumsum(x, axis)
    return xp.flip(x, axis) if reverse else x


def _positions(x, axis, to=None):
    """0, 1, 2, ... along an axis of x, laid along that axis or another."""
    shape = [1] * len(x.shape)
    shape[axis if to is None else to] = -1
    return xp.reshape(xp.arange(xp.shape(x)[axis]), shape)


def _exp_of_square(sign, x):
    """exp(sign * x^2) for x >= 0, with what the square loses to rounding put back."""
    near = xp.minimum(x, 40.0)
    head = xp.floor(near * 16) / 16
    return xp.exp(sign * head * head) * xp.exp(sign * (near - head) * (near + head))


def _erfcx(order, x):
    """The order-th derivative of exp(x^2) * erfc(x), from value and slope for x >= 0; they are reflected below."""
    a = xp.abs(x)
    below = xp.less(x, 0)
    growth = 2 * _exp_of_square(1, xp.maximum(-x, 0.0))
    value = xp.where(below, growth - _scaled_erfc(a), _scaled_erfc(a))
    if order == 0:
        return value
    slope = xp.where(below, 2 * x * growth + _scaled_slope(a), _scaled_slope(a))
    for n in range(2, order + 1):
        value, slope = slope, 2 * xp.minimum(xp.maximum(x, -1e30), 1e30) * slope + 2 * (n - 1) * value
    return slope


def _i0e(x):
    """exp(-|x|) * I0(x)."""
    a = xp.abs(x)
    near, far = xp.minimum(a, 5.0), xp.maximum(a, 5.0)
    inner = xp.exp(-near) * (1 + _bessel_near(near * near / 4)[0])
    return xp.where(xp.less(a, 5), inner, _bessel_far(far))


def _i0(x):
    """I0(x), in steps that do not overflow before it does."""
    a = xp.abs(x)
    near, far = xp.minimum(a, 5.0), xp.minimum(xp.maximum(a, 5.0), 3e38)
    half = xp.exp(far / 2)
    return xp.where(xp.less(a, 5), 1 + _bessel_near(near * near / 4)[0], half * (half * _bessel_far(far)))


def _log_i0(order, x):
    """The order-th derivative of log(I0(x)): order 0 is the logarithm itself, and order 1 is I1(x) / I0(x)."""
    a = xp.abs(x)
    near, far = xp.minimum(a, 5.0), xp.maximum(a, 5.0)
    zeroth, first = _bessel_near(near * near / 4)
    if order == 0:
        return xp.where(xp.less(a, 5), xp.log1p(zeroth), a + xp.log(_bessel_far(xp.minimum(far, 3e38))))
    if order == 1:
        return _sign(x) * xp.where(xp.less(a, 5), near / 2 * first / (1 + zeroth), 1 - _gap_far(far))
    bend = xp.where(xp.less(a, 5), _bend_near(order, near), _bend_far(order, far))
    return bend if order % 2 == 0 else _sign(x) * bend


def _log_i0e(order, x):
    """The order-th derivative of log(I0(x)) - |x|, which keeps its digits where the logarithm is nearly |x|."""
    if order > 1:
        return _log_i0(order, x)
    a = xp.abs(x)
    near, far = xp.minimum(a, 5.0), xp.maximum(a, 5.0)
    if order == 1:
        return -_sign(x) * xp.where(xp.less(a, 5), _gap_near(near), _gap_far(far))
    zeroth = _bessel_near(near * near / 4)[0]
    scaled = xp.where(xp.less(a, 5), xp.exp(-near) * (1 + zeroth), _bessel_far(far))
    return xp.where(xp.less(a, 2), xp.log1p(zeroth) - a, xp.log(scaled))
