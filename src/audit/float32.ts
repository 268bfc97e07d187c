/** Numbers of float32. */
import { exponentOf } from '../../compiler/elementary/parts.js';

/** Half the distance from 1 to the next number: what rounding may change, in relation. */
export const ROUNDING = 2 ** -24;
/** The smallest number that has all digits. */
export const SMALLEST_NORMAL = 2 ** -126;
/** Beyond it compiled code saturates: it leaves room below 3.4e38 for sums and coefficients. */
export const LARGEST_KEPT = 1e36;

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The number so many places further from 0, or nearer to it. */
export function stepped(x: number, steps: number): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  float[0] = x;
  bits[0] = bits[0]! + steps;
  return float[0]!;
}

/** The number with its first bits alone, in which it is short to write. */
export function shortened(x: number, kept = 10): number {
  if (x === 0 || !Number.isFinite(x)) return x;
  const scale = 2 ** (kept - 1 - exponentOf(Math.abs(x)));
  const short = Number.isFinite(scale) && scale > 0 ? Math.round(x * scale) / scale : x;
  return Math.fround(short);
}
