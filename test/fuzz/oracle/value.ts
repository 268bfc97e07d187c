import { type Axis, byRank, countOf, places } from '../../../compiler/exact/axes.js';

/**
 * Numbers on named axes as the oracle sees them: each entry with its derivatives, with bounds on what rounding may do to both,
 * and with the reasons why nothing should be concluded from it.
 */

/** A tensor: a shape and its numbers, row by row. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

/** Why an entry is not to be compared, as bits. */
export const DOUBT = {
  /** An argument outside the domain of its operator, or so near the edge that a guard decides. */
  domain: 1,
  /** Larger or smaller than the precision allows: guards keep such numbers from leaving float32. */
  extreme: 2,
  /** A comparison of numbers that are equal but for rounding. */
  rounding: 4,
  /** No slope, or one that depends on how the loss is written: a tie, a kink, the root of 0. The value may be compared. */
  slope: 8,
  /** The infinity of a reduction over nothing, left out by a condition: factors of it may stand outside that condition. */
  nothing: 16,
} as const;
/** Beside the doubts: worked out from a reduction over nothing. No doubt by itself. */
export const OVER_NOTHING = 32;
/** What is doubtful of a result of which an entry is left out. */
export const doubtOfDropped = (dropped: number): number =>
  (dropped & OVER_NOTHING) === 0 ? 0 : DOUBT.nothing;

export interface Value {
  /** By rank. */
  readonly axes: readonly Axis[];
  readonly data: Float64Array;
  /** How far off each entry may be when every operation is off by `ulp()` of its result. */
  readonly error: Float64Array;
  /** Derivatives, entry by entry, `width` of them each; undefined where nothing is differentiated. */
  readonly slope: Float64Array | undefined;
  readonly slopeError: Float64Array | undefined;
  /** Bits of `DOUBT`. */
  readonly doubt: Uint8Array;
  readonly isCondition: boolean;
  /** Worked out from numbers that are written in the program. */
  readonly isConstant: boolean;
}

/** What arithmetic the results are to be compared with. */
export interface Precision {
  /** The relative error that the bounds assume of an operation: more than its own, for there are other ways to write a formula. */
  readonly ulp: number;
  /** Larger than this, or smaller than its reciprocal, and the arithmetic may leave its range. */
  readonly largest: number;
  /** Some units of the smallest number: what products of denormal numbers are off by, having few digits left. */
  readonly tiny: number;
  /** Below this, multiples of 1/1024 are exact. */
  readonly short: number;
  /** Whether a number that is written or given is exactly that. */
  readonly holds: (x: number) => boolean;
}
/** A hundred thousand times the error of float64. */
export const DOUBLE: Precision = {
  ulp: 1e-11,
  largest: 1e18,
  tiny: 2 ** -1070,
  short: 2 ** 30,
  holds: () => true,
};
/** Thirty times the error of float32. */
export const SINGLE: Precision = {
  ulp: 2e-6,
  largest: 1e9,
  tiny: 2 ** -145,
  short: 2 ** 13,
  holds: (x) => Math.fround(x) === x,
};
/** Float64, where a number such as 1.0000001 is one that has been rounded: 1.0000001 - x may not be worked out as 1 - x + 1e-7. */
export const PRINTED: Precision = { ...DOUBLE, holds: SINGLE.holds };

let current = DOUBLE;
/** Does something with another precision. */
export function withPrecision<T>(precision: Precision, work: () => T): T {
  const before = current;
  current = precision;
  try {
    return work();
  } finally {
    current = before;
  }
}
export const ulp = (): number => current.ulp;
export const tiny = (): number => current.tiny;
/** What a number that is written or given may be off by. */
const givenError = (x: number): number =>
  current.holds(x) || !Number.isFinite(x) ? 0 : current.ulp * Math.abs(x);

/** An entry-wise result to be filled. */
export function blank(axes: readonly Axis[], width: number | undefined, isConstant = false): Value {
  const count = countOf(axes);
  return {
    axes,
    data: new Float64Array(count),
    error: new Float64Array(count),
    slope: width === undefined ? undefined : new Float64Array(count * width),
    slopeError: width === undefined ? undefined : new Float64Array(count * width),
    doubt: new Uint8Array(count),
    isCondition: false,
    isConstant,
  };
}

export function scalar(value: number, isConstant = false): Value {
  const result = blank([], undefined, isConstant);
  result.data[0] = value;
  result.error[0] = givenError(value);
  return result;
}

/** The number of derivatives of each entry, if any of the values has some. */
export function widthOf(values: readonly Value[]): number | undefined {
  for (const value of values) if (value.slope !== undefined) return value.slope.length / value.data.length;
  return undefined;
}

/** Row-major numbers along axes in any order. */
export function ordered(axes: readonly Axis[], numbers: ArrayLike<number>, isConstant = false): Value {
  const result = blank(byRank(axes), undefined, isConstant);
  for (const [k, from] of places(axes, result.axes).entries()) {
    result.data[k] = numbers[from]!;
    result.error[k] = givenError(numbers[from]!);
  }
  return result;
}

/** Copies an entry of one value into another with the same number of derivatives. */
export function copyEntry(from: Value, i: number, to: Value, k: number): void {
  to.data[k] = from.data[i]!;
  to.error[k] = from.error[i]!;
  to.doubt[k] = to.doubt[k]! | from.doubt[i]!;
  if (from.slope === undefined) return;
  const width = from.slope.length / from.data.length;
  for (let j = 0; j < width; j++) {
    to.slope![k * width + j] = from.slope[i * width + j]!;
    to.slopeError![k * width + j] = from.slopeError![i * width + j]!;
  }
}

/** A result of exact numbers with few digits is taken to be exact, as 2 * 3 is. */
export const isShort = (x: number): boolean => Math.abs(x) < current.short && Number.isInteger(x * 1024);

export const roundingOf = (x: number, isExact: boolean): number =>
  !Number.isFinite(x) || (isExact && isShort(x)) ? 0 : current.ulp * Math.abs(x);

/** Doubts about a finished entry, for its size alone. */
export function sizeDoubt(x: number): number {
  if (Number.isNaN(x)) return DOUBT.domain;
  const size = Math.abs(x);
  const isExtreme = size > current.largest || (size !== 0 && size < 1 / current.largest);
  return Number.isFinite(x) && isExtreme ? DOUBT.extreme : 0;
}
