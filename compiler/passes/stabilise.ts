import { Algebra } from '../algebra/algebra.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { rebuildNode } from '../graph/rebuild.js';
import { RuleSet } from '../rules/rule-set.js';
import { STABILISING } from '../rules/stabilising.js';
import { withExponentialsLessOne } from './exponentials-less-one.js';
import { powersOfQuotients } from './quotient-powers.js';

let stabilisingRules: RuleSet | undefined;

/** One bottom-up pass of the stabilising rules over value and gradients together, and powers of quotients last. */
export function stabilise(
  graph: Graph,
  roots: readonly Node[],
): { roots: readonly Node[]; fired: ReadonlyMap<string, number> } {
  stabilisingRules ??= new RuleSet(STABILISING);
  const algebra = new Algebra(graph, stabilisingRules);
  const made = new Map<Node, Node>();
  for (const node of reachable(roots)) {
    const same = rebuildNode(
      algebra,
      node,
      node.args.map((arg) => made.get(arg)!),
    );
    made.set(node, withExponentialsLessOne(algebra, same) ?? same);
  }
  const stable = roots.map((root) => made.get(root)!);
  return { roots: powersOfQuotients(graph, stable), fired: algebra.fired };
}
