import type { Interval } from '../../interval/interval.js';
import type { ArrayBounds } from '../../interval/loss-bounds.js';
import type { Finding } from '../explanation.js';

/** Candidates for a witness that are looked at with bounds: they cost several readings each. */
export const CANDIDATES = 24;

/** Numbers that are what they are. */
export const exactEnds = (numbers: ArrayLike<number>): ArrayBounds => {
  const data = Float64Array.from(numbers);
  return { lo: data, hi: data };
};

export const ends = (intervals: readonly Interval[]): ArrayBounds => ({
  lo: Float64Array.from(intervals, ({ lo }) => lo),
  hi: Float64Array.from(intervals, ({ hi }) => hi),
});

export const intervals = ({ lo, hi }: ArrayBounds): Interval[] =>
  Array.from(lo, (low, i) =>
    Number.isNaN(low) || Number.isNaN(hi[i]!)
      ? { lo: Number.NEGATIVE_INFINITY, hi: Number.POSITIVE_INFINITY }
      : { lo: low, hi: hi[i]! },
  );

/** Whether every number of the first is below every number of the second. */
export const isBelow = (a: Interval, b: Interval): boolean => a.hi < b.lo;

/** Whether two numbers cannot be the same. */
export const areApart = (a: Interval, b: Interval): boolean => isBelow(a, b) || isBelow(b, a);

/** What is said where something seems to contradict a property, and rounding alone may have made it. */
export const cannotTell = (
  base: Pick<Finding, 'topic' | 'property'>,
  whether: string,
  place: string,
): Finding => ({
  ...base,
  status: 'unknown',
  statement: `It could not be decided whether ${whether}: float64 has too few digits.`,
  reason: `The evidence against it ${place} may be rounding error.`,
});
