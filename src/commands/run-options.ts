import type { ParameterValue } from '../../compiler/lower/lowered.js';
import type { Program } from '../../compiler/resolve/program.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { didYouMean } from '../did-you-mean.js';
import { RunError, UsageError } from '../errors.js';
import type { Backend } from '../runtime/backend.js';
import type { Augmentation } from '../runtime/data/augment.js';
import type { Dataset, SplitOptions } from '../runtime/data/dataset.js';
import { isTable } from '../runtime/data/table.js';
import type { Model, ModelRequest } from '../runtime/models/model.js';
import type { OptimizerKind, OptimizerSettings } from '../runtime/optimizer.js';
import { outputsOfDistribution, TASK_KINDS, type TaskKind } from '../runtime/tasks/learning.js';
import { METRIC_NAMES, type MetricName } from '../runtime/tasks/metrics.js';
import { metricFor } from '../runtime/tasks/tasks.js';
import type { TrainingLoss } from '../runtime/training-loss.js';
import { numberThat, positiveNumber, wholeNumber } from './command.js';
import type { Asked, Rows } from './option-table.js';

/** Options that every command which trains shares. */
export interface RunOptions {
  readonly dataset: string;
  readonly data?: string;
  readonly predict?: readonly string[];
  readonly learn?: TaskKind;
  readonly metric?: MetricName;
  readonly model: string;
  readonly hidden?: readonly number[];
  readonly steps: number;
  readonly lr: number;
  readonly batch: number;
  readonly seed: string;
  readonly optimizer: OptimizerKind;
  readonly momentum?: number;
  readonly weightDecay?: number;
  readonly decay?: string;
  readonly augment?: string;
  readonly normalise?: 'unit' | 'signed' | 'standard';
  readonly trainExamples?: number;
  readonly validationExamples?: number;
  readonly labelNoise?: number;
  readonly backend?: string;
}

export interface RunDefaults {
  readonly steps: number;
  readonly lr: number;
}

const sizes = (text: string): readonly number[] => text.split(',').map(wholeNumber(1));
const probability = numberThat('a number between 0 and 1', (value) => value >= 0 && value <= 1);

/** Other data say themselves what they have to learn. */
const unlessTable = ({ values }: Asked): string | undefined =>
  isTable(String(values['dataset']))
    ? undefined
    : `is about a table; --dataset ${values['dataset']} says itself what it has`;

/** The distribution of a target can be learnt of any data; else they say themselves what they have. */
const unlessTableOrDistribution = (asked: Asked): string | undefined =>
  outputsOfDistribution(asked.values['learn'] as TaskKind) === undefined ? unlessTable(asked) : undefined;

/** Data sets that are read from files in a folder. */
const IN_FOLDERS: readonly unknown[] = ['mnist', 'fashion-mnist', 'cifar10'];

/** The options, with the defaults of the command. */
export const runRows = (defaults: RunDefaults): Rows<RunOptions> => ({
  dataset: {
    flags: '--dataset <name>',
    says: 'digits, friedman, arm, documents (drawn by lossc), mnist, fashion-mnist, cifar10, a folder of IDX files, ./table.csv or ./data.mjs',
    byDefault: 'digits',
  },
  data: {
    flags: '--data <dir>',
    says: 'folder of the data files (default: LOSSC_DATA, then the download cache)',
    unusable: ({ values }) =>
      IN_FOLDERS.includes(values['dataset'])
        ? undefined
        : `is the folder of ${IN_FOLDERS.join(', ')}; --dataset ${values['dataset']} needs none`,
  },
  predict: {
    flags: '--predict <columns>',
    says: 'columns of a table to learn, with commas (default: the last one)',
    read: (text) => text.split(',').map((name) => name.trim()),
    unusable: unlessTable,
  },
  learn: {
    flags: '--learn <what>',
    says: 'what the columns of a table are (default: classes of words, labels of several columns of 0 and 1, else numbers); of a regression with one target quantiles, or mean-and-variance',
    choices: TASK_KINDS,
    unusable: unlessTableOrDistribution,
  },
  metric: {
    flags: '--metric <name>',
    says: 'what is measured: accuracy or error; of a regression rmse, mae or r2; of labels map or f1; of quantiles pinball; of a mean and a variance nll or crps (default: the first)',
    choices: METRIC_NAMES,
  },
  model: {
    flags: '--model <name>',
    says: 'mlp, glo-mnist, allcnn-c, resnet, or ./model.mjs',
    byDefault: 'mlp',
  },
  hidden: {
    flags: '--hidden <sizes>',
    says: 'hidden units of mlp, such as 128 or 256,128',
    read: sizes,
    unusable: ({ values }) =>
      values['model'] === 'mlp' ? undefined : `sets the layers of --model mlp, not of ${values['model']}`,
  },
  steps: { flags: '--steps <n>', says: 'training steps', read: wholeNumber(1), byDefault: defaults.steps },
  lr: { flags: '--lr <x>', says: 'learning rate', read: positiveNumber, byDefault: defaults.lr },
  batch: { flags: '--batch <n>', says: 'examples per step', read: wholeNumber(1), byDefault: 100 },
  seed: {
    flags: '--seed <seed>',
    says: 'decides split, initialisation, order and dropout',
    byDefault: '1',
  },
  optimizer: {
    flags: '--optimizer <name>',
    says: 'sgd, momentum or adam',
    read: optimizerKind,
    byDefault: 'sgd',
  },
  momentum: {
    flags: '--momentum <x>',
    says: 'of the momentum optimizer (default 0.9)',
    read: probability,
    unusable: ({ values }) =>
      values['optimizer'] === 'momentum'
        ? undefined
        : `belongs to --optimizer momentum; ${values['optimizer']} has none`,
  },
  weightDecay: {
    flags: '--weight-decay <x>',
    says: 'L2 penalty on the parameters',
    read: numberThat('a number of at least 0', (value) => value >= 0 && Number.isFinite(value)),
  },
  decay: {
    flags: '--decay <schedule>',
    says: 'of the learning rate: cosine, exponential=FACTOR/STEPS or steps=FACTOR@STEP,STEP',
  },
  augment: {
    flags: '--augment <list>',
    says: 'random changes to training images: shift=2, crop=4, flip, with commas',
  },
  normalise: {
    flags: '--normalise <how>',
    says: 'what the model sees: pixels from 0 to 1, from -1 to 1, or with mean 0 and deviation 1',
    choices: ['unit', 'signed', 'standard'],
  },
  trainExamples: {
    flags: '--train-examples <n>',
    says: 'use only so many training examples',
    read: wholeNumber(1),
  },
  validationExamples: {
    flags: '--validation-examples <n>',
    says: 'examples kept for validation',
    read: wholeNumber(1),
  },
  labelNoise: {
    flags: '--label-noise <p>',
    says: 'share of training labels that are made wrong: another class or label, or a target far off',
    read: probability,
  },
  backend: {
    flags: '--backend <name>',
    says: 'tfjs-node-gpu, webgpu, tfjs-node, wasm, cpu or onnx (default: LOSSC_BACKEND, then the fastest; onnx when asked for)',
  },
});

