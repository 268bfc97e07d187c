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

/** Options of `evolve`; the defaults are those of `lossc evolve`. */
export interface EvolveOptions {
  /** A sketch with the holes that the search fills. Without one, the search space follows from `losses`, or is that of the preset. */
  readonly sketch?: LossSource;
  /** Losses that the search starts from. */
  readonly losses?: readonly LossSource[];
  /** A name that `lossc data` shows, a folder of IDX files, or the path of a table (`.csv`) or module (`.mjs`); `digits` by default. */
  readonly dataset?: string;
  /** The folder with the data files of `mnist`, `fashion-mnist` and `cifar10`; LOSSC_DATA by default. */
  readonly data?: string;
  /** Columns of a table to learn; the last one by default. */
  readonly predict?: readonly string[];
  /** What the columns of a table are, or what is learned of a target. */
  readonly learn?: TaskKind;
  /** Numbers of examples for training and validation. */
  readonly trainExamples?: number;
  readonly validationExamples?: number;
  /** Fraction of the training labels to corrupt, from 0 to 1. */
  readonly labelNoise?: number;
  /** `mlp`, `glo-mnist`, `allcnn-c`, `resnet` or the path of a module; `mlp` by default. */
  readonly model?: string;
  /** Units of each hidden layer of `mlp`. */
  readonly hidden?: readonly number[];
  /** Examples per training step, 100 by default. */
  readonly batchSize?: number;
  /** Stochastic gradient descent with a learning rate of 0.1 by default. */
  readonly optimizer?: NonNullable<Case['optimizer']>;
  /** Steps of each training, 300 by default. */
  readonly steps?: number;
  /** What the fitness measures on the validation examples; accuracy for a classification by default. */
  readonly metric?: MetricName;
  /** `matched`: gradients are scaled to those of the baseline, so that only the shape of a loss matters; `raw`: as written. */
  readonly scale?: 'matched' | 'raw';
  /** `glo` for the published search, or `default`, which is the default. */
  readonly preset?: PresetName;
  /** Individuals, over all islands: 64 by default, 80 with `glo`. */
  readonly population?: number;
  /** The search ends after this many generations: 30 without another budget, 10 with `glo`. */
  readonly generations?: number;
  /** The search ends after this many trained candidates. */
  readonly evaluations?: number;
  /** The search ends after this many seconds, not counting tuning and finals. */
  readonly seconds?: number;
  /** Number of trainings for tuning the coefficients of the best loss, 0 for none; 120 by default, 400 with `glo`. */
  readonly tuneEvaluations?: number;
  /** Seed for everything random; '1' by default. */
  readonly seed?: string | number;
  /** A backend of TensorFlow.js; the fastest available by default. */
  readonly backend?: string;
  /** Number of worker processes; one per core by default. It does not affect the result. */
  readonly workers?: number;
  /** A new or empty folder in which everything is stored: `lossc evolve --resume` can then continue the search. Nothing is stored by default. */
  readonly folder?: string;
  /** Ends the search early; the result is what was found by then. */
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
