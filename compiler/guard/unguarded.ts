import type { Graph, Node } from '../graph/graph.js';
import { reachable } from '../graph/graph.js';
import { RawBuilder } from '../graph/raw.js';
import { rebuildNode } from '../graph/rebuild.js';
import type { Guard } from './bounds.js';

/** Takes the guards out of nodes again, also those that stand in the arguments of others: what was to be computed before. */
export function unguarded(graph: Graph, guards: readonly Guard[]): (node: Node) => Node {
  const arguments_ = new Map(guards.map((guard) => [guard.guarded, guard.argument]));
  const builder = new RawBuilder(graph);
  const known = new Map<Node, Node>();
  return (root) => {
    for (const node of reachable([root])) {
      if (known.has(node)) continue;
      const inner = arguments_.get(node);
      known.set(
        node,
        inner === undefined
          ? rebuildNode(
              builder,
              node,
              node.args.map((arg) => known.get(arg)!),
            )
          : known.get(inner)!,
      );
    }
    return known.get(root)!;
  };
}

/**
 * The guards at work in an evaluation: those that gave something else than their argument somewhere. Whether that decides a
 * result is told by evaluating the nodes without guards beside it. `numbers` holds every node that was evaluated.
 */
export function guardsAtWork(
  guards: readonly Guard[],
  numbers: ReadonlyMap<Node, { readonly data: ArrayLike<number> }>,
): readonly Guard[] {
  return guards.filter(({ argument, guarded }) => {
    const [before, after] = [numbers.get(argument)?.data, numbers.get(guarded)?.data];
    if (before === undefined || after === undefined) return false;
    // A guarded divisor may have more entries than its argument: a number beside a tensor.
    return Array.from(after).some((x, i) => !Object.is(x + 0, before[i % before.length]! + 0));
  });
}