const OPTIMIZERS: readonly OptimizerKind[] = ['sgd', 'momentum', 'adam'];
function optimizerKind(text: string): OptimizerKind {
  const kind = OPTIMIZERS.find((name) => name === text);
  if (kind === undefined)
    throw new UsageError(
      `there is no optimizer "${text}"`,
      didYouMean(text, OPTIMIZERS, `choose one of ${OPTIMIZERS.join(', ')}`),
    );
  return kind;
}

/** What a run works with, opened. `close` releases the backend. */
export interface RunWorld {
  readonly backend: Backend;
  readonly dataset: Dataset;
  readonly split: SplitOptions;
  readonly metric: MetricName;
  readonly optimizer: OptimizerSettings;
  readonly augmentation: Augmentation | undefined;
  readonly createModel: (request: ModelRequest) => Promise<Model>;
  readonly compile: (
    program: Program,
    decl: LossDecl,
    parameters?: Readonly<Record<string, ParameterValue>>,
  ) => TrainingLoss;
  readonly close: () => void;
}

/** Reads the data, opens the backend and checks that it can train the model. */
export async function openWorld(options: RunOptions): Promise<RunWorld> {
  const [
    data,
    augment,
    { parseDecay },
    { openBackend },
    { createModel },
    { missingKernels },
    { compileForTraining },
  ] = await Promise.all([
    import('../runtime/data/load-dataset.js'),
    import('../runtime/data/augment.js'),
    import('../runtime/learning-rate.js'),
    import('../runtime/backend.js'),
    import('../runtime/models/create-model.js'),
    import('../runtime/missing-kernels.js'),
    import('../runtime/compile-for-training.js'),
  ]);
  const plain = await data.loadDataset(options.dataset, {
    folder: options.data ?? process.env['LOSSC_DATA'],
    predict: options.predict,
    learn: options.learn,
  });
  const metric = metricFor(plain.task, options.metric);
  const { normalise } = options;
  const dataset =
    normalise === undefined
      ? plain
      : (await import('../runtime/data/normalise.js')).withNormalisation(plain, normalise);
  const augmentation = options.augment === undefined ? undefined : augment.parseAugmentation(options.augment);
  const decay = options.decay === undefined ? undefined : parseDecay(options.decay, options.steps);
  const backend = await openBackend({
    name: options.backend ?? process.env['LOSSC_BACKEND'],
  });
  const missing = missingKernels(options.model);
  if (missing.length > 0) {
    backend.release();
    throw new RunError(
      `the backend ${backend.name} cannot train ${options.model}: it lacks ${missing.join(', ')}`,
      'choose another with --backend; "lossc doctor" shows which are there',
    );
  }
  return {
    backend,
    dataset,
    metric,
    split: {
      validationExamples: options.validationExamples,
      trainExamples: options.trainExamples,
      labelNoise: options.labelNoise,
    },
    optimizer: {
      kind: options.optimizer,
      learningRate: options.lr,
      momentum: options.momentum,
      weightDecay: options.weightDecay,
      decay,
    },
    augmentation,
    createModel: (request) => createModel(options.model, request, { hidden: options.hidden }),
    compile: (program, decl, parameters) => compileForTraining(program, decl, dataset, parameters),
    close: () => backend.release(),
  };
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** A signal that Ctrl-C, SIGTERM and the end of the terminal raise; a second one ends the process at once. */
export function interruptible(): { readonly signal: AbortSignal; readonly done: () => void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  for (const name of ENDING) process.on(name, onSignal);
  return {
    signal: controller.signal,
    done: () => {
      for (const name of ENDING) process.off(name, onSignal);
    },
  };
}
