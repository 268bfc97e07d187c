/**
 * A loss needs the target and the prediction. A genome in which one is missing is repaired rather than thrown away
 * (as in EvoMAL, Raymond et al. 2023): a leaf that nothing depends on becomes the missing one, or else a leaf
 * becomes an operator between itself and the missing one.
 */
import type { Expr } from '../../../grammar/tree/ast.js';
import { replaceAt } from '../../../grammar/tree/walk.js';
import type { Random } from '../../random.js';
import { operatorTree, type SearchSpace } from './space.js';
import { childrenOf, namesIn, type Site, sitesOf } from './tree.js';

interface LeafSite extends Site {
  readonly hole: number;
}

/** The roles that no tree mentions though the sketch leaves them to the holes. */
export function missingRoles(trees: readonly Expr[], space: SearchSpace): SearchSpace['required'] {
  const present = new Set(trees.flatMap((tree) => [...namesIn(tree)]));
  return space.required.filter(({ names }) => !names.some((name) => present.has(name)));
}

/** The trees with every required role present. Trees that lack nothing are returned as they are. */
export function repairTrees(trees: readonly Expr[], space: SearchSpace, random: Random): readonly Expr[] {
  return missingRoles(trees, space).reduce<readonly Expr[]>(
    (repaired, { names }) => addRole(repaired, random.pick(names), space, random),
    trees,
  );
}

function addRole(trees: readonly Expr[], name: string, space: SearchSpace, random: Random): readonly Expr[] {
  const leaves = trees.flatMap((tree, hole) =>
    sitesOf(tree)
      .filter(({ node }) => childrenOf(node).length === 0)
      .map((site): LeafSite => ({ ...site, hole })),
  );
  const missing: Expr = { kind: 'name', name };
  const free = leaves.filter(({ node }) => isSpare(node, leaves, space));
  if (free.length > 0) {
    const { hole, path } = random.pick(free);
    return replaceIn(trees, hole, path, missing);
  }
  const { hole, path, node } = random.pick(leaves);
  const binary = space.operators.filter((operator) => operator.arity === 2);
  if (binary.length === 0) return replaceIn(trees, hole, path, missing);
  const operator = random.weighted(binary, (choice) => choice.weight);
  const children = random.next() < 0.5 ? [node, missing] : [missing, node];
  return replaceIn(trees, hole, path, operatorTree(operator.name, children));
}

/** Constants, optional names, and names that occur more than once may go without a required role getting lost. */
function isSpare(node: Expr, leaves: readonly LeafSite[], space: SearchSpace): boolean {
  if (node.kind !== 'name') return true;
  const role = space.required.find(({ names }) => names.includes(node.name));
  if (role === undefined) return true;
  return (
    leaves.filter(({ node: other }) => other.kind === 'name' && role.names.includes(other.name)).length > 1
  );
}

function replaceIn(trees: readonly Expr[], hole: number, path: Site['path'], node: Expr): readonly Expr[] {
  return trees.map((tree, i) => (i === hole ? replaceAt(tree, path, node) : tree));
}
