import { exponentOf, LN2_HIGH, LN2_LOW, powerOfTwo, productError, sumError } from './parts.js';

/** The natural logarithm. Off by at most 0.51 units in the last place. */
export function log(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return atTheEdge(x);
  return logOf(x, 0);
}

/** log(1 + x), with all its digits where x is small. */
export function log1p(x: number): number {
  const sum = 1 + x;
  if (!(sum > 0 && sum < Number.POSITIVE_INFINITY)) return atTheEdge(sum);
  if (Math.abs(x) < 0.29) return Math.abs(x) < 1e-150 ? x : logOfOnePlus(x, 0, 0);
  return logOf(sum, sumError(1, x, sum));
}

/** The logarithm to base 2; whole for powers of 2. */
export function log2(x: number): number {
  if (!(x > 0 && x < Number.POSITIVE_INFINITY)) return atTheEdge(x);
  if (x < NORMAL) return log2(x * powerOfTwo(54)) - 54;
  const exponent = nearestExponent(x);
  return exponent + logOfOnePlus(x * powerOfTwo(-exponent) - 1, 0, 0) / Math.LN2;
}

const atTheEdge = (x: number): number => (x === 0 ? Number.NEGATIVE_INFINITY : x > 0 ? x : Number.NaN);

const NORMAL = powerOfTwo(-1022);

/** The exponent that leaves a mantissa between sqrt(1/2) and sqrt(2). */
function nearestExponent(x: number): number {
  const exponent = exponentOf(x);
  return x * powerOfTwo(-exponent) > Math.SQRT2 ? exponent + 1 : exponent;
}

/** log(x + rest) for a tiny rest. */
function logOf(x: number, rest: number): number {
  const shift = x < NORMAL ? 54 : 0;
  const normal = shift === 0 ? x : x * powerOfTwo(shift);
  const exponent = nearestExponent(normal);
  const scale = powerOfTwo(-exponent);
  return logOfOnePlus(normal * scale - 1, rest * scale, exponent - shift);
}

/**
 * log((1 + f + rest) * 2^exponent) for f from -0.3 to 0.42, by the series of the inverse hyperbolic tangent:
 * log(1 + f) = 2 (s + s^3 / 3 + s^5 / 5 + …) with s = f / (2 + f).
 */
function logOfOnePlus(f: number, rest: number, exponent: number): number {
  const divisor = 2 + f;
  const s = f / divisor;
  const sRest = quotientRest(f, rest, s, divisor);
  const z = s * s;
  const large = exponent * LN2_HIGH;
  const high = large + 2 * s;
  const tail = 2 * (sRest + s * z * (1 / 3 + z * series(z))) + exponent * LN2_LOW;
  return high + (sumError(large, 2 * s, high) + tail);
}

/** What s is short of (f + rest) / (2 + f + rest). */
function quotientRest(f: number, rest: number, s: number, divisor: number): number {
  const product = s * divisor;
  const divisorRest = 2 - divisor + f + rest;
  return (f - product - productError(s, divisor, product) + rest - s * divisorRest) / divisor;
}

/** What the double 1/3 is short of a third. */
const THIRD_REST = 2 ** -54 / 3;

/** The natural logarithm of a positive finite number with 15 bits more than a double has: the cubic term is in parts too. */
export function logParts(x: number): { readonly high: number; readonly low: number } {
  if (x < NORMAL) {
    const { high, low } = logParts(x * powerOfTwo(54));
    return joined(high, -54 * LN2_HIGH, low - 54 * LN2_LOW);
  }
  const exponent = nearestExponent(x);
  const f = x * powerOfTwo(-exponent) - 1;
  const divisor = 2 + f;
  const s = f / divisor;
  const sRest = quotientRest(f, 0, s, divisor);
  const z = s * s;
  const zRest = productError(s, s, z) + 2 * s * sRest;
  const third = z * (1 / 3);
  const thirdRest = productError(z, 1 / 3, third) + z * THIRD_REST + zRest / 3;
  const cubic = s * third;
  const cubicRest = productError(s, third, cubic) + s * thirdRest + sRest * third;
  const large = exponent * LN2_HIGH;
  const start = large + 2 * s;
  const small = 2 * (sRest + cubicRest + s * z * z * series(z)) + exponent * LN2_LOW;
  return joined(start, 2 * cubic, sumError(large, 2 * s, start) + small);
}

/** a + b + rest in two parts. */
function joined(a: number, b: number, rest: number): { readonly high: number; readonly low: number } {
  const sum = a + b;
  const left = sumError(a, b, sum) + rest;
  const high = sum + left;
  return { high, low: left - (high - sum) };
}

/** 1/5 + z/7 + z^2/9 + … for 0 <= z < 0.03; even and odd terms apart, which a processor adds up side by side. */
function series(z: number): number {
  const w = z * z;
  const even = 1 / 5 + w * (1 / 9 + w * (1 / 13 + w * (1 / 17 + w * (1 / 21 + w / 25))));
  const odd = 1 / 7 + w * (1 / 11 + w * (1 / 15 + w * (1 / 19 + w / 23)));
  return even + z * odd;
}
