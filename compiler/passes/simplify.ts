import { Algebra, type StopReason } from '../algebra/algebra.js';
import { ConstantsInFront } from '../algebra/constants-in-front.js';
import { ConstantsOnly } from '../algebra/constants-only.js';
import type { Widening } from '../algebra/simplifier.js';
import { cost, readingCost } from '../graph/cost.js';
import type { Graph, Node } from '../graph/graph.js';
import { rebuild } from '../graph/rebuild.js';
import { RuleSet } from '../rules/rule-set.js';
import { SIMPLIFYING } from '../rules/simplifying.js';

let simplifyingRules: RuleSet | undefined;

/** The builder whose results are in simplified form. */
export function simplifyingAlgebra(graph: Graph): Algebra {
  simplifyingRules ??= new RuleSet(SIMPLIFYING);
  return new Algebra(graph, simplifyingRules);
}

export interface Simplified {
  readonly roots: readonly Node[];
  /** Rule names with how often each fired. */
  readonly fired: ReadonlyMap<string, number>;
  readonly widenings: readonly Widening[];
  readonly stopped: StopReason;
}

/**
 * Brings everything below the roots into normal form. Ends always: sums and products are collected by construction, every
 * rule lowers the cost, and rule applications are limited. A second run changes nothing.
 */
export function normalise(graph: Graph, roots: readonly Node[]): Simplified {
  const algebra = simplifyingAlgebra(graph);
  const normal = rebuild(algebra, roots);
  return { roots: normal, fired: algebra.fired, widenings: algebra.widenings, stopped: algebra.stopped };
}

/**
 * The normal form where that is not more expensive than what was given. Collecting powers takes products apart, and now and then
 * nothing comes of it: then what was given is left as it is, with its numbers worked out. `parts` of the roots get the same form.
 */
export function simplify(
  graph: Graph,
  roots: readonly Node[],
  parts: readonly Node[] = [],
): Simplified & { readonly parts: readonly Node[] } {
  const all = [...roots, ...parts];
  const divided = (nodes: readonly Node[]): { roots: readonly Node[]; parts: readonly Node[] } => ({
    roots: nodes.slice(0, roots.length),
    parts: nodes.slice(roots.length),
  });
  const normal = normalise(graph, all);
  const form = divided(normal.roots);
  const before = cost(roots);
  if (cost(form.roots) <= before) return { ...normal, ...form };
  const inFront = divided(rebuild(new ConstantsInFront(graph), all));
  const kept = cost(inFront.roots) <= before ? inFront : divided(rebuild(new ConstantsOnly(graph), all));
  return { ...normal, ...kept, widenings: [] };
}

/** A simplified value as a person reads it best: its normal form where that is not longer to read. */
export function forReading(graph: Graph, value: Node): Node {
  const normal = normalise(graph, [value]).roots[0]!;
  return readingCost([normal]) <= readingCost([value]) ? normal : value;
}
