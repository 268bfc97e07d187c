import { Algebra } from '../algebra/algebra.js';
import type { Graph, Node } from '../graph/graph.js';
import { rebuild } from '../graph/rebuild.js';
import { RuleSet } from '../rules/rule-set.js';
import { STABILISING } from '../rules/stabilising.js';
import { withExponentialsLessOne } from './exponentials-less-one.js';
import { powersOfQuotients } from './quotient-powers.js';
import { sumsInOrder } from './sums-in-order.js';

let stabilisingRules: RuleSet | undefined;

/** One bottom-up pass of the stabilising rules over value and gradients together, and what looks at no more than one product or sum last. */
export function stabilise(
  graph: Graph,
  roots: readonly Node[],
): { roots: readonly Node[]; fired: ReadonlyMap<string, number> } {
  stabilisingRules ??= new RuleSet(STABILISING);
  const algebra = new Algebra(graph, stabilisingRules);
  const stable = rebuild(algebra, roots, undefined, (node) => withExponentialsLessOne(algebra, node) ?? node);
  return { roots: sumsInOrder(graph, powersOfQuotients(graph, stable)), fired: algebra.fired };
}
