/** The data of a search as schemas, for whatever comes from a file or another process: it may be damaged, or a stranger's. */

import * as v from 'valibot';
import { recordOf, type Schema } from '../../read-json.js';
import type { ParameterValues } from './candidate.js';
import type { CurvePoint } from './evaluator.js';
import type { Individual } from './individual.js';
import type { AuditCount, OperatorRecords, SearchState } from './search-state.js';
import { SCREENING_STAGES, type ScreeningStage } from './settings.js';
import type { NamedSources, Sources } from './sources.js';
import { MUTATION_NAMES, type MutationName } from './variation.js';

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
export function partialRecord<K extends string, T>(
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
  racing: v.exactOptional(v.array(ids)),
});

export const parameterValues: Schema<ParameterValues> = recordOf(v.union([number, numbers]));

const source = v.strictObject({ name: v.string(), text: v.string() });

export const sources: Schema<Sources> = v.strictObject({
  source,
  imports: v.array(v.strictObject({ from: v.string(), specifier: v.string(), source })),
});

export const named: Schema<NamedSources> = v.strictObject({ sources, name: v.exactOptional(v.string()) });
