"""What emitted modules for JAX carry along."""
import jax
import jax.numpy as jnp
import numpy as np

from arrays import _positions, _spread
from common import LOSS, _scaled_erfc


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


def _log_softmax(x, axis):
    """log(softmax(x)). The largest entry is left out of the sum of exponentials, so that log1p keeps the digits of a confident prediction."""
    if x.shape[axis] == 0:
        return x
    top = jnp.argmax(x, axis=axis, keepdims=True)
    shifted = x - jnp.take_along_axis(x, top, axis)
    others = jnp.where(_positions(x, axis) == top, 0.0, jnp.exp(shifted))
    return shifted - jnp.log1p(jnp.sum(others, axis=axis, keepdims=True))


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


def _length(x, axis, like):
    """How long an axis is, as a tensor: a number of Python's ends where it is divided by and is 0."""
    return jnp.asarray(x.shape[axis], dtype=like.dtype)


def _log_erfc(x):
    """log(erfc(x)), with all digits where that is nearly 0, and where erfc(x) is none."""
    above = jnp.maximum(x, 0.5)
    far = jnp.log(_scaled_erfc(above)) - above * above
    return jnp.where(x < 0.5, jnp.log1p(-jax.scipy.special.erf(jnp.minimum(x, 0.5))), far)
