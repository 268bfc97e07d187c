/** What is kept in the tables of a ledger, as rows and back. What is read is not trusted: see `read-json.ts`. */
import * as v from 'valibot';
import { type Schema, validated } from '../../read-json.js';
import { type EvaluationRow, OUTCOMES } from '../model/evaluation.js';
import { FAILED_ENDS, TRAINED_ENDS, type TrainingReport } from '../model/evaluator.js';
import { SCREENING_STAGES } from '../model/settings.js';
import type { Row } from './database.js';
import { count, curve, genome, ids, milliseconds, number, numbers } from './schemas.js';

export const DAMAGED_HINT = 'restore it from a copy; what is in losses/ can be used all the same';

type Cell = number | string | null;

/** Column by column: how a candidate is written. */
const COLUMNS = {
  id: (row) => row.id,
  generation: (row) => row.generation,
  island: (row) => row.island,
  genome: (row) => JSON.stringify(row.genome),
  size: (row) => row.size,
  parents: (row) => JSON.stringify(row.parents),
  operator: (row) => row.operator,
  canonical: (row) => row.canonical,
  gradient: (row) => row.gradient,
  fingerprint: (row) => row.fingerprint,
  features: (row) => JSON.stringify(row.features),
  flipped: (row) => Number(row.flipped),
  outcome: (row) => row.outcome,
  stage: (row) => row.stage ?? null,
  reason: (row) => row.reason ?? null,
  same_as: (row) => row.sameAs ?? null,
  probe: (row) => row.probe ?? null,
  scores: (row) => JSON.stringify(row.scores),
  complete: (row) => Number(row.complete),
  steps: (row) => row.steps,
  audited: (row) => Number(row.audited ?? false),
  audit_score: (row) => row.auditScore ?? null,
  milliseconds: (row) => JSON.stringify(row.milliseconds),
} as const satisfies Record<string, (row: EvaluationRow) => Cell>;

export const EVALUATION_COLUMNS = Object.keys(COLUMNS);

export function evaluationToRow(row: EvaluationRow): Cell[] {
  return Object.values(COLUMNS).map((cell) => cell(row));
}

/** A column that holds JSON. */
const json = <T>(schema: Schema<T>) => v.pipe(v.string(), v.parseJson(), schema);
const whole = v.pipe(v.number(), v.safeInteger());
const flag = v.pipe(
  v.picklist([0, 1]),
  v.transform((value) => value === 1),
);

const EVALUATION: Schema<EvaluationRow> = v.pipe(
  v.object({
    id: whole,
    generation: whole,
    island: count,
    genome: json(genome),
    size: count,
    parents: json(ids),
    operator: v.string(),
    canonical: v.string(),
    gradient: v.string(),
    fingerprint: v.string(),
    features: json(numbers),
    flipped: flag,
    outcome: v.picklist(OUTCOMES),
    stage: v.nullable(v.picklist(SCREENING_STAGES)),
    reason: v.nullable(v.string()),
    same_as: v.nullable(whole),
    probe: v.nullable(number),
    scores: json(numbers),
    complete: flag,
    steps: count,
    audited: flag,
    audit_score: v.nullable(number),
    milliseconds: json(milliseconds),
  }),
  v.transform(({ stage, reason, same_as, probe, audited, audit_score, ...row }) => ({
    ...row,
    ...(stage !== null && { stage }),
    ...(reason !== null && { reason }),
    ...(same_as !== null && { sameAs: same_as }),
    ...(probe !== null && { probe }),
    ...(audited && { audited }),
    ...(audit_score !== null && { auditScore: audit_score }),
  })),
);

/** Throws a RunError that names the ledger and what is wrong in it. */
export function evaluationFromRow(row: Row, file: string): EvaluationRow {
  return validated(row, EVALUATION, `${file} is damaged in evaluation ${String(row['id'])}`, DAMAGED_HINT);
}

interface TrainingPlace {
  readonly generation: number;
  readonly genome: readonly string[];
  readonly replicate: number;
}
/** A training as the ledger keeps it. */
export type TrainingRecord = TrainingPlace & TrainingReport;

const trained = {
  generation: whole,
  genome: json(genome),
  replicate: count,
  steps: count,
  milliseconds: number,
  curve: json(curve),
};
const TRAINING: Schema<TrainingRecord> = v.pipe(
  v.variant('outcome', [
    v.object({ ...trained, outcome: v.picklist(TRAINED_ENDS), score: number }),
    v.object({ ...trained, outcome: v.picklist(FAILED_ENDS), score: v.null(), detail: v.string() }),
  ]),
  v.transform(({ outcome, ...row }) => ({ ...row, end: outcome }) as TrainingRecord),
);

export function trainingFromRow(row: Row, file: string): TrainingRecord {
  return validated(row, TRAINING, `${file} is damaged in training ${String(row['id'])}`, DAMAGED_HINT);
}

const GENERATION: Schema<GenerationRecord> = v.object({
  number: count,
  best: number,
  median: number,
  seconds: number,
});

/** A finished generation, without its state. */
export interface GenerationRecord {
  readonly number: number;
  readonly best: number;
  readonly median: number;
  readonly seconds: number;
}

export function generationFromRow(row: Row, file: string): GenerationRecord {
  return validated(
    row,
    GENERATION,
    `${file} is damaged in generation ${String(row['number'])}`,
    DAMAGED_HINT,
  );
}

/** A loss that another run has trained. */
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

const IMPORTED: Schema<ImportedLoss> = v.object({
  run: v.string(),
  canonical: v.string(),
  gradient: v.string(),
  fingerprint: v.string(),
  features: json(numbers),
  genome: json(genome),
  size: count,
  score: number,
});

export function importedFromRow(row: Row, file: string): ImportedLoss {
  return validated(row, IMPORTED, `${file} is damaged in a loss of an earlier run`, DAMAGED_HINT);
}
