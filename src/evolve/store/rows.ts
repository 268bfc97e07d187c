/** Candidates as rows of the table `evaluations`, and back. */
import type { EvaluationRow } from '../search/memory.js';
import type { ScreeningStage } from '../settings.js';
import type { Row } from './database.js';

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

export function evaluationFromRow(row: Row): EvaluationRow {
  const json = <T>(column: string): T => JSON.parse(String(row[column])) as T;
  return {
    id: Number(row['id']),
    generation: Number(row['generation']),
    island: Number(row['island']),
    genome: json('genome'),
    size: Number(row['size']),
    parents: json('parents'),
    operator: String(row['operator']),
    canonical: String(row['canonical']),
    gradient: String(row['gradient']),
    fingerprint: String(row['fingerprint']),
    features: json('features'),
    flipped: row['flipped'] === 1,
    outcome: String(row['outcome']) as EvaluationRow['outcome'],
    ...(row['stage'] !== null && { stage: String(row['stage']) as ScreeningStage }),
    ...(row['reason'] !== null && { reason: String(row['reason']) }),
    ...(row['same_as'] !== null && { sameAs: Number(row['same_as']) }),
    ...(row['probe'] !== null && { probe: Number(row['probe']) }),
    scores: json('scores'),
    complete: row['complete'] === 1,
    steps: Number(row['steps']),
    ...(row['audited'] === 1 && { audited: true }),
    ...(row['audit_score'] !== null && { auditScore: Number(row['audit_score']) }),
    milliseconds: json('milliseconds'),
  };
}
