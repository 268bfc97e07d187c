import { exp, expm1 } from '../elementary/exponential.js';
import { tanh } from '../elementary/hyperbolic.js';
import { log, log1p } from '../elementary/logarithm.js';
import { pow } from '../elementary/power.js';
import { acos, atan, cos, sin } from '../elementary/trigonometric.js';
import {
  ANY,
  addRanges,
  CONDITION,
  generalPowerRange,
  increasing,
  increasingPositive,
  isNonnegative,
  isPositive,
  multiplyRanges,
  type Range,
  range,
  unite,
} from './range.js';
import { erf, lgamma, polygamma, sigmoid, softplus } from './special.js';

/**
 * The operators that work element by element: one row each, and every table keyed by `ElementwiseOp`
 * (derivatives, TensorFlow.js, Python, LaTeX) stops compiling until a new operator is added to it.
 */
interface Row {
  /** Number of arguments; `many` takes two or more. */
  readonly arity: 1 | 2 | 3 | 'many';
  /** Float64 value, the meaning of the operator. Conditions are 0 and 1. `order` is the attribute of polygamma. */
  readonly evaluate: (args: readonly number[], order: number) => number;
  /** Bounds of the result from bounds of the arguments. */
  readonly range: (args: readonly Range[]) => Range;
  /** Rough price of one element in units of an addition (a transcendental function costs about ten). */
  readonly cost: number;
}

const unary = (
  evaluate: (x: number, order: number) => number,
  rangeOf: (x: Range) => Range,
  cost: number,
): Row => ({
  arity: 1,
  evaluate: (args, order) => evaluate(args[0]!, order),
  range: (args) => rangeOf(args[0]!),
  cost,
});
const binary = (
  evaluate: (x: number, y: number) => number,
  rangeOf: (x: Range, y: Range) => Range,
  cost: number,
): Row => ({
  arity: 2,
  evaluate: (args) => evaluate(args[0]!, args[1]!),
  range: (args) => rangeOf(args[0]!, args[1]!),
  cost,
});
const condition = (evaluate: (x: number, y: number) => boolean): Row =>
  binary(
    (x, y) => (evaluate(x, y) ? 1 : 0),
    (x, y) => ({ ...CONDITION, total: x.total && y.total }),
    1,
  );

const logRange = (x: Range, shift: number): Range => {
  const f = (v: number): number => (v + shift <= 0 ? -Infinity : shift === 0 ? log(v) : log1p(v));
  return range(f(x.lo), f(x.hi), { total: x.total && (shift === 0 ? isPositive(x) : x.lo > -1) });
};

/** A whole power is repeated multiplication and defined everywhere; any other needs a base that is not negative. 0^0 is 1. */
export function power(base: number, exponent: number): number {
  if (base < 0 && !Number.isInteger(exponent)) return Number.NaN;
  if (exponent === 0.5) return Math.sqrt(base);
  if (exponent === -1) return 1 / base;
  if (exponent === 2) return base * base;
  return pow(base, exponent);
}

// Loops, for these two are the inside of the reference interpreter.
function sumOf(args: readonly number[]): number {
  let sum = args[0]!;
  for (let i = 1; i < args.length; i++) sum += args[i]!;
  return sum;
}
function productOf(args: readonly number[]): number {
  let product = args[0]!;
  for (let i = 1; i < args.length; i++) product *= args[i]!;
  return product;
}

const absRange = (x: Range): Range => {
  const lo = x.lo >= 0 ? x.lo : x.hi <= 0 ? -x.hi : 0;
  return range(lo, Math.max(Math.abs(x.lo), Math.abs(x.hi)), {
    integer: x.integer,
    total: x.total,
    nonzero: x.nonzero,
  });
};

