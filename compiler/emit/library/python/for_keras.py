"""What emitted modules for Keras 3 carry along."""
import math

import keras
import numpy as np
from keras import ops

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


def _prediction(name, value):
    """A prediction, which has to be a tensor of floating-point numbers."""
    value = ops.convert_to_tensor(value)
    if 'float' not in keras.backend.standardize_dtype(value.dtype):
        raise ValueError(f'{LOSS}: {name} is a prediction, so a tensor of floating-point numbers; are the inputs swapped?')
    return value


def _precision(*predictions):
    """The type in which the loss computes: float64 for float64, else float32, whatever the predictions are."""
    types = [keras.backend.standardize_dtype(x.dtype) for x in predictions]
    return 'float64' if 'float64' in types else 'float32'


def _data(name, value, like):
    """Data, which gets no gradient. Whole numbers stay whole."""
    value = ops.stop_gradient(ops.convert_to_tensor(value))
    kind = keras.backend.standardize_dtype(value.dtype)
    return value if 'float' in kind or kind in ('int32', 'int64') else ops.cast(value, 'int32')


def _parameter(name, value, low, high, domain, precision, like, whole=False):
    """A parameter as a tensor. Its numbers are checked where they can be looked at."""
    tensor = ops.convert_to_tensor(value, dtype=precision)
    known = isinstance(value, (int, float, list, tuple, np.generic, np.ndarray))
    numbers = np.asarray(value, dtype=float) if known else np.zeros(0)
    inside = np.isfinite(numbers) & (numbers >= low) & (numbers <= high)
    wrong = _first(numbers, ~(inside & (numbers == numbers.round())) if whole else ~inside)
    if wrong is not None:
        raise ValueError(f'{LOSS}: {name} = {wrong:g} is not {domain}')
    return tensor


def _number(name, value, *rest, **more):
    """A parameter that is a single number."""
    return _spread(name, _parameter(name, value, *rest, **more), ())


def _first(numbers, condition):
    """The first number for which a condition holds, if it can be looked at."""
    found = numbers[condition]
    return found.flat[0] if found.size > 0 else None


def _spread(name, tensor, shape):
    """A parameter in its shape; one number is repeated."""
    given = ops.shape(tensor)
    if _alike(given, shape):
        return tensor
    if _alike(given, ()) or _alike(given, (1,)):
        return ops.broadcast_to(ops.reshape(tensor, ()), shape)
    raise ValueError(f'{LOSS}: {name} has dimensions {list(given)} where {list(shape)} or one number is needed')


def _told(*places):
    """The length of an axis by the first tensor that tells it: pairs of tensor and dimension."""
    for x, axis in places:
        if len(x.shape) > 0:
            return ops.shape(x)[axis]
    return 1


def _labels(x, rank, place, classes):
    """The labels, if rows of so many dimensions are given by labels: without the axis of the classes, or with 1 there."""
    if len(x.shape) == rank - 1:
        return x
    if len(x.shape) == rank and x.shape[place] == 1 and classes != 1:
        return ops.squeeze(x, place)
    return None


def _counts(name, labels, classes, precision, ignore_index=None):
    """What each label counts: 1, or 0 if it is to be ignored, or NaN if there is no such class."""
    last = ops.cast(classes, labels.dtype) - 1
    inside = ops.logical_and(ops.greater_equal(labels, 0), ops.less_equal(labels, last))
    known = ops.logical_and(inside, ops.equal(labels % 1, 0))
    ignored = ops.equal(labels, ops.cast(-1 if ignore_index is None else ignore_index, labels.dtype))
    ignored = ops.logical_and(ignored, ignore_index is not None)
    return ops.where(ops.logical_or(known, ignored), ops.cast(known, precision), float('nan'))


def _one_hot(labels, counts, classes, place):
    """Labels as rows with a single 1 along a dimension; NaN where there is no such class."""
    rows = ops.equal(ops.expand_dims(labels, -1), ops.cast(ops.arange(classes), labels.dtype))
    return ops.moveaxis(ops.cast(rows, counts.dtype) * ops.expand_dims(counts, -1), -1, place)


