import type { Node } from '../graph/graph.js';
import { type Builder, choose, divide, square, squareRoot, subtract } from '../graph/raw.js';
import type { AlongOp, AxisOp, ReduceOp } from '../operators/axis.js';
import { ELEMENTWISE, type ElementwiseOp } from '../operators/elementwise.js';
import { logNormalDistribution, normalDistribution } from './normal.js';

/**
 * The functions of the language: the one list that the checker, the reference and evolution read.
 * `values` functions work element by element; the others name axes.
 */
export type FunctionRow =
  | {
      readonly kind: 'values';
      readonly arity: number;
      /** The operator that it is, if it is not made of others. */
      readonly op?: ElementwiseOp;
      readonly build: (b: Builder, args: readonly Node[]) => Node;
      readonly doc: string;
    }
  | { readonly kind: 'reduction'; readonly op: ReduceOp | 'mean'; readonly doc: string }
  /** `max` and `min`: a reduction if the second argument is an axis, else element by element. */
  | {
      readonly kind: 'both';
      readonly op: 'max' | 'min';
      readonly reduction: ReduceOp;
      readonly doc: string;
    }
  | {
      readonly kind: 'axis';
      readonly op: AlongOp | 'size' | 'index' | 'at' | 'rename';
      /** What each argument is. */
      readonly takes: readonly ('value' | 'axis')[];
      readonly usage: string;
      readonly doc: string;
    };

/** A function that is an operator. */
const operator = <Op extends ElementwiseOp>(op: Op, doc: string) =>
  ({
    kind: 'values',
    op,
    arity: Number(ELEMENTWISE[op].arity),
    build: (b: Builder, args: readonly Node[]) => b.apply(op, args),
    doc,
  }) as const;

export const FUNCTIONS = {
  abs: operator('abs', 'absolute value'),
  sign: operator('sign', '-1, 0 or 1'),
  floor: operator('floor', 'the largest whole number that is not above x, with slope 0'),
  round: operator('round', 'the nearest whole number, halves to even, with slope 0'),
  mod: {
    kind: 'values',
    arity: 2,
    build: (b, [x, y]) => {
      const rest = subtract(b, x!, b.mul([y!, b.apply('floor', [divide(b, x!, y!)])]));
      // 49 * (1 / 49) is less than 1 in float64: a quotient may fall on the other side of a whole number.
      const isShort = b.apply('lt', [b.mul([rest, y!]), b.constant(0)]);
      const isLong = b.apply('le', [b.apply('abs', [y!]), b.apply('abs', [rest])]);
      return choose(b, isShort, b.add([rest, y!]), choose(b, isLong, subtract(b, rest, y!), rest));
    },
    doc: 'mod(x, y): x - y * floor(x / y), with the sign of y; derivatives 1 and -floor(x / y)',
  },
  clip: {
    kind: 'values',
    arity: 3,
    build: (b, [x, low, high]) => b.apply('min', [b.apply('max', [x!, low!]), high!]),
    doc: 'clip(x, low, high): x, but at least low and at most high',
  },
  square: { kind: 'values', arity: 1, build: (b, [x]) => square(b, x!), doc: 'x^2' },
  sqrt: { kind: 'values', arity: 1, build: (b, [x]) => squareRoot(b, x!), doc: 'square root' },
  exp: operator('exp', 'e to the x'),
  log: operator('log', 'natural logarithm'),
  log1p: operator('log1p', 'log(1 + x), accurate near 0'),
  expm1: operator('expm1', 'exp(x) - 1, accurate near 0'),
  log1mexp: operator('log1mexp', 'log(1 - exp(x)), accurate for all x below 0'),
  log2: {
    kind: 'values',
    arity: 1,
    build: (b, [x]) => divide(b, b.apply('log', [x!]), b.apply('log', [b.constant(2)])),
    doc: 'logarithm to base 2',
  },
  sigmoid: operator('sigmoid', '1 / (1 + exp(-x))'),
  softplus: operator('softplus', 'log(1 + exp(x))'),
  tanh: operator('tanh', 'hyperbolic tangent'),
  sin: operator('sin', 'sine'),
  cos: operator('cos', 'cosine'),
  acos: operator('acos', 'arc cosine of a value in [-1, 1]'),
  atan: operator('atan', 'arc tangent'),
  erf: operator('erf', 'error function'),
  erfc: operator('erfc', '1 - erf(x), accurate for large x'),
  erfcx: operator('erfcx', 'exp(x^2) * erfc(x)'),
  log_erfc: operator('logErfc', 'log(erfc(x)), accurate for large x'),
  ndtr: {
    kind: 'values',
    arity: 1,
    build: (b, [x]) => normalDistribution(b, x!),
    doc: 'distribution function of the standard normal distribution',
  },
  log_ndtr: {
    kind: 'values',
    arity: 1,
    build: (b, [x]) => logNormalDistribution(b, x!),
    doc: 'log(ndtr(x)), accurate for large negative x',
  },
  i0: operator('i0', 'modified Bessel function of order 0'),
  i0e: operator('i0e', 'exp(-abs(x)) * i0(x), accurate for large x'),
  i1: {
    kind: 'values',
    arity: 1,
    build: (b, args) => b.mul([b.apply('i0', args), b.apply('logI0', args, 1)]),
    doc: 'modified Bessel function of order 1',
  },
  i1e: {
    kind: 'values',
    arity: 1,
    build: (b, args) => b.mul([b.apply('i0e', args), b.apply('logI0', args, 1)]),
    doc: 'exp(-abs(x)) * i1(x), accurate for large x',
  },
  log_i0: operator('logI0', 'log(i0(x)), accurate near 0 and for large x'),
  log_i0e: operator('logI0e', 'log(i0e(x)), accurate near 0 and for large x'),
  lgamma: operator('lgamma', 'log of the gamma function'),
  digamma: operator('polygamma', 'derivative of lgamma'),
  relu: operator('relu', 'max(x, 0), with slope 0 at 0'),
  xlogy: operator('xlogy', 'x * log(y), and 0 where x is 0'),
  stop_gradient: operator('stop', 'x, with derivative 0'),
  max: {
    kind: 'both',
    op: 'max',
    reduction: 'reduceMax',
    doc: 'the larger of two values, or the largest along axes',
  },
  min: {
    kind: 'both',
    op: 'min',
    reduction: 'reduceMin',
    doc: 'the smaller of two values, or the smallest along axes',
  },
  sum: { kind: 'reduction', op: 'sum', doc: 'sum along axes' },
  mean: { kind: 'reduction', op: 'mean', doc: 'mean along axes' },
  prod: { kind: 'reduction', op: 'prod', doc: 'product along axes' },
  logsumexp: { kind: 'reduction', op: 'logsumexp', doc: 'log of the sum of the exponentials along axes' },
  softmax: {
    kind: 'axis',
    op: 'softmax',
    takes: ['value', 'axis'],
    usage: 'softmax(e, axis)',
    doc: 'exponentials, scaled to a sum of 1',
  },
  log_softmax: {
    kind: 'axis',
    op: 'logSoftmax',
    takes: ['value', 'axis'],
    usage: 'log_softmax(e, axis)',
    doc: 'the logarithm of softmax',
  },
  size: { kind: 'axis', op: 'size', takes: ['axis'], usage: 'size(axis)', doc: 'the length of the axis' },
  index: {
    kind: 'axis',
    op: 'index',
    takes: ['axis'],
    usage: 'index(axis)',
    doc: 'the position 0, 1, ... along the axis',
  },
  at: {
    kind: 'axis',
    op: 'at',
    takes: ['value', 'axis', 'value'],
    usage: 'at(e, axis, i)',
    doc: 'the entry at position i, 0 outside the axis',
  },
  rename: {
    kind: 'axis',
    op: 'rename',
    takes: ['value', 'axis', 'axis'],
    usage: 'rename(e, axis, other)',
    doc: 'the same values along a second axis',
  },
} as const satisfies Record<string, FunctionRow>;

