import { expm1 } from './exponential.js';
import { log, log1p } from './logarithm.js';

/** Off by a few units in the last place, as all of this file. */
export function tanh(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size < 1e-9) return x;
  // Beyond this it is 1 to the last digit; the other two keep the digits where x is small and where the result is near 1.
  const result = size > 22 ? 1 : size < 1 ? small(expm1(-2 * size)) : 1 - 2 / (expm1(2 * size) + 2);
  return x < 0 ? -result : result;
}

const small = (t: number): number => -t / (t + 2);

export function asinh(x: number): number {
  const size = Math.abs(x);
  if (Number.isNaN(x) || size < 1e-9) return x;
  const result =
    size > 1e9 ? log(size) + Math.LN2 : log1p(size + (size * size) / (1 + Math.sqrt(1 + size * size)));
  return x < 0 ? -result : result;
}

/** The square root of the sum of squares, without overflow on the way. */
export function hypot(...values: readonly number[]): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  if (!(largest > 0 && largest < Number.POSITIVE_INFINITY)) return largest;
  const scale = largest > 1e140 ? 2 ** -600 : largest < 1e-140 ? 2 ** 600 : 1;
  let sum = 0;
  for (const value of values) sum += value * scale * (value * scale);
  return Math.sqrt(sum) / scale;
}
