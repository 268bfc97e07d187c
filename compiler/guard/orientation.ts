import { splitCoefficient } from '../algebra/coefficient.js';
import type { Graph } from '../graph/graph.js';
import { type Node, reachable } from '../graph/graph.js';
import { simplifyingAlgebra } from '../passes/simplify.js';

/** What a loss divides by, as it is written, where that may be 0 and its sign is not known; products and powers by their parts. */
export function writtenDivisors(value: Node): readonly Node[] {
  const sums = new Set<Node>();
  const seen = new Set<Node>();
  const stack = reachable([value]).flatMap(({ op, args }) =>
    op === 'pow' && args[1]!.range.hi < 0 ? [args[0]!] : [],
  );
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    const { lo, hi } = node.range;
    if (node.op === 'mul') stack.push(...node.args);
    else if (node.op === 'pow') stack.push(node.args[0]!);
    else if (node.op === 'add' && lo < 0 && hi > 0) sums.add(node);
  }
  return [...sums];
}

/**
 * The divisors that the passes have turned around, given their forms after the passes: the normal form of 1 / (b - a) is
 * -1 / (a - b), and 0 has to stay on the side where it was.
 */
export function turnedAround(graph: Graph, forms: readonly Node[]): ReadonlySet<Node> {
  const algebra = simplifyingAlgebra(graph);
  const splits = forms.map((form) => splitCoefficient(algebra, form));
  const straight = new Set(splits.filter(({ coefficient }) => coefficient.value > 0).map(({ rest }) => rest));
  const turned = splits.filter(({ coefficient }) => coefficient.value < 0).map(({ rest }) => rest);
  return new Set(turned.filter((rest) => rest !== undefined && !straight.has(rest)) as Node[]);
}
