import type { Exact } from '../../compiler/exact/exact.js';
import { LARGEST_KEPT, SMALLEST_NORMAL } from './float32.js';

/**
 * How a number of float32 stands to the exact one. `off`: it can be compared. `overflow`, `underflow`: float32 does not hold the exact one,
 * and what is there stands for it. `infinite`: the formula itself is infinite. `unsettled`: it has no exact number that was found.
 */
export type Standing = 'off' | 'overflow' | 'underflow' | 'infinite' | 'unsettled';

export interface Judged {
  readonly standing: Standing;
  /** The relative error; 0 where nothing is to be compared. */
  readonly error: number;
  readonly exact: number;
}

/** The relative error of what has nothing to do with the exact number, such as NaN; no error counts more. */
export const LOST = 1e9;
/** What stands for a number beyond float32 is at least so large. */
const BEYOND = 1e30;
/** What stands for a number below float32 is at most so large. */
const VANISHED = 1e-37;

/** `size` is what the error is measured by where it is larger than the number itself. */
export function judged(found: number, right: Exact, size: number): Judged {
  if (right === undefined) return { standing: 'unsettled', error: 0, exact: Number.NaN };
  const exact = Number(right);
  const of = (standing: Standing, error = 0): Judged => ({ standing, error, exact });
  if (!right.isFinite()) return of('infinite');
  if (right.abs().gt(LARGEST_KEPT)) {
    const stands = Math.abs(found) >= BEYOND && Math.sign(found) === (right.isNegative() ? -1 : 1);
    return stands ? of('overflow') : of('off', LOST);
  }
  if (!Number.isFinite(found)) return of('off', LOST);
  if (right.abs().lt(SMALLEST_NORMAL) && Math.abs(found) < VANISHED)
    return of(right.isZero() ? 'off' : 'underflow');
  const error = Math.abs(found - exact) / Math.max(Math.abs(exact), size, SMALLEST_NORMAL);
  return of('off', Math.min(error, LOST));
}
