import type { BigNumber } from 'mathjs';

export type { BigNumber } from 'mathjs';

/** mathjs's numbers of one precision. Each rounds what it computes to that many significant digits. */
export interface BigNumberClass {
  new (value: number | string | BigNumber): BigNumber;
  readonly precision: number;
  clone(settings: { readonly precision: number }): BigNumberClass;
}

/** mathjs knows pi and log(10), on which sines and logarithms stand, to 1,025 digits. */
export const MOST_DIGITS = 900;

let loading: Promise<BigNumberClass> | undefined;

/** It is loaded when it is first asked for: only exact digits need it. */
async function load(): Promise<BigNumberClass> {
  const { mathjs } = await import('./mathjs.js');
  return mathjs.create({ BigNumberDependencies: mathjs.BigNumberDependencies }, { precision: 64 }).BigNumber;
}

/** Numbers of a precision, in significant decimal digits. */
export async function bigNumbers(precision: number): Promise<BigNumberClass> {
  loading ??= load();
  return (await loading).clone({ precision });
}

/** The number that a float is, to the last binary digit: 0.1 is 0.1000000000000000055511151231257827…. */
export function binaryDigits(Big: BigNumberClass, value: number): BigNumber {
  if (!Number.isFinite(value) || Number.isInteger(value)) return new Big(value);
  // A double is a whole number of 2^-1074, and half of it is exact until it is smaller than that.
  let [whole, halves] = [value, 0];
  while (!Number.isInteger(whole)) {
    whole *= 2;
    halves++;
  }
  const Wide = Big.clone({ precision: 1100 });
  return new Big(new Wide(whole).div(new Wide(2).pow(halves)));
}

/** Why a 0, or what is not finite, may be another number. */
export interface Doubts {
  /** Some number was too large or too small for mathjs: 10^(9e15). */
  leftRange: boolean;
  /** Some 0 came of numbers that are not: it may be a small number in more digits, as 1 - sigmoid(1000) is. */
  cancelled: boolean;
}
