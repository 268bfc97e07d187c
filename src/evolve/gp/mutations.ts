/**
 * The table of mutations. Each row is a local edit: where it applies, and what it makes of the node. Nothing here
 * looks at limits or at roles; `vary.ts` does.
 */

import type { Expr } from '../../../grammar/tree/ast.js';
import { num } from '../../../grammar/tree/build.js';
import { equalTrees, withChildren } from '../../../grammar/tree/walk.js';
import type { Random } from '../../random.js';
import type { MutationName } from '../model/variation.js';
import { randomLeaf, randomTree, randomTwig } from './generate.js';
import { outsideSpace } from './limits.js';
import { domainFor, leafTree, operatorTree, roundInto, type SearchSpace } from './space.js';
import { childrenOf, constantOf, operatorOf, sitesOf } from './tree.js';

export interface MutationContext {
  readonly space: SearchSpace;
  /** Greatest depth of the tree that `subtree` grows. */
  readonly subtreeDepth: number;
  /** The compiler's simplifier on a tree of a hole; without it `simplify` does not apply. */
  readonly simplify?: (tree: Expr) => Expr;
}

export interface Mutation {
  /** Whether the edit can change this node at all. */
  appliesAt(node: Expr, context: MutationContext): boolean;
  /** The node after the edit. Precondition: `appliesAt`. */
  edit(node: Expr, context: MutationContext, random: Random): Expr;
}

const isInner = (node: Expr): boolean => childrenOf(node).length > 0;

/** Relative and absolute width of a step of a constant: 20 % of its size, and enough to leave 0 or change sign. */
const CONSTANT_STEP = { relative: 0.2, absolute: 0.05 };

export const MUTATIONS: Readonly<Record<MutationName, Mutation>> = {
  /** GLO: a whole number becomes one more or one less. */
  'integer-step': {
    appliesAt: (node, { space }) => integerSteps(node, space).length > 0,
    edit: (node, { space }, random) => random.pick(integerSteps(node, space)),
  },
  /** GLO: another operator of the same arity, or another leaf. */
  'same-arity': {
    appliesAt: (node, { space }) => alternatives(node, space).length > 0,
    edit: (node, { space }, random) =>
      random.weighted(alternatives(node, space), (choice) => choice.weight).make(random),
  },
  /** GLO: a node with all that is below it becomes a leaf. */
  collapse: {
    appliesAt: isInner,
    edit: (_, { space }, random) => randomLeaf(space, random),
  },
  /** GLO: a leaf becomes an operator with leaves below. */
  expand: {
    appliesAt: (node, { space }) => !isInner(node) && space.operators.length > 0,
    edit: (_, { space }, random) => randomTwig(space, random),
  },
  /** A node with all that is below it becomes a random tree (Koza 1992). */
  subtree: {
    appliesAt: () => true,
    edit: (_, { space, subtreeDepth }, random) => randomTree(space, subtreeDepth, 'grow', random),
  },
  /** A leaf or subtree becomes an operand of a new operator: growth that keeps what was there. */
  insert: {
    appliesAt: (_, { space }) => space.operators.length > 0,
    edit: (node, { space }, random) => {
      const { name, arity } = random.weighted(space.operators, (operator) => operator.weight);
      const place = random.int(arity);
      const children = Array.from({ length: arity }, (_, i) =>
        i === place ? node : randomLeaf(space, random),
      );
      return operatorTree(name, children);
    },
  },
  /** A node gives its place to something below it (Kinnear 1994): trees get smaller. */
  hoist: {
    appliesAt: isInner,
    edit: (node, _, random) => random.pick(sitesOf(node).slice(1)).node,
  },
  /** Two operands change places. */
  swap: {
    appliesAt: (node) => swaps(node).length > 0,
    edit: (node, _, random) => random.pick(swaps(node)),
  },
  /** A constant that was drawn from a domain moves a little and stays inside it. */
  perturb: {
    appliesAt: (node, { space }) => {
      const value = constantOf(node);
      return value !== undefined && domainFor(space, value) !== undefined;
    },
    edit: (node, { space }, random) => {
      const value = constantOf(node)!;
      const width = Math.max(CONSTANT_STEP.absolute, Math.abs(value) * CONSTANT_STEP.relative);
      return num(roundInto(domainFor(space, value)!, value + width * random.normal()));
    },
  },
  /** The simplifier's form of a subtree, where the sketch can say it. */
  simplify: {
    appliesAt: (node, { simplify }) => simplify !== undefined && isInner(node),
    edit: (node, { simplify, space }) => {
      const simpler = simplify!(node);
      return outsideSpace(simpler, space) === undefined ? simpler : node;
    },
  },
};

function integerSteps(node: Expr, space: SearchSpace): Expr[] {
  const value = constantOf(node);
  if (value === undefined || !Number.isInteger(value)) return [];
  return [value - 1, value + 1].map(num).filter((next) => outsideSpace(next, space) === undefined);
}

interface Alternative {
  readonly weight: number;
  make(random: Random): Expr;
}

function alternatives(node: Expr, space: SearchSpace): Alternative[] {
  const name = operatorOf(node);
  const children = childrenOf(node);
  if (name !== undefined) {
    return space.operators
      .filter((operator) => operator.arity === children.length && operator.name !== name)
      .map((operator) => ({ weight: operator.weight, make: () => operatorTree(operator.name, children) }));
  }
  const value = constantOf(node);
  return space.leaves
    .filter((leaf) =>
      leaf.kind === 'name'
        ? node.kind !== 'name' || leaf.name !== node.name
        : leaf.kind === 'drawn' || leaf.value !== value,
    )
    .map((leaf) => ({ weight: leaf.weight, make: (random) => leafTree(leaf, random) }));
}

/** The node with each pair of unequal operands exchanged. */
function swaps(node: Expr): Expr[] {
  const children = childrenOf(node);
  return children.flatMap((_, i) =>
    children.slice(i + 1).flatMap((_, k) => {
      const j = i + 1 + k;
      if (equalTrees(children[i]!, children[j]!)) return [];
      const exchanged = [...children];
      [exchanged[i], exchanged[j]] = [children[j]!, children[i]!];
      return [withChildren(node, exchanged)];
    }),
  );
}
