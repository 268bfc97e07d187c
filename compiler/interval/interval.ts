import { productError, sumError } from '../elementary/parts.js';

/**
 * Bounds of a number that float64 may not hold exactly: it lies between `lo` and `hi`. What only overflows ends at the largest
 * float64 on its inner side, and an infinite bound says that there is none.
 */
export interface Interval {
  readonly lo: number;
  readonly hi: number;
}

export const ANYTHING: Interval = { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY };

export const exactly = (x: number): Interval => (Number.isNaN(x) ? ANYTHING : { lo: x, hi: x });

export const isPoint = ({ lo, hi }: Interval): boolean => lo === hi;

/** One unit in the last place of float64 and what rounding the bound itself may take, in relation to a number. */
const UNIT = 2 ** -52;

/** A number that is certainly below what float64 gave `x` for, `units` in the last place off. */
export function below(x: number, units = 1): number {
  if (x === Number.POSITIVE_INFINITY) return Number.MAX_VALUE;
  return x - (Math.abs(x) * UNIT * units + Number.MIN_VALUE);
}

export const above = (x: number, units = 1): number => -below(-x, units);

/** An interval from bounds that are computed; where one is not a number, nothing is known. */
export const between = (lo: number, hi: number): Interval =>
  Number.isNaN(lo) || Number.isNaN(hi) ? ANYTHING : { lo, hi };

/** Bounds that are `units` in the last place off. */
export const around = (lo: number, hi: number, units: number): Interval =>
  between(below(lo, units), above(hi, units));

export const hull = (a: Interval, b: Interval): Interval => ({
  lo: Math.min(a.lo, b.lo),
  hi: Math.max(a.hi, b.hi),
});

/** Both intervals hold the number. */
export const within = (a: Interval, lo: number, hi: number): Interval => ({
  lo: Math.min(Math.max(a.lo, lo), hi),
  hi: Math.max(Math.min(a.hi, hi), lo),
});

function sumDown(a: number, b: number): number {
  const sum = a + b;
  if (Number.isNaN(sum)) return Number.NEGATIVE_INFINITY;
  if (sum === Number.POSITIVE_INFINITY && Number.isFinite(a) && Number.isFinite(b)) return Number.MAX_VALUE;
  return !Number.isFinite(sum) || sumError(a, b, sum) >= 0 ? sum : below(sum);
}

export const add = (a: Interval, b: Interval): Interval => ({
  lo: sumDown(a.lo, b.lo),
  hi: -sumDown(-a.hi, -b.hi),
});

export const negated = ({ lo, hi }: Interval): Interval => ({ lo: -hi, hi: -lo });

export const subtract = (a: Interval, b: Interval): Interval => add(a, negated(b));

/** Between these, the error of a product is found without overflow and underflow. */
const [LEAST, MOST] = [2 ** -400, 2 ** 400];

/** A product with a bound that is 0 times infinity is 0: bounds are approached, not attained. */
function productDown(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  const product = a * b;
  if (!Number.isFinite(a) || !Number.isFinite(b)) return product;
  const size = Math.abs(product);
  const exact =
    size > LEAST && size < MOST && Math.abs(a) < MOST && Math.abs(b) < MOST
      ? productError(a, b, product) >= 0
      : false;
  return exact ? product : below(product);
}

export function multiply(a: Interval, b: Interval): Interval {
  const corners = [
    [a.lo, b.lo],
    [a.lo, b.hi],
    [a.hi, b.lo],
    [a.hi, b.hi],
  ] as const;
  const least = (sign: number): number => Math.min(...corners.map(([x, y]) => productDown(sign * x, y)));
  return { lo: least(1), hi: -least(-1) };
}

export const absolute = ({ lo, hi }: Interval): Interval => ({
  lo: Math.max(lo, -hi, 0),
  hi: Math.max(-lo, hi),
});

/** The value of a function that never falls, off by at most so many units in the last place. */
export const rising = (f: (x: number) => number, x: Interval, units = 2): Interval =>
  around(f(x.lo), f(x.hi), units);

export const falling = (f: (x: number) => number, x: Interval, units = 2): Interval =>
  around(f(x.hi), f(x.lo), units);

/** The same, where the function is exact at this argument. */
export const risingThrough = (f: (x: number) => number, x: Interval, at: number, units = 2): Interval => {
  const image = rising(f, x, units);
  const own = f(at);
  return {
    lo: x.lo >= at ? Math.max(image.lo, own) : image.lo,
    hi: x.hi <= at ? Math.min(image.hi, own) : image.hi,
  };
};
