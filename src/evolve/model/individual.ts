/** A member of a population: plain data, never edited. */
export interface Individual {
  /** Order of proposal in the run: unique, and the same in every repetition of the run. */
  readonly id: number;
  /** The trees as text, one per hole: what the ledger stores and workers are sent. */
  readonly genome: readonly string[];
  /** Nodes of all trees together. */
  readonly size: number;
  /** Generation in which it was proposed. */
  readonly born: number;
  readonly island: number;
  readonly parents: readonly number[];
  /** The mutation or crossover that made it; `random`, `seed`, `migration` otherwise. */
  readonly operator: string;
  readonly canonical: string;
  /** Validation scores of its trainings, one per replicate; empty if it was never trained. */
  readonly scores: readonly number[];
  /** Whether its trainings ran to the end. One that was stopped at a gate has the score it had there. */
  readonly complete: boolean;
}

/** Mean of the scores; 0 for one that was rejected. */
export function fitnessOf({ scores }: Pick<Individual, 'scores'>): number {
  return scores.length === 0 ? 0 : scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
