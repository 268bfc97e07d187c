/**
 * Variation of whole genomes (one tree per hole): picks the hole, the edit and its place, repairs what lost the target
 * or the prediction, and holds the result to the limits. Parents are never touched.
 */
import type { Expr } from '../../../grammar/tree/ast.js';
import { equalTrees, replaceAt, withChildren } from '../../../grammar/tree/walk.js';
import type { Random } from '../../random.js';
import type { Trees } from '../model/genome.js';
import { type Limits, MUTATION_NAMES, type MutationName, type PassRates } from '../model/variation.js';
import { fitTrees, spaceAt, spaceOfHole } from './axes.js';
import { crossTrees } from './crossover.js';
import { rampedTree, randomTree } from './generate.js';
import { overLimit } from './limits.js';
import { MUTATIONS, type MutationContext } from './mutations.js';
import { missingRoles, repairTrees } from './repair.js';
import { childrenOf, sitesOf, sizeOf } from './tree.js';

export interface VariationContext extends MutationContext {
  readonly limits: Limits;
}

/** How often an edit is tried again when the result breaks a limit or is the parent again. */
const TRIES = 10;

export type Variation =
  | { readonly trees: Trees; readonly operator: string }
  | { readonly failed: string; readonly operator: string };

/** The trees with every role that they need, in the axes of their places. */
const inOrder = (trees: Trees, { space }: VariationContext, random: Random): Trees =>
  fitTrees(repairTrees(trees, space, random), space, random);

/** A tree that was made to fit its axes may have lost what it needs. */
const missingProblem = (trees: Trees, { space }: VariationContext): string | undefined =>
  missingRoles(trees, space).length > 0 ? 'no place for the target or the prediction' : undefined;

/** Repairs, and says why the result may not be used. */
function settle(trees: Trees, parents: readonly Trees[], context: VariationContext, random: Random) {
  const repaired = inOrder(trees, context, random);
  const problem =
    missingProblem(repaired, context) ??
    overLimit(repaired, context.limits) ??
    (parents.some((parent) => equalTrees(parent, repaired)) ? 'the same as the parent' : undefined);
  return { repaired, problem };
}

function attempt(
  operator: string,
  parents: readonly Trees[],
  context: VariationContext,
  random: Random,
  make: () => Trees,
): Variation {
  let reason = '';
  for (let i = 0; i < TRIES; i++) {
    const { repaired, problem } = settle(make(), parents, context, random);
    if (problem === undefined) return { trees: repaired, operator };
    reason = problem;
  }
  return { failed: reason, operator };
}

/** A random genome, repaired and within the limits. */
export function randomTrees(
  depths: { readonly least: number; readonly greatest: number },
  context: VariationContext,
  random: Random,
): Variation {
  return attempt('random', [], context, random, () =>
    Array.from({ length: context.space.holes }, (_, hole) =>
      rampedTree(spaceOfHole(context.space, hole), depths, random),
    ),
  );
}

/** A random genome as GLO begins: every node drawn from operators and leaves together. */
export function randomGrownTrees(depth: number, context: VariationContext, random: Random): Variation {
  return attempt('random', [], context, random, () =>
    Array.from({ length: context.space.holes }, (_, hole) =>
      randomTree(spaceOfHole(context.space, hole), depth, 'grow', random),
    ),
  );
}

/** The hole to work on: larger trees more often, so that every node is as likely as every other. */
function pickHole(trees: Trees, random: Random): number {
  return random.weighted(
    trees.map((_, i) => i),
    (i) => sizeOf(trees[i]!),
  );
}

/** One mutation, drawn by weight among those that apply somewhere in the drawn hole. */
export function mutate(
  parent: Trees,
  weights: Readonly<Record<MutationName, number>>,
  context: VariationContext,
  random: Random,
): Variation {
  const hole = pickHole(parent, random);
  const tree = parent[hole]!;
  const sites = sitesOf(tree);
  const places = (name: MutationName) => sites.filter(({ node }) => MUTATIONS[name].appliesAt(node, context));
  const applicable = MUTATION_NAMES.filter((name) => weights[name] > 0 && places(name).length > 0);
  if (applicable.length === 0) return { failed: 'no mutation applies', operator: 'mutation' };
  const name = random.weighted(applicable, (candidate) => weights[candidate]);
  const allowed = places(name);
  return attempt(name, [parent], context, random, () => {
    const { path, node } = random.pick(allowed);
    const here = { ...context, space: spaceAt(context.space, hole, tree, path) };
    // What an operator may become differs from place to place where there are axes.
    const edited = MUTATIONS[name].appliesAt(node, here) ? MUTATIONS[name].edit(node, here, random) : node;
    return parent.map((other, i) => (i === hole ? replaceAt(tree, path, edited) : other));
  });
}

/** GLO's mutation: one pass from the leaves up, in which every edit of the table happens at a node with its own rate. */
export function mutateByPass(
  parent: Trees,
  rates: PassRates,
  context: VariationContext,
  random: Random,
): Variation {
  const pass = (node: Expr): Expr => {
    const below = childrenOf(node);
    let current = below.length === 0 ? node : withChildren(node, below.map(pass));
    for (const name of MUTATION_NAMES) {
      const rate = rates[name] ?? 0;
      if (rate > 0 && random.next() < rate && MUTATIONS[name].appliesAt(current, context)) {
        current = MUTATIONS[name].edit(current, context, random);
      }
    }
    return current;
  };
  const repaired = inOrder(parent.map(pass), context, random);
  const problem = missingProblem(repaired, context) ?? overLimit(repaired, context.limits);
  return problem === undefined
    ? { trees: repaired, operator: 'pass' }
    : { failed: problem, operator: 'pass' };
}

/** Subtree crossover in one hole; the other holes stay with their parent. Both children, each settled on its own. */
export function cross(
  first: Trees,
  second: Trees,
  context: VariationContext,
  random: Random,
): readonly [Variation, Variation] {
  const hole = pickHole(first, random);
  const parents = [first, second];
  const child = (mine: Trees, which: 0 | 1): Variation =>
    attempt('crossover', parents, context, random, () => {
      const crossed = crossTrees(first[hole]!, second[hole]!, random);
      return mine.map((tree, i) => (i === hole ? crossed[which] : tree));
    });
  return [child(first, 0), child(second, 1)];
}
