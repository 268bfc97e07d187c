import { log } from '../../elementary/logarithm.js';
import { LARGEST_SLICE } from '../plan/tiles.js';
import type { Framework } from './framework.js';

/** Private functions of a Python file, by name: their text in a framework. A file holds those that its text names. */
export type PythonHelpers = Readonly<Record<string, (framework: Framework) => string>>;

const isTorch = (f: Framework): boolean => f.name === 'PyTorch';

/** Functions that a framework lacks, or that lose digits or end on nothing. */
export const OPERATOR_HELPERS: PythonHelpers = {
  _xlogy: (f) => `def _xlogy(x, y):
    """x * log(y), and 0 where x is 0."""
    return ${f.where(f.conditions === undefined ? 'x == 0' : 'ops.equal(x, 0)', '0.0', `x * ${f.operators.log(['y'], 0)}`)}`,
  _power: (f) => `def _power(x, y):
    """x to the power of y, and NaN where y is: by IEEE 754 1 to any power is 1."""
    power = x ** y
    return ${f.where(f.conditions === undefined ? 'y == y' : 'ops.equal(y, y)', 'power', 'y')}`,
  _sign: (f) => `def _sign(x):
    """-1, 0 or 1, and NaN of NaN, where PyTorch has 0."""
    return ${isTorch(f) ? f.where('x == x', 'torch.sign(x)', 'x') : f.where('ops.equal(x, x)', 'ops.sign(x)', 'x')}`,
  // Not torch.logaddexp(x, 0), which adds 1 before the logarithm: 0.1 % off at -30 in float64. softplus of PyTorch is x from 20 on.
  _softplus: () => `def _softplus(x):
    """log(1 + exp(x)), accurate at both ends."""
    return 0 - torch.nn.functional.logsigmoid(-x)`,
  _log1mexp: (f) => `def _log1mexp(x):
    """log(1 - exp(x)) for x < 0: by expm1 near 0, by log1p further away (Maechler 2012)."""
    by_expm1 = ${f.operators.log([`-${f.operators.expm1(['x'], 0)}`], 0)}
    return ${f.where(`x > -${Math.LN2}`, 'by_expm1', f.operators.log1p([`-${f.operators.exp(['x'], 0)}`], 0))}`,
  _logsumexp: (f) => `def _logsumexp(x, axes):
    """log(sum(exp(x))); minus infinity over nothing."""
    top = ${f.module}.max(x, axis=axes, keepdims=True, initial=-float('inf'))
    top = ${f.where(`${f.module}.isfinite(top)`, 'top', '0.0')}
    return top + ${f.module}.log(${f.module}.sum(${f.module}.exp(x - top), axis=axes, keepdims=True))`,
  _max: () => `def _max(x, dim):
    """The largest entry; minus infinity over nothing."""
    if x.numel() > 0:
        return torch.amax(x, dim=dim, keepdim=True)
    return torch.sum(x, dim=dim, keepdim=True) - float('inf')`,
  _min: () => `def _min(x, dim):
    """The smallest entry; infinity over nothing."""
    if x.numel() > 0:
        return torch.amin(x, dim=dim, keepdim=True)
    return torch.sum(x, dim=dim, keepdim=True) + float('inf')`,
  _running_sum: (f) => `def _running_sum(x, axis, exclusive=False, reverse=False):
    """The sum of the entries up to each position, or from it on; exclusive leaves its own out."""
    if reverse:
        x = ${f.module}.flip(x, ${isTorch(f) ? '(axis,)' : 'axis'})
    if exclusive:
        before = (slice(None),) * axis
        first, rest = x[before + (slice(0, 1),)], x[before + (slice(0, -1),)]
        x = ${f.module}.${isTorch(f) ? 'cat' : 'concatenate'}([${f.module}.zeros_like(first), rest], axis)
    x = ${f.module}.cumsum(x, axis)
    return ${f.module}.flip(x, ${isTorch(f) ? '(axis,)' : 'axis'}) if reverse else x`,
  _in_slices: () => `def _in_slices(parts, axis, join, reduce):
    """A reduction of an operand that may be too large to be held: from one slice of its parts after the other."""
    sizes = list(zip(*(part.shape for part in parts)))
    length = max(sizes[axis]) if all(isinstance(size, int) for each in sizes for size in each) else 1
    step = max(1, ${LARGEST_SLICE} * length // max(1, math.prod(max(each) for each in sizes))) if length > 1 else 1
    if length <= step:
        return reduce(*parts)
    total = None
    for start in range(0, length, step):
        cut = (slice(None),) * axis + (slice(start, start + step),)
        part = reduce(*(x if x.shape[axis] == 1 else x[cut] for x in parts))
        total = part if total is None else join(total, part)
    return total`,
  _einsum: () => `def _einsum(formula, a, b):
    """A sum of products, in the precision of its arguments under autocast too."""
    if a.device.type not in ('cpu', 'cuda'):
        return torch.einsum(formula, a, b)
    with torch.autocast(a.device.type, enabled=False):
        return torch.einsum(formula, a, b)`,
  _lgamma: (f) => `def _lgamma(x):
    """log(gamma(x)) for x > 0: below 16 shifted up by eight, then Stirling's series (Abramowitz and Stegun 6.1.41)."""
    small = x < 16
    low = ${f.atMost('x', '16')}
    product = low
    for i in range(1, 8):
        product = product * (low + i)
    y = ${f.where('small', 'x + 8', 'x')}
    r = 1 / y
    tail = r * (1 / 12 - r**2 * (1 / 360 - r**2 * (1 / 1260 - r**2 * (1 / 1680 - r**2 / 1188))))
    stirling = (y - 0.5) * ${f.operators.log(['y'], 0)} - y + ${log(2 * Math.PI) / 2} + tail
    return stirling - ${f.where('small', f.operators.log(['product'], 0), '0.0')}`,
  _polygamma: (f) => `def _polygamma(order, x):
    """The order-th derivative of digamma for x > 0: shifted up by ten, then its series (Abramowitz and Stegun 6.4.11)."""
    sign = 1 if order % 2 else -1
    factorial = math.factorial(order)
    shifted = sum(sign * factorial / (x + i) ** (order + 1) for i in range(10))
    y = x + 10
    lead = -${f.operators.log(['y'], 0)} if order == 0 else math.factorial(order - 1) / y**order
    series = lead + factorial / (2 * y ** (order + 1))
    for k, bernoulli in ((2, 1 / 6), (4, -1 / 30), (6, 1 / 42), (8, -1 / 30), (10, 5 / 66)):
        series = series + bernoulli * math.factorial(k + order - 1) / (math.factorial(k) * y ** (k + order))
    return sign * series + shifted`,
  _at: (f) => `def _at(x, axis, position):
    """The entries of x at whole positions along an axis, which stays with length 1; 0 where a position is outside."""
    ${
      isTorch(f)
        ? `inside = (position >= 0) & (position < x.shape[axis])
    index = position.long().clamp(0, max(x.shape[axis] - 1, 0))
    return torch.where(inside, torch.take_along_dim(x, index, axis), 0.0)`
        : f.name === 'JAX'
          ? `inside = (position >= 0) & (position < x.shape[axis])
    index = jnp.clip(position, 0, max(x.shape[axis] - 1, 0)).astype(int)
    return jnp.where(inside, jnp.take_along_axis(x, index, axis), 0.0)`
          : `last = ops.cast(ops.shape(x)[axis], position.dtype) - 1
    inside = ops.logical_and(ops.greater_equal(position, 0), ops.less_equal(position, last))
    index = ops.cast(ops.where(inside, position, 0), 'int32')
    return ops.where(inside, ops.take_along_axis(x, index, axis), 0.0)`
    }`,
  _entry: (f) => `def _entry(x, axis, i):
    """The entry of x at position i of an axis, which stays with length 1; 0 outside."""
    ${
      f.name === 'Keras 3'
        ? `here = ops.equal(_positions(x, axis), i)
    return ops.sum(ops.where(here, x, 0.0), axis=axis, keepdims=True)`
        : isTorch(f)
          ? `if 0 <= i < x.shape[axis]:
        return x.narrow(axis, i, 1)
    return torch.zeros_like(torch.sum(x, dim=axis, keepdim=True))`
          : `if 0 <= i < x.shape[axis]:
        return jax.lax.slice_in_dim(x, i, i + 1, axis=axis)
    return jnp.zeros_like(jnp.sum(x, axis=axis, keepdims=True))`
    }`,
  _positions: (f) => `def _positions(x, axis, to=None):
    """0, 1, 2, ... along an axis of x, laid along that axis or another."""
    shape = [1] * len(x.shape)
    shape[axis if to is None else to] = -1
    ${
      isTorch(f)
        ? 'return torch.arange(x.shape[axis], device=x.device).reshape(shape)'
        : f.name === 'JAX'
          ? 'return jnp.arange(x.shape[axis]).reshape(shape)'
          : 'return ops.reshape(ops.arange(ops.shape(x)[axis]), shape)'
    }`,
  _length: (f) => `def _length(x, axis, like):
    """How long an axis is, as a tensor: a number of Python's ends where it is divided by and is 0."""
    ${
      isTorch(f)
        ? 'return torch.full((), x.shape[axis], dtype=like.dtype, device=like.device)'
        : f.name === 'JAX'
          ? 'return jnp.asarray(x.shape[axis], dtype=like.dtype)'
          : 'return ops.cast(ops.shape(x)[axis], like.dtype)'
    }`,
};