def _counted(x, counts):
    """A prediction without the items that do not count: what is not finite there has no gradient."""
    if counts is None:
        return x
    ignored = ops.reshape(ops.equal(counts, 0), (-1,) + (1,) * (len(x.shape) - 1))
    return ops.where(ignored, 0.5, x)


def _reduced(values, items, counts, reduction, weights):
    """Items to one number: mean is sum(w * l) / N, weightedMean is sum(w * l) / sum(w); none keeps them."""
    if reduction not in ('mean', 'sum', 'none', 'weightedMean'):
        raise ValueError(f'{LOSS}: unknown reduction {reduction}: use mean, sum, none or weightedMean')
    if counts is not None:
        counts = ops.reshape(counts, (-1,))
        values = ops.where(ops.equal(counts, 0), 0.0, values * counts)
    if weights is not None:
        weights = _weights(weights, items, values)
        values = ops.where(ops.equal(weights, 0), 0.0, values * weights)
    if reduction == 'none':
        return ops.reshape(values, items)
    total = ops.sum(values)
    if reduction == 'sum':
        return total
    if values.shape[0] == 0:
        return total * float('nan')
    shares = ops.ones_like(values) if counts is None else ops.cast(ops.not_equal(counts, 0), values.dtype)
    if reduction == 'weightedMean' and weights is not None:
        shares = shares * weights
    # What has no share in the mean adds nothing to it.
    some = ops.any(ops.not_equal(shares, 0))
    return total / ops.where(some, ops.sum(shares), 1.0)


def _weights(weights, items, values):
    """Sample weights, one per item, from the items' shape or that of its first axes."""
    weights = ops.convert_to_tensor(weights, dtype=values.dtype)
    shape = ops.shape(weights)
    if not _alike(shape, items[: len(shape)]):
        raise ValueError(f'{LOSS}: sample_weight has dimensions {list(shape)}, the items have {list(items)}')
    column = ops.reshape(weights, shape + (1,) * (len(items) - len(shape)))
    return ops.reshape(ops.broadcast_to(column, items), (-1,))


def _share(labels, ignore_index, losses):
    """The share of the items that count, by which their mean is larger than the mean that Keras takes over all."""
    if ignore_index is None:
        return 1.0
    counts = ops.not_equal(labels, ops.cast(ignore_index, labels.dtype))
    share = ops.mean(ops.cast(counts, losses.dtype))
    return ops.where(ops.equal(share, 0), ops.ones_like(share), share)


def _plain(x):
    """A parameter as a number or a list, for the configuration of a saved model."""
    return x if x is None or isinstance(x, (int, float)) else ops.convert_to_numpy(x).tolist()


def _xlogy(x, y):
    """x * log(y), and 0 where x is 0."""
    return ops.where(ops.equal(x, 0), 0.0, x * ops.log(y))


def _power(x, y):
    """x to the power of y, and NaN where y is: by IEEE 754 1 to any power is 1."""
    power = x ** y
    return ops.where(ops.equal(y, y), power, y)


def _sign(x):
    """-1, 0 or 1, and NaN of NaN, where PyTorch has 0."""
    return ops.where(ops.equal(x, x), ops.sign(x), x)


def _log1mexp(x):
    """log(1 - exp(x)) for x < 0: by expm1 near 0, by log1p further away (Maechler 2012)."""
    by_expm1 = ops.log(-ops.expm1(x))
    return ops.where(x > -0.6931471805599453, by_expm1, ops.log1p(-ops.exp(x)))


