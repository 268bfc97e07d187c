import { logI0, logI0e } from './bessel.js';
import { ANY, absRange, decreasing, decreasingPositive, increasing, type Range, range } from './range.js';

/** i0 of this is 7e36. */
export const LARGEST_BESSEL = 88;

/** Bounds of the order-th derivative of log(i0(x)). */
export function logBesselRange(x: Range, order: number): Range {
  const f = (v: number): number => logI0(order, v);
  if (order === 0) return { ...increasing(f, absRange(x)), nonzero: x.nonzero };
  if (order === 1) return { ...increasing(f, x), nonzero: x.nonzero };
  return order === 2 ? decreasingPositive(f, absRange(x)) : ANY;
}

/** Bounds of the order-th derivative of log(i0e(x)). */
export function logScaledBesselRange(x: Range, order: number): Range {
  if (order > 1) return logBesselRange(x, order);
  const nonzero = x.nonzero;
  if (order === 0) return { ...decreasing((v) => logI0e(0, v), absRange(x)), nonzero };
  return range(x.hi > 0 ? -1 : 0, x.lo < 0 ? 1 : 0, { nonzero });
}
