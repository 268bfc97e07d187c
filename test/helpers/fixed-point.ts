/** Elementary functions in whole numbers of 2^-BITS, by their power series: what doubles are compared with. */

const BITS = 400n;
const ONE = 1n << BITS;

/** A double as it is, without rounding; those below 2^-300 or so lose digits. */
export function exactly(x: number): bigint {
  let value = x;
  let shift = 0n;
  while (!Number.isInteger(value)) {
    value *= 2;
    shift++;
  }
  return (BigInt(value) << BITS) >> shift;
}

const times = (a: bigint, b: bigint): bigint => (a * b) >> BITS;
const over = (a: bigint, b: bigint): bigint => (a << BITS) / b;

/** first + first * step / 1 … : each term is made from the one before. */
function series(first: bigint, next: (term: bigint, k: bigint) => bigint): bigint {
  let sum = 0n;
  for (let term = first, k = 1n; term !== 0n && term !== -1n; k++) {
    sum += term;
    term = next(term, k);
  }
  return sum;
}

/** The series at x / 2^32, squared 32 times; its error grows by as much and stays far below a double's. */
export function exponential(x: bigint): bigint {
  const small = x >> 32n;
  let result = series(ONE, (term, k) => times(term, small) / k);
  for (let i = 0; i < 32; i++) result = times(result, result);
  return result;
}

/** By halving to near 1, then 2 atanh((x - 1) / (x + 1)). */
export function logarithm(x: bigint): bigint {
  let mantissa = x;
  let halvings = 0n;
  for (; mantissa > 2n * ONE; halvings++) mantissa >>= 1n;
  for (; mantissa < ONE; halvings--) mantissa <<= 1n;
  return nearOne(mantissa) + halvings * nearOne(2n * ONE);
}

function nearOne(x: bigint): bigint {
  const s = over(x - ONE, x + ONE);
  const square = times(s, s);
  let sum = 0n;
  for (let power = s, k = 1n; power > 0n; power = times(power, square), k += 2n) sum += power / k;
  return 2n * sum;
}

export const sine = (x: bigint): bigint =>
  series(x, (term, k) => -times(times(term, x), x) / (2n * k * (2n * k + 1n)));
export const cosine = (x: bigint): bigint =>
  series(ONE, (term, k) => -times(times(term, x), x) / ((2n * k - 1n) * 2n * k));

/** How far a double is from the true value, in units of its last place. */
export function unitsOff(found: number, truth: bigint): number {
  const size = Math.abs(found);
  let unit = 2 ** -52;
  while (unit * 2 ** 53 <= size) unit *= 2;
  while (unit * 2 ** 52 > size) unit /= 2;
  const difference = exactly(found) - truth;
  return Number((difference << 60n) / exactly(unit)) * 2 ** -60;
}

export { ONE, over, times };
