"""What emitted modules for JAX carry along."""
import jax
import jax.numpy as jnp
import numpy as np

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
    value = jnp.asarray(value)
    if not jnp.issubdtype(value.dtype, jnp.floating):
        raise ValueError(f'{LOSS}: {name} is a prediction, so a tensor of floating-point numbers; are the inputs swapped?')
    return value


def _precision(*predictions):
    """The type in which the loss computes: float64 for float64, else float32, whatever the predictions are."""
    return jnp.float64 if any(x.dtype == jnp.float64 for x in predictions) else jnp.float32


def _data(name, value, like):
    """Data, which gets no gradient. Whole numbers stay whole."""
    value = jax.lax.stop_gradient(jnp.asarray(value))
    return value if jnp.issubdtype(value.dtype, jnp.floating) else value.astype(int)


def _parameter(name, value, low, high, domain, precision, like, whole=False):
    """A parameter as a tensor. Its numbers are checked where they can be looked at."""
    tensor = jnp.asarray(value, dtype=precision)
    numbers = np.zeros(0) if isinstance(value, jax.core.Tracer) else np.asarray(value, dtype=float)
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
    if isinstance(condition, jax.core.Tracer):
        return None
    found = np.asarray(numbers)[np.asarray(condition)]
    return found.flat[0] if found.size > 0 else None


def _spread(name, tensor, shape):
    """A parameter in its shape; one number is repeated."""
    given = tensor.shape
    if _alike(given, shape):
        return tensor
    if _alike(given, ()) or _alike(given, (1,)):
        return jnp.broadcast_to(tensor.reshape(()), shape)
    raise ValueError(f'{LOSS}: {name} has dimensions {list(given)} where {list(shape)} or one number is needed')


def _told(*places):
    """The length of an axis by the first tensor that tells it: pairs of tensor and dimension."""
    for x, axis in places:
        if len(x.shape) > 0:
            return x.shape[axis]
    return 1


def _labels(x, rank, place, classes):
    """The labels, if rows of so many dimensions are given by labels: without the axis of the classes, or with 1 there."""
    if len(x.shape) == rank - 1:
        return x
    if len(x.shape) == rank and x.shape[place] == 1 and classes != 1:
        return x.squeeze(place)
    return None


def _counts(name, labels, classes, precision, ignore_index=None):
    """What each label counts: 1, or 0 if it is to be ignored, or NaN if there is no such class."""
    known = (labels >= 0) & (labels < classes) & (labels % 1 == 0)
    ignored = labels == ignore_index if ignore_index is not None else jnp.zeros_like(known)
    wrong = _first(labels, ~(known | ignored))
    if wrong is not None:
        out = '' if ignore_index is None else f', or is {ignore_index} to leave its item out'
        raise ValueError(f'{LOSS}: {name} holds the label {wrong:g}, and a label goes from 0 to {classes - 1}{out}')
    return jnp.where(known | ignored, known, jnp.nan).astype(precision)


def _one_hot(labels, counts, classes, place):
    """Labels as rows with a single 1 along a dimension; NaN where there is no such class."""
    rows = labels[..., None] == jnp.arange(classes)
    return jnp.moveaxis(rows * counts[..., None], -1, place)


def _counted(x, counts):
    """A prediction without the items that do not count: what is not finite there has no gradient."""
    if counts is None:
        return x
    ignored = jnp.reshape(counts == 0, (-1,) + (1,) * (len(x.shape) - 1))
    return jnp.where(ignored, 0.5, x)


