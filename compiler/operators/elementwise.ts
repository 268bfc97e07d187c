import { exp, expm1 } from '../elementary/exponential.js';
import { tanh } from '../elementary/hyperbolic.js';
import { log, log1p } from '../elementary/logarithm.js';
import { pow } from '../elementary/power.js';
import { acos, atan, cos, sin } from '../elementary/trigonometric.js';
import { i0, i0e, logI0, logI0e } from './bessel.js';
import { LARGEST_BESSEL, logBesselRange, logScaledBesselRange } from './bessel-range.js';
import { type Domain, EVERYWHERE, isInside, powerDomain } from './domain.js';
import { erf, erfc, erfcx, logErfc, logErfcSlope } from './error-function.js';
import {
  ANY,
  absRange,
  addRanges,
  alternating,
  CONDITION,
  decreasing,
  decreasingPositive,
  generalPowerRange,
  increasing,
  increasingPositive,
  isPositive,
  logRange,
  multiplyRanges,
  type Range,
  range,
  unite,
} from './range.js';
import { lgamma, log1mexp, polygamma, roundHalfEven, sigmoid, softplus, xlogy } from './special.js';

/**
 * The operators that work element by element: one row each, and every table keyed by `ElementwiseOp`
 * (derivatives, TensorFlow.js, Python, LaTeX) stops compiling until a new operator is added to it.
 */
interface Row {
  /** Number of arguments; `many` takes two or more. */
  readonly arity: 1 | 2 | 3 | 'many';
  /** Conditions are 0 and 1. */
  readonly gives: 'number' | 'condition';
  /** The arguments that are conditions. */
  readonly conditions: readonly number[];
  /** Place in the canonical order of terms and factors, which no other operator has (`order.ts`). */
  readonly rank: number;
  /** Where it is defined, argument by argument, or how that follows from what is known of all of them. */
  readonly domain: readonly Domain[] | ((args: readonly Range[], order: number) => readonly Domain[]);
  /** Float64 value, the meaning of the operator. `order` is that of the derivative which polygamma, erfcx, logI0 or logI0e is. */
  readonly evaluate: (args: readonly number[], order: number) => number;
  /** Bounds of the result from bounds of the arguments; that it is `total` follows from the domain. */
  readonly range: (args: readonly Range[], order: number) => Range;
  /** Rough price of one element in units of an addition (a transcendental function costs about ten). */
  readonly cost: number;
}

type Meaning<Gives = 'number'> = Pick<Row, 'arity' | 'conditions' | 'evaluate' | 'range'> & {
  readonly gives: Gives;
};

const unary = (
  evaluate: (x: number, order: number) => number,
  rangeOf: (x: Range, order: number) => Range,
): Meaning => ({
  arity: 1,
  gives: 'number',
  conditions: [],
  evaluate: (args, order) => evaluate(args[0]!, order),
  range: (args, order) => rangeOf(args[0]!, order),
});
const binary = (
  evaluate: (x: number, y: number) => number,
  rangeOf: (x: Range, y: Range) => Range,
): Meaning => ({
  arity: 2,
  gives: 'number',
  conditions: [],
  evaluate: (args) => evaluate(args[0]!, args[1]!),
  range: (args) => rangeOf(args[0]!, args[1]!),
});
const condition = (
  holds: (x: number, y: number) => boolean,
  conditions: readonly number[] = [],
): Meaning<'condition'> => ({
  ...binary(
    (x, y) => (holds(x, y) ? 1 : 0),
    () => CONDITION,
  ),
  gives: 'condition',
  conditions,
});

/** Defined for all numbers. */
const TOTAL: readonly Domain[] = [];
const POSITIVE: Domain = { least: 0, open: true };

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

/** The image of a function that never falls and gives whole numbers. */
const whole = (f: (x: number) => number, x: Range): Range => ({ ...increasing(f, x), integer: true });

/** exp of this is 8.2e36: as large as leaves float32 room for sums over forty classes and for coefficients. */
const MAX_EXPONENT = 85;

/** erfcx of this is 1.1e37; each derivative is about 18 times as large as the one before, so an order costs 0.2. */
const LEAST_SCALED = -9.2;

