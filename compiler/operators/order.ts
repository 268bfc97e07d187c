import { AXIS, type AxisOp } from './axis.js';
import { ELEMENTWISE, type ElementwiseOp } from './elementwise.js';

/** Values that do not depend on others, by their place in the canonical order: before all operators. */
const LEAVES = {
  const: 0,
  parameter: 1,
  literal: 2,
  size: 3,
  index: 4,
  input: 5,
} as const satisfies Record<string, number>;

export type LeafOp = keyof typeof LEAVES;
export type Op = ElementwiseOp | AxisOp | LeafOp;

export const isLeaf = (op: Op): op is LeafOp => Object.hasOwn(LEAVES, op);

const ranksOf = <K extends Op>(table: Readonly<Record<K, { readonly rank: number }>>): [Op, number][] =>
  (Object.keys(table) as K[]).map((op) => [op, table[op].rank]);

const RANKS: ReadonlyMap<Op, number> = new Map([
  ...(Object.entries(LEAVES) as [LeafOp, number][]),
  ...ranksOf(ELEMENTWISE),
  ...ranksOf(AXIS),
]);

/**
 * The place of an operator among all in the canonical order of terms and factors: leaves before functions, then by the ranks of
 * their rows. Part of the canonical form, so part of its hash.
 */
export const rankOf = (op: Op): number => RANKS.get(op)!;

/** All operators, in this order. */
export const OPERATORS: readonly Op[] = [...RANKS.keys()].sort((a, b) => rankOf(a) - rankOf(b));