def _log_softmax(x, axis):
    """log(softmax(x)). The largest entry is left out of the sum of exponentials, so that log1p keeps the digits of a confident prediction."""
    if x.shape[axis] == 0:
        return x
    top = ops.argmax(x, axis=axis, keepdims=True)
    shifted = x - ops.take_along_axis(x, top, axis)
    is_top = ops.equal(ops.cast(_positions(x, axis), 'int32'), ops.cast(top, 'int32'))
    others = ops.where(is_top, 0.0, ops.exp(shifted))
    return shifted - ops.log1p(ops.sum(others, axis=axis, keepdims=True))


def _logsumexp(x, axes):
    """log(sum(exp(x))); minus infinity over nothing."""
    top = ops.max(x, axis=axes, keepdims=True, initial=-float('inf'))
    top = ops.where(ops.isfinite(top), top, 0.0)
    return top + ops.log(ops.sum(ops.exp(x - top), axis=axes, keepdims=True))


def _running_sum(x, axis, exclusive=False, reverse=False):
    """The sum of the entries up to each position, or from it on; exclusive leaves its own out."""
    if reverse:
        x = ops.flip(x, axis)
    if exclusive:
        before = (slice(None),) * axis
        first, rest = x[before + (slice(0, 1),)], x[before + (slice(0, -1),)]
        x = ops.concatenate([ops.zeros_like(first), rest], axis)
    x = ops.cumsum(x, axis)
    return ops.flip(x, axis) if reverse else x


def _lgamma(x):
    """log(gamma(x)) for x > 0: below 16 shifted up by eight, then Stirling's series (Abramowitz and Stegun 6.1.41)."""
    small = x < 16
    low = ops.minimum(x, 16)
    product = low
    for i in range(1, 8):
        product = product * (low + i)
    y = ops.where(small, x + 8, x)
    r = 1 / y
    tail = r * (1 / 12 - r**2 * (1 / 360 - r**2 * (1 / 1260 - r**2 * (1 / 1680 - r**2 / 1188))))
    stirling = (y - 0.5) * ops.log(y) - y + 0.9189385332046727 + tail
    return stirling - ops.where(small, ops.log(product), 0.0)


def _polygamma(order, x):
    """The order-th derivative of digamma for x > 0: shifted up by ten, then its series (Abramowitz and Stegun 6.4.11)."""
    sign = 1 if order % 2 else -1
    factorial = math.factorial(order)
    shifted = sum(sign * factorial / (x + i) ** (order + 1) for i in range(10))
    y = x + 10
    lead = -ops.log(y) if order == 0 else math.factorial(order - 1) / y**order
    series = lead + factorial / (2 * y ** (order + 1))
    for k, bernoulli in ((2, 1 / 6), (4, -1 / 30), (6, 1 / 42), (8, -1 / 30), (10, 5 / 66)):
        series = series + bernoulli * math.factorial(k + order - 1) / (math.factorial(k) * y ** (k + order))
    return sign * series + shifted


def _at(x, axis, position):
    """The entries of x at whole positions along an axis, which stays with length 1; 0 where a position is outside."""
    last = ops.cast(ops.shape(x)[axis], position.dtype) - 1
    inside = ops.logical_and(ops.greater_equal(position, 0), ops.less_equal(position, last))
    index = ops.cast(ops.where(inside, position, 0), 'int32')
    return ops.where(inside, ops.take_along_axis(x, index, axis), 0.0)


def _entry(x, axis, i):
    """The entry of x at position i of an axis, which stays with length 1; 0 outside."""
    here = ops.equal(_positions(x, axis), i)
    return ops.sum(ops.where(here, x, 0.0), axis=axis, keepdims=True)


def _positions(x, axis, to=None):
    """0, 1, 2, ... along an axis of x, laid along that axis or another."""
    shape = [1] * len(x.shape)
    shape[axis if to is None else to] = -1
    return ops.reshape(ops.arange(ops.shape(x)[axis]), shape)


def _length(x, axis, like):
    """How long an axis is, as a tensor: a number of Python's ends where it is divided by and is 0."""
    return ops.cast(ops.shape(x)[axis], like.dtype)


