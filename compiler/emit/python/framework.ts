import type { ElementwiseOp } from '../../graph/elementwise.js';

/** Sums, products and powers are infix; choices differ by what they choose between. */
export type FunctionOp = Exclude<ElementwiseOp, 'add' | 'mul' | 'pow' | 'select'>;

/** An operator on tensors, as Python. `order` is that of polygamma. */
export type TensorRow = (args: readonly string[], order: number) => string;

/** How a framework says what a loss needs. `helpers` names functions of helpers.ts. */
export interface Framework {
  readonly name: string;
  readonly imports: readonly string[];
  readonly operators: { readonly [K in FunctionOp]: TensorRow };
  /** Helpers by the operator that calls them. */
  readonly helpers: { readonly [K in FunctionOp]?: readonly string[] };
  readonly where: (condition: string, yes: string, no: string) => string;
  readonly sqrt: (x: string) => string;
  /** Reductions keep their axes, of length 1. */
  readonly reduce: (op: 'sum' | 'prod' | 'max' | 'min', x: string, dims: readonly number[]) => string;
  readonly softmax: (x: string, dim: number, log: boolean) => string;
  readonly arange: (length: string, like: string) => string;
  readonly reshape: (x: string, shape: string) => string;
  readonly transpose: (x: string, order: readonly number[]) => string;
  readonly einsum: (formula: string, a: string, b: string) => string;
  readonly shape: (x: string) => string;
  /** A tensor of the floating type of another. */
  readonly cast: (x: string, like: string) => string;
  readonly stop: (x: string) => string;
  readonly mean: (x: string) => string;
  readonly total: (x: string) => string;
  readonly all: (shape: string, value: string, like: string) => string;
  /** What `reduction` is when it is not given, and why. */
  readonly reduction: { readonly default: 'mean' | 'none'; readonly doc: string };
}

const call =
  (name: string): TensorRow =>
  (args) =>
    `${name}(${args.join(', ')})`;
const infix =
  (sign: string): TensorRow =>
  (args) =>
    `(${args.join(` ${sign} `)})`;
const tuple = (items: readonly (number | string)[]): string =>
  items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;

export const TORCH: Framework = {
  name: 'PyTorch',
  imports: ['import torch'],
  operators: {
    max: call('_larger'),
    min: call('_smaller'),
    exp: call('torch.exp'),
    log: call('torch.log'),
    log1p: call('torch.log1p'),
    expm1: call('torch.expm1'),
    log1mexp: call('_log1mexp'),
    abs: call('torch.abs'),
    sign: call('torch.sign'),
    sin: call('torch.sin'),
    cos: call('torch.cos'),
    acos: call('_acos'),
    atan: call('torch.atan'),
    erf: call('torch.erf'),
    lgamma: call('torch.lgamma'),
    polygamma: ([x], order) => `torch.polygamma(${order}, ${x})`,
    sigmoid: call('torch.sigmoid'),
    softplus: ([x]) => `torch.logaddexp(${x}, torch.zeros_like(${x}))`,
    tanh: call('torch.tanh'),
    relu: call('torch.relu'),
    xlogy: call('_xlogy'),
    stop: ([x]) => `${x}.detach()`,
    lt: infix('<'),
    le: infix('<='),
    eq: infix('=='),
    and: call('torch.logical_and'),
    or: call('torch.logical_or'),
    not: call('torch.logical_not'),
  },
  helpers: {
    max: ['_larger'],
    min: ['_smaller'],
    log1mexp: ['_log1mexp'],
    acos: ['_acos'],
    xlogy: ['_xlogy'],
  },
  where: (condition, yes, no) => `torch.where(${condition}, ${yes}, ${no})`,
  sqrt: (x) => `torch.sqrt(${x})`,
  reduce: (op, x, dims) => {
    if (op === 'sum') return `torch.sum(${x}, dim=${tuple(dims)}, keepdim=True)`;
    if (op !== 'prod') return `torch.a${op}(${x}, dim=${tuple(dims)}, keepdim=True)`;
    return dims.reduce((inner, dim) => `torch.prod(${inner}, dim=${dim}, keepdim=True)`, x);
  },
  softmax: (x, dim, log) => `torch.${log ? 'log_softmax' : 'softmax'}(${x}, dim=${dim})`,
  arange: (length, like) => `torch.arange(${length}, dtype=${like}.dtype, device=${like}.device)`,
  reshape: (x, shape) => `torch.reshape(${x}, ${shape})`,
  transpose: (x, order) => `torch.permute(${x}, ${tuple(order)})`,
  einsum: (formula, a, b) => `torch.einsum('${formula}', ${a}, ${b})`,
  shape: (x) => `tuple(${x}.shape)`,
  cast: (x, like) => `torch.as_tensor(${x}, dtype=${like}.dtype, device=${like}.device)`,
  stop: (x) => `${x}.detach()`,
  mean: (x) => `torch.mean(${x})`,
  total: (x) => `torch.sum(${x})`,
  all: (shape, value, like) => `torch.full(${shape}, ${value}, dtype=${like}.dtype, device=${like}.device)`,
  reduction: { default: 'mean', doc: "'mean' (default), 'sum', or 'none' for one number per item" },
};

