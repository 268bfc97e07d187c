/** One training of a comparison, as a worker is asked for it, and what it answers. */
import * as v from 'valibot';
import type { Schema } from '../../read-json.js';
import type { ComparisonRun } from '../../runtime/comparison-run.js';
import { count, number, sources } from '../model/schemas.js';
import type { Sources } from '../model/sources.js';
import { TASK_SCHEMA, type Task } from '../model/task.js';

/** Data, model and steps are those of the task, which has one case. */
export interface ComparisonJob {
  readonly sources: Sources;
  /** Which loss of the file. */
  readonly name: string;
  readonly learningRate: number;
  /** What the loss is multiplied by. */
  readonly factor: number;
  readonly seed: string;
  /** A training that is counted looks at the test examples at its end; one that chooses a rate does not. */
  readonly phase: 'tuning' | 'training';
  /** Steps between looks at the validation examples. */
  readonly evaluateEvery: number;
}

export const comparisonJob: Schema<ComparisonJob> = v.strictObject({
  sources,
  name: v.string(),
  learningRate: v.pipe(number, v.gtValue(0)),
  factor: v.pipe(number, v.gtValue(0)),
  seed: v.string(),
  phase: v.picklist(['tuning', 'training']),
  evaluateEvery: v.pipe(count, v.minValue(1)),
});

/** JSON has null for what is no number. */
const numberOrNone = v.pipe(
  v.nullable(v.union([number, v.nan()])),
  v.transform((value) => value ?? Number.NaN),
);

export const comparisonRun: Schema<ComparisonRun> = v.strictObject({
  seed: v.string(),
  validationValue: numberOrNone,
  testValue: numberOrNone,
  curve: v.array(v.strictObject({ step: count, value: numberOrNone, loss: numberOrNone })),
  stepsPerSecond: v.pipe(
    v.nullable(v.number()),
    v.transform((value) => value ?? Number.NaN),
  ),
  stoppedAt: v.exactOptional(
    v.strictObject({ step: count, reason: v.picklist(['not a number', 'infinity', 'aborted', 'given up']) }),
  ),
});

/** What a process that trains for comparisons loads once. */
export interface ComparisonSetup {
  readonly task: Task;
  readonly backend: string;
}

export const comparisonSetup: Schema<ComparisonSetup> = v.strictObject({
  task: TASK_SCHEMA,
  backend: v.string(),
});

export type ComparisonTask =
  | { readonly kind: 'describe' }
  | { readonly kind: 'compare'; readonly job: ComparisonJob };

export const comparisonTask: Schema<ComparisonTask> = v.variant('kind', [
  v.strictObject({ kind: v.literal('describe') }),
  v.strictObject({ kind: v.literal('compare'), job: comparisonJob }),
]);