def _reduced(values, items, counts, reduction, weights):
    """Items to one number: mean is sum(w * l) / N, weightedMean is sum(w * l) / sum(w); none keeps them."""
    if reduction not in ('mean', 'sum', 'none', 'weightedMean'):
        raise ValueError(f'{LOSS}: unknown reduction {reduction}: use mean, sum, none or weightedMean')
    if counts is not None:
        counts = jnp.reshape(counts, (-1,))
        values = jnp.where(counts == 0, 0.0, values * counts)
    if weights is not None:
        weights = _weights(weights, items, values)
        values = jnp.where(weights == 0, 0.0, values * weights)
    if reduction == 'none':
        return jnp.reshape(values, items)
    total = jnp.sum(values)
    if reduction == 'sum':
        return total
    if values.shape[0] == 0:
        return total * float('nan')
    if counts is None and weights is None:
        return total / values.size
    shares = jnp.ones_like(values) if counts is None else (counts != 0).astype(values.dtype)
    if reduction == 'weightedMean' and weights is not None:
        shares = shares * weights
    # What has no share in the mean adds nothing to it.
    some = (shares != 0).any()
    return total / jnp.where(some, jnp.sum(shares), 1.0)


def _weights(weights, items, values):
    """Sample weights, one per item, from the items' shape or that of its first axes."""
    weights = jnp.asarray(weights, dtype=values.dtype)
    shape = weights.shape
    if not _alike(shape, items[: len(shape)]):
        raise ValueError(f'{LOSS}: sample_weight has dimensions {list(shape)}, the items have {list(items)}')
    column = jnp.reshape(weights, shape + (1,) * (len(items) - len(shape)))
    return jnp.reshape(jnp.broadcast_to(column, items), (-1,))


def _xlogy(x, y):
    """x * log(y), and 0 where x is 0."""
    return jnp.where(x == 0, 0.0, x * jnp.log(y))


def _power(x, y):
    """x to the power of y, and NaN where y is: by IEEE 754 1 to any power is 1."""
    power = x ** y
    return jnp.where(y == y, power, y)


def _log1mexp(x):
    """log(1 - exp(x)) for x < 0: by expm1 near 0, by log1p further away (Maechler 2012)."""
    by_expm1 = jnp.log(-jnp.expm1(x))
    return jnp.where(x > -0.6931471805599453, by_expm1, jnp.log1p(-jnp.exp(x)))


def _log_softmax(x, axis):
    """log(softmax(x)). The largest entry is left out of the sum of exponentials, so that log1p keeps the digits of a confident prediction."""
    if x.shape[axis] == 0:
        return x
    top = jnp.argmax(x, axis=axis, keepdims=True)
    shifted = x - jnp.take_along_axis(x, top, axis)
    others = jnp.where(_positions(x, axis) == top, 0.0, jnp.exp(shifted))
    return shifted - jnp.log1p(jnp.sum(others, axis=axis, keepdims=True))


def _logsumexp(x, axes):
    """log(sum(exp(x))); minus infinity over nothing."""
    top = jnp.max(x, axis=axes, keepdims=True, initial=-float('inf'))
    top = jnp.where(jnp.isfinite(top), top, 0.0)
    return top + jnp.log(jnp.sum(jnp.exp(x - top), axis=axes, keepdims=True))


def _running_sum(x, axis, exclusive=False, reverse=False):
    """The sum of the entries up to each position, or from it on; exclusive leaves its own out."""
    if reverse:
        x = jnp.flip(x, axis)
    if exclusive:
        before = (slice(None),) * axis
        first, rest = x[before + (slice(0, 1),)], x[before + (slice(0, -1),)]
        x = jnp.concatenate([jnp.zeros_like(first), rest], axis)
    x = jnp.cumsum(x, axis)
    return jnp.flip(x, axis) if reverse else x


def _at(x, axis, position):
    """The entries of x at whole positions along an axis, which stays with length 1; 0 where a position is outside."""
    inside = (position >= 0) & (position < x.shape[axis])
    index = jnp.clip(position, 0, max(x.shape[axis] - 1, 0)).astype(int)
    return jnp.where(inside, jnp.take_along_axis(x, index, axis), 0.0)


def _entry(x, axis, i):
    """The entry of x at position i of an axis, which stays with length 1; 0 outside."""
    if 0 <= i < x.shape[axis]:
        return jax.lax.slice_in_dim(x, i, i + 1, axis=axis)
    return jnp.zeros_like(jnp.sum(x, axis=axis, keepdims=True))


