import { isBinary, isNonnegative, isPositive, type Range } from '../range.js';

/** What a variable of a rule must be known to be. Unknown means no. */
export const NEEDS = {
  positive: isPositive,
  nonnegative: isNonnegative,
  negative: (r: Range): boolean => r.hi <= 0 && r.nonzero,
  nonpositive: (r: Range): boolean => r.hi <= 0,
  binary: isBinary,
  unit: (r: Range): boolean => r.lo >= 0 && r.hi <= 1,
  total: (r: Range): boolean => r.total,
} as const satisfies Record<string, (r: Range) => boolean>;

export type Need = keyof typeof NEEDS;

/**
 * One identity, written in the language: names are variables that match anything; names in an axis position match axes.
 * `bits`: the same float for every input, NaN included. `reals`: equal up to rounding wherever the left side is
 * defined and `needs` is met.
 */
export interface Rule {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly holds: 'bits' | 'reals';
  readonly needs?: Readonly<Record<string, Need>>;
}
