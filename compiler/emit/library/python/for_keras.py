"""What emitted modules for Keras 3 carry along."""
import math

import keras
import numpy as np
from keras import ops

from arrays import _exp_of_square, _positions, _spread
from common import LOSS, _scaled_erfc


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


def _log_softmax(x, axis):
    """log(softmax(x)). The largest entry is left out of the sum of exponentials, so that log1p keeps the digits of a confident prediction."""
    if x.shape[axis] == 0:
        return x
    top = ops.argmax(x, axis=axis, keepdims=True)
    shifted = x - ops.take_along_axis(x, top, axis)
    is_top = ops.equal(ops.cast(_positions(x, axis), 'int32'), ops.cast(top, 'int32'))
    others = ops.where(is_top, 0.0, ops.exp(shifted))
    return shifted - ops.log1p(ops.sum(others, axis=axis, keepdims=True))


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


def _length(x, axis, like):
    """How long an axis is, as a tensor: a number of Python's ends where it is divided by and is 0."""
    return ops.cast(ops.shape(x)[axis], like.dtype)


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
