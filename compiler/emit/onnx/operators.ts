import type { AlongOp, ReduceOp } from '../../operators/axis.js';
import type { ElementwiseOp } from '../../operators/elementwise.js';
import { LOWEST_LOG_PROBABILITY } from '../../operators/special.js';
import type { FunctionName } from './functions.js';
import type { Scope, Value } from './scope.js';

export type LossScope = Scope<FunctionName>;

/** Operators whose row takes values; sums, products and powers are arranged first (`arithmetic.ts`). */
export type CallOp = Exclude<ElementwiseOp, 'add' | 'mul' | 'pow'>;

/** An operator on tensors. `order` is that of the derivative which some of them are. */
type Row = (s: LossScope, args: readonly Value[], order: number) => Value;

const op =
  (opType: string): Row =>
  (s, args) =>
    s.op(opType, args);
const call =
  (name: FunctionName): Row =>
  (s, args, order) =>
    s.call(name, args, order);

export const ONNX: { readonly [K in CallOp]: Row } = {
  max: op('Max'),
  min: op('Min'),
  exp: op('Exp'),
  log: op('Log'),
  log1p: call('log1p'),
  expm1: call('expm1'),
  log1mexp: call('log1mexp'),
  abs: op('Abs'),
  sign: call('sign'),
  floor: op('Floor'),
  round: op('Round'),
  sin: op('Sin'),
  cos: op('Cos'),
  acos: op('Acos'),
  atan: op('Atan'),
  erf: op('Erf'),
  erfc: call('erfc'),
  erfcx: call('erfcx'),
  logErfc: call('log_erfc'),
  logErfcSlope: (s, [x]) => s.div(2 / Math.sqrt(Math.PI), s.call('erfcx', [x!])),
  i0: call('i0'),
  i0e: call('i0e'),
  logI0: call('log_i0'),
  logI0e: call('log_i0e'),
  lgamma: call('lgamma'),
  polygamma: call('polygamma'),
  sigmoid: call('sigmoid'),
  softplus: call('softplus'),
  tanh: call('tanh'),
  relu: (s, [x]) => s.max(x!, 0),
  xlogy: call('xlogy'),
  stop: (_, [x]) => x!,
  lt: op('Less'),
  le: op('LessOrEqual'),
  eq: op('Equal'),
  and: op('And'),
  or: op('Or'),
  not: op('Not'),
  select: op('Where'),
};

/** A reduction over some dimensions, which stay with length 1. */
type Reduction = (s: LossScope, x: Value, dims: readonly number[]) => Value;

const reduce =
  (opType: string): Reduction =>
  (s, x, dims) =>
    s.op(opType, [x, s.list(dims)], { keepdims: 1 });
/** ONNX does not say what a NaN among the entries gives. */
const extreme =
  (opType: string): Reduction =>
  (s, x, dims) => {
    const nans = reduce('ReduceMax')(s, s.cast(s.op('IsNaN', [x]), 'float'), dims);
    return s.where(s.less(s.number(0), nans), Number.NaN, reduce(opType)(s, x, dims));
  };

/** exp(x - largest), and the largest, which is 0 where that is not finite. */
function exponentials(s: LossScope, x: Value, dims: readonly number[]): readonly [Value, Value] {
  const largest = reduce('ReduceMax')(s, x, dims);
  const hasTop = s.less(s.op('Abs', [largest]), Infinity);
  const top = s.where(hasTop, largest, 0);
  return [s.op('Exp', [s.sub(x, top)]), top];
}

export const REDUCTIONS: { readonly [K in ReduceOp]: Reduction } = {
  sum: reduce('ReduceSum'),
  prod: reduce('ReduceProd'),
  reduceMax: extreme('ReduceMax'),
  reduceMin: extreme('ReduceMin'),
  logsumexp: (s, x, dims) => {
    const [exps, top] = exponentials(s, x, dims);
    return s.add(top, s.op('Log', [reduce('ReduceSum')(s, exps, dims)]));
  },
};

/**
 * log(softmax(x)). The largest entries but one are counted and left out of the sum of exponentials, so that log1p keeps the digits of a
 * confident prediction. That of a masked entry, minus infinity, stays finite: times the 0 of a target it is 0.
 */
function logSoftmax(s: LossScope, x: Value, dim: number): Value {
  const top = reduce('ReduceMax')(s, x, [dim]);
  const shifted = s.sub(x, top);
  const isTop = s.op('Equal', [x, top]);
  const maxima = reduce('ReduceSum')(s, s.cast(isTop, 'float'), [dim]);
  const rest = reduce('ReduceSum')(s, s.where(isTop, 0, s.op('Exp', [shifted])), [dim]);
  const log = s.sub(shifted, s.call('log1p', [s.add(s.sub(maxima, 1), rest)]));
  return s.max(log, LOWEST_LOG_PROBABILITY);
}

/** Operators along one dimension. */
export const ALONG: { readonly [K in AlongOp]: (s: LossScope, x: Value, dim: number) => Value } = {
  softmax: (s, x, dim) => s.op('Softmax', [x], { axis: dim }),
  logSoftmax,
};
