import { exp, expm1 } from '../elementary/exponential.js';
import { tanh } from '../elementary/hyperbolic.js';
import { log, log1p } from '../elementary/logarithm.js';
import { acos, atan, cos, sin } from '../elementary/trigonometric.js';
import { i0, i0e, logI0, logI0e } from '../operators/bessel.js';
import { ELEMENTWISE, type ElementwiseOp } from '../operators/elementwise.js';
import { erf, erfc, erfcx, logErfc, logErfcSlope } from '../operators/error-function.js';
import { lgamma, polygamma, roundHalfEven, sigmoid, softplus } from '../operators/special.js';
import {
  ANYTHING,
  absolute,
  add,
  around,
  between,
  exactly,
  falling,
  hull,
  type Interval,
  isPoint,
  multiply,
  rising,
  risingThrough,
  within,
} from './interval.js';
import { power } from './power.js';

type Unary = (x: Interval, order: number) => Interval;
type Row = (args: readonly Interval[], order: number) => Interval;

const unary =
  (of: Unary): Row =>
  (args, order) =>
    of(args[0]!, order);
const binary =
  (of: (x: Interval, y: Interval) => Interval): Row =>
  (args) =>
    of(args[0]!, args[1]!);

const NO = exactly(0);
const YES = exactly(1);
const MAYBE: Interval = { lo: 0, hi: 1 };

const isTrue = ({ lo, hi }: Interval): boolean => lo > 0 || hi < 0;
const isFalse = ({ lo, hi }: Interval): boolean => lo === 0 && hi === 0;
const condition = (yes: boolean, no: boolean): Interval => (yes ? YES : no ? NO : MAYBE);

/** Functions that are a few sums of elementary ones, and the series of special functions: their tests allow less. */
const SEVERAL = 16;
const SERIES = 2 ** 12;

/** A function that is only defined above a number; outside nothing is known. */
const risingAbove = (least: number, f: (x: number) => number, x: Interval, zero: number): Interval =>
  x.lo < least ? ANYTHING : risingThrough(f, x, zero);

/** A function of slope 1 at most, between -1 and 1. */
const wave = (f: (x: number) => number, { lo, hi }: Interval): Interval => {
  if (lo === 0 && hi === 0) return exactly(f(0));
  if (!(hi - lo < 2)) return { lo: -1, hi: 1 };
  const [a, b] = [f(lo), f(hi)];
  const slack = lo === hi ? 0 : hi - lo;
  return within(around(Math.min(a, b) - slack, Math.max(a, b) + slack, 4), -1, 1);
};

/** Where lgamma is least on the positive numbers, and a bound of it. */
const LOWEST_GAMMA = 1.4616321449683622;
const LEAST_LGAMMA = -0.12148629053584963;

function logGamma(x: Interval): Interval {
  if (!(x.lo > 0)) return isPoint(x) ? spread(lgamma(x.lo)) : ANYTHING;
  const [a, b] = [spread(lgamma(x.lo)), spread(lgamma(x.hi))];
  const ends = hull(a, b);
  const isApart = x.hi < LOWEST_GAMMA || x.lo > LOWEST_GAMMA;
  return isApart ? ends : { lo: Math.min(ends.lo, LEAST_LGAMMA), hi: ends.hi };
}

/** Near its roots lgamma is a difference of numbers of size 1, and loses digits of its own. */
const spread = (y: number): Interval =>
  between(y - (Math.abs(y) + 8) * 2 ** -46, y + (Math.abs(y) + 8) * 2 ** -46);

function polygammaOf(x: Interval, order: number): Interval {
  const f = (v: number): number => polygamma(order, v);
  if (!(x.lo > 0)) return ANYTHING;
  const slack = (y: number): number => (Math.abs(y) + (order === 0 ? 8 : 0)) * 2 ** -40;
  const [a, b] = [f(x.lo), f(x.hi)];
  return between(Math.min(a - slack(a), b - slack(b)), Math.max(a + slack(a), b + slack(b)));
}

/** The derivatives of erfcx have one sign each and fall in size; those after the first lose digits. */
function scaledErfc(x: Interval, order: number): Interval {
  const f = (v: number): number => erfcx(order, v);
  const image = order > 1 ? ANYTHING : order === 0 ? falling(f, x, SERIES) : rising(f, x, SERIES);
  return order % 2 === 0
    ? within(image, 0, Number.POSITIVE_INFINITY)
    : within(image, Number.NEGATIVE_INFINITY, 0);
}

/** Derivatives of log(i0(x)); those after the second lose digits. */
function logBessel(x: Interval, order: number): Interval {
  const f = (v: number): number => logI0(order, v);
  if (order === 0) return within(rising(f, absolute(x), SERIES), 0, Number.POSITIVE_INFINITY);
  if (order === 1) return within(risingThrough(f, x, 0, SERIES), -1, 1);
  return order === 2 ? within(falling(f, absolute(x), SERIES), 0, 0.5) : ANYTHING;
}

