/** The state of a search between generations: plain data, free of times, equal for equal runs. */

import type { EvaluationRow } from './evaluation.js';
import type { Individual } from './individual.js';
import type { ScreeningStage } from './settings.js';
import type { MutationName } from './variation.js';

/** What a search has taken so far. */
export interface Spent {
  /** Candidates that were proposed, and those among them that were trained. */
  readonly candidates: number;
  /** Candidates that were trained. */
  readonly evaluations: number;
  /** Trainings and their steps; audits are in both, and counted apart as well. */
  readonly trainings: number;
  /** Steps of all these trainings. */
  readonly steps: number;
  readonly auditSteps: number;
}

/** A stage of screening, or the gates of a training. */
export type AuditedStage = ScreeningStage | 'gate';

export interface AuditCount {
  readonly trained: number;
  /** Those that would have been among the elites of their island. */
  readonly wrong: number;
}

/** Everything that decides how a search goes on after a generation, but for what it remembers of earlier candidates. */
export interface SearchState {
  /** The last finished generation; -1 before the first. */
  readonly generation: number;
  readonly nextId: number;
  readonly islands: readonly Island[];
  readonly archive: Archive;
  readonly records: OperatorRecords;
  /** For each gate the scores of the latest candidates that got to it, newest last. */
  readonly gateScores: readonly (readonly number[])[];
  readonly spent: Spent;
  readonly rejected: Readonly<Partial<Record<ScreeningStage, number>>>;
  readonly audits: Readonly<Partial<Record<AuditedStage, AuditCount>>>;
  /**
   * With a lag: ids of those that get one more training each, as they were chosen after the last generations, the latest last. What
   * was chosen after a generation is trained with the one that is bred from it.
   */
  readonly racing?: readonly (readonly number[])[];
}

export const INITIAL_STATE: SearchState = {
  generation: -1,
  nextId: 0,
  islands: [],
  archive: [],
  records: {},
  gateScores: [],
  spent: { candidates: 0, evaluations: 0, trainings: 0, steps: 0, auditSteps: 0 },
  rejected: {},
  audits: {},
};

/** What happened in one generation. */
export interface GenerationReport {
  readonly generation: number;
  readonly best: number;
  readonly median: number;
  /** Rows of all candidates of the generation, in the order of their ids. */
  readonly rows: readonly EvaluationRow[];
}

export interface OperatorRecord {
  /** Children that were trained, and those of them better than their parent; both fade. */
  readonly tried: number;
  readonly better: number;
}

export type OperatorRecords = Readonly<Partial<Record<MutationName, OperatorRecord>>>;

/** Ordered by size, one individual per size. */
export type Archive = readonly Individual[];

export interface Island {
  readonly members: readonly Individual[];
}
