import { type Along, call, type Framework } from './framework.js';
import { tuple } from './text.js';

/** A reduction; over nothing it is `ofNothing`, where it does not know that itself. */
const reduction =
  (name: string, ofNothing?: string): Along =>
  (x, dims, empty) => {
    const initial = empty && ofNothing !== undefined ? `, initial=${ofNothing}` : '';
    return `${name}(${x}, axis=${tuple(dims)}, keepdims=True${initial})`;
  };

export const KERAS: Framework = {
  name: 'Keras 3',
  imports: ['import keras', 'from keras import ops'],
  module: 'ops',
  operators: {
    max: call('ops.maximum'),
    min: call('ops.minimum'),
    exp: call('ops.exp'),
    log: call('ops.log'),
    log1p: call('ops.log1p'),
    expm1: call('ops.expm1'),
    log1mexp: call('_log1mexp'),
    abs: call('ops.abs'),
    sign: call('_sign'),
    floor: call('ops.floor'),
    round: call('ops.round'),
    sin: call('ops.sin'),
    cos: call('ops.cos'),
    acos: call('ops.arccos'),
    atan: call('ops.arctan'),
    erf: call('ops.erf'),
    erfc: call('_erfc'),
    erfcx: ([x], order) => `_erfcx(${order}, ${x})`,
    logErfc: call('_log_erfc'),
    logErfcSlope: ([x]) => `(1.1283791670955126 / _erfcx(0, ${x}))`,
    i0: call('_i0'),
    i0e: call('_i0e'),
    logI0: ([x], order) => `_log_i0(${order}, ${x})`,
    logI0e: ([x], order) => `_log_i0e(${order}, ${x})`,
    lgamma: call('_lgamma'),
    polygamma: ([x], order) => `_polygamma(${order}, ${x})`,
    sigmoid: call('ops.sigmoid'),
    softplus: call('ops.softplus'),
    tanh: call('ops.tanh'),
    relu: call('ops.relu'),
    xlogy: call('_xlogy'),
    stop: call('ops.stop_gradient'),
  },
  conditions: {
    lt: 'ops.less',
    le: 'ops.less_equal',
    eq: 'ops.equal',
    and: 'ops.logical_and',
    or: 'ops.logical_or',
    not: 'ops.logical_not',
  },
  atLeast: (x, bound) => `ops.maximum(${x}, ${bound})`,
  atMost: (x, bound) => `ops.minimum(${x}, ${bound})`,
  where: (condition, yes, no) => `ops.where(${condition}, ${yes}, ${no})`,
  sqrt: (x) => `ops.sqrt(${x})`,
  reductions: {
    sum: reduction('ops.sum'),
    prod: reduction('ops.prod'),
    reduceMax: reduction('ops.max', "-float('inf')"),
    reduceMin: reduction('ops.min', "float('inf')"),
    logsumexp: (x, dims) => `_logsumexp(${x}, ${tuple(dims)})`,
  },
  along: {
    softmax: (x, dim) => `ops.softmax(${x}, axis=${dim})`,
    logSoftmax: (x, dim) => `_log_softmax(${x}, ${dim})`,
  },
  swap: (x, a, b) => `ops.swapaxes(${x}, ${a}, ${b})`,
  permute: (x, order) => `ops.transpose(${x}, ${tuple(order)})`,
  reshape: (x, shape) => `ops.reshape(${x}, ${shape})`,
  einsum: (formula, a, b) => `ops.einsum('${formula}', ${a}, ${b})`,
  cast: (x, type) => `ops.cast(${x}, ${type})`,
  type: (x) => `${x}.dtype`,
  commonType: (types) => (types.length === 1 ? types[0]! : `keras.backend.result_type(${types.join(', ')})`),
  number: (value, like) => `ops.convert_to_tensor(${value}, dtype=${like}.dtype)`,
  filled: (value, like) => `ops.full_like(${like}, ${value})`,
  spread: (x, like) => `ops.broadcast_to(${x}, ops.shape(${like}))`,
  shape: (x) => `ops.shape(${x})`,
  count: (x) => `ops.size(${x})`,
  total: (x) => `ops.sum(${x})`,
  reduction: 'none',
};