export type FunctionName = keyof typeof FUNCTIONS;
type OpOf<R> = R extends { readonly op: infer Op } ? Op : never;
type ReductionOf<R> = R extends { readonly reduction: infer Op } ? Op : never;
type Rows = (typeof FUNCTIONS)[FunctionName];
/** The operators that have a name in the language. */
export type NamedOp = (ElementwiseOp | AxisOp) & (OpOf<Rows> | ReductionOf<Rows>);

/** How the language writes the operators that it has no name for. One that is neither here nor among the functions does not compile. @public */
export const UNNAMED: { readonly [K in Exclude<ElementwiseOp | AxisOp, NamedOp>]: string } = {
  add: 'x + y',
  mul: 'x * y',
  pow: 'x ^ y',
  logErfcSlope: '2 / (sqrt(pi) * erfcx(x))',
  lt: 'x < y',
  le: 'x <= y',
  eq: 'x == y',
  and: 'c and d',
  or: 'c or d',
  not: 'not c',
  select: 'if c then x else y',
};

const NAMES: ReadonlyMap<string, FunctionName> = new Map(
  (Object.entries(FUNCTIONS) as [FunctionName, FunctionRow][]).flatMap(([name, row]) => [
    ...('op' in row && row.op !== undefined ? [[row.op, name] as const] : []),
    ...('reduction' in row ? [[row.reduction, name] as const] : []),
  ]),
);

/** The function of the language that an operator is. */
export const nameOf = (op: NamedOp): FunctionName => NAMES.get(op)!;

export function findFunction(name: string): FunctionRow | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name as FunctionName] : undefined;
}

/** How a function is called, as `clip(x, low, high)` or `sum(e, axis)`. */
export function usageOf(name: string, row: FunctionRow): string {
  if (row.kind === 'axis') return row.usage;
  if (row.kind === 'both') return `${name}(x, y) or ${name}(e, axis)`;
  if (row.kind === 'reduction') return `${name}(e, axis)`;
  const described = /^\w+\((.*?)\): /.exec(row.doc)?.[1];
  return `${name}(${described ?? ['x', 'y'].slice(0, row.arity).join(', ')})`;
}

/** Values that have a name in every loss. */
export const CONSTANTS: Readonly<Record<string, number>> = { pi: Math.PI, infinity: Infinity };
