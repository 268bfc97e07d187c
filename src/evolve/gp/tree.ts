/**
 * The view that genetic programming has of the language's syntax tree: `-1` is one leaf, not a minus around a number,
 * everything else is `grammar/tree/walk.ts`.
 */
import type { Expr } from '../../../grammar/tree/ast.js';
import { children, type Path } from '../../../grammar/tree/walk.js';

export interface Site {
  readonly path: Path;
  readonly node: Expr;
}

/** The children of a node; the number inside `-1` is not one. */
export function childrenOf(node: Expr): readonly Expr[] {
  return constantOf(node) === undefined ? children(node) : [];
}

/** A number, or a minus around one. */
export function constantOf(node: Expr): number | undefined {
  if (node.kind === 'number') return node.value;
  if (node.kind !== 'unary' || node.op !== '-' || node.operand.kind !== 'number') return undefined;
  return -node.operand.value;
}

/** The operator or function of an inner node; undefined for a leaf. */
export function operatorOf(node: Expr): string | undefined {
  if (node.kind === 'binary') return node.op;
  return node.kind === 'call' ? node.callee.name : undefined;
}

/** All nodes, parents before children, left to right. */
export function sitesOf(tree: Expr): Site[] {
  const sites: Site[] = [];
  const visit = (node: Expr, path: Path): void => {
    sites.push({ path, node });
    for (const [i, child] of childrenOf(node).entries()) visit(child, [...path, i]);
  };
  visit(tree, []);
  return sites;
}

/** Number of nodes. */
export function sizeOf(tree: Expr): number {
  return childrenOf(tree).reduce((total, child) => total + sizeOf(child), 1);
}

/** Longest way from the root down, in edges: a leaf has depth 0. */
export function depthOf(tree: Expr): number {
  return childrenOf(tree).reduce((deepest, child) => Math.max(deepest, 1 + depthOf(child)), 0);
}

/** Names of the inputs and parameters that a tree mentions. */
export function namesIn(tree: Expr): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { node } of sitesOf(tree)) if (node.kind === 'name') names.add(node.name);
  return names;
}
