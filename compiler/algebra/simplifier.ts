import type { Node } from '../graph/graph.js';
import type { Builder } from '../graph/raw.js';

/** A place where simplifying gave a value to inputs for which the original had none. */
export interface Widening {
  readonly reason: 'cancelled' | 'divided by' | 'multiplied by 0' | 'root of';
  readonly node: Node;
}

/** A builder that makes normal forms. The forms and the rules know each other only through it. */
export interface Simplifier extends Builder {
  /** Rules that fired, with how often. */
  readonly fired: Map<string, number>;
  /** What the rules make of a node whose arguments are in normal form. */
  rewritten(node: Node): Node;
  /** Records that a value appears where the original had none. */
  widen(reason: Widening['reason'], node: Node): void;
}

/** Rewrite rules, as the algebra asks them. */
export interface Rules {
  /** The node that the first rule that fits makes of it; undefined when none fits. */
  apply(node: Node, simplifier: Simplifier): Node | undefined;
}
