import { type Command, Option } from 'commander';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import type { Program } from '../../compiler/lower/program.js';
import type { LossDecl } from '../../grammar/ast.js';
import type { Backend } from '../runtime/backend.js';
import type { Augmentation } from '../runtime/data/augment.js';
import type { Dataset, SplitOptions } from '../runtime/data/dataset.js';
import type { Model, ModelRequest } from '../runtime/models/model.js';
import type { OptimizerKind, OptimizerSettings } from '../runtime/optimizer.js';
import { RunError } from '../runtime/run-error.js';
import type { TrainingLoss } from '../runtime/training-loss.js';
import { collect, numberThat, positiveNumber, UsageError, wholeNumber } from './command.js';

/** Options that every command which trains shares. */
export interface RunOptions {
  readonly dataset: string;
  readonly data?: string;
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
  readonly param: readonly string[];
}

export interface RunDefaults {
  readonly steps: number;
  readonly lr: number;
}

const sizes = (text: string): readonly number[] => text.split(',').map(wholeNumber(1));
const probability = numberThat('a number between 0 and 1', (value) => value >= 0 && value <= 1);

/** Adds the options, with the defaults of the command. */
export function addRunOptions(command: Command, defaults: RunDefaults): Command {
  return command
    .option(
      '--dataset <name>',
      'digits (drawn by lossc), mnist, fashion-mnist, cifar10, a folder of IDX files, or ./data.mjs',
      'digits',
    )
    .option('--data <dir>', 'folder of the data files (default: LOSSC_DATA, then the download cache)')
    .option('--model <name>', 'mlp, glo-mnist, allcnn-c, resnet, or ./model.mjs', 'mlp')
    .option('--hidden <sizes>', 'hidden units of mlp, such as 128 or 256,128', sizes)
    .option('--steps <n>', 'training steps', wholeNumber(1), defaults.steps)
    .option('--lr <x>', 'learning rate', positiveNumber, defaults.lr)
    .option('--batch <n>', 'examples per step', wholeNumber(1), 100)
    .option('--seed <seed>', 'decides split, initialisation, order and dropout', '1')
    .option('--optimizer <name>', 'sgd, momentum or adam', optimizerKind, 'sgd')
    .option('--momentum <x>', 'of the momentum optimizer (default 0.9)', probability)
    .option(
      '--weight-decay <x>',
      'L2 penalty on the parameters',
      numberThat('a number of at least 0', (value) => value >= 0),
    )
    .option(
      '--decay <schedule>',
      'of the learning rate: cosine, exponential=FACTOR/STEPS or steps=FACTOR@STEP,STEP',
    )
    .option('--augment <list>', 'random changes to training images: shift=2, crop=4, flip, with commas')
    .addOption(
      new Option(
        '--normalise <how>',
        'what the model sees: pixels from 0 to 1, from -1 to 1, or with mean 0 and deviation 1',
      ).choices(['unit', 'signed', 'standard']),
    )
    .option('--train-examples <n>', 'use only so many training examples', wholeNumber(1))
    .option('--validation-examples <n>', 'examples kept for validation', wholeNumber(1))
    .option('--label-noise <p>', 'share of training labels replaced by another class', probability)
    .option(
      '--backend <name>',
      'tfjs-node-gpu, webgpu, tfjs-node, wasm or cpu (default: LOSSC_BACKEND, then the fastest)',
    );
}

/** `--param name=JSON`, for commands with one loss. */
export const addParameterOption = (command: Command): Command =>
  command.option('--param <name=JSON>', 'a parameter instead of its default (repeat for each)', collect, []);

const OPTIMIZERS: readonly OptimizerKind[] = ['sgd', 'momentum', 'adam'];
function optimizerKind(text: string): OptimizerKind {
  const kind = OPTIMIZERS.find((name) => name === text);
  if (kind === undefined)
    throw new UsageError(`there is no optimizer "${text}"`, `choose one of ${OPTIMIZERS.join(', ')}`);
  return kind;
}

/** What a run works with, opened. `close` releases the backend. */
export interface RunWorld {
  readonly backend: Backend;
  readonly dataset: Dataset;
  readonly split: SplitOptions;
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
  });
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
    compile: (program, decl, parameters) => compileForTraining(program, decl, dataset.classes, parameters),
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
