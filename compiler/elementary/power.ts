import { exp, expOfParts } from './exponential.js';
import { logParts } from './logarithm.js';
import { productError } from './parts.js';

/** x to the power of y, with the special cases of `**`. Off by at most 0.53 units in the last place. */
export function pow(x: number, y: number): number {
  if (y === 0) return 1;
  if (y === 1 || Number.isNaN(x)) return x;
  if (y === 2) return x * x;
  if (y === -1) return 1 / x;
  if (Number.isNaN(y) || (Math.abs(x) === 1 && !Number.isFinite(y))) return Number.NaN;
  const size = Math.abs(x);
  const whole = Number.isInteger(y);
  if (x < 0 && Number.isFinite(x) && Number.isFinite(y) && !whole) return Number.NaN;
  const isOdd = whole && Math.abs(y % 2) === 1;
  const sign = isOdd && (x < 0 || Object.is(x, -0)) ? -1 : 1;
  if (size === 0 || size === Number.POSITIVE_INFINITY) {
    return sign * ((size === 0) === y < 0 ? Number.POSITIVE_INFINITY : 0);
  }
  return sign * positivePower(size, y);
}

function positivePower(x: number, y: number): number {
  if (x === 1) return 1;
  if (x === 10 && Number.isInteger(y)) return powerOfTen(y);
  if (y === 0.5) return Math.sqrt(x);
  const { high, low } = logParts(x);
  const product = y * high;
  if (product > 710) return Number.POSITIVE_INFINITY;
  if (product < -746) return 0;
  // A power so near 1 that splitting y would overflow has no digits to lose.
  if (Math.abs(y) > 1e290) return exp(product);
  return expOfParts(product, productError(y, high, product) + y * low);
}

/** The double nearest to a whole power of ten. */
export const powerOfTen = (exponent: number): number => Number(`1e${exponent}`);

/** The whole number e for which 10^e <= x < 10^(e + 1), for a positive finite x. */
export const decadeOf = (x: number): number => Number(x.toExponential().split('e')[1]);