/** The bounds of each operator's result for bounds of its arguments, roundings included. */
export const INTERVALS: { readonly [Op in ElementwiseOp]: Row } = {
  add: (args) => args.reduce(add),
  mul: (args) => args.reduce(multiply),
  pow: binary(power),
  max: binary((x, y) => ({ lo: Math.max(x.lo, y.lo), hi: Math.max(x.hi, y.hi) })),
  min: binary((x, y) => ({ lo: Math.min(x.lo, y.lo), hi: Math.min(x.hi, y.hi) })),
  exp: unary((x) => within(risingThrough(exp, x, 0), 0, Number.POSITIVE_INFINITY)),
  log: unary((x) => risingAbove(0, (v) => log(v), x, 1)),
  log1p: unary((x) => risingAbove(-1, (v) => log1p(v), x, 0)),
  expm1: unary((x) => within(risingThrough(expm1, x, 0), -1, Number.POSITIVE_INFINITY)),
  log1mexp: unary((x) =>
    x.hi > 0
      ? ANYTHING
      : within(
          falling((v) => ELEMENTWISE.log1mexp.evaluate([v], 0), x, SEVERAL),
          Number.NEGATIVE_INFINITY,
          0,
        ),
  ),
  abs: unary(absolute),
  sign: unary(({ lo, hi }) => ({ lo: Math.sign(lo), hi: Math.sign(hi) })),
  floor: unary(({ lo, hi }) => ({ lo: Math.floor(lo), hi: Math.floor(hi) })),
  round: unary(({ lo, hi }) => ({ lo: roundHalfEven(lo), hi: roundHalfEven(hi) })),
  sin: unary((x) => wave(sin, x)),
  cos: unary((x) => wave(cos, x)),
  acos: unary((x) => (x.lo < -1 || x.hi > 1 ? ANYTHING : falling(acos, x, 4))),
  atan: unary((x) => risingThrough(atan, x, 0, 4)),
  erf: unary((x) => within(risingThrough(erf, x, 0, SERIES), -1, 1)),
  erfc: unary((x) => within(falling(erfc, x, SERIES), 0, 2)),
  erfcx: unary(scaledErfc),
  logErfc: unary((x) => falling(logErfc, x, SERIES)),
  logErfcSlope: unary((x) => within(rising(logErfcSlope, x, SERIES), 0, Number.POSITIVE_INFINITY)),
  i0: unary((x) => within(rising(i0, absolute(x), SERIES), 1, Number.POSITIVE_INFINITY)),
  i0e: unary((x) => within(falling(i0e, absolute(x), SERIES), 0, 1)),
  logI0: unary(logBessel),
  logI0e: unary((x, order) => {
    if (order > 1) return logBessel(x, order);
    const f = (v: number): number => logI0e(order, v);
    if (order === 0) return within(falling(f, absolute(x), SERIES), Number.NEGATIVE_INFINITY, 0);
    return within(x.lo > 0 || x.hi < 0 ? rising(f, x, SERIES) : ANYTHING, -1, 1);
  }),
  lgamma: unary(logGamma),
  polygamma: unary(polygammaOf),
  sigmoid: unary((x) => within(rising(sigmoid, x, SEVERAL), 0, 1)),
  softplus: unary((x) => within(rising(softplus, x, SEVERAL), 0, Number.POSITIVE_INFINITY)),
  tanh: unary((x) => within(risingThrough(tanh, x, 0, 4), -1, 1)),
  relu: unary(({ lo, hi }) => ({ lo: Math.max(lo, 0), hi: Math.max(hi, 0) })),
  xlogy: binary((x, y) => {
    if (isFalse(x)) return NO;
    return multiply(x, y.lo < 0 ? ANYTHING : risingThrough((v) => log(v), y, 1));
  }),
  stop: unary((x) => x),
  lt: binary((x, y) => condition(x.hi < y.lo, x.lo >= y.hi)),
  le: binary((x, y) => condition(x.hi <= y.lo, x.lo > y.hi)),
  eq: binary((x, y) => condition(isPoint(x) && isPoint(y) && x.lo === y.lo, x.hi < y.lo || x.lo > y.hi)),
  and: binary((x, y) => condition(isTrue(x) && isTrue(y), isFalse(x) || isFalse(y))),
  or: binary((x, y) => condition(isTrue(x) || isTrue(y), isFalse(x) && isFalse(y))),
  not: unary((x) => condition(isFalse(x), isTrue(x))),
  select: (args) => {
    const [given, yes, no] = [args[0]!, args[1]!, args[2]!];
    return isTrue(given) ? yes : isFalse(given) ? no : hull(yes, no);
  },
};
