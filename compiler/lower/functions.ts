import type { AxisOp, Node } from '../graph/graph.js';
import { type Builder, divide, square, squareRoot } from '../graph/raw.js';

/**
 * The functions of the language: the one list that the checker, the reference and evolution read.
 * `values` functions work element by element; the others name axes.
 */
export type FunctionRow =
  | {
      readonly kind: 'values';
      readonly arity: number;
      readonly build: (b: Builder, args: readonly Node[]) => Node;
      readonly doc: string;
    }
  | { readonly kind: 'reduction'; readonly op: AxisOp | 'mean'; readonly doc: string }
  /** `max` and `min`: a reduction if the second argument is an axis, else element by element. */
  | {
      readonly kind: 'both';
      readonly op: 'max' | 'min';
      readonly reduction: 'reduceMax' | 'reduceMin';
      readonly doc: string;
    }
  | {
      readonly kind: 'axis';
      readonly op: 'softmax' | 'logSoftmax' | 'size' | 'index' | 'at' | 'rename';
      readonly arity: number;
      readonly usage: string;
      readonly doc: string;
    };

const one =
  (op: Parameters<Builder['apply']>[0]) =>
  (b: Builder, args: readonly Node[]): Node =>
    b.apply(op, args);

export const FUNCTIONS = {
  abs: { kind: 'values', arity: 1, build: one('abs'), doc: 'absolute value' },
  sign: { kind: 'values', arity: 1, build: one('sign'), doc: '-1, 0 or 1' },
  clip: {
    kind: 'values',
    arity: 3,
    build: (b, [x, low, high]) => b.apply('min', [b.apply('max', [x!, low!]), high!]),
    doc: 'clip(x, low, high): x, but at least low and at most high',
  },
  square: { kind: 'values', arity: 1, build: (b, [x]) => square(b, x!), doc: 'x^2' },
  sqrt: { kind: 'values', arity: 1, build: (b, [x]) => squareRoot(b, x!), doc: 'square root' },
  exp: { kind: 'values', arity: 1, build: one('exp'), doc: 'e to the x' },
  log: { kind: 'values', arity: 1, build: one('log'), doc: 'natural logarithm' },
  log1p: { kind: 'values', arity: 1, build: one('log1p'), doc: 'log(1 + x), accurate near 0' },
  expm1: { kind: 'values', arity: 1, build: one('expm1'), doc: 'exp(x) - 1, accurate near 0' },
  log2: {
    kind: 'values',
    arity: 1,
    build: (b, [x]) => divide(b, b.apply('log', [x!]), b.apply('log', [b.constant(2)])),
    doc: 'logarithm to base 2',
  },
  sigmoid: { kind: 'values', arity: 1, build: one('sigmoid'), doc: '1 / (1 + exp(-x))' },
  softplus: { kind: 'values', arity: 1, build: one('softplus'), doc: 'log(1 + exp(x))' },
  tanh: { kind: 'values', arity: 1, build: one('tanh'), doc: 'hyperbolic tangent' },
  sin: { kind: 'values', arity: 1, build: one('sin'), doc: 'sine' },
  cos: { kind: 'values', arity: 1, build: one('cos'), doc: 'cosine' },
  acos: { kind: 'values', arity: 1, build: one('acos'), doc: 'arc cosine of a value in [-1, 1]' },
  atan: { kind: 'values', arity: 1, build: one('atan'), doc: 'arc tangent' },
  erf: { kind: 'values', arity: 1, build: one('erf'), doc: 'error function' },
  lgamma: { kind: 'values', arity: 1, build: one('lgamma'), doc: 'log of the gamma function' },
  digamma: { kind: 'values', arity: 1, build: one('polygamma'), doc: 'derivative of lgamma' },
  relu: { kind: 'values', arity: 1, build: one('relu'), doc: 'max(x, 0), with slope 0 at 0' },
  xlogy: { kind: 'values', arity: 2, build: one('xlogy'), doc: 'x * log(y), and 0 where x is 0' },
  stop_gradient: { kind: 'values', arity: 1, build: one('stop'), doc: 'x, with derivative 0' },
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
    arity: 2,
    usage: 'softmax(e, axis)',
    doc: 'exponentials that add up to 1',
  },
  log_softmax: {
    kind: 'axis',
    op: 'logSoftmax',
    arity: 2,
    usage: 'log_softmax(e, axis)',
    doc: 'the logarithm of softmax',
  },
  size: { kind: 'axis', op: 'size', arity: 1, usage: 'size(axis)', doc: 'how long the axis is' },
  index: {
    kind: 'axis',
    op: 'index',
    arity: 1,
    usage: 'index(axis)',
    doc: 'the position 0, 1, ... along the axis',
  },
  at: {
    kind: 'axis',
    op: 'at',
    arity: 3,
    usage: 'at(e, axis, i)',
    doc: 'the entry at position i, 0 outside the axis',
  },
  rename: {
    kind: 'axis',
    op: 'rename',
    arity: 3,
    usage: 'rename(e, axis, other)',
    doc: 'the same values on a second axis',
  },
} as const satisfies Record<string, FunctionRow>;

export function findFunction(name: string): FunctionRow | undefined {
  return Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name as keyof typeof FUNCTIONS] : undefined;
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