export const ELEMENTWISE = {
  pow: {
    ...binary(power, generalPowerRange),
    rank: 6,
    domain: ([, exponent]) => powerDomain(exponent!),
    cost: 10,
  },
  mul: {
    arity: 'many',
    gives: 'number',
    conditions: [],
    evaluate: productOf,
    range: multiplyRanges,
    rank: 7,
    domain: TOTAL,
    cost: 1,
  },
  add: {
    arity: 'many',
    gives: 'number',
    conditions: [],
    evaluate: sumOf,
    range: addRanges,
    rank: 8,
    domain: TOTAL,
    cost: 1,
  },
  max: {
    ...binary(
      (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Math.max(x, y)),
      (x, y) => ({
        ...range(Math.max(x.lo, y.lo), Math.max(x.hi, y.hi)),
        integer: x.integer && y.integer,
        nonzero: (x.nonzero && y.nonzero) || isPositive(x) || isPositive(y),
      }),
    ),
    rank: 9,
    domain: TOTAL,
    cost: 1,
  },
  min: {
    ...binary(
      (x, y) => (Number.isNaN(x) || Number.isNaN(y) ? Number.NaN : Math.min(x, y)),
      (x, y) => ({
        ...range(Math.min(x.lo, y.lo), Math.min(x.hi, y.hi)),
        integer: x.integer && y.integer,
        nonzero: x.nonzero && y.nonzero,
      }),
    ),
    rank: 10,
    domain: TOTAL,
    cost: 1,
  },
  exp: {
    ...unary(exp, (x) => increasingPositive(exp, x)),
    rank: 11,
    domain: [{ overflow: MAX_EXPONENT }],
    cost: 10,
  },
  log: {
    ...unary(
      (x) => log(x),
      (x) => logRange(x, 0),
    ),
    rank: 12,
    domain: [{ ...POSITIVE, outside: 'size' }],
    cost: 10,
  },
  log1p: {
    ...unary(
      (x) => log1p(x),
      (x) => logRange(x, 1),
    ),
    rank: 13,
    domain: [{ least: -1, open: true, called: 'log' }],
    cost: 10,
  },
  expm1: {
    ...unary(
      (x) => expm1(x),
      (x) => ({ ...increasing(expm1, x), nonzero: x.nonzero }),
    ),
    rank: 14,
    domain: [{ overflow: MAX_EXPONENT, called: 'exp' }],
    cost: 10,
  },
  log1mexp: {
    ...unary(log1mexp, () => range(-Infinity, 0)),
    rank: 15,
    domain: [{ most: 0, open: true, called: 'log' }],
    cost: 25,
  },
  abs: { ...unary(Math.abs, absRange), rank: 16, domain: TOTAL, cost: 1 },
  sign: {
    ...unary(Math.sign, (x) =>
      range(x.lo >= 0 ? 0 : -1, x.hi <= 0 ? 0 : 1, { integer: true, nonzero: x.nonzero }),
    ),
    rank: 17,
    domain: TOTAL,
    cost: 1,
  },
  floor: { ...unary(Math.floor, (x) => whole(Math.floor, x)), rank: 51, domain: TOTAL, cost: 1 },
  round: { ...unary(roundHalfEven, (x) => whole(roundHalfEven, x)), rank: 52, domain: TOTAL, cost: 1 },
  sin: { ...unary(sin, () => range(-1, 1)), rank: 18, domain: TOTAL, cost: 10 },
  cos: { ...unary(cos, () => range(-1, 1)), rank: 19, domain: TOTAL, cost: 10 },
  acos: { ...unary(acos, () => range(0, Math.PI)), rank: 20, domain: [{ least: -1, most: 1 }], cost: 10 },
  atan: { ...unary(atan, (x) => increasing(atan, x)), rank: 21, domain: TOTAL, cost: 10 },
  erf: { ...unary(erf, (x) => increasing(erf, x)), rank: 22, domain: TOTAL, cost: 10 },
  /** 1 - erf(x). */
  erfc: { ...unary(erfc, (x) => decreasingPositive(erfc, x)), rank: 47, domain: TOTAL, cost: 10 },
  /** The order-th derivative of exp(x^2) * erfc(x); its sign is that of (-1)^order. */
  erfcx: {
    ...unary(
      (x, order) => erfcx(order, x),
      (x, order) => alternating((v) => erfcx(order, v), x, order),
    ),
    rank: 48,
    domain: (_, order) => [{ overflowBelow: LEAST_SCALED + order / 5 }],
    cost: 20,
  },
  /** log(erfc(x)). */
  logErfc: {
    ...unary(logErfc, (x) => ({ ...decreasing(logErfc, x), nonzero: x.nonzero })),
    rank: 49,
    domain: TOTAL,
    cost: 30,
  },
  /** Minus the slope of logErfc. */
  logErfcSlope: {
    ...unary(logErfcSlope, (x) => increasingPositive(logErfcSlope, x)),
    rank: 50,
    domain: TOTAL,
    cost: 20,
  },
  /** The modified Bessel function of order 0. */
  i0: {
    ...unary(i0, (x) => increasing(i0, absRange(x))),
    rank: 53,
    domain: [{ overflow: LARGEST_BESSEL, overflowBelow: -LARGEST_BESSEL }],
    cost: 30,
  },
  /** exp(-|x|) * i0(x). */
  i0e: { ...unary(i0e, (x) => decreasingPositive(i0e, absRange(x))), rank: 54, domain: TOTAL, cost: 30 },
  /** The order-th derivative of log(i0(x)): the first is i1(x) / i0(x), and the second falls from 1/2 on both sides. */
  logI0: { ...unary((x, order) => logI0(order, x), logBesselRange), rank: 55, domain: TOTAL, cost: 35 },
  /** The order-th derivative of log(i0e(x)). */
  logI0e: {
    ...unary((x, order) => logI0e(order, x), logScaledBesselRange),
    rank: 56,
    domain: TOTAL,
    cost: 35,
  },
  lgamma: {
    ...unary(
      (x) => lgamma(x),
      (x) => range(isPositive(x) ? -0.13 : -Infinity, Infinity, { nonzero: false }),
    ),
    rank: 23,
    domain: [{ ...POSITIVE, called: 'log-gamma' }],
    cost: 40,
  },
  /** The order-th derivative of digamma, near 0 a multiple of x^-(order + 1). */
  polygamma: {
    ...unary(
      (x, order) => polygamma(order, x),
      () => ANY,
    ),
    rank: 24,
    domain: (_, order) => [{ ...POSITIVE, pole: order + 1, called: 'log-gamma' }],
    cost: 40,
  },
  sigmoid: { ...unary(sigmoid, (x) => increasingPositive(sigmoid, x)), rank: 25, domain: TOTAL, cost: 10 },
  softplus: {
    ...unary(softplus, (x) => increasingPositive(softplus, x)),
    rank: 26,
    domain: TOTAL,
    cost: 19,
  },
  tanh: { ...unary(tanh, (x) => increasing(tanh, x)), rank: 27, domain: TOTAL, cost: 10 },
  relu: {
    ...unary(
      (x) => (Number.isNaN(x) ? x : Math.max(x, 0)),
      (x) => ({ ...increasing((v) => Math.max(v, 0), x), integer: x.integer }),
    ),
    rank: 28,
    domain: TOTAL,
    cost: 1,
  },
  xlogy: {
    ...binary(xlogy, (x, y) => multiplyRanges([x, logRange(y, 0)])),
    rank: 29,
    // At 0 it is 0 where x is 0, too.
    domain: ([x]) => [
      EVERYWHERE,
      x!.lo === 0 && x!.hi === 0 ? EVERYWHERE : { least: 0, pole: 1, outside: 'size', called: 'log' },
    ],
    cost: 11,
  },
  /** Its argument, with derivative 0; no rule looks through it. */
  stop: {
    ...unary(
      (x) => x,
      (x) => x,
    ),
    rank: 30,
    domain: TOTAL,
    cost: 0,
  },
  lt: { ...condition((x, y) => x < y), rank: 31, domain: TOTAL, cost: 1 },
  le: { ...condition((x, y) => x <= y), rank: 32, domain: TOTAL, cost: 1 },
  eq: { ...condition((x, y) => x === y), rank: 33, domain: TOTAL, cost: 1 },
  and: { ...condition((x, y) => x !== 0 && y !== 0, [0, 1]), rank: 34, domain: TOTAL, cost: 1 },
  or: { ...condition((x, y) => x !== 0 || y !== 0, [0, 1]), rank: 35, domain: TOTAL, cost: 1 },
  not: {
    ...unary(
      (x) => (x === 0 ? 1 : 0),
      () => CONDITION,
    ),
    gives: 'condition',
    conditions: [0],
    rank: 36,
    domain: TOTAL,
    cost: 1,
  },
  select: {
    arity: 3,
    gives: 'number',
    conditions: [0],
    evaluate: (args) => (args[0] !== 0 ? args[1]! : args[2]!),
    range: (args) => unite(args[1]!, args[2]!),
    rank: 37,
    domain: TOTAL,
    cost: 1,
  },
} as const satisfies Record<string, Row>;

