"""Stand-ins for JAX and Keras made of NumPy, so that emitted text runs where neither is installed.

They hold what emitted losses name and nothing else. There is no differentiation: a function with a gradient of its own is called
forwards, and what it was called with is kept, so that a driver can call its gradient itself (see `Recorder`).
"""
import math
import sys
import types

import numpy as np


def _gammaln(x):
    """log of the gamma function; infinite at the poles, where Python raises."""
    return math.inf if x <= 0 and x == math.floor(x) else math.lgamma(x)


class Recorder:
    """The last call of a function that carries its own gradient: its arguments, its value, and the function from seed to gradients."""

    def __init__(self):
        self.args = self.value = self.gradients = None
        self.replacement = None

    def record(self, args, value, gradients):
        self.args, self.value, self.gradients = args, value, gradients
        return value if self.replacement is None else self.replacement


recorder = Recorder()


# ---------------------------------------------------------------- functions that NumPy lacks


def each(function):
    """A function of numbers on arrays, in the type of the array."""
    vectorised = np.vectorize(function, otypes=[float])
    return lambda x: vectorised(np.asarray(x)).astype(np.asarray(x).dtype)


def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def softmax(x, axis):
    return np.exp(log_softmax(x, axis))


def sigmoid(x):
    return np.exp(-np.logaddexp(np.zeros_like(x), -x))


def softplus(x):
    return np.logaddexp(np.zeros_like(x), x)


def relu(x):
    return np.maximum(x, 0)


def polygamma(order, x):
    """Recurrence far up, then three terms of the asymptotic series: a second way, not the compiler's."""

    def one(v):
        if not v > 0:
            return math.nan  # the frameworks raise nothing at a pole
        sign = -1 if order % 2 == 0 else 1
        factorial = math.factorial(order)
        total = 0.0
        while v < 300:
            total += factorial / v ** (order + 1)
            v += 1
        tail = -math.log(v) if order == 0 else math.factorial(order - 1) / v**order
        tail += factorial / (2 * v ** (order + 1)) + math.factorial(order + 1) / (12 * v ** (order + 2))
        return sign * (total + tail - math.factorial(order + 3) / (720 * v ** (order + 4)))

    return each(one)(x)


# ---------------------------------------------------------------- JAX


class custom_vjp:
    """jax.custom_vjp: a function whose gradient is given apart."""

    def __init__(self, function):
        self.function = function

    def defvjp(self, forward, backward):
        self.forward, self.backward = forward, backward

    def __call__(self, *args):
        value, saved = self.forward(*args)

        def gradients(seed):
            found = self.backward(saved, seed)
            assert isinstance(found, tuple) and len(found) == len(args), 'one gradient for each argument'
            return found

        return recorder.record(args, value, gradients)


def jax_modules():
    jnp = types.ModuleType('jax.numpy')
    jnp.__dict__.update({name: getattr(np, name) for name in dir(np) if not name.startswith('_')})
    jnp.float32, jnp.float64 = np.dtype('float32'), np.dtype('float64')
    jnp.einsum = lambda formula, a, b, precision=None: np.einsum(formula, a, b)
    jax = types.ModuleType('jax')
    jax.numpy = jnp
    jax.custom_vjp = custom_vjp
    jax.core = types.SimpleNamespace(Tracer=type('Tracer', (), {}))
    jax.nn = types.SimpleNamespace(
        log_softmax=log_softmax, softmax=softmax, sigmoid=sigmoid, softplus=softplus, relu=relu
    )
    jax.lax = types.SimpleNamespace(
        stop_gradient=lambda x: x,
        slice_in_dim=lambda x, start, end, axis: np.take(x, range(start, end), axis=axis),
    )
    special = types.SimpleNamespace(erf=each(math.erf), erfc=each(math.erfc), gammaln=each(_gammaln), polygamma=polygamma)
    jax.scipy = types.SimpleNamespace(special=special)
    return {'jax': jax, 'jax.numpy': jnp}


# ---------------------------------------------------------------- Keras

SHARED = """exp log log1p expm1 abs sign sin cos arccos arctan tanh maximum minimum where sqrt sum prod max min any
arange array reshape transpose swapaxes einsum full_like ones_like broadcast_to expand_dims squeeze take_along_axis isfinite mean size
less less_equal moveaxis greater_equal equal not_equal logical_and logical_or logical_not cumsum flip concatenate zeros_like add
multiply floor round argmax""".split()


def custom_gradient(function):
    """keras.ops.custom_gradient: a function that gives its value and, as a second result, its gradient."""

    def wrapped(*args):
        value, gradient = function(*args)

        def gradients(seed):
            found = gradient(seed)
            found = found if isinstance(found, tuple) else (found,)
            assert len(found) == len(args), 'one gradient for each argument'
            named = gradient(*args, upstream=seed)  # PyTorch calls it this way
            for a, b in zip(found, named if isinstance(named, tuple) else (named,)):
                np.testing.assert_array_equal(a, b)
            return found

        return recorder.record(args, value, gradients)

    return wrapped


class Loss:
    """keras.losses.Loss, as far as reductions and weights go."""

    def __init__(self, name=None, reduction='sum_over_batch_size', dtype=None):
        self.name, self.reduction, self.dtype = name, reduction, dtype or 'float32'

    def __call__(self, y_true, y_pred, sample_weight=None):
        losses = self.call(np.asarray(y_true, dtype=self.dtype), np.asarray(y_pred, dtype=self.dtype))
        losses = losses if sample_weight is None else losses * sample_weight
        if self.reduction in (None, 'none') or losses.shape == ():
            return losses
        return losses.sum() if self.reduction == 'sum' else losses.sum() / losses.size

    def get_config(self):
        return {'name': self.name, 'reduction': self.reduction}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def registered(package, name=None):
    def register(thing):
        thing.registered_as = f'{package}>{name or thing.__name__}'
        return thing

    return register


def keras_modules():
    ops = types.ModuleType('keras.ops')
    ops.__dict__.update({name: getattr(np, name) for name in SHARED})
    ops.erf = each(math.erf)
    ops.sigmoid, ops.softplus, ops.relu = sigmoid, softplus, relu
    ops.log_softmax, ops.softmax = log_softmax, softmax
    ops.stop_gradient = lambda x: x
    ops.shape = lambda x: np.shape(x)
    ops.cast = lambda x, dtype: np.asarray(x).astype(dtype)
    ops.convert_to_tensor = lambda x, dtype=None: np.asarray(x, dtype=dtype)
    ops.convert_to_numpy = np.asarray
    ops.custom_gradient = custom_gradient
    keras = types.ModuleType('keras')
    keras.ops = ops
    keras.backend = types.SimpleNamespace(
        standardize_dtype=lambda dtype: np.dtype(dtype).name,
        result_type=lambda *types_: np.result_type(*types_).name,
    )
    keras.losses = types.SimpleNamespace(Loss=Loss)
    keras.saving = types.SimpleNamespace(register_keras_serializable=registered)
    return {'keras': keras, 'keras.ops': ops}


def install():
    """Makes `import jax` and `import keras` give the stand-ins."""
    sys.modules.update({**jax_modules(), **keras_modules()})
