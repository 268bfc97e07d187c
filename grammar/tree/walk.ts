import { invariant } from '../invariant.js';
import { CHILDREN, type Expr } from './ast.js';

/**
 * Walks over expressions. None of them recurses, so a sum of 100,000 terms, which is a tree 100,000 deep, is fine.
 */

/** Which child to take at each step from the root, as `children` numbers them. */
export type Path = readonly number[];

/** The children of a node, in the order of `CHILDREN`. */
export function children(expr: Expr): readonly Expr[] {
  // All but two kinds written out: this is the inside of every walk.
  switch (expr.kind) {
    case 'number':
    case 'name':
    case 'hole':
      return NONE;
    case 'unary':
      return [expr.operand];
    case 'binary':
      return [expr.left, expr.right];
    default:
      return listedChildren(expr);
  }
}
const NONE: readonly Expr[] = [];

function listedChildren(expr: Expr): readonly Expr[] {
  const fields = expr as unknown as Readonly<Record<string, Expr | readonly Expr[] | undefined>>;
  return CHILDREN[expr.kind].flatMap((field) => fields[field] ?? []);
}

/** The node with other children, as many as it has; the node itself if they are the same objects. Keeps its span. */
export function withChildren<E extends Expr>(expr: E, replaced: readonly Expr[]): E {
  const before = children(expr);
  invariant(before.length === replaced.length, `${expr.kind} has ${before.length} children`);
  if (before.every((child, index) => child === replaced[index])) return expr;
  const fields = expr as unknown as Readonly<Record<string, Expr | readonly Expr[] | undefined>>;
  const changed: Record<string, Expr | readonly Expr[]> = {};
  let next = 0;
  for (const field of CHILDREN[expr.kind]) {
    const value = fields[field];
    if (value === undefined) continue;
    if (Array.isArray(value)) {
      changed[field] = replaced.slice(next, next + value.length);
      next += value.length;
    } else {
      changed[field] = replaced[next]!;
      next += 1;
    }
  }
  return { ...expr, ...changed };
}

/** The node with each child put through a function; the node itself if nothing changed. */
export function mapChildren<E extends Expr>(expr: E, map: (child: Expr, index: number) => Expr): E {
  return withChildren(expr, children(expr).map(map));
}

/**
 * Calls `see` on every node, parents first. `path` leads to the node and is only valid during the call: copy it to keep it.
 */
export function visit(root: Expr, see: (node: Expr, path: Path) => void): void {
  const path: number[] = [];
  see(root, path);
  const open = [{ nodes: children(root), next: 0 }];
  for (let level = open.at(-1); level !== undefined; level = open.at(-1)) {
    const node = level.nodes[level.next];
    if (node === undefined) {
      open.pop();
      path.pop();
      continue;
    }
    path.push(level.next);
    level.next += 1;
    see(node, path);
    open.push({ nodes: children(node), next: 0 });
  }
}

/** Bottom-up: the result for a node from the node and the results for its children. */
export function fold<T>(root: Expr, combine: (node: Expr, results: readonly T[]) => T): T {
  interface Level {
    readonly node: Expr;
    readonly nodes: readonly Expr[];
    readonly results: T[];
  }
  const enter = (node: Expr): Level => ({ node, nodes: children(node), results: [] });
  const open = [enter(root)];
  for (;;) {
    const level = open.at(-1)!;
    const child = level.nodes[level.results.length];
    if (child !== undefined) {
      open.push(enter(child));
      continue;
    }
    const result = combine(level.node, level.results);
    open.pop();
    const parent = open.at(-1);
    if (parent === undefined) return result;
    parent.results.push(result);
  }
}

/** Rewrites bottom-up: `map` sees each node with its children rewritten. Parts that do not change stay the same objects. */
export function rewrite(root: Expr, map: (node: Expr) => Expr): Expr {
  return fold<Expr>(root, (node, replaced) => map(withChildren(node, replaced)));
}

export function countNodes(root: Expr): number {
  let count = 0;
  visit(root, () => {
    count += 1;
  });
  return count;
}

/** Nodes on the longest way from the root to a leaf: 1 for a leaf. */
export function depth(root: Expr): number {
  let deepest = 0;
  visit(root, (_node, path) => {
    deepest = Math.max(deepest, path.length + 1);
  });
  return deepest;
}

/** The node that a path leads to. */
export function getAt(root: Expr, path: Path): Expr {
  let node = root;
  for (const index of path) {
    const child = children(node)[index];
    invariant(child !== undefined, `no child ${index} in ${node.kind}`);
    node = child;
  }
  return node;
}

/** The tree with another node at a path; everything beside the path is shared with the old tree. */
export function replaceAt(root: Expr, path: Path, replacement: Expr): Expr {
  const parents: Expr[] = [];
  let node = root;
  for (const index of path) {
    parents.push(node);
    const child = children(node)[index];
    invariant(child !== undefined, `no child ${index} in ${node.kind}`);
    node = child;
  }
  let result = replacement;
  for (let level = parents.length - 1; level >= 0; level -= 1) {
    const index = path[level];
    const child = result;
    result = mapChildren(parents[level]!, (old, at) => (at === index ? child : old));
  }
  return result;
}

/** Are two trees (expressions, declarations, files) the same but for their places in the text? */
export function equalTrees<T extends object>(a: T, b: T): boolean {
  const pairs: [unknown, unknown][] = [[a, b]];
  for (let pair = pairs.pop(); pair !== undefined; pair = pairs.pop()) {
    const [x, y] = pair;
    if (x === y) continue;
    if (typeof x !== 'object' || typeof y !== 'object' || x === null || y === null) {
      if (!Object.is(x, y)) return false;
      continue;
    }
    const left = x as Readonly<Record<string, unknown>>;
    const right = y as Readonly<Record<string, unknown>>;
    if (Array.isArray(x) !== Array.isArray(y)) return false;
    for (const key of new Set([...Object.keys(left), ...Object.keys(right)]))
      if (key !== 'span') pairs.push([left[key], right[key]]);
  }
  return true;
}