export type ElementwiseOp = keyof typeof ELEMENTWISE;
/** The operators that give a condition. */
export type ConditionOp = {
  [K in ElementwiseOp]: (typeof ELEMENTWISE)[K]['gives'] extends 'condition' ? K : never;
}[ElementwiseOp];

export const elementwise = (op: ElementwiseOp): Row => ELEMENTWISE[op];
export const isElementwise = (op: string): op is ElementwiseOp => Object.hasOwn(ELEMENTWISE, op);

/** Whether the operator gives a condition rather than a number. */
export const isCondition = (op: string): op is ConditionOp =>
  isElementwise(op) && ELEMENTWISE[op].gives === 'condition';

/** Where an operator is defined, argument by argument; what is left out is everywhere. */
export function domainsOf(op: ElementwiseOp, args: readonly Range[], order: number): readonly Domain[] {
  const { domain } = elementwise(op);
  return typeof domain === 'function' ? domain(args, order) : domain;
}

/** What is known of an operator's value from what is known of its arguments. */
export function operatorRange(op: ElementwiseOp, args: readonly Range[], order: number): Range {
  return withTotality(op, args, order, elementwise(op).range(args, order));
}

/** The same bounds, and whether the operator is defined for all arguments. */
export function withTotality(op: ElementwiseOp, args: readonly Range[], order: number, bounds: Range): Range {
  const total = isTotal(domainsOf(op, args, order), args);
  return bounds.total === total ? bounds : { ...bounds, total };
}

/** A loop, for this is asked of every node of every graph. */
function isTotal(domains: readonly Domain[], args: readonly Range[]): boolean {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    const domain = domains[i];
    if (!arg.total || (domain !== undefined && !isInside(domain, arg))) return false;
  }
  return true;
}
