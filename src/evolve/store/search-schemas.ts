/** What the ledger of a search holds as JSON, as schemas: a ledger may be damaged, or a stranger's. */
import * as v from 'valibot';
import { recordOf, type Schema } from '../../read-json.js';
import { MUTATION_NAMES, type MutationName } from '../gp/mutations.js';
import type { FinalResult } from '../run/finals.js';
import type { OperatorRecords } from '../search/adapt.js';
import type { Individual } from '../search/individual.js';
import type { AuditCount, SearchState } from '../search/search-state.js';
import { SCREENING_STAGES, type ScreeningStage } from '../settings.js';
import type { CurvePoint } from '../training/evaluator.js';

export const number = v.pipe(v.number(), v.finite());
export const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
export const numbers: Schema<number[]> = v.array(number);
export const genome: Schema<string[]> = v.array(v.string());
export const ids: Schema<number[]> = v.array(v.pipe(v.number(), v.safeInteger()));
export const milliseconds: Schema<Record<string, number>> = recordOf(number);

export const curve: Schema<CurvePoint[]> = v.array(
  v.object({ step: count, score: number, loss: v.nullable(number) }),
);

const individual: Schema<Individual> = v.object({
  id: v.pipe(v.number(), v.safeInteger()),
  genome,
  size: count,
  born: v.pipe(v.number(), v.safeInteger()),
  island: count,
  parents: ids,
  operator: v.string(),
  canonical: v.string(),
  scores: numbers,
  complete: v.boolean(),
});

/** Entries under the names that there are, each of which may be missing. */
function partialRecord<K extends string, T>(
  names: readonly K[],
  value: Schema<T>,
): Schema<Partial<Record<K, T>>> {
  const entries = Object.fromEntries(names.map((name) => [name, v.exactOptional(value)]));
  return v.strictObject(entries) as unknown as Schema<Partial<Record<K, T>>>;
}

const auditCount: Schema<AuditCount> = v.object({ trained: count, wrong: count });
const records: Schema<OperatorRecords> = partialRecord<MutationName, { tried: number; better: number }>(
  MUTATION_NAMES,
  v.object({ tried: number, better: number }),
);

export const searchState: Schema<SearchState> = v.object({
  generation: v.pipe(v.number(), v.safeInteger(), v.minValue(-1)),
  nextId: count,
  islands: v.array(v.object({ members: v.array(individual) })),
  archive: v.array(individual),
  records,
  gateScores: v.array(numbers),
  spent: v.object({
    candidates: count,
    evaluations: count,
    trainings: count,
    steps: count,
    auditSteps: count,
  }),
  rejected: partialRecord<ScreeningStage, number>(SCREENING_STAGES, count),
  audits: partialRecord([...SCREENING_STAGES, 'gate'] as const, auditCount),
});

const finalResult: Schema<FinalResult> = v.object({
  name: v.string(),
  id: count,
  genome,
  tuned: v.boolean(),
  score: number,
  scores: numbers,
  steps: count,
  curves: v.array(curve),
});

/** Finals belong to the state after a generation: a search that goes on holds new ones. */
export interface StoredFinals {
  readonly generation: number;
  readonly results: readonly FinalResult[];
}

export const storedFinals: Schema<StoredFinals> = v.object({
  generation: v.pipe(v.number(), v.safeInteger()),
  results: v.array(finalResult),
});
