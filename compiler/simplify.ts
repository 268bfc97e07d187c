import { Algebra, type StopReason, type Widening } from './algebra/algebra.js';
import type { Graph, Node } from './graph.js';
import { rebuild } from './rebuild.js';
import { RuleSet } from './rules/rule-set.js';
import { SIMPLIFYING } from './rules/simplifying.js';

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
export function simplify(graph: Graph, roots: readonly Node[]): Simplified {
  const algebra = simplifyingAlgebra(graph);
  const simplified = rebuild(algebra, roots);
  return { roots: simplified, fired: algebra.fired, widenings: algebra.widenings, stopped: algebra.stopped };
}
