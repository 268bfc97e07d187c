/**
 * Tools for arithmetic on sums of two doubles. This folder has the elementary functions made of + - * / and square root alone,
 * which IEEE 754 fixes to the last bit. Those of `Math` are as each engine likes: V8 changed its power between Node 22 and 24. So
 * whatever is emitted, hashed, stored or printed uses these, and is the same on every machine.
 */

const SPLITTER = 2 ** 27 + 1;

/** What `product`, the double nearest to a * b, is short of a * b (Dekker 1971). Exact while nothing overflows. */
export function productError(a: number, b: number, product: number): number {
  const [c, d] = [a * SPLITTER, b * SPLITTER];
  const [high, top] = [c - (c - a), d - (d - b)];
  const [low, bottom] = [a - high, b - top];
  return low * bottom - (product - high * top - low * top - high * bottom);
}

/** What `sum`, the double nearest to a + b, is short of a + b (Knuth). */
export function sumError(a: number, b: number, sum: number): number {
  const rest = sum - a;
  return a - (sum - rest) + (b - rest);
}

const SMALLEST_EXPONENT = -1074;
const POWERS_OF_TWO = new Float64Array(1024 - SMALLEST_EXPONENT);
for (let i = 0, power = Number.MIN_VALUE; i < POWERS_OF_TWO.length; i++, power *= 2) POWERS_OF_TWO[i] = power;

/** 2 to a whole power from -1074 to 1023. */
export const powerOfTwo = (exponent: number): number => POWERS_OF_TWO[exponent - SMALLEST_EXPONENT]!;

/** x * 2^exponent, for an x near 1 and any whole exponent that a double's logarithm can have. */
export function scaled(x: number, exponent: number): number {
  if (exponent > 1023) return x * 2 * powerOfTwo(exponent - 1);
  if (exponent >= -1022) return x * powerOfTwo(exponent);
  return x * powerOfTwo(exponent + 1022) * powerOfTwo(-1022);
}

const double = new Float64Array(1);
const words = new Uint32Array(double.buffer);
const HIGH_WORD = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;

/** The exponent of a positive normal double: the whole number e for which 2^e <= x < 2^(e + 1). */
export function exponentOf(x: number): number {
  double[0] = x;
  return ((words[HIGH_WORD]! >>> 20) & 0x7ff) - 1023;
}

/** log(2) in two parts; the first has 33 bits, so that a multiple of it by an exponent is exact. */
export const LN2_HIGH = 0.6931471803691238;
export const LN2_LOW = 1.9082149292705877e-10;