export const ELEMENTWISE = {
  add: {
    arity: 'many',
    evaluate: sumOf,
    range: addRanges,
    cost: 1,
  },
  mul: {
    arity: 'many',
    evaluate: productOf,
    range: multiplyRanges,
    cost: 1,
  },
  pow: binary(power, generalPowerRange, 10),
  max: binary(
    (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Math.max(x, y)),
    (x, y) => ({
      ...range(Math.max(x.lo, y.lo), Math.max(x.hi, y.hi)),
      integer: x.integer && y.integer,
      nonzero: (x.nonzero && y.nonzero) || isPositive(x) || isPositive(y),
      total: x.total && y.total,
    }),
    1,
  ),
  min: binary(
    (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Math.min(x, y)),
    (x, y) => ({
      ...range(Math.min(x.lo, y.lo), Math.min(x.hi, y.hi)),
      integer: x.integer && y.integer,
      nonzero: x.nonzero && y.nonzero,
      total: x.total && y.total,
    }),
    1,
  ),
  exp: unary(exp, (x) => increasingPositive(exp, x), 10),
  log: unary(
    (x) => log(x),
    (x) => logRange(x, 0),
    10,
  ),
  log1p: unary(
    (x) => log1p(x),
    (x) => logRange(x, 1),
    10,
  ),
  expm1: unary(
    (x) => expm1(x),
    (x) => ({ ...increasing(expm1, x), nonzero: x.nonzero }),
    10,
  ),
  /** log(1 - exp(x)) for x <= 0 (Maechler 2012, "Accurately computing log(1 - exp(-|a|))"). */
  log1mexp: unary(
    (x) => (x > -Math.LN2 ? log(-expm1(x)) : log1p(-exp(x))),
    (x) => range(-Infinity, 0, { total: x.total && x.hi < 0 }),
    25,
  ),
  abs: unary(Math.abs, absRange, 1),
  sign: unary(
    Math.sign,
    (x) =>
      range(x.lo >= 0 ? 0 : -1, x.hi <= 0 ? 0 : 1, { integer: true, nonzero: x.nonzero, total: x.total }),
    1,
  ),
  sin: unary(sin, (x) => range(-1, 1, { total: x.total }), 10),
  cos: unary(cos, (x) => range(-1, 1, { total: x.total }), 10),
  acos: unary(acos, (x) => range(0, Math.PI, { total: x.total && x.lo >= -1 && x.hi <= 1 }), 10),
  atan: unary(atan, (x) => increasing(atan, x), 10),
  erf: unary(erf, (x) => increasing(erf, x), 10),
  lgamma: unary(
    (x) => lgamma(x),
    (x) =>
      range(isPositive(x) ? -0.13 : -Infinity, Infinity, { total: x.total && isPositive(x), nonzero: false }),
    40,
  ),
  /** The order-th derivative of digamma. */
  polygamma: unary(
    (x, order) => polygamma(order, x),
    (x) => ({ ...ANY, total: x.total && isPositive(x) }),
    40,
  ),
  sigmoid: unary(sigmoid, (x) => increasingPositive(sigmoid, x), 10),
  softplus: unary(softplus, (x) => increasingPositive(softplus, x), 19),
  tanh: unary(tanh, (x) => increasing(tanh, x), 10),
  relu: unary(
    (x) => (Number.isNaN(x) ? x : Math.max(x, 0)),
    (x) => ({ ...increasing((v) => Math.max(v, 0), x), integer: x.integer }),
    1,
  ),
  xlogy: binary(
    (x, y) => (x === 0 ? 0 : x * log(y)),
    (x, y) => {
      const log = logRange(y, 0);
      const product = multiplyRanges([
        x,
        { ...log, total: log.total || (isNonnegative(x) && isNonnegative(y)) },
      ]);
      return { ...product, total: x.total && y.total && isNonnegative(y) };
    },
    11,
  ),
  /** Its argument, with derivative 0; no rule looks through it. */
  stop: unary(
    (x) => x,
    (x) => x,
    0,
  ),
  lt: condition((x, y) => x < y),
  le: condition((x, y) => x <= y),
  eq: condition((x, y) => x === y),
  and: condition((x, y) => x !== 0 && y !== 0),
  or: condition((x, y) => x !== 0 || y !== 0),
  not: unary(
    (x) => (x === 0 ? 1 : 0),
    (x) => ({ ...CONDITION, total: x.total }),
    1,
  ),
  select: {
    arity: 3,
    evaluate: (args) => (args[0] !== 0 ? args[1]! : args[2]!),
    range: (args) => ({
      ...unite(args[1]!, args[2]!),
      total: args[0]!.total && args[1]!.total && args[2]!.total,
    }),
    cost: 1,
  },
} as const satisfies Record<string, Row>;

export type ElementwiseOp = keyof typeof ELEMENTWISE;
export const elementwise = (op: ElementwiseOp): Row => ELEMENTWISE[op];
export const isElementwise = (op: string): op is ElementwiseOp => Object.hasOwn(ELEMENTWISE, op);

const CONDITIONS: ReadonlySet<string> = new Set(['lt', 'le', 'eq', 'and', 'or', 'not']);
/** Whether the operator gives a condition rather than a number. */
export const isCondition = (op: string): boolean => CONDITIONS.has(op);
