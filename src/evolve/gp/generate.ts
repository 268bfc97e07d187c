/** Random trees that fit a hole. Every node of a hole has one type, so every tree over the space is legal. */

import { invariant } from '../../../grammar/invariant.js';
import type { Expr } from '../../../grammar/tree/ast.js';
import type { Random } from '../../random.js';
import { leafTree, operandSpace, operatorTree, type SearchSpace } from './space.js';

/**
 * `grow` draws every node above the depth limit from operators and leaves together; `full` draws operators until the
 * limit (Koza 1992, section 6.2).
 */
export type GrowthMethod = 'grow' | 'full';

export function randomLeaf(space: SearchSpace, random: Random): Expr {
  invariant(space.leaves.length > 0, 'a sketch has leaves');
  return leafTree(
    random.weighted(space.leaves, (leaf) => leaf.weight),
    random,
  );
}

/** A random tree of depth at most `depth` (a leaf has depth 0). */
export function randomTree(space: SearchSpace, depth: number, method: GrowthMethod, random: Random): Expr {
  if (depth <= 0 || space.operators.length === 0) return randomLeaf(space, random);
  const choices = method === 'full' ? space.operators : [...space.operators, ...space.leaves];
  const choice = random.weighted(choices, (item) => item.weight);
  if ('kind' in choice) return leafTree(choice, random);
  const children = Array.from({ length: choice.arity }, (_, i) =>
    randomTree(operandSpace(space, choice, i), depth - 1, method, random),
  );
  return operatorTree(choice.name, children);
}

/** An operator with leaves below it; a leaf where the space has no operator. */
export function randomTwig(space: SearchSpace, random: Random): Expr {
  return randomTree(space, 1, 'full', random);
}

/** Half of the trees grown, half full, with limits spread evenly from the least to the greatest depth. */
export function rampedTree(
  space: SearchSpace,
  depths: { readonly least: number; readonly greatest: number },
  random: Random,
): Expr {
  const depth = depths.least + random.int(depths.greatest - depths.least + 1);
  return randomTree(space, depth, random.next() < 0.5 ? 'grow' : 'full', random);
}
