import type { Expr } from '../../grammar/tree/ast.js';
import { binary, call, num } from '../../grammar/tree/build.js';
import type { Node } from '../graph/graph.js';
import { type Domain, NEAREST } from '../operators/domain.js';
import type { ElementwiseOp } from '../operators/elementwise.js';
import type { Range } from '../operators/range.js';

/** What a guard keeps its argument to; `distance` is the number. */
export type Bound =
  /** At least, or at most, the distance. */
  | 'least'
  | 'most'
  /** That far from 0, on the side where it is. */
  | 'away'
  /** Its size, at least the distance. */
  | 'size'
  /** No larger in size than the distance. */
  | 'within';

export interface Guard {
  /** What is protected. */
  readonly op: 'function' | 'divide' | 'root' | 'power' | 'quotient';
  /** Of a function: which, and where it is defined. */
  readonly of?: { readonly op: ElementwiseOp; readonly domain: Domain };
  /** The argument that could leave the domain. */
  readonly argument: Node;
  /** What stands in its place. */
  readonly guarded: Node;
  readonly bound: Bound;
  readonly distance: number;
  /** Of a power: the guard is there while this is negative, and `distance` is for an exponent of -1. */
  readonly exponent?: Node;
}

export type Interval = Pick<Range, 'lo' | 'hi'>;

/** Arguments that a guard changes, and what it makes of them. */
export interface Change {
  readonly from: Interval;
  readonly into: Interval;
}

/** What a bound makes of its argument, and of which arguments it makes something else. */
interface BoundRow {
  readonly kept: (distance: string) => string;
  /** What is changed of arguments within given bounds. */
  readonly changes: (within: Interval, distance: number) => readonly Change[];
  /** The same as a condition, and in words. */
  readonly where: (argument: Expr, distance: number) => Expr;
  readonly there: string;
}

const below = ({ lo, hi }: Interval, most: number): Interval => ({ lo, hi: Math.min(hi, most) });
const above = ({ lo, hi }: Interval, least: number): Interval => ({ lo: Math.max(lo, least), hi });
const at = (value: number): Interval => ({ lo: value, hi: value });
const size = (argument: Expr): Expr => call('abs', [argument]);

export const BOUNDS: { readonly [K in Bound]: BoundRow } = {
  least: {
    kept: (distance) => `at least ${distance}`,
    changes: (within, distance) => [{ from: below(within, distance), into: at(distance) }],
    where: (argument, distance) => binary('<', argument, num(distance)),
    there: 'where it is smaller',
  },
  most: {
    kept: (distance) => `at most ${distance}`,
    changes: (within, distance) => [{ from: above(within, distance), into: at(distance) }],
    where: (argument, distance) => binary('>', argument, num(distance)),
    there: 'where it is more',
  },
  away: {
    kept: (distance) => `at least ${distance} away from 0, with its sign`,
    changes: (within, distance) => [
      { from: above(below(within, distance), -distance), into: { lo: -distance, hi: distance } },
    ],
    where: (argument, distance) => binary('<', size(argument), num(distance)),
    there: 'where it is nearer to 0',
  },
  size: {
    kept: (distance) => `its size, at least ${distance}`,
    changes: (within, distance) => [
      { from: below(within, distance), into: { lo: distance, hi: Math.max(distance, -within.lo) } },
    ],
    where: (argument, distance) => binary('<', argument, num(distance)),
    there: 'where it is smaller',
  },
  within: {
    kept: (distance) => `at most ${distance} in size`,
    changes: (within, distance) => [
      { from: below(within, -distance), into: at(-distance) },
      { from: above(within, distance), into: at(distance) },
    ],
    where: (argument, distance) => binary('>', size(argument), num(distance)),
    there: 'where it is larger',
  },
};

/** The bound of a guard in words. */
export function sayBound(
  { bound, distance, exponent }: Guard,
  show: (distance: number) => string = String,
): string {
  const number = show(distance);
  if (exponent === undefined) return BOUNDS[bound].kept(number);
  const away = bound === 'away' ? ' away from 0, with its sign,' : '';
  const root = exponent.range.lo < -1 && distance === NEAREST ? '^(1/p)' : '';
  return `at least ${number}${root}${away} where the exponent is ${root === '' ? 'negative' : '-p with p > 0'}`;
}
