/** Genomes that somebody else has written: read, brought into the words of the sketch, and held to what may stand in its holes. */
import { LossError } from '../../../grammar/diagnostics/diagnostic.js';
import { parseExpression } from '../../../grammar/read/parse.js';
import type { Expr } from '../../../grammar/tree/ast.js';
import { equalTrees } from '../../../grammar/tree/walk.js';
import { createRandom } from '../../random.js';
import type { Trees } from '../model/genome.js';
import type { Limits } from '../model/variation.js';
import { fitTrees } from './axes.js';
import { outsideSpace, overLimit } from './limits.js';
import { missingRoles } from './repair.js';
import { intoSpace } from './seed.js';
import type { SearchSpace } from './space.js';

/** The trees of the bodies, or why they are none. */
export function acceptedTrees(
  bodies: readonly string[],
  space: SearchSpace,
  limits: Limits,
): Trees | { readonly problem: string } {
  if (bodies.length !== space.holes)
    return { problem: `the sketch has ${space.holes} holes, and this is for ${bodies.length}` };
  const trees: Expr[] = [];
  for (const body of bodies) {
    const tree = read(body);
    if ('problem' in tree) return tree;
    trees.push(intoSpace(tree, space));
  }
  const problem =
    overLimit(trees, limits) ??
    trees.map((tree) => outsideSpace(tree, space)).find((found) => found !== undefined) ??
    missingRoles(trees, space).map(({ role }) => `it does not use the ${role}`)[0] ??
    (equalTrees(fitTrees(trees, space, createRandom('accept')), trees)
      ? undefined
      : 'it has axes that its place does not have');
  return problem === undefined ? trees : { problem };
}

function read(body: string): Expr | { readonly problem: string } {
  try {
    return parseExpression(body);
  } catch (thrown) {
    if (!(thrown instanceof LossError)) throw thrown;
    return { problem: thrown.diagnostics[0]!.message };
  }
}
