import { BATCH } from '../graph/axes.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { choose, RawBuilder } from '../graph/raw.js';
import { rebuildNode } from '../graph/rebuild.js';

/**
 * Derivatives to which an item with a seed of 0 adds nothing, whatever is infinite or no number there: an item of weight 0, or one
 * that an ignored label leaves out. For losses whose items do not depend on each other: there a sum over the batch adds up what
 * each item contributes, and what is not summed belongs to one item.
 */
export function withoutLeftOut(graph: Graph, gradients: readonly Node[], seed: Node): readonly Node[] {
  const builder = new RawBuilder(graph);
  const zero = builder.constant(0);
  const isOut = builder.apply('eq', [seed, zero]);
  const kept = (node: Node): Node => choose(builder, isOut, zero, node);
  const made = new Map<Node, Node>();
  const seeded = new Set<Node>([seed]);
  for (const node of reachable(gradients)) {
    const isSeeded = node.args.some((arg) => seeded.has(arg));
    if (isSeeded) seeded.add(node);
    const args = node.args.map((arg) => made.get(arg)!);
    const isTotal = isSeeded && node.op === 'sum' && (node.axis & BATCH) !== 0;
    made.set(
      node,
      isTotal ? builder.reduce('sum', kept(args[0]!), node.axis) : rebuildNode(builder, node, args),
    );
  }
  return gradients.map((root) => {
    const gradient = made.get(root)!;
    return seeded.has(root) && (root.axes & BATCH) !== 0 ? kept(gradient) : gradient;
  });
}
