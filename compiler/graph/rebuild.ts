import { type AlongOp, type AxisOp, isAlong, isReduction, type ReduceOp } from '../operators/axis.js';
import { isElementwise } from '../operators/elementwise.js';
import { isLeaf } from '../operators/order.js';
import { type Node, reachable } from './graph.js';
import type { Builder } from './raw.js';

/** Makes one node again over new arguments. */
export function rebuildNode(b: Builder, node: Node, args: readonly Node[]): Node {
  if (args.length === 0) return node;
  if (node.op === 'add') return b.add(args);
  if (node.op === 'mul') return b.mul(args);
  if (node.op === 'pow') return b.pow(args[0]!, args[1]!);
  if (isElementwise(node.op)) return b.apply(node.op, args, node.value);
  if (isLeaf(node.op)) return node;
  if (isReduction(node.op)) return b.reduce(node.op, args[0]!, node.axis);
  if (isAlong(node.op)) return b.along(node.op, args[0]!, node.axis);
  return LOOKING[node.op](b, node, args);
}

const LOOKING: {
  readonly [K in Exclude<AxisOp, ReduceOp | AlongOp>]: (
    b: Builder,
    node: Node,
    args: readonly Node[],
  ) => Node;
} = {
  at: (b, { axis }, [x, position]) => b.at(x!, axis, position!),
  rename: (b, { axis, to }, [x]) => b.rename(x!, axis, to),
};

/** Rebuilds everything below the roots, arguments first; `replace` may put another node in a node's place, `improve` in that of what was rebuilt. */
export function rebuild(
  b: Builder,
  roots: readonly Node[],
  replace: (node: Node) => Node | undefined = () => undefined,
  improve: (same: Node) => Node = (same) => same,
): Node[] {
  const made = new Map<Node, Node>();
  for (const node of reachable(roots)) {
    made.set(
      node,
      replace(node) ??
        improve(
          rebuildNode(
            b,
            node,
            node.args.map((arg) => made.get(arg)!),
          ),
        ),
    );
  }
  return roots.map((root) => made.get(root)!);
}
