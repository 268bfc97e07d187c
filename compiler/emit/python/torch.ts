import { type Along, call, type Framework } from './framework.js';
import { tuple } from './text.js';

const reduction =
  (name: string): Along =>
  (x, dims) =>
    `${name}(${x}, dim=${tuple(dims)}, keepdim=True)`;
/** The largest or smallest entry, infinite over nothing. */
const extreme =
  (op: 'max' | 'min'): Along =>
  (x, dims, empty) =>
    empty ? `_${op}(${x}, ${tuple(dims)})` : reduction(`torch.a${op}`)(x, dims, empty);

export const TORCH: Framework = {
  name: 'PyTorch',
  imports: ['import torch'],
  module: 'torch',
  operators: {
    max: call('torch.maximum'),
    min: call('torch.minimum'),
    exp: call('torch.exp'),
    log: call('torch.log'),
    log1p: call('torch.log1p'),
    expm1: call('torch.expm1'),
    log1mexp: call('_log1mexp'),
    abs: call('torch.abs'),
    sign: call('_sign'),
    floor: call('torch.floor'),
    round: call('torch.round'),
    sin: call('torch.sin'),
    cos: call('torch.cos'),
    acos: call('torch.acos'),
    atan: call('torch.atan'),
    erf: call('torch.erf'),
    erfc: call('torch.special.erfc'),
    erfcx: ([x], order) => (order === 0 ? `torch.special.erfcx(${x})` : `_erfcx(${order}, ${x})`),
    logErfc: call('_log_erfc'),
    logErfcSlope: ([x]) => `(1.1283791670955126 / torch.special.erfcx(${x}))`,
    i0: call('torch.special.i0'),
    i0e: call('torch.special.i0e'),
    logI0: ([x], order) => `_log_i0(${order}, ${x})`,
    logI0e: ([x], order) => `_log_i0e(${order}, ${x})`,
    lgamma: call('torch.lgamma'),
    polygamma: ([x], order) => `_polygamma(${order}, ${x})`,
    sigmoid: call('torch.sigmoid'),
    softplus: call('_softplus'),
    tanh: call('torch.tanh'),
    relu: call('torch.relu'),
    xlogy: call('_xlogy'),
    stop: ([x]) => `${x}.detach()`,
  },
  conditions: undefined,
  atLeast: (x, bound) => `torch.clamp(${x}, min=${bound})`,
  atMost: (x, bound) => `torch.clamp(${x}, max=${bound})`,
  where: (condition, yes, no) => `torch.where(${condition}, ${yes}, ${no})`,
  sqrt: (x) => `torch.sqrt(${x})`,
  reductions: {
    sum: reduction('torch.sum'),
    // Over one dimension at a time.
    prod: (x, dims) => dims.reduce((inner, dim) => `torch.prod(${inner}, dim=${dim}, keepdim=True)`, x),
    reduceMax: extreme('max'),
    reduceMin: extreme('min'),
    logsumexp: reduction('torch.logsumexp'),
  },
  along: {
    softmax: (x, dim) => `torch.softmax(${x}, dim=${dim})`,
    logSoftmax: (x, dim) => `_log_softmax(${x}, ${dim})`,
  },
  swap: (x, a, b) => `torch.transpose(${x}, ${a}, ${b})`,
  permute: (x, order) => `torch.permute(${x}, ${tuple(order)})`,
  reshape: (x, shape) => `torch.reshape(${x}, ${shape})`,
  einsum: (formula, a, b) => `_einsum('${formula}', ${a}, ${b})`,
  cast: (x, type) => `${x}.to(${type})`,
  type: (x) => `${x}.dtype`,
  commonType: (types) => types.reduce((a, b) => `torch.promote_types(${a}, ${b})`),
  number: (value, like) => `torch.tensor(${value}, dtype=${like}.dtype, device=${like}.device)`,
  filled: (value, like) => `torch.full_like(${like}, ${value})`,
  spread: (x, like) => `${x}.expand(${like}.shape)`,
  shape: (x) => `${x}.shape`,
  count: (x) => `${x}.numel()`,
  total: (x) => `torch.sum(${x})`,
  reduction: 'mean',
};