def _exp_of_square(sign, x):
    """exp(sign * x^2) for x >= 0, with what the square loses to rounding put back."""
    near = ops.minimum(x, 40.0)
    head = ops.floor(near * 16) / 16
    return ops.exp(sign * head * head) * ops.exp(sign * (near - head) * (near + head))


def _erfcx(order, x):
    """The order-th derivative of exp(x^2) * erfc(x), from value and slope for x >= 0; they are reflected below."""
    a = ops.abs(x)
    below = ops.less(x, 0)
    growth = 2 * _exp_of_square(1, ops.maximum(-x, 0.0))
    value = ops.where(below, growth - _scaled_erfc(a), _scaled_erfc(a))
    if order == 0:
        return value
    slope = ops.where(below, 2 * x * growth + _scaled_slope(a), _scaled_slope(a))
    for n in range(2, order + 1):
        value, slope = slope, 2 * ops.minimum(ops.maximum(x, -1e30), 1e30) * slope + 2 * (n - 1) * value
    return slope


def _erfc(x):
    """1 - erf(x), with all digits where that is nearly 0."""
    above = ops.maximum(x, 0.5)
    tail = _exp_of_square(-1, above) * _scaled_erfc(above)
    return ops.where(ops.less(x, 0.5), 1 - ops.erf(ops.minimum(x, 0.5)), tail)


def _log_erfc(x):
    """log(erfc(x)), with all digits where that is nearly 0, and where erfc(x) is none."""
    above = ops.maximum(x, 0.5)
    far = ops.log(_scaled_erfc(above)) - above * above
    return ops.where(ops.less(x, 0.5), ops.log1p(-ops.erf(ops.minimum(x, 0.5))), far)


def _i0e(x):
    """exp(-|x|) * I0(x)."""
    a = ops.abs(x)
    near, far = ops.minimum(a, 5.0), ops.maximum(a, 5.0)
    inner = ops.exp(-near) * (1 + _bessel_near(near * near / 4)[0])
    return ops.where(ops.less(a, 5), inner, _bessel_far(far))


def _i0(x):
    """I0(x), in steps that do not overflow before it does."""
    a = ops.abs(x)
    near, far = ops.minimum(a, 5.0), ops.minimum(ops.maximum(a, 5.0), 3e38)
    half = ops.exp(far / 2)
    return ops.where(ops.less(a, 5), 1 + _bessel_near(near * near / 4)[0], half * (half * _bessel_far(far)))


def _log_i0(order, x):
    """The order-th derivative of log(I0(x)): order 0 is the logarithm itself, and order 1 is I1(x) / I0(x)."""
    a = ops.abs(x)
    near, far = ops.minimum(a, 5.0), ops.maximum(a, 5.0)
    zeroth, first = _bessel_near(near * near / 4)
    if order == 0:
        return ops.where(ops.less(a, 5), ops.log1p(zeroth), a + ops.log(_bessel_far(ops.minimum(far, 3e38))))
    if order == 1:
        return _sign(x) * ops.where(ops.less(a, 5), near / 2 * first / (1 + zeroth), 1 - _gap_far(far))
    bend = ops.where(ops.less(a, 5), _bend_near(order, near), _bend_far(order, far))
    return bend if order % 2 == 0 else _sign(x) * bend


def _log_i0e(order, x):
    """The order-th derivative of log(I0(x)) - |x|, which keeps its digits where the logarithm is nearly |x|."""
    if order > 1:
        return _log_i0(order, x)
    a = ops.abs(x)
    near, far = ops.minimum(a, 5.0), ops.maximum(a, 5.0)
    if order == 1:
        return -_sign(x) * ops.where(ops.less(a, 5), _gap_near(near), _gap_far(far))
    zeroth = _bessel_near(near * near / 4)[0]
    scaled = ops.where(ops.less(a, 5), ops.exp(-near) * (1 + zeroth), _bessel_far(far))
    return ops.where(ops.less(a, 2), ops.log1p(zeroth) - a, ops.log(scaled))
