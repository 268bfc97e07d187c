import type { Node } from '../graph/graph.js';
import { isBinary, isNonnegative, isPositive } from '../operators/range.js';

/** What a variable of a rule must be known to be. Unknown means no. */
export const NEEDS = {
  positive: ({ range }) => isPositive(range),
  nonnegative: ({ range }) => isNonnegative(range),
  negative: ({ range }) => range.hi <= 0 && range.nonzero,
  nonpositive: ({ range }) => range.hi <= 0,
  binary: ({ range }) => isBinary(range),
  unit: ({ range }) => range.lo >= 0 && range.hi <= 1,
  /** Not a number that is written. */
  varying: ({ op }) => op !== 'const',
  /** An input that is data, from 0 to 1: a target. */
  target: ({ range, leaf }) => leaf?.data === true && range.lo >= 0 && range.hi <= 1,
} as const satisfies Record<string, (node: Node) => boolean>;

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
