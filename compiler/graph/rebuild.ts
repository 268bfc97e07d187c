import { isElementwise } from '../operators/elementwise.js';
import { type Node, reachable } from './graph.js';
import type { Builder } from './raw.js';

/** Makes one node again over new arguments. */
export function rebuildNode(b: Builder, node: Node, args: readonly Node[]): Node {
  if (args.length === 0) return node;
  if (node.op === 'add') return b.add(args);
  if (node.op === 'mul') return b.mul(args);
  if (node.op === 'pow') return b.pow(args[0]!, args[1]!);
  if (isElementwise(node.op)) return b.apply(node.op, args, node.value);
  switch (node.op) {
    case 'softmax':
    case 'logSoftmax':
      return b.softmax(node.op, args[0]!, node.axis);
    case 'at':
      return b.at(args[0]!, node.axis, args[1]!);
    case 'rename':
      return b.rename(args[0]!, node.axis, node.to);
    case 'sum':
    case 'prod':
    case 'reduceMax':
    case 'reduceMin':
    case 'logsumexp':
      return b.reduce(node.op, args[0]!, node.axis);
    default:
      return node;
  }
}

/** Rebuilds everything below the roots, arguments first; `replace` may put another node in a node's place. */
export function rebuild(
  b: Builder,
  roots: readonly Node[],
  replace: (node: Node) => Node | undefined = () => undefined,
): Node[] {
  const made = new Map<Node, Node>();
  for (const node of reachable(roots)) {
    made.set(
      node,
      replace(node) ??
        rebuildNode(
          b,
          node,
          node.args.map((arg) => made.get(arg)!),
        ),
    );
  }
  return roots.map((root) => made.get(root)!);
}
