/** The options of `evolve`, and the search that they ask for. */
import type { Budget } from '../evolve/model/run-settings.js';
import { GENERATIONS, type PresetName, populationOf } from '../evolve/model/settings.js';
import type { TaskInput } from '../evolve/model/task.js';
import type { SearchOptions } from '../evolve/run/run-search.js';
import { TASK_KINDS, type TaskKind } from '../runtime/tasks/learning.js';
import { METRIC_NAMES, type MetricName } from '../runtime/tasks/metrics.js';
import { type Expectation, isRecord, listOf, oneOf, POSITIVE, TEXT, wholeFrom } from './demand.js';
import { type LossSource, lossesIn, SEARCH_EXPECTATIONS, sketchOf } from './evolving.js';

type Case = TaskInput['cases'][number];

/** What `evolve` takes; defaults are those of `lossc evolve`. */
export interface EvolveOptions {
  /** With the holes that the search fills. Without one the space follows from `losses`, or is that of the preset. */
  readonly sketch?: LossSource;
  /** Losses that the search begins with. */
  readonly losses?: readonly LossSource[];
  /** A name that `lossc data` shows, a folder of IDX files, or the path of a table (`.csv`) or module (`.mjs`); `digits` unless told. */
  readonly dataset?: string;
  /** The folder of the data files of `mnist`, `fashion-mnist` and `cifar10`; LOSSC_DATA unless told. */
  readonly data?: string;
  /** Columns of a table to learn; the last one unless told. */
  readonly predict?: readonly string[];
  /** What the columns of a table are, or what of a target is learnt. */
  readonly learn?: TaskKind;
  /** Examples to train and to validate on. */
  readonly trainExamples?: number;
  readonly validationExamples?: number;
  /** Share of the training labels that are made wrong, from 0 to 1. */
  readonly labelNoise?: number;
  /** `mlp`, `glo-mnist`, `allcnn-c`, `resnet` or the path of a module; `mlp` unless told. */
  readonly model?: string;
  /** Units of each hidden layer of `mlp`. */
  readonly hidden?: readonly number[];
  /** Examples per training step, 100 unless told. */
  readonly batchSize?: number;
  /** Stochastic gradient descent with a learning rate of 0.1 unless told. */
  readonly optimizer?: NonNullable<Case['optimizer']>;
  /** Steps of each training, 300 unless told. */
  readonly steps?: number;
  /** What fitness measures on the validation examples; accuracy of a classification unless told. */
  readonly metric?: MetricName;
  /** `matched`: gradients are scaled to those of the baseline, so that the shape of a loss counts; `raw`: as written. */
  readonly scale?: 'matched' | 'raw';
  /** `glo` for the published search; `default` unless told. */
  readonly preset?: PresetName;
  /** Individuals, over all islands: 64 unless told, 80 with `glo`. */
  readonly population?: number;
  /** The search ends after so many generations: 30 where nothing ends it, 10 with `glo`. */
  readonly generations?: number;
  /** The search ends after so many trained candidates. */
  readonly evaluations?: number;
  /** The search ends after so many seconds; tuning and finals come on top. */
  readonly seconds?: number;
  /** Trainings to tune the coefficients of the best loss with, 0 for none; 120 unless told, 400 with `glo`. */
  readonly tuneEvaluations?: number;
  /** Decides everything random; '1' unless told. */
  readonly seed?: string | number;
  /** A backend of TensorFlow.js; the fastest there is unless told. */
  readonly backend?: string;
  /** Processes that train; one per core unless told. They change nothing about the result. */
  readonly workers?: number;
  /** A folder that keeps everything, missing or empty: then `lossc evolve --resume` goes on with the search. None is kept unless told. */
  readonly folder?: string;
  /** Ends the search early; the result is what there is by then. */
  readonly signal?: AbortSignal;
}

/** What is trained on: a case of the task, which is held to its schema too. */
const CASE_EXPECTATIONS = {
  dataset: TEXT,
  predict: listOf(TEXT, 'a list of names of columns'),
  learn: oneOf(TASK_KINDS),
  trainExamples: wholeFrom(1),
  validationExamples: wholeFrom(1),
  labelNoise: {
    what: 'a number from 0 to 1',
    holds: (value: unknown) => typeof value === 'number' && value >= 0 && value <= 1,
  },
  model: TEXT,
  hidden: listOf(wholeFrom(1), 'a list of whole numbers from 1'),
  batchSize: wholeFrom(1),
  optimizer: { what: 'an object such as { kind: "adam", learningRate: 0.001 }', holds: isRecord },
} satisfies Partial<Record<keyof EvolveOptions, Expectation>>;

const CASE_OPTIONS = Object.keys(CASE_EXPECTATIONS) as (keyof typeof CASE_EXPECTATIONS)[];

export const EVOLVE_EXPECTATIONS: Readonly<Record<keyof EvolveOptions, Expectation>> = {
  ...SEARCH_EXPECTATIONS,
  ...CASE_EXPECTATIONS,
  data: TEXT,
  steps: wholeFrom(1),
  metric: oneOf(METRIC_NAMES),
  scale: oneOf(['matched', 'raw']),
  generations: wholeFrom(1),
  evaluations: wholeFrom(1),
  seconds: POSITIVE,
  tuneEvaluations: wholeFrom(0),
  backend: TEXT,
  workers: wholeFrom(1),
  folder: TEXT,
  signal: { what: 'an AbortSignal', holds: (value) => value instanceof AbortSignal },
};

/** Throws a LossError for mistakes in a text. */
export function searchFrom(options: EvolveOptions): Omit<SearchOptions, 'directory'> {
  const { preset = 'default', losses, sketch, tuneEvaluations, backend, steps = 300 } = options;
  const seed = String(options.seed ?? 1);
  const { data = process.env['LOSSC_DATA'], metric, scale } = options;
  const given = CASE_OPTIONS.flatMap((name) => {
    const value = options[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    command: 'evolve() of lossc/evolve',
    task: {
      cases: [{ dataset: 'digits', ...(data !== undefined && { data }), ...Object.fromEntries(given) }],
      ...(metric !== undefined && { metric }),
      ...(scale !== undefined && { scale }),
      steps,
      dataSeed: seed,
    },
    ...(sketch !== undefined && { sketch: sketchOf('evolve', sketch) }),
    ...(losses !== undefined && { seedLosses: losses.flatMap((loss) => lossesIn('evolve', loss)) }),
    seed,
    preset,
    settings: populationOf(options.population, preset),
    budget: budgetOf(options, preset),
    ...(tuneEvaluations !== undefined && {
      tuning: tuneEvaluations === 0 ? { losses: 0 } : { evaluations: tuneEvaluations },
    }),
    ...(backend !== undefined && { backend }),
  };
}

function budgetOf({ generations, evaluations, seconds }: EvolveOptions, preset: PresetName): Budget {
  const given = {
    ...(generations !== undefined && { generations }),
    ...(evaluations !== undefined && { evaluations }),
    ...(seconds !== undefined && { seconds }),
  };
  return Object.keys(given).length > 0 ? given : { generations: GENERATIONS[preset] };
}
