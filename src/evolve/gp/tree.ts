/**
 * The view that genetic programming has of the language's syntax tree: `-1` is one leaf, not a minus around a number,
 * and a node is reached by the positions of children from the root. Trees are never edited: every change is a new tree.
 */
import type { Expr } from '../../../grammar/ast.js';
import { invariant } from '../../../grammar/invariant.js';

/** Positions of children from the root; empty for the root itself. */
export type Path = readonly number[];

export interface Site {
  readonly path: Path;
  readonly node: Expr;
}

/** The children of a node in source order. */
export function childrenOf(node: Expr): readonly Expr[] {
  switch (node.kind) {
    case 'binary':
      return [node.left, node.right];
    case 'call':
      return node.where === undefined ? node.args : [...node.args, node.where];
    case 'unary':
      return constantOf(node) === undefined ? [node.operand] : [];
    case 'if':
      return [...node.conditions, ...node.values, node.otherwise];
    default:
      return [];
  }
}

/** The same node with other children, as many as it has. Only for the kinds that trees in a hole are made of. */
export function withChildren(node: Expr, children: readonly Expr[]): Expr {
  const [first, second] = children;
  switch (node.kind) {
    case 'binary':
      return { kind: 'binary', op: node.op, left: first!, right: second! };
    case 'call':
      invariant(node.where === undefined, 'a tree in a hole has no "where"');
      return { kind: 'call', callee: node.callee, args: children, names: [] };
    default:
      invariant(children.length === 0, `a ${node.kind} node has no children in a hole`);
      return node;
  }
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
  return node.kind === 'call' ? node.callee : undefined;
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

export function nodeAt(tree: Expr, path: Path): Expr {
  return path.reduce((node, i) => childrenOf(node)[i]!, tree);
}

/** The tree with another node at `path`. What is not on the way is shared with the old tree. */
export function replaceAt(tree: Expr, path: Path, replacement: Expr): Expr {
  const [first, ...rest] = path;
  if (first === undefined) return replacement;
  const children = [...childrenOf(tree)];
  children[first] = replaceAt(children[first]!, rest, replacement);
  return withChildren(tree, children);
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
