import { LN2_HIGH, LN2_LOW, productError, scaled, sumError } from './parts.js';

/** Off by at most 0.52 units in the last place. */
export const exp = (x: number): number => expOfParts(x, 0);

/** exp(x + low), for a `low` that is tiny beside x. */
export function expOfParts(x: number, low: number): number {
  if (!(x < 709.8)) return x > 0 ? Number.POSITIVE_INFINITY : x;
  if (x < -745.2) return 0;
  const { sum, tail, exponent } = reduced(x, low);
  return scaled(sum + tail, exponent);
}

/** exp(x) - 1. */
export function expm1(x: number): number {
  if (Math.abs(x) < 0.35) return nearZero(x);
  if (!(x < 60)) return exp(x);
  if (x < -40) return -1;
  const { sum, tail, exponent } = reduced(x, 0);
  const whole = scaled(sum, exponent);
  const difference = whole - 1;
  return difference + (sumError(whole, -1, difference) + scaled(tail, exponent));
}

function nearZero(x: number): number {
  // Where the square is lost x is the answer, with its sign where it is -0.
  if (Math.abs(x) < 1e-150) return x;
  const square = x * x;
  const sum = x + square / 2;
  const tail = productError(x, x, square) / 2 + square * x * series(x);
  return sum + (sumError(x, square / 2, sum) + tail);
}

/** exp(x + low) = (sum + tail) * 2^exponent, with a sum near 1 and a tiny tail. */
function reduced(x: number, low: number): { sum: number; tail: number; exponent: number } {
  const exponent = Math.round(x / Math.LN2);
  const start = x - exponent * LN2_HIGH;
  const shift = low - exponent * LN2_LOW;
  const r = start + shift;
  const square = r * r;
  const first = 1 + r;
  const sum = first + square / 2;
  const tail =
    sumError(1, r, first) +
    sumError(first, square / 2, sum) +
    productError(r, r, square) / 2 +
    sumError(start, shift, r) * (1 + r) +
    square * r * series(r);
  return { sum, tail, exponent };
}

/** (exp(r) - 1 - r - r^2 / 2) / r^3 for |r| < 0.35; even and odd terms apart, which a processor adds up side by side. */
function series(r: number): number {
  const z = r * r;
  const even =
    1 / 6 + z * (1 / 120 + z * (1 / 5040 + z * (1 / 362880 + z * (1 / 39916800 + z / 6227020800))));
  const odd =
    1 / 24 + z * (1 / 720 + z * (1 / 40320 + z * (1 / 3628800 + z * (1 / 479001600 + z / 87178291200))));
  return even + r * odd;
}
