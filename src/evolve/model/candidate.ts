/** What candidates are, between the parts of a search. */
import type { Decl, LossDecl } from '../../../grammar/tree/ast.js';

/** A loss together with the `fn`s and losses it may call (imports already resolved). */
export interface Candidate {
  readonly loss: LossDecl;
  readonly library: readonly Decl[];
}

/** Values for parameters of a loss; what is not named keeps its default. */
export type ParameterValues = Readonly<Record<string, number | readonly number[]>>;
