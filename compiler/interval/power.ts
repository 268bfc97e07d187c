import { power as powerOf } from '../operators/elementwise.js';
import { ANYTHING, around, exactly, type Interval, isPoint, multiply, within } from './interval.js';

/** A quotient 1 / x is rounded once; other powers are off by less than one unit in the last place. */
const UNITS = 2;

/** base ^ exponent, with the meaning that the language gives it: whole powers of any number, others of what is not negative. */
export function power(base: Interval, exponent: Interval): Interval {
  if (isPoint(exponent) && Number.isInteger(exponent.lo)) return wholePower(base, exponent.lo);
  if (base.lo < 0) return ANYTHING;
  const corners = [base.lo, base.hi].flatMap((x) => [exponent.lo, exponent.hi].map((y) => positive(x, y)));
  const image = around(Math.min(...corners), Math.max(...corners), UNITS);
  // On either side of 1 a power of the exponent goes the other way, and both meet in 1.
  return within(image, 0, Number.POSITIVE_INFINITY);
}

/** A power of a number that is not negative; the bounds of what has none are 0 and infinity. */
const positive = (x: number, y: number): number =>
  x === 0 && y < 0 ? Number.POSITIVE_INFINITY : powerOf(x, y);

function wholePower(base: Interval, exponent: number): Interval {
  if (exponent === 0) return exactly(1);
  if (exponent === 1) return base;
  if (exponent === 2) {
    const square = multiply(base, base);
    return base.lo < 0 && base.hi > 0 ? { lo: 0, hi: square.hi } : square;
  }
  const { lo, hi } = base;
  if (exponent < 0 && lo <= 0 && hi >= 0) return aroundPole(base, exponent);
  const ends = [powerOf(lo, exponent), powerOf(hi, exponent)];
  const even = exponent % 2 === 0;
  if (even && lo < 0 && hi > 0) ends.push(0);
  const image = around(Math.min(...ends), Math.max(...ends), UNITS);
  if (even || lo >= 0) return within(image, 0, Number.POSITIVE_INFINITY);
  return hi <= 0 ? within(image, Number.NEGATIVE_INFINITY, 0) : image;
}

/** A negative power of an interval that holds 0. */
function aroundPole({ lo, hi }: Interval, exponent: number): Interval {
  const inf = Number.POSITIVE_INFINITY;
  if (exponent % 2 === 0) {
    const least = powerOf(Math.max(-lo, hi), exponent);
    return { lo: Math.max(0, around(least, least, UNITS).lo), hi: inf };
  }
  if (lo === 0 && hi > 0) return { lo: Math.max(0, around(powerOf(hi, exponent), inf, UNITS).lo), hi: inf };
  return ANYTHING;
}