export const JAX: Framework = {
  name: 'JAX',
  imports: ['import jax', 'import jax.numpy as jnp'],
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
    sin: call('jnp.sin'),
    cos: call('jnp.cos'),
    acos: call('_acos'),
    atan: call('jnp.arctan'),
    erf: call('jax.scipy.special.erf'),
    lgamma: call('jax.scipy.special.gammaln'),
    polygamma: ([x], order) => `jax.scipy.special.polygamma(${order}, ${x})`,
    sigmoid: call('jax.nn.sigmoid'),
    softplus: call('jax.nn.softplus'),
    tanh: call('jnp.tanh'),
    relu: call('jax.nn.relu'),
    xlogy: call('_xlogy'),
    stop: call('jax.lax.stop_gradient'),
    lt: infix('<'),
    le: infix('<='),
    eq: infix('=='),
    and: call('jnp.logical_and'),
    or: call('jnp.logical_or'),
    not: call('jnp.logical_not'),
  },
  helpers: { log1mexp: ['_log1mexp'], acos: ['_acos'], xlogy: ['_xlogy'] },
  where: (condition, yes, no) => `jnp.where(${condition}, ${yes}, ${no})`,
  sqrt: (x) => `jnp.sqrt(${x})`,
  reduce: (op, x, dims) => `jnp.${op}(${x}, axis=${tuple(dims)}, keepdims=True)`,
  softmax: (x, dim, log) => `jax.nn.${log ? 'log_softmax' : 'softmax'}(${x}, axis=${dim})`,
  arange: (length, like) => `jnp.arange(${length}, dtype=${like}.dtype)`,
  reshape: (x, shape) => `jnp.reshape(${x}, ${shape})`,
  transpose: (x, order) => `jnp.transpose(${x}, ${tuple(order)})`,
  einsum: (formula, a, b) => `jnp.einsum('${formula}', ${a}, ${b})`,
  shape: (x) => `${x}.shape`,
  cast: (x, like) => `jnp.asarray(${x}, dtype=${like}.dtype)`,
  stop: (x) => `jax.lax.stop_gradient(${x})`,
  mean: (x) => `jnp.mean(${x})`,
  total: (x) => `jnp.sum(${x})`,
  all: (shape, value, like) => `jnp.full(${shape}, ${value}, dtype=${like}.dtype)`,
  reduction: { default: 'mean', doc: "'mean' (default), 'sum', or 'none' for one number per item" },
};

