import { elementwise, isElementwise } from '../operators/elementwise.js';
import { type Node, reachable } from './graph.js';

/** The number that a node without inputs and axes stands for; undefined if it is not constant. */
export function constantValue(root: Node): number | undefined {
  const values = new Map<Node, number>();
  for (const node of reachable([root])) {
    if (node.op === 'const') values.set(node, node.value);
    else if (isElementwise(node.op)) {
      const args = node.args.map((arg) => values.get(arg)!);
      values.set(node, elementwise(node.op).evaluate(args, node.value));
    } else return undefined;
  }
  return values.get(root);
}
