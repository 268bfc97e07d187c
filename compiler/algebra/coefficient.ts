import { type Constant, constantOf } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import type { Simplifier } from './simplifier.js';

/** A term of a sum: coefficient times a node that has no constant factor. */
export interface Term {
  node: Node;
  coefficient: Constant;
}

/**
 * A sum of more terms stays whole inside another, and its terms do without the number in front: of a row of sums, each made from the
 * one before, every one would otherwise have as many terms as its place.
 */
export const MOST_TAKEN_APART = 32;

export const ONE: Constant = constantOf(1);
export const MINUS_ONE: Constant = constantOf(-1);
export const ZERO: Constant = constantOf(0);

/** A number times what is left; of a constant nothing is left. */
export interface Split {
  readonly coefficient: Constant;
  readonly rest: Node | undefined;
}

/** A node as coefficient times rest. */
export function splitCoefficient(algebra: Simplifier, node: Node): Split {
  const { cache } = node;
  cache.split ??= split(algebra, node);
  return cache.split;
}

function split(algebra: Simplifier, node: Node): Split {
  if (node.op === 'const') return { coefficient: node, rest: undefined };
  const first = node.args[0];
  if (node.op !== 'mul' || first?.op !== 'const') return { coefficient: ONE, rest: node };
  const others = node.args.slice(1);
  return { coefficient: first, rest: others.length === 1 ? others[0]! : algebra.graph.make('mul', others) };
}

export const isWhole = ({ value }: Constant): boolean => Number.isInteger(value);
