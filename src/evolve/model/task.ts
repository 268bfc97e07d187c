/**
 * What a search is for: data, models, training and the measure of success, as one JSON document that is validated and
 * stored with the run. The test split is not in it: nothing the search does can reach it.
 */
import * as v from 'valibot';
import { type Schema, validated } from '../../read-json.js';
import { type Learning, TASK_KINDS } from '../../runtime/tasks/learning.js';
import { METRIC_NAMES } from '../../runtime/tasks/metrics.js';

const whole = v.pipe(v.number(), v.integer(), v.minValue(1));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const positive = v.pipe(v.number(), v.gtValue(0));

const decay = v.variant('kind', [
  v.strictObject({ kind: v.literal('constant') }),
  v.strictObject({ kind: v.literal('exponential'), factor: positive, every: whole }),
  v.strictObject({ kind: v.literal('cosine'), steps: whole }),
  v.strictObject({ kind: v.literal('steps'), factor: positive, at: v.array(whole) }),
]);

export const TASK_OPTIMIZER = v.strictObject({
  kind: v.picklist(['sgd', 'momentum', 'adam']),
  learningRate: positive,
  decay: v.optional(decay),
  momentum: v.optional(share),
  beta1: v.optional(share),
  beta2: v.optional(share),
  weightDecay: v.optional(v.pipe(v.number(), v.minValue(0))),
});

/** As `--augment` on the command line: pixels of random shift, and mirroring. */
const augmentation = v.strictObject({
  shift: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0)), 0),
  flip: v.optional(v.boolean(), false),
});

/** One data set with one model. */
const trainingCase = v.strictObject({
  /** A name that `lossc data` knows, or a path. */
  dataset: v.string(),
  /** Where data files lie. */
  data: v.optional(v.string()),
  /** Of a table: the columns to learn, and what is learnt. */
  predict: v.optional(v.array(v.string())),
  learn: v.optional(v.picklist(TASK_KINDS)),
  trainExamples: v.optional(whole),
  validationExamples: v.optional(whole),
  /** Share of training labels that are wrong. */
  labelNoise: v.optional(share, 0),
  model: v.optional(v.string(), 'mlp'),
  /** Sizes of the hidden layers of `mlp`. */
  hidden: v.optional(v.array(whole)),
  batchSize: v.optional(whole, 100),
  optimizer: v.optional(TASK_OPTIMIZER, { kind: 'sgd', learningRate: 0.1 }),
  augmentation: v.optional(augmentation),
});

const fitness = v.variant('kind', [
  /** The validation score at the end of the short training: in a classification its accuracy, as in GLO. */
  v.strictObject({ kind: v.literal('score') }),
  /** How early the validation score is reached. */
  v.strictObject({ kind: v.literal('steps'), score: share }),
]);

export const TASK_SCHEMA = v.strictObject({
  /** Several cases: a loss must do well on all of them. None where an evaluator trains. */
  cases: v.array(trainingCase),
  /** How the scores of the cases become one. */
  over: v.optional(v.picklist(['mean', 'worst']), 'mean'),
  /** What is measured; the usual metric of what the data has to learn when absent. */
  metric: v.optional(v.picklist(METRIC_NAMES)),
  fitness: v.optional(fitness, { kind: 'score' }),
  /** `matched`: the gradient at initialisation is scaled to that of the baseline, so that shape counts. `raw`: as written. */
  scale: v.optional(v.picklist(['matched', 'raw']), 'matched'),
  /** Steps of the short training that fitness is measured by. */
  steps: v.optional(whole, 1000),
  /** Decides the split into training and validation examples, and which labels are wrong. */
  dataSeed: v.optional(v.string(), '0'),
});

/** What a run has to learn, as it is stored and sent. */
export const LEARNING_SCHEMA: Schema<Learning> = v.strictObject({
  task: v.picklist(TASK_KINDS),
  outputs: whole,
});

/** What a search is for, with its defaults filled in: data, models, training, and what fitness is. */
export type Task = v.InferOutput<typeof TASK_SCHEMA>;
/** What `readTask` takes: a task as a person writes it, most of which may be left out. */
export type TaskInput = v.InferInput<typeof TASK_SCHEMA>;
/** A data set with a model and how it is trained. A task may have several. */
export type TrainingCase = Task['cases'][number];

const CLASSIFICATION = v.pipe(
  TASK_SCHEMA,
  v.forward(
    v.check(({ cases }) => cases.length > 0),
    ['cases'],
  ),
);

/** A task with its defaults filled in, of our own trainer unless an evaluator is there. Throws a RunError that names every field that is wrong, and the file where there is one. */
export function readTask(
  document: unknown,
  { file, evaluator = false }: { readonly file?: string; readonly evaluator?: boolean } = {},
): Task {
  const place = file === undefined ? '' : `${file}: `;
  const schema = evaluator ? TASK_SCHEMA : CLASSIFICATION;
  return validated(document, schema, `${place}the task description is wrong`);
}
