import { type Constant, constantOf, type Exact } from '../graph/exact.js';

/**
 * Numbers modulo three primes, for hashing expressions: sums, products and whole powers are computed in the field, so expressions
 * that are equal by the laws of arithmetic get one value however they are ordered, nested or multiplied out, and different
 * ones collide with a chance near 2^-78 (Schwartz 1980 and Zippel 1979 on testing polynomials at a random point).
 */
export type Fingerprint = readonly [number, number, number];

/** The three largest primes below 2^26: products of two residues are exact in a double. */
const PRIMES = [67108859, 67108837, 67108819] as const;

const lanes = (f: (prime: number, lane: 0 | 1 | 2) => number): Fingerprint => [
  f(PRIMES[0], 0),
  f(PRIMES[1], 1),
  f(PRIMES[2], 2),
];

const residue = (x: number, prime: number): number => {
  const r = x % prime;
  return r < 0 ? r + prime : r;
};

export const ZERO: Fingerprint = [0, 0, 0];
export const ONE: Fingerprint = [1, 1, 1];

export const addPrints = (a: Fingerprint, b: Fingerprint): Fingerprint =>
  lanes((prime, i) => (a[i] + b[i]) % prime);
export const multiplyPrints = (a: Fingerprint, b: Fingerprint): Fingerprint =>
  lanes((prime, i) => (a[i] * b[i]) % prime);
export const negatePrint = (a: Fingerprint): Fingerprint => lanes((prime, i) => (prime - a[i]) % prime);
export const subtractPrints = (a: Fingerprint, b: Fingerprint): Fingerprint => addPrints(a, negatePrint(b));

/** Whole powers by squaring; a negative one through the inverse, where the inverse of 0 is 0. */
export function powerPrint(base: Fingerprint, exponent: number): Fingerprint {
  return lanes((prime, i) => {
    let power = residue(exponent, prime - 1);
    let square: number = base[i];
    let result = 1;
    for (; power > 0; power = Math.floor(power / 2)) {
      if (power % 2 === 1) result = (result * square) % prime;
      square = (square * square) % prime;
    }
    return result;
  });
}

const wholePrint = (n: number): Fingerprint => lanes((prime) => residue(n, prime));
const TEN = wholePrint(10);

/** Digits of an inexact constant that count: what is left of rounding in another order is in the last four. */
const DIGITS = 12;

/**
 * A constant by its double alone: as the short decimal or the small fraction that gives that double, so that thirds add up, else
 * by its leading digits.
 */
export function constantPrint({ value }: Constant): Fingerprint {
  if (!Number.isFinite(value)) {
    const infinite = mixPrints('infinite', []);
    return Number.isNaN(value) ? ONE : value < 0 ? negatePrint(infinite) : infinite;
  }
  const exact = constantOf(value).exact ?? smallFraction(value);
  if (exact !== undefined) {
    const numerator = wholePrint(exact.n);
    return exact.d === 1 ? numerator : multiplyPrints(numerator, powerPrint(wholePrint(exact.d), -1));
  }
  const [mantissa, exponent] = value.toExponential(DIGITS - 1).split('e');
  const whole = wholePrint(Number(mantissa!.replace('.', '')));
  return multiplyPrints(whole, powerPrint(TEN, Number(exponent) - DIGITS + 1));
}

const LARGEST_DENOMINATOR = 1e6;

/** The fraction with the smallest denominator that rounds to this double, by continued fractions, if there is a small one. */
function smallFraction(value: number): Exact | undefined {
  let [n, d, beforeN, beforeD] = [Math.floor(value), 1, 1, 0];
  let rest = value - n;
  while (n / d !== value) {
    if (rest === 0) return undefined;
    const inverse = 1 / rest;
    const whole = Math.floor(inverse);
    rest = inverse - whole;
    [n, d, beforeN, beforeD] = [whole * n + beforeN, whole * d + beforeD, n, d];
    if (d > LARGEST_DENOMINATOR || !Number.isSafeInteger(n)) return undefined;
  }
  return { n, d };
}

const STARTS = [0x243f6a88, 0x13198a2e, 0x299f31d0] as const;

/** One step of mixing 32-bit words: multiply, rotate, xor (constants of MurmurHash3, A. Appleby). */
function step(hash: number, word: number): number {
  let k = Math.imul(word, 0xcc9e2d51);
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
  const h = hash ^ k;
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function finish(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** An arbitrary but fixed function of a label and fingerprints, different for every label. Order matters. */
export function mixPrints(label: string, prints: readonly Fingerprint[]): Fingerprint {
  return lanes((prime, i) => {
    let hash: number = STARTS[i];
    for (let k = 0; k < label.length; k++) hash = step(hash, label.charCodeAt(k));
    for (const print of prints) for (const word of print) hash = step(hash, word);
    return finish(hash ^ prints.length) % prime;
  });
}

/** A function that turns its sign with its argument. */
export const oddPrint = (label: string, x: Fingerprint): Fingerprint =>
  multiplyPrints(x, mixPrints(label, [multiplyPrints(x, x)]));
/** A function that gives the same for x and -x. */
export const evenPrint = (label: string, x: Fingerprint): Fingerprint =>
  mixPrints(label, [multiplyPrints(x, x)]);

/** 21 hexadecimal digits. */
export const printText = (print: Fingerprint): string =>
  print.map((lane) => lane.toString(16).padStart(7, '0')).join('');

export const samePrint = (a: Fingerprint, b: Fingerprint): boolean =>
  a[0] === b[0] && a[1] === b[1] && a[2] === b[2];

/** A fixed order that does not see the sign. */
export function compareUnsigned(a: Fingerprint, b: Fingerprint): number {
  for (const i of [0, 1, 2] as const) {
    const x = Math.min(a[i], PRIMES[i] - a[i]);
    const y = Math.min(b[i], PRIMES[i] - b[i]);
    if (x !== y) return x - y;
  }
  return 0;
}
