import { type Constant, constantOf, type Exact } from '../graph/exact.js';

/**
 * Numbers modulo three primes, for hashing expressions: sums, products and whole powers are computed in the field, so expressions
 * that are equal by the laws of arithmetic get one value however they are ordered, nested or multiplied out, and different
 * ones collide with a chance near 2^-78 (Schwartz 1980 and Zippel 1979 on testing polynomials at a random point).
 */
export type Fingerprint = readonly [number, number, number];

/** The three largest primes below 2^26: products of two residues are exact in a double. */
const PRIMES = [67108859, 67108837, 67108819] as const;

const [P, Q, R] = PRIMES;
const INVERSES = PRIMES.map((prime) => 1 / prime) as [number, number, number];

const residue = (x: number, prime: number): number => {
  const r = x % prime;
  return r < 0 ? r + prime : r;
};

/** The product of two residues modulo the prime: the quotient from a multiplication, which may be one off, is faster than a remainder. */
function times(a: number, b: number, prime: number, inverse: number): number {
  const product = a * b;
  const r = product - Math.floor(product * inverse) * prime;
  return r < 0 ? r + prime : r >= prime ? r - prime : r;
}

export const ZERO: Fingerprint = [0, 0, 0];
export const ONE: Fingerprint = [1, 1, 1];

export const addPrints = (a: Fingerprint, b: Fingerprint): Fingerprint => [
  (a[0] + b[0]) % P,
  (a[1] + b[1]) % Q,
  (a[2] + b[2]) % R,
];
export const multiplyPrints = (a: Fingerprint, b: Fingerprint): Fingerprint => [
  times(a[0], b[0], P, INVERSES[0]),
  times(a[1], b[1], Q, INVERSES[1]),
  times(a[2], b[2], R, INVERSES[2]),
];
export const negatePrint = (a: Fingerprint): Fingerprint => [(P - a[0]) % P, (Q - a[1]) % Q, (R - a[2]) % R];
export const subtractPrints = (a: Fingerprint, b: Fingerprint): Fingerprint => addPrints(a, negatePrint(b));

/** Whole powers by squaring; a negative one through the inverse, where the inverse of 0 is 0. */
export function powerPrint(base: Fingerprint, exponent: number): Fingerprint {
  if (exponent === 1) return base;
  if (exponent === 2) return multiplyPrints(base, base);
  const lane = (i: 0 | 1 | 2): number => {
    const [prime, inverse] = [PRIMES[i], INVERSES[i]];
    let power = residue(exponent, prime - 1);
    let square: number = base[i];
    let result = 1;
    for (; power > 0; power = Math.floor(power / 2)) {
      if (power % 2 === 1) result = times(result, square, prime, inverse);
      square = times(square, square, prime, inverse);
    }
    return result;
  };
  return [lane(0), lane(1), lane(2)];
}

export const wholePrint = (n: number): Fingerprint => [residue(n, P), residue(n, Q), residue(n, R)];
const TEN = wholePrint(10);

/** Digits of an inexact constant that count: what is left of rounding in another order is in the last four. */
const DIGITS = 12;

/**
 * A constant by its double alone: as the short decimal or the small fraction that gives that double, so that thirds add up, else
 * by its leading digits.
 */
export function constantPrint({ value }: Constant): Fingerprint {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? ONE : value < 0 ? negatePrint(INFINITE) : INFINITE;
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

const LABELS = new Map<string, readonly [number, number, number]>();
/** Most labels that are kept: those of operators are few, those of inputs as many as there are losses. */
const MAX_LABELS = 10_000;

/** What mixing begins with: the label. */
function labelState(label: string): readonly [number, number, number] {
  let state = LABELS.get(label);
  if (state === undefined) {
    let [a, b, c]: number[] = [...STARTS];
    for (let k = 0; k < label.length; k++) {
      const code = label.charCodeAt(k);
      [a, b, c] = [step(a!, code), step(b!, code), step(c!, code)];
    }
    state = [a!, b!, c!];
    if (LABELS.size >= MAX_LABELS) LABELS.clear();
    LABELS.set(label, state);
  }
  return state;
}

/** An arbitrary but fixed function of a label and fingerprints, different for every label. Order matters. */
export function mixPrints(label: string, prints: readonly Fingerprint[]): Fingerprint {
  let [a, b, c] = labelState(label);
  for (const print of prints)
    for (let k = 0; k < 3; k++) {
      const word = print[k]!;
      a = step(a, word);
      b = step(b, word);
      c = step(c, word);
    }
  const { length } = prints;
  return [finish(a ^ length) % P, finish(b ^ length) % Q, finish(c ^ length) % R];
}

/** 1 / 0. */
export const INFINITE = mixPrints('infinite', []);

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

export const isZero = (a: Fingerprint): boolean => a[0] === 0 && a[1] === 0 && a[2] === 0;
