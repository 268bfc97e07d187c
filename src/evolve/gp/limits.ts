/** Size limits of a genome, and whether its trees fit the space at all. */
import type { Expr } from '../../../grammar/tree/ast.js';
import type { Limits } from '../model/variation.js';
import { domainFor, type SearchSpace } from './space.js';
import { childrenOf, constantOf, depthOf, operatorOf, sitesOf, sizeOf } from './tree.js';

/** Why a genome breaks the limits, or undefined. */
export function overLimit(trees: readonly Expr[], limits: Limits): string | undefined {
  const nodes = trees.reduce((total, tree) => total + sizeOf(tree), 0);
  if (nodes > limits.nodes) return `${nodes} nodes, the limit is ${limits.nodes}`;
  const depth = Math.max(...trees.map(depthOf));
  if (depth > limits.depth) return `depth ${depth}, the limit is ${limits.depth}`;
  const { nesting } = limits;
  if (nesting === undefined) return undefined;
  const nested = Math.max(...trees.map(nestingOf));
  return nested > nesting
    ? `a function is nested ${nested} times in itself, the limit is ${nesting}`
    : undefined;
}

/** How often one function stands within itself at most: 2 for `exp(1 + exp(x))`. */
function nestingOf(tree: Expr): number {
  const visit = (node: Expr, above: ReadonlyMap<string, number>): number => {
    const name = node.kind === 'call' ? node.callee.name : undefined;
    const count = name === undefined ? 0 : (above.get(name) ?? 0) + 1;
    const here = name === undefined ? above : new Map([...above, [name, count]]);
    return Math.max(count, ...childrenOf(node).map((child) => visit(child, here)));
  };
  return visit(tree, new Map());
}

/** What a tree has and a sketch does not allow. */
export interface Missing {
  readonly operators: readonly string[];
  readonly leaves: readonly string[];
}

/** All that a sketch would have to have for these trees, each once. */
export function missingFor(trees: readonly Expr[], space: SearchSpace): Missing {
  const operators = new Set<string>();
  const leaves = new Set<string>();
  for (const { node } of trees.flatMap(sitesOf)) {
    const name = operatorOf(node);
    const value = constantOf(node);
    if (name !== undefined) {
      if (!space.operators.some((choice) => choice.name === name)) operators.add(name);
    } else if (value !== undefined) {
      if (!allowsConstant(space, value)) leaves.add(String(value));
    } else if (node.kind === 'name' && !hasLeaf(space, node.name)) leaves.add(node.name);
  }
  return { operators: [...operators], leaves: [...leaves] };
}

const hasLeaf = (space: SearchSpace, name: string): boolean =>
  space.leaves.some((leaf) => leaf.kind === 'name' && leaf.name === name);

/** The first node that the sketch does not allow, as a sentence, or undefined. Whole numbers grow out of listed ones. */
export function outsideSpace(tree: Expr, space: SearchSpace): string | undefined {
  for (const { node } of sitesOf(tree)) {
    const name = operatorOf(node);
    const value = constantOf(node);
    if (name !== undefined) {
      const operator = space.operators.find((choice) => choice.name === name);
      if (operator === undefined) return `the sketch has no operator ${name}`;
      if (childrenOf(node).length !== operator.arity) return `${name} takes ${operator.arity} arguments`;
    } else if (value !== undefined) {
      if (!allowsConstant(space, value)) return `the sketch has no leaf for the number ${value}`;
    } else if (node.kind === 'name') {
      if (!hasLeaf(space, node.name)) return `the sketch has no leaf ${node.name}`;
    } else {
      return `a hole takes operators and leaves, not ${node.kind}`;
    }
  }
  return undefined;
}

/** Listed, drawn from a domain, or a whole number reached by steps of 1 from a listed whole number (as in GLO). */
function allowsConstant(space: SearchSpace, value: number): boolean {
  if (domainFor(space, value) !== undefined) return true;
  return space.leaves.some(
    (leaf) =>
      leaf.kind === 'number' &&
      (leaf.value === value || (Number.isInteger(leaf.value) && Number.isInteger(value))),
  );
}
