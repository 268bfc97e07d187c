/**
 * Axes of trees where operators of the space reduce: what a tree has, what its place allows, and how one that does not fit is made
 * to fit. A space without such operators knows no axes, and nothing here changes a tree of it.
 */
import type { Expr } from '../../../grammar/tree/ast.js';
import { getAt, type Path, replaceAt, withChildren } from '../../../grammar/tree/walk.js';
import type { Random } from '../../random.js';
import { leafTree, type OperatorChoice, operatorTree, type SearchSpace, spaceWithin } from './space.js';
import { childrenOf, operatorOf, sitesOf } from './tree.js';

/** A set of axes as a bit mask, numbered by the sketch. */
type AxisSet = number;

const includes = (all: AxisSet, some: AxisSet): boolean => (some & ~all) === 0;

const operatorAt = (node: Expr, space: SearchSpace): OperatorChoice | undefined => {
  const name = operatorOf(node);
  return name === undefined ? undefined : space.operators.find((choice) => choice.name === name);
};

/** The axes that a tree has, assuming that each of its operands has what it must have. */
function axesOf(tree: Expr, space: SearchSpace): AxisSet {
  const operator = operatorAt(tree, space);
  if (tree.kind === 'name') {
    const leaf = space.leaves.find((choice) => choice.kind === 'name' && choice.name === tree.name);
    return leaf?.kind === 'name' ? (leaf.axes ?? 0) : 0;
  }
  return childrenOf(tree).reduce(
    (axes, child, i) => axes | (axesOf(child, space) & ~(operator?.axes?.operands[i]?.removes ?? 0)),
    operator?.axes?.gives ?? 0,
  );
}

/** What may stand at a place of a tree: the whole space where there are no axes to respect. */
export function spaceAt(space: SearchSpace, hole: number, tree: Expr, path: Path): SearchSpace {
  if (space.holeAxes === undefined) return space;
  let allowed = space.holeAxes[hole]!;
  for (const [depth, index] of path.entries()) {
    const operator = operatorAt(getAt(tree, path.slice(0, depth)), space);
    allowed |= operator?.axes?.operands[index]?.removes ?? 0;
  }
  return spaceWithin(space, allowed);
}

/** What may be the whole tree of a hole. */
export const spaceOfHole = (space: SearchSpace, hole: number): SearchSpace =>
  space.holeAxes === undefined ? space : spaceWithin(space, space.holeAxes[hole]!);

/** The trees, one for each hole, changed where they do not fit: what is too wide is reduced, what must have an axis gets it. */
export function fitTrees(trees: readonly Expr[], space: SearchSpace, random: Random): readonly Expr[] {
  const { holeAxes } = space;
  return holeAxes === undefined ? trees : trees.map((tree, i) => fit(tree, holeAxes[i]!, space, random));
}

function fit(node: Expr, allowed: AxisSet, space: SearchSpace, random: Random): Expr {
  const operator = operatorAt(node, space);
  const operands = childrenOf(node);
  const fitted =
    operands.length === 0
      ? node
      : withChildren(
          node,
          operands.map((operand, i) => {
            const { removes = 0, needs = 0 } = operator?.axes?.operands[i] ?? {};
            // What the operator itself makes too wide is reduced as a whole.
            const kept = needs & ~removes;
            const inner = fit(operand, allowed | removes | kept, space, random);
            return includes(axesOf(inner, space), needs)
              ? inner
              : withAxes(inner, needs, allowed | removes | kept, space, random);
          }),
        );
  return narrowed(fitted, allowed, space, random);
}

/** Reduced by an operator of the space until it has no other axes; a leaf where none can do that. */
function narrowed(node: Expr, allowed: AxisSet, space: SearchSpace, random: Random): Expr {
  const excess = axesOf(node, space) & ~allowed;
  if (excess === 0) return node;
  const reducers = space.operators.filter(
    ({ arity, axes }) =>
      arity === 1 &&
      axes !== undefined &&
      (axes.operands[0]!.removes & excess) !== 0 &&
      includes(allowed, axes.gives),
  );
  const able = reducers.filter(({ axes }) => includes(axesOf(node, space), axes!.operands[0]!.needs));
  if (able.length === 0) return randomLeafOf(spaceWithin(space, allowed), random);
  const { name } = random.weighted(able, ({ weight }) => weight);
  return narrowed(operatorTree(name, [node]), allowed, space, random);
}

/** A leaf of the tree gives its place to one with the axes; the whole tree does where that does not reach its root. */
function withAxes(tree: Expr, needs: AxisSet, allowed: AxisSet, space: SearchSpace, random: Random): Expr {
  const wide = spaceWithin(space, allowed).leaves.filter(
    (leaf) => leaf.kind === 'name' && includes(leaf.axes ?? 0, needs),
  );
  // Then the checker refuses the candidate.
  if (wide.length === 0) return tree;
  const leaf = leafTree(
    random.weighted(wide, ({ weight }) => weight),
    random,
  );
  const places = sitesOf(tree).filter(({ node }) => childrenOf(node).length === 0);
  const reaching = places
    .map(({ path }) => replaceAt(tree, path, leaf))
    .filter((changed) => includes(axesOf(changed, space), needs) && isServed(changed, space));
  return reaching.length === 0 ? leaf : random.pick(reaching);
}

/** Whether every operand in the tree has the axes that its operator needs. */
function isServed(tree: Expr, space: SearchSpace): boolean {
  const operator = operatorAt(tree, space);
  return childrenOf(tree).every(
    (operand, i) =>
      includes(axesOf(operand, space), operator?.axes?.operands[i]?.needs ?? 0) && isServed(operand, space),
  );
}

function randomLeafOf(space: SearchSpace, random: Random): Expr {
  return leafTree(
    random.weighted(space.leaves, ({ weight }) => weight),
    random,
  );
}