export const KERAS: Framework = {
  name: 'Keras 3',
  imports: ['from keras import ops'],
  operators: {
    max: call('ops.maximum'),
    min: call('ops.minimum'),
    exp: call('ops.exp'),
    log: call('ops.log'),
    log1p: call('ops.log1p'),
    expm1: call('ops.expm1'),
    log1mexp: call('_log1mexp'),
    abs: call('ops.abs'),
    sign: call('ops.sign'),
    sin: call('ops.sin'),
    cos: call('ops.cos'),
    acos: call('_acos'),
    atan: call('ops.arctan'),
    erf: call('ops.erf'),
    lgamma: call('_lgamma'),
    polygamma: ([x], order) => `_polygamma(${order}, ${x})`,
    sigmoid: call('ops.sigmoid'),
    softplus: call('ops.softplus'),
    tanh: call('ops.tanh'),
    relu: call('ops.relu'),
    xlogy: call('_xlogy'),
    stop: call('ops.stop_gradient'),
    lt: call('ops.less'),
    le: call('ops.less_equal'),
    eq: call('ops.equal'),
    and: call('ops.logical_and'),
    or: call('ops.logical_or'),
    not: call('ops.logical_not'),
  },
  helpers: {
    log1mexp: ['_log1mexp'],
    acos: ['_acos'],
    xlogy: ['_xlogy'],
    lgamma: ['_lgamma'],
    polygamma: ['_polygamma'],
  },
  where: (condition, yes, no) => `ops.where(${condition}, ${yes}, ${no})`,
  sqrt: (x) => `ops.sqrt(${x})`,
  reduce: (op, x, dims) => `ops.${op}(${x}, axis=${tuple(dims)}, keepdims=True)`,
  softmax: (x, dim, log) => `ops.${log ? 'log_softmax' : 'softmax'}(${x}, axis=${dim})`,
  arange: (length, like) => `ops.arange(${length}, dtype=${like}.dtype)`,
  reshape: (x, shape) => `ops.reshape(${x}, ${shape})`,
  transpose: (x, order) => `ops.transpose(${x}, ${tuple(order)})`,
  einsum: (formula, a, b) => `ops.einsum('${formula}', ${a}, ${b})`,
  shape: (x) => `tuple(ops.shape(${x}))`,
  cast: (x, like) => `ops.convert_to_tensor(${x}, dtype=${like}.dtype)`,
  stop: (x) => `ops.stop_gradient(${x})`,
  mean: (x) => `ops.mean(${x})`,
  total: (x) => `ops.sum(${x})`,
  all: (shape, value, like) => `ops.full(${shape}, ${value}, dtype=${like}.dtype)`,
  reduction: {
    default: 'none',
    doc: "'none' (default) for one number per item, as model.compile(loss=...) wants it, 'mean', or 'sum'",
  },
};

/** The same operators on numbers that are known before any tensor: Python's own. */
export const NUMBERS: { readonly [K in FunctionOp]: TensorRow } = {
  max: call('max'),
  min: call('min'),
  exp: call('math.exp'),
  log: call('math.log'),
  log1p: call('math.log1p'),
  expm1: call('math.expm1'),
  log1mexp: ([x]) => `math.log(-math.expm1(${x}))`,
  abs: call('abs'),
  sign: ([x]) => `math.copysign(1.0 if ${x} else 0.0, ${x})`,
  sin: call('math.sin'),
  cos: call('math.cos'),
  acos: call('math.acos'),
  atan: call('math.atan'),
  erf: call('math.erf'),
  lgamma: call('math.lgamma'),
  polygamma: ([x], order) => `_polygamma_number(${order}, ${x})`,
  sigmoid: ([x]) => `1.0 / (1.0 + math.exp(-(${x})))`,
  softplus: ([x]) => `(max(${x}, 0.0) + math.log1p(math.exp(-abs(${x}))))`,
  tanh: call('math.tanh'),
  relu: ([x]) => `max(${x}, 0.0)`,
  xlogy: ([x, y]) => `(0.0 if ${x} == 0 else ${x} * math.log(${y}))`,
  stop: ([x]) => x!,
  lt: infix('<'),
  le: infix('<='),
  eq: infix('=='),
  and: infix('and'),
  or: infix('or'),
  not: ([x]) => `(not ${x})`,
};
