"""Runs emitted JAX and Keras losses without either: modules of those names made of NumPy. Values only."""
import importlib.util
import json
import math
import sys
import types

import numpy as np

each = np.vectorize


def log_softmax(x, axis):
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def softmax(x, axis):
    return np.exp(log_softmax(x, axis))


def sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


def softplus(x):
    return np.logaddexp(0, x)


def relu(x):
    return np.maximum(x, 0)


def polygamma(order, x):
    """Recurrence far up, then two terms of the asymptotic series: a second way, not the compiler's."""
    def one(v):
        sign = -1 if order % 2 == 0 else 1
        total, factorial = 0.0, math.factorial(order)
        while v < 3000:
            total += sign * factorial / v ** (order + 1)
            v += 1
        tail = -math.log(v) if order == 0 else math.factorial(order - 1) / v**order
        return total + sign * (tail + factorial / (2 * v ** (order + 1)) + math.factorial(order + 1) / (12 * v ** (order + 2)))
    return each(one)(x)


jnp = types.ModuleType('jax.numpy')
jnp.__dict__.update({name: getattr(np, name) for name in dir(np) if not name.startswith('_')})
jax = types.ModuleType('jax')
jax.numpy = jnp
jax.nn = types.SimpleNamespace(log_softmax=log_softmax, softmax=softmax, sigmoid=sigmoid, softplus=softplus, relu=relu)
jax.lax = types.SimpleNamespace(stop_gradient=lambda x: x)
jax.scipy = types.SimpleNamespace(
    special=types.SimpleNamespace(erf=each(math.erf, otypes=[float]), gammaln=each(math.lgamma, otypes=[float]), polygamma=polygamma)
)
ops = types.ModuleType('keras.ops')
ops.__dict__.update(
    {name: getattr(np, name) for name in 'exp log log1p expm1 abs sign sin cos arccos arctan tanh maximum minimum where sqrt sum prod max min arange reshape transpose einsum shape mean full less less_equal equal logical_and logical_or logical_not'.split()}
)
ops.erf = each(math.erf, otypes=[float])
ops.sigmoid, ops.softplus, ops.relu, ops.log_softmax, ops.softmax = sigmoid, softplus, relu, log_softmax, softmax
ops.stop_gradient = lambda x: x
ops.convert_to_tensor = lambda x, dtype: np.asarray(x, dtype=dtype)
keras = types.ModuleType('keras')
keras.ops = ops
sys.modules.update({'jax': jax, 'jax.numpy': jnp, 'keras': keras, 'keras.ops': ops})

results = []
for job in json.load(open(sys.argv[1])):
    try:
        spec = importlib.util.spec_from_file_location('emitted', job['path'])
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        inputs = [np.array(entry['data'], dtype=float).reshape(entry['shape']) for entry in job['inputs']]
        value = float(np.mean(getattr(module, job['function'])(*inputs, **job['parameters'])))
        results.append({'value': value if math.isfinite(value) else str(value), 'gradients': {}})
    except Exception as error:
        results.append({'error': f'{type(error).__name__}: {error}'})
json.dump(results, sys.stdout)
