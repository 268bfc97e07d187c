/** What the settings say of variation: names, rates and limits. What they do is in gp/. */

/** The edits of a tree, each a row of the table in `gp/mutations.ts`. */
export const MUTATION_NAMES = [
  'integer-step',
  'same-arity',
  'collapse',
  'expand',
  'subtree',
  'insert',
  'hoist',
  'swap',
  'perturb',
  'simplify',
] as const;
export type MutationName = (typeof MUTATION_NAMES)[number];

export interface Limits {
  /** Nodes of all trees of a genome together. */
  readonly nodes: number;
  /** Depth of each tree; a leaf has depth 0. */
  readonly depth: number;
  /** How often one function may stand within itself; any number of times when absent. */
  readonly nesting?: number;
}

/** How often an operator or leaf is drawn in relation to the others; what is not named has weight 1. */
export type DrawWeights = Readonly<Record<string, number>>;

/** Probability of each edit at each node in one pass over the tree. */
export type PassRates = Readonly<Partial<Record<MutationName, number>>>;