def _positions(x, axis, to=None):
    """0, 1, 2, ... along an axis of x, laid along that axis or another."""
    shape = [1] * len(x.shape)
    shape[axis if to is None else to] = -1
    return jnp.arange(x.shape[axis]).reshape(shape)


def _length(x, axis, like):
    """How long an axis is, as a tensor: a number of Python's ends where it is divided by and is 0."""
    return jnp.asarray(x.shape[axis], dtype=like.dtype)


def _exp_of_square(sign, x):
    """exp(sign * x^2) for x >= 0, with what the square loses to rounding put back."""
    near = jnp.minimum(x, 40.0)
    head = jnp.floor(near * 16) / 16
    return jnp.exp(sign * head * head) * jnp.exp(sign * (near - head) * (near + head))


def _erfcx(order, x):
    """The order-th derivative of exp(x^2) * erfc(x), from value and slope for x >= 0; they are reflected below."""
    a = jnp.abs(x)
    below = x < 0
    growth = 2 * _exp_of_square(1, jnp.maximum(-x, 0.0))
    value = jnp.where(below, growth - _scaled_erfc(a), _scaled_erfc(a))
    if order == 0:
        return value
    slope = jnp.where(below, 2 * x * growth + _scaled_slope(a), _scaled_slope(a))
    for n in range(2, order + 1):
        value, slope = slope, 2 * jnp.minimum(jnp.maximum(x, -1e30), 1e30) * slope + 2 * (n - 1) * value
    return slope


def _log_erfc(x):
    """log(erfc(x)), with all digits where that is nearly 0, and where erfc(x) is none."""
    above = jnp.maximum(x, 0.5)
    far = jnp.log(_scaled_erfc(above)) - above * above
    return jnp.where(x < 0.5, jnp.log1p(-jax.scipy.special.erf(jnp.minimum(x, 0.5))), far)


def _i0e(x):
    """exp(-|x|) * I0(x)."""
    a = jnp.abs(x)
    near, far = jnp.minimum(a, 5.0), jnp.maximum(a, 5.0)
    inner = jnp.exp(-near) * (1 + _bessel_near(near * near / 4)[0])
    return jnp.where(a < 5, inner, _bessel_far(far))


def _i0(x):
    """I0(x), in steps that do not overflow before it does."""
    a = jnp.abs(x)
    near, far = jnp.minimum(a, 5.0), jnp.minimum(jnp.maximum(a, 5.0), 3e38)
    half = jnp.exp(far / 2)
    return jnp.where(a < 5, 1 + _bessel_near(near * near / 4)[0], half * (half * _bessel_far(far)))


def _log_i0(order, x):
    """The order-th derivative of log(I0(x)): order 0 is the logarithm itself, and order 1 is I1(x) / I0(x)."""
    a = jnp.abs(x)
    near, far = jnp.minimum(a, 5.0), jnp.maximum(a, 5.0)
    zeroth, first = _bessel_near(near * near / 4)
    if order == 0:
        return jnp.where(a < 5, jnp.log1p(zeroth), a + jnp.log(_bessel_far(jnp.minimum(far, 3e38))))
    if order == 1:
        return jnp.sign(x) * jnp.where(a < 5, near / 2 * first / (1 + zeroth), 1 - _gap_far(far))
    bend = jnp.where(a < 5, _bend_near(order, near), _bend_far(order, far))
    return bend if order % 2 == 0 else jnp.sign(x) * bend


def _log_i0e(order, x):
    """The order-th derivative of log(I0(x)) - |x|, which keeps its digits where the logarithm is nearly |x|."""
    if order > 1:
        return _log_i0(order, x)
    a = jnp.abs(x)
    near, far = jnp.minimum(a, 5.0), jnp.maximum(a, 5.0)
    if order == 1:
        return -jnp.sign(x) * jnp.where(a < 5, _gap_near(near), _gap_far(far))
    zeroth = _bessel_near(near * near / 4)[0]
    scaled = jnp.where(a < 5, jnp.exp(-near) * (1 + zeroth), _bessel_far(far))
    return jnp.where(a < 2, jnp.log1p(zeroth) - a, jnp.log(scaled))
