/** What is asked of a worker of a search, and what it answers: plain data, held to these schemas on both sides. */
import * as v from 'valibot';
import type { Schema } from '../../read-json.js';
import type { Learning } from '../../runtime/tasks/learning.js';
import {
  type Analysis,
  FAILED_ENDS,
  type Probe,
  TRAINED_ENDS,
  type TrainingJob,
  type TrainingReport,
} from '../model/evaluator.js';
import type { ScriptHello } from '../model/evaluator-messages.js';
import {
  count,
  curve,
  genome,
  number,
  numbers,
  parameterValues,
  partialRecord,
  sources,
} from '../model/schemas.js';
import { SCREENING_STAGES, type ScreeningStage } from '../model/settings.js';
import type { Sources } from '../model/sources.js';
import { LEARNING_SCHEMA, TASK_SCHEMA, type Task } from '../model/task.js';
import { comparisonRun } from './comparison-protocol.js';

/** What screening has to know of a training that takes place elsewhere. */
export interface ScreeningSetup {
  /** Without it only what holds for every loss is looked at. */
  readonly learning?: Learning;
  /** Losses that differ by a positive factor are different. */
  readonly scaleMatters: boolean;
}

export interface WorkerSetup {
  /** What to train on, or what to know of it for workers that only screen. */
  readonly work:
    | { readonly kind: 'train'; readonly task: Task }
    | ({ readonly kind: 'screen' } & ScreeningSetup);
  readonly subject: { readonly kind: 'sketch' | 'loss'; readonly sources: Sources; readonly name?: string };
  /** Turn losses round that are upside down; they are tried as they are when absent. */
  readonly repairSign?: boolean;
  /** The fastest there is when absent. */
  readonly backend?: string;
}

export const workerSetup: Schema<WorkerSetup> = v.strictObject({
  work: v.variant('kind', [
    v.strictObject({ kind: v.literal('train'), task: TASK_SCHEMA }),
    v.strictObject({
      kind: v.literal('screen'),
      learning: v.exactOptional(LEARNING_SCHEMA),
      scaleMatters: v.boolean(),
    }),
  ]),
  subject: v.strictObject({
    kind: v.picklist(['sketch', 'loss']),
    sources,
    name: v.exactOptional(v.string()),
  }),
  repairSign: v.exactOptional(v.boolean()),
  backend: v.exactOptional(v.string()),
});

export type WorkerTask =
  | { readonly kind: 'describe' }
  | { readonly kind: 'analyse' | 'probe'; readonly genomes: readonly (readonly string[])[] }
  | { readonly kind: 'train'; readonly job: TrainingJob };

export const trainingJob: Schema<TrainingJob> = v.strictObject({
  genome,
  replicate: count,
  seed: v.string(),
  steps: count,
  gates: v.array(v.strictObject({ step: count, atLeast: number })),
  looks: v.exactOptional(count),
  loss: v.exactOptional(v.string()),
  parameters: v.exactOptional(parameterValues),
});

export const workerTask: Schema<WorkerTask> = v.variant('kind', [
  v.strictObject({ kind: v.literal('describe') }),
  v.strictObject({ kind: v.picklist(['analyse', 'probe']), genomes: v.array(genome) }),
  v.strictObject({ kind: v.literal('train'), job: trainingJob }),
]);

/** The answer to `describe`, and what any executor says of its trainings. */
export interface TrainerDescription {
  readonly backend: string;
  readonly device: string;
  readonly tensorflow: string;
  /** What the bits of training steps depend on where TensorFlow.js does not make them. */
  readonly native?: string;
  /** What the data has to learn; undefined where lossc does not know it. */
  readonly learning?: Learning;
  /** Of a trainer that is not ours: what it says of its environment. */
  readonly identity?: string;
  /** All that a script says of itself. */
  readonly hello?: ScriptHello;
  /** Tensors alive between tasks: the data and nothing that grows. */
  readonly liveTensors: number;
}

export const trainerDescription: Schema<TrainerDescription> = v.strictObject({
  backend: v.string(),
  device: v.string(),
  tensorflow: v.string(),
  native: v.exactOptional(v.string()),
  learning: v.exactOptional(LEARNING_SCHEMA),
  identity: v.exactOptional(v.string()),
  liveTensors: count,
});

const stage = v.picklist(SCREENING_STAGES);

/** The answer to `analyse`: one for each genome. */
export const analyses: Schema<Analysis[]> = v.array(
  v.strictObject({
    genome,
    size: count,
    flipped: v.boolean(),
    rejections: v.array(v.strictObject({ stage, reason: v.string() })),
    canonical: v.string(),
    gradient: v.string(),
    fingerprint: v.string(),
    features: numbers,
    milliseconds: partialRecord<ScreeningStage, number>(SCREENING_STAGES, number),
  }),
);

/** The answer to `probe`: one for each genome. */
export const probes: Schema<Probe[]> = v.array(
  v.strictObject({ score: number, rejection: v.exactOptional(v.string()), milliseconds: number }),
);

const ended = { steps: count, curve, milliseconds: number };

/** The answer to `train`. */
export const trainingReport: Schema<TrainingReport> = v.variant('end', [
  v.strictObject({
    ...ended,
    end: v.picklist(TRAINED_ENDS),
    score: number,
    run: v.exactOptional(comparisonRun),
  }),
  v.strictObject({ ...ended, end: v.picklist(FAILED_ENDS), score: v.null(), detail: v.string() }),
]);
