/** The state of a search between generations: plain data, free of times, equal for equal runs. */

import type { ScreeningStage } from '../settings.js';
import type { OperatorRecords } from './adapt.js';
import type { EvaluationRow } from './memory.js';
import type { Archive } from './pareto.js';
import type { Island } from './population.js';

export interface Spent {
  /** Candidates that were proposed, and those among them that were trained. */
  readonly candidates: number;
  readonly evaluations: number;
  /** Trainings and their steps; audits are in both, and counted apart as well. */
  readonly trainings: number;
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
