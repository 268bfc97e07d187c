import type { Framework } from './framework.js';

/** A private function of an emitted Python file. */
interface PythonHelper {
  readonly text: (framework: Framework) => string;
  readonly uses: readonly string[];
}

/**
 * Functions whose value or gradient a framework lacks or gets wrong at the edge of the domain. Where one branch of a choice has
 * no finite slope, its argument is replaced there first: a zero times an infinity would be NaN.
 */
export const PYTHON_HELPERS: Readonly<Record<string, PythonHelper>> = {
  _larger: {
    text: () => `def _larger(x, y):
    """The larger of two, either of which may be a number."""
    like = x if torch.is_tensor(x) else y
    return torch.maximum(torch.as_tensor(x, dtype=like.dtype), torch.as_tensor(y, dtype=like.dtype))`,
    uses: [],
  },
  _smaller: {
    text: () => `def _smaller(x, y):
    """The smaller of two, either of which may be a number."""
    like = x if torch.is_tensor(x) else y
    return torch.minimum(torch.as_tensor(x, dtype=like.dtype), torch.as_tensor(y, dtype=like.dtype))`,
    uses: [],
  },
  _at_least: {
    text: (f) => `def _at_least(x, bound):
    """x, but at least bound; the slope stays 1, so that a loss keeps pulling where it is worst."""
    return ${f.where('x >= bound', 'x', `x - ${f.stop('x')} + bound`)}`,
    uses: [],
  },
  _at_most: {
    text: (f) => `def _at_most(x, bound):
    """x, but at most bound; the slope stays 1."""
    return ${f.where('x <= bound', 'x', `x - ${f.stop('x')} + bound`)}`,
    uses: [],
  },
  _power: {
    text: (f) => `def _power(x, exponent):
    """x to an exponent, x >= 0; where x is 0 the slope is 0 instead of infinite."""
    if exponent >= 1 or exponent < 0:
        return x**exponent
    positive = x > 0
    return ${f.where('positive', `${f.where('positive', 'x', '1.0')} ** exponent`, '0.0**exponent')}`,
    uses: [],
  },
  _powers: {
    text: (f) => `def _powers(x, exponent):
    """x to an exponent that is a tensor, x >= 0; where x is 0 the slope is 0 instead of infinite."""
    positive = x > 0
    zero = ${f.where('exponent == 0', '1.0', '0.0')}
    return ${f.where('positive', `${f.where('positive', 'x', '1.0')} ** exponent`, 'zero')}`,
    uses: [],
  },
  _sqrt: {
    text: (f) => `def _sqrt(x):
    """The square root; where x is 0 the slope is 0 instead of infinite."""
    positive = x > 0
    return ${f.where('positive', f.sqrt(f.where('positive', 'x', '1.0')), '0.0')}`,
    uses: [],
  },
  _xlogy: {
    text: (f) => `def _xlogy(x, y):
    """x * log(y), and 0 where x is 0."""
    zero = x == 0
    return ${f.where('zero', '0.0', `x * ${f.operators.log([f.where('zero', '1.0', 'y')], 0)}`)}`,
    uses: [],
  },
  _acos: {
    text: (f) => `def _acos(x):
    """The arc cosine; where x is -1 or 1 the slope is 0 instead of infinite."""
    inside = ${f.operators.abs(['x'], 0)} < 1
    edge = ${f.where('x > 0', '0.0', String(Math.PI))}
    return ${f.where('inside', `${f.name === 'PyTorch' ? 'torch.acos' : f.name === 'JAX' ? 'jnp.arccos' : 'ops.arccos'}(${f.where('inside', 'x', '0.0')})`, 'edge')}`,
    uses: [],
  },
  _log1mexp: {
    text: (f) => `def _log1mexp(x):
    """log(1 - exp(x)) for x < 0: by expm1 near 0, by log1p further away (Maechler 2012)."""
    near = x > -${Math.LN2}
    by_expm1 = ${f.operators.log([`-${f.operators.expm1([f.where('near', 'x', '-1.0')], 0)}`], 0)}
    by_log1p = ${f.operators.log1p([`-${f.operators.exp([f.where('near', '-1.0', 'x')], 0)}`], 0)}
    return ${f.where('near', 'by_expm1', 'by_log1p')}`,
    uses: [],
  },
  _logsumexp: {
    text: (f) => `def _logsumexp(x, axes):
    """log(sum(exp(x))); minus infinity over nothing, without a slope."""
    top = x
    for axis in axes:
        top = ${f.name === 'PyTorch' ? 'torch.amax(top, dim=axis, keepdim=True)' : `${f.name === 'JAX' ? 'jnp' : 'ops'}.max(top, axis=axis, keepdims=True)`}
    top = ${f.stop(f.where(`top == -float('inf')`, '0.0', 'top'))}
    total = ${f.operators.exp(['x - top'], 0)}
    for axis in axes:
        total = ${f.name === 'PyTorch' ? 'torch.sum(total, dim=axis, keepdim=True)' : `${f.name === 'JAX' ? 'jnp' : 'ops'}.sum(total, axis=axis, keepdims=True)`}
    empty = total <= 0
    return ${f.where('empty', "-float('inf')", `top + ${f.operators.log([f.where('empty', '1.0', 'total')], 0)}`)}`,
    uses: [],
  },
  _lgamma: {
    text: (f) => `def _lgamma(x):
    """log(gamma(x)) for x > 0: shifted up by eight, then Stirling's series (Abramowitz and Stegun 6.1.41)."""
    product = x
    for i in range(1, 8):
        product = product * (x + i)
    y = x + 8
    tail = 1 / (12 * y) - 1 / (360 * y**3) + 1 / (1260 * y**5) - 1 / (1680 * y**7)
    return (y - 0.5) * ${f.operators.log(['y'], 0)} - y + ${Math.log(2 * Math.PI) / 2} + tail - ${f.operators.log(['product'], 0)}`,
    uses: [],
  },
  _polygamma: {
    text: (f) => `def _polygamma(order, x):
    """The order-th derivative of digamma for x > 0: shifted up by ten, then its series (Abramowitz and Stegun 6.4.11)."""
    sign = 1 if order % 2 else -1
    factorial = math.factorial(order)
    shifted = sum(sign * factorial / (x + i) ** (order + 1) for i in range(10))
    y = x + 10
    series = factorial / (2 * y ** (order + 1)) + (-${f.operators.log(['y'], 0)} if order == 0 else math.factorial(order - 1) / y**order)
    for i, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30)):
        k = 2 * i + 2
        series = series + bernoulli * math.factorial(k + order - 1) / (math.factorial(k) * y ** (k + order))
    return sign * series + shifted`,
    uses: [],
  },
  _polygamma_number: {
    text: () => `def _polygamma_number(order, x):
    """The order-th derivative of digamma of a number x > 0."""
    sign = 1 if order % 2 else -1
    factorial = math.factorial(order)
    shifted = sum(sign * factorial / (x + i) ** (order + 1) for i in range(10))
    y = x + 10
    series = factorial / (2 * y ** (order + 1)) + (-math.log(y) if order == 0 else math.factorial(order - 1) / y**order)
    for i, bernoulli in enumerate((1 / 6, -1 / 30, 1 / 42, -1 / 30)):
        k = 2 * i + 2
        series = series + bernoulli * math.factorial(k + order - 1) / (math.factorial(k) * y ** (k + order))
    return sign * series + shifted`,
    uses: [],
  },
  _one_hot: {
    text: (f) => `def _one_hot(labels, classes, like):
    """Labels as rows with a single 1; an unknown label gives a row of zeros."""
    rows = ${f.reshape(f.cast('labels', 'like'), `${f.shape('labels')} + (1,)`)}
    return ${f.where(`rows == ${f.arange('classes', 'like')}`, '1.0', '0.0')}`,
    uses: [],
  },
  _at: {
    text: (f) => `def _at(x, axis, length, position):
    """The entries of x at positions along an axis, 0 where the position is outside. The axis stays, of length 1."""
    shape = [1] * len(x.shape)
    shape[axis] = length
    here = ${f.reshape(f.arange('length', 'x'), 'tuple(shape)')} == position
    chosen = ${f.where('here', 'x', '0.0')}
    return ${f.name === 'PyTorch' ? 'torch.sum(chosen, dim=axis, keepdim=True)' : `${f.name === 'JAX' ? 'jnp' : 'ops'}.sum(chosen, axis=axis, keepdims=True)`}`,
    uses: [],
  },
  _entry: {
    text: () => `def _entry(values, i):
    """A number of a parameter with an axis: one number stands for all of them."""
    return values[i] if hasattr(values, '__len__') else values`,
    uses: [],
  },
  _parameter: {
    text: (f) => `def _parameter(value, shape, order, like):
    """A parameter with axes as a tensor; one number is spread along them."""
    tensor = ${f.cast('value', 'like')}
    if len(tensor.shape) == 0:
        return ${f.all('shape', '1.0', 'like')} * tensor
    if order is not None:
        tensor = ${f.name === 'PyTorch' ? 'torch.permute(tensor, order)' : `${f.name === 'JAX' ? 'jnp' : 'ops'}.transpose(tensor, order)`}
    return ${f.reshape('tensor', 'shape')}`,
    uses: [],
  },
  _merged: {
    text: (f) => `def _merged(x, before, after):
    """The shape of x with its middle dimensions made one."""
    shape = ${f.shape('x')}
    end = len(shape) - after
    return shape[:before] + (math.prod(shape[before:end]),) + shape[end:]`,
    uses: [],
  },
  _check: {
    text: () => `def _check(name, value, low, high, domain, whole=False):
    """Checks a parameter, or each number of a list, against its domain."""
    for x in value if hasattr(value, '__len__') else [value]:
        if hasattr(x, '__len__'):
            _check(name, x, low, high, domain, whole)
        elif not low <= x <= high or (whole and x != int(x)):
            raise ValueError(f'{name} = {x} is not {domain}')`,
    uses: [],
  },
};
