/** Rows of a ledger as they are read: each is held to its table, and what is wrong is named with its place. */
import * as v from 'valibot';
import { type Schema, validated } from '../../read-json.js';
import type { EvaluationRow } from '../model/evaluation.js';
import { FAILED_ENDS, TRAINED_ENDS, type TrainingReport } from '../model/evaluator.js';
import { number } from '../model/schemas.js';
import type { Row } from './database.js';
import {
  EVALUATIONS,
  GENERATIONS,
  type GenerationRecord,
  IMPORTED,
  type ImportedLoss,
  TRAININGS,
} from './tables.js';

export const DAMAGED_HINT = 'restore it from a copy; the files in losses/ can still be used';

/** Throws a RunError that names the ledger and what is wrong in it, as all of these do. */
export function evaluationFromRow(row: Row, file: string): EvaluationRow {
  return validated(
    row,
    EVALUATIONS.row,
    `${file} is damaged in evaluation ${String(row['id'])}`,
    DAMAGED_HINT,
  );
}

interface TrainingPlace {
  readonly generation: number;
  readonly genome: readonly string[];
  readonly replicate: number;
}
/** A training as the ledger keeps it. */
export type TrainingRecord = TrainingPlace & TrainingReport;

/** A training that took place has a score, one that failed says why. */
const ENDED = v.variant('outcome', [
  v.looseObject({ outcome: v.picklist(TRAINED_ENDS), score: number }),
  v.looseObject({ outcome: v.picklist(FAILED_ENDS), score: v.null(), detail: v.string() }),
]);
const TRAINING = v.pipe(
  TRAININGS.row as Schema<unknown>,
  ENDED,
  v.transform(({ outcome, key: _key, seed: _seed, ...row }) => ({ ...row, end: outcome })),
) as unknown as Schema<TrainingRecord>;

export function trainingFromRow(row: Row, file: string): TrainingRecord {
  return validated(row, TRAINING, `${file} is damaged in training ${String(row['id'])}`, DAMAGED_HINT);
}

export function generationFromRow(row: Row, file: string): GenerationRecord {
  const what = `${file} is damaged in generation ${String(row['number'])}`;
  const { state: _state, ...record } = validated(row, GENERATIONS.row, what, DAMAGED_HINT);
  return record;
}

export function importedFromRow(row: Row, file: string): ImportedLoss {
  return validated(row, IMPORTED.row, `${file} is damaged in a loss of an earlier run`, DAMAGED_HINT);
}
