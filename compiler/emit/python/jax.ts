import { type Along, call, type Framework } from './framework.js';
import { tuple } from './text.js';

/** A reduction; over nothing it is `ofNothing`, where it does not know that itself. */
const reduction =
  (name: string, ofNothing?: string): Along =>
  (x, dims, empty) => {
    const initial = empty && ofNothing !== undefined ? `, initial=${ofNothing}` : '';
    return `${name}(${x}, axis=${tuple(dims)}, keepdims=True${initial})`;
  };

export const JAX: Framework = {
  name: 'JAX',
  imports: ['import jax', 'import jax.numpy as jnp'],
  module: 'jnp',
  operators: {
    max: call('jnp.maximum'),
    min: call('jnp.minimum'),
    exp: call('jnp.exp'),
    log: call('jnp.log'),
    log1p: call('jnp.log1p'),
    expm1: call('jnp.expm1'),
    log1mexp: call('_log1mexp'),
    abs: call('jnp.abs'),
    sign: call('jnp.sign'),
    floor: call('jnp.floor'),
    round: call('jnp.round'),
    sin: call('jnp.sin'),
    cos: call('jnp.cos'),
    acos: call('jnp.arccos'),
    atan: call('jnp.arctan'),
    erf: call('jax.scipy.special.erf'),
    erfc: call('jax.scipy.special.erfc'),
    erfcx: ([x], order) => `_erfcx(${order}, ${x})`,
    logErfc: call('_log_erfc'),
    logErfcSlope: ([x]) => `(1.1283791670955126 / _erfcx(0, ${x}))`,
    i0: call('_i0'),
    i0e: call('_i0e'),
    logI0: ([x], order) => `_log_i0(${order}, ${x})`,
    logI0e: ([x], order) => `_log_i0e(${order}, ${x})`,
    lgamma: call('jax.scipy.special.gammaln'),
    polygamma: ([x], order) => `jax.scipy.special.polygamma(${order}, ${x})`,
    sigmoid: call('jax.nn.sigmoid'),
    softplus: call('jax.nn.softplus'),
    tanh: call('jnp.tanh'),
    relu: call('jax.nn.relu'),
    xlogy: call('_xlogy'),
    stop: call('jax.lax.stop_gradient'),
  },
  conditions: undefined,
  atLeast: (x, bound) => `jnp.maximum(${x}, ${bound})`,
  atMost: (x, bound) => `jnp.minimum(${x}, ${bound})`,
  where: (condition, yes, no) => `jnp.where(${condition}, ${yes}, ${no})`,
  sqrt: (x) => `jnp.sqrt(${x})`,
  reductions: {
    sum: reduction('jnp.sum'),
    prod: reduction('jnp.prod'),
    reduceMax: reduction('jnp.max', '-jnp.inf'),
    reduceMin: reduction('jnp.min', 'jnp.inf'),
    logsumexp: (x, dims) => `_logsumexp(${x}, ${tuple(dims)})`,
  },
  along: {
    softmax: (x, dim) => `jax.nn.softmax(${x}, axis=${dim})`,
    logSoftmax: (x, dim) => `_log_softmax(${x}, ${dim})`,
  },
  swap: (x, a, b) => `jnp.swapaxes(${x}, ${a}, ${b})`,
  permute: (x, order) => `jnp.transpose(${x}, ${tuple(order)})`,
  reshape: (x, shape) => `jnp.reshape(${x}, ${shape})`,
  einsum: (formula, a, b) => `jnp.einsum('${formula}', ${a}, ${b}, precision='highest')`,
  cast: (x, type) => `${x}.astype(${type})`,
  type: (x) => `${x}.dtype`,
  commonType: (types) => (types.length === 1 ? types[0]! : `jnp.result_type(${types.join(', ')})`),
  number: (value, like) => `jnp.asarray(${value}, dtype=${like}.dtype)`,
  filled: (value, like) => `jnp.full_like(${like}, ${value})`,
  spread: (x, like) => `jnp.broadcast_to(${x}, ${like}.shape)`,
  shape: (x) => `${x}.shape`,
  count: (x) => `${x}.size`,
  total: (x) => `jnp.sum(${x})`,
  reduction: 'mean',
};
