import type { Algebra } from '../algebra/algebra.js';
import { type Node, reachable } from '../graph/graph.js';
import { rebuildNode } from '../graph/rebuild.js';

/** The node with what became of its arguments. */
export function rebuilt(b: Algebra, node: Node, made: ReadonlyMap<Node, Node>): Node {
  const args = node.args.map((arg) => made.get(arg)!);
  return args.every((arg, i) => arg === node.args[i]) ? node : rebuildNode(b, node, args);
}

/** The same with some nodes in other forms, each of which follows from what was written below it, not from what becomes of that. */
export function replaced(
  b: Algebra,
  root: Node,
  formOf: (node: Node) => Node | undefined,
  onRebuilt: (node: Node, same: Node) => void = () => {},
): Node {
  const made = new Map<Node, Node>();
  for (const node of reachable([root])) {
    const form = formOf(node);
    const next = form ?? rebuilt(b, node, made);
    if (form === undefined) onRebuilt(node, next);
    made.set(node, next);
  }
  return made.get(root)!;
}
