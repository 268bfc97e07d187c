/** The tables of a ledger. Rows are only ever added, but for `meta` and `results`. */
import { type EvaluationRow, OUTCOMES } from '../model/evaluation.js';
import { type CurvePoint, FAILED_ENDS, TRAINED_ENDS } from '../model/evaluator.js';
import { curve, genome, ids, milliseconds, numbers } from '../model/schemas.js';
import { SCREENING_STAGES } from '../model/settings.js';
import { count, flag, json, mark, nullable, optional, real, table, text, whole, word } from './columns.js';

/** Raised with every change of the tables; a ledger of another version is refused. */
export const SCHEMA_VERSION = 3;

/** One candidate; written with its generation. */
export const EVALUATIONS = table<EvaluationRow>('evaluations', 'id', {
  id: whole,
  generation: whole,
  island: count,
  genome: json(genome),
  size: count,
  parents: json(ids),
  operator: text,
  canonical: text,
  gradient: text,
  fingerprint: text,
  features: json(numbers),
  flipped: flag,
  outcome: word(OUTCOMES),
  stage: optional(word(SCREENING_STAGES)),
  reason: optional(text),
  sameAs: optional(whole),
  probe: optional(real),
  scores: json(numbers),
  complete: flag,
  steps: count,
  audited: mark,
  auditScore: optional(real),
  milliseconds: json(milliseconds),
});

/** One training that ended, in order of ending. On disk before its worker gets another. */
export interface TrainingRow {
  readonly generation: number;
  /** See `trainingKey`. */
  readonly key: string;
  readonly genome: readonly string[];
  readonly replicate: number;
  readonly seed: string;
  readonly outcome: (typeof TRAINED_ENDS)[number] | (typeof FAILED_ENDS)[number];
  readonly detail?: string;
  /** Null for a training that failed: that says nothing about the loss. */
  readonly score: number | null;
  readonly steps: number;
  readonly milliseconds: number;
  readonly curve: readonly CurvePoint[];
}

export const TRAININGS = table<TrainingRow>('trainings', 'id', {
  generation: whole,
  key: text,
  genome: json(genome),
  replicate: count,
  seed: text,
  outcome: word([...TRAINED_ENDS, ...FAILED_ENDS]),
  detail: optional(text),
  score: nullable(real),
  steps: count,
  milliseconds: real,
  curve: json(curve),
});

/** A finished generation, without its state. */
export interface GenerationRecord {
  readonly number: number;
  readonly best: number;
  readonly median: number;
  readonly seconds: number;
}

/** With the state after it as JSON: where a resumed run goes on. */
export interface GenerationRow extends GenerationRecord {
  readonly state: string;
}

export const GENERATIONS = table<GenerationRow>('generations', 'number', {
  number: count,
  best: real,
  median: real,
  seconds: real,
  state: text,
});

/** A loss that another run of the same task has trained, copied here when the run began. */
export interface ImportedLoss {
  readonly run: string;
  readonly canonical: string;
  readonly gradient: string;
  readonly fingerprint: string;
  readonly features: readonly number[];
  readonly genome: readonly string[];
  readonly size: number;
  readonly score: number;
}

export const IMPORTED = table<ImportedLoss>('imported', 'id', {
  run: text,
  canonical: text,
  gradient: text,
  fingerprint: text,
  features: json(numbers),
  genome: json(genome),
  size: count,
  score: real,
});

/** `results`: steps after the search (tuning, finals), each as one JSON value under a name. */
export const SCHEMA = [
  'CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;',
  TRAININGS.create,
  EVALUATIONS.create,
  GENERATIONS.create,
  'CREATE TABLE results (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;',
  IMPORTED.create,
].join('\n');
