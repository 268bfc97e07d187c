import { type Graph, type Node, reachable } from './graph/graph.js';
import { type GuardPolicy, guard } from './guard/guard.js';
import { intoLogSpace } from './log-space/into-log-space.js';
import { simplify, simplifyingAlgebra } from './passes/simplify.js';
import { stabilise } from './passes/stabilise.js';

/** Lets times nodes: as each let is worked out by itself, a thousand of them would take minutes. */
const MOST_WORK = 20_000;

/** The lets, or none where it would be too much work to find what they are called. */
export const fewLets = (lets: ReadonlyMap<string, Node>): ReadonlyMap<string, Node> =>
  lets.size * reachable([...lets.values()]).length > MOST_WORK ? new Map() : lets;

/**
 * What a loss calls nodes of its compiled form. Each `let` goes through the passes by itself, and a node that it is on the way is that
 * value wherever it stands. One that has melted into what is around it, or is a leaf, is not among them.
 */
export function letNames(
  graph: Graph,
  lets: ReadonlyMap<string, Node>,
  policy: GuardPolicy,
): ReadonlyMap<Node, string> {
  const names = new Map<Node, string>();
  for (const [name, node] of fewLets(lets)) {
    const simple = simplify(graph, [node]).roots[0]!;
    const safe = intoLogSpace(simplifyingAlgebra(graph), simple);
    const stable = stabilise(graph, [safe]).roots[0]!;
    const guarded = guard(graph, [stable], policy).roots[0]!;
    for (const form of [guarded, stable, safe, simple])
      if (form.args.length > 0 && !names.has(form)) names.set(form, name);
  }
  return names;
}
