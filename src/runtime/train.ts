/** The training loop: one model, one loss, so many steps of stochastic gradient descent. */
import { RunError } from '../errors.js';
import { createRandom } from '../random.js';
import { nativeRuntime } from './backend.js';
import type { Augmentation } from './data/augment.js';
import { createSampler } from './data/batches.js';
import type { SearchData } from './data/dataset.js';
import { evaluate, valueOfBroken } from './evaluate.js';
import { createLossRecord } from './loss-record.js';
import type { Model } from './models/model.js';
import { onnxSteps } from './onnx/onnx-steps.js';
import { requireLayers } from './onnx/refusals.js';
import type { OptimizerSettings } from './optimizer.js';
import { requireRoom } from './room.js';
import type { Stop } from './stop.js';
import type { MetricName } from './tasks/metrics.js';
import { metricFor } from './tasks/tasks.js';
import { tensorSteps } from './tensor-steps.js';
import type { TrainingLoss } from './training-loss.js';

/** How far a training is. */
export interface TrainingProgress {
  /** Steps made, and steps in all. */
  readonly step: number;
  readonly steps: number;
  /** Mean training loss since the last report. */
  readonly loss: number;
  /** The latest value of the metric on the validation examples, once there is one. */
  readonly validationValue: number | undefined;
  readonly stepsPerSecond: number;
}

/** A look at the validation examples in the course of a training. */
export interface Evaluation {
  /** Steps made before it. */
  readonly step: number;
  /** Of the metric, on the validation examples. */
  readonly value: number;
  /** Mean training loss since the evaluation before. */
  readonly loss: number;
}

/** What `trainModel` takes. */
export interface TrainingOptions {
  /** Is trained in place; it stays the caller's to dispose. */
  readonly model: Model;
  /** `compileForTraining` makes one. */
  readonly loss: TrainingLoss;
  /** `splitDataset` gives it as `search`. */
  readonly data: SearchData;
  /** What is measured on the validation examples; the usual metric of the task by default. */
  readonly metric?: MetricName | undefined;
  /** Updates of the parameters, one for each batch. */
  readonly steps: number;
  /** Examples per step. */
  readonly batchSize: number;
  /** With its learning rate and how that decays. */
  readonly optimizer: OptimizerSettings;
  /** Decides the order of the examples. */
  readonly seed: string | number;
  /** Steps between looks at the validation examples; only at the end by default. */
  readonly evaluateEvery?: number | undefined;
  /** Further steps at which to look. */
  readonly evaluateAt?: readonly number[] | undefined;
  /** Asked after each look; answering false ends the training there. */
  readonly continueAfter?: ((evaluation: Evaluation) => boolean) | undefined;
  /** Told of each look. */
  readonly onEvaluation?: ((evaluation: Evaluation) => void) | undefined;
  /** Random changes to the training images; none by default. */
  readonly augmentation?: Augmentation | undefined;
  /** Told from time to time how far the training is. */
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined;
  /** Ends the training after the step that is being made. */
  readonly signal?: AbortSignal | undefined;
}

/** How a training went. The model that was given has the trained parameters. */
export interface TrainingResult {
  /** Steps made. */
  readonly steps: number;
  /** Of the metric at the last look; after a loss that was not finite what counts for it; undefined when it ended before the first look. */
  readonly validationValue: number | undefined;
  /** Mean training loss between steps, at some hundred of them. */
  readonly lossCurve: readonly { readonly step: number; readonly value: number }[];
  /** The looks at the validation examples, in order. */
  readonly curve: readonly Evaluation[];
  /** Of training alone, looks at the validation examples not counted. */
  readonly stepsPerSecond: number;
  /** Where and why it ended before its last step; absent where it did not. */
  readonly stoppedAt?: Stop;
}

/** Milliseconds of training between two chances for the process to handle signals and other work. */
const SLICE = 50;
/** Points of a loss curve. */
const CURVE_POINTS = 200;
/** Steps between two readings of the loss where reading waits for a GPU. */
const READ_EVERY_ON_GPU = 50;

/** Trains the model in place. Leaves no tensor behind but the model's own. */
export async function trainModel(options: TrainingOptions): Promise<TrainingResult> {
  checkFit(options);
  const { model, loss, data, steps, batchSize, optimizer } = options;
  const metric = metricFor(data.task, options.metric);
  const sample = createSampler(data.train.count, createRandom(`${options.seed}/batches`));
  const augmented = options.augmentation && {
    augmentation: options.augmentation,
    random: createRandom(`${options.seed}/augmentation`),
  };
  const request = { model, loss, data, batchSize, optimizer, augmented };
  const runtime = nativeRuntime();
  const maker = runtime === undefined ? tensorSteps(request) : await onnxSteps(runtime, request);
  const losses = createLossRecord(Math.max(1, Math.floor(steps / CURVE_POINTS)));
  const curve: Evaluation[] = [];
  const looks = new Set(options.evaluateAt ?? []);
  let stoppedAt: Stop | undefined;
  let trainingTime = 0;
  let done = 0;

  const readLosses = async (): Promise<void> => {
    const first = done - maker.unread;
    for (const [index, number] of (await maker.readLosses()).entries()) {
      if (stoppedAt === undefined && !Number.isFinite(number)) {
        stoppedAt = { step: first + index + 1, reason: Number.isNaN(number) ? 'not a number' : 'infinity' };
      }
      if (stoppedAt === undefined) losses.add(first + index + 1, number);
    }
  };

  const look = async (): Promise<void> => {
    maker.settle();
    const predict = maker.predict.bind(maker);
    const found = await evaluate(predict, data.validation, data, metric, options.signal);
    if (!found.complete) {
      stoppedAt = { step: done, reason: 'aborted' };
      return;
    }
    if (!found.finite) {
      stoppedAt = { step: done, reason: 'not a number' };
      return;
    }
    const evaluation = { step: done, value: found.value, loss: losses.meanSinceLook() };
    curve.push(evaluation);
    options.onEvaluation?.(evaluation);
    if (done < steps && options.continueAfter?.(evaluation) === false) {
      stoppedAt = { step: done, reason: 'given up' };
    }
  };

  try {
    let sliceStart = performance.now();
    while (done < steps && stoppedAt === undefined) {
      await maker.step(sample(batchSize), done / steps);
      done++;
      const lookNow = looks.has(done) || done % (options.evaluateEvery ?? Infinity) === 0 || done === steps;
      if (maker.readsAtOnce || maker.unread >= READ_EVERY_ON_GPU || lookNow) await readLosses();
      const now = performance.now();
      if (now - sliceStart > SLICE || lookNow) {
        trainingTime += now - sliceStart;
        if (lookNow && stoppedAt === undefined) await look();
        options.onProgress?.({
          step: done,
          steps,
          loss: losses.latest(),
          validationValue: curve.at(-1)?.value,
          stepsPerSecond: rate(done, trainingTime),
        });
        await new Promise(setImmediate);
        if (options.signal?.aborted && done < steps) stoppedAt ??= { step: done, reason: 'aborted' };
        sliceStart = performance.now();
      }
    }
    await readLosses();
    maker.settle();
    losses.finish();
  } finally {
    await maker.dispose();
  }
  const broken = stoppedAt?.reason === 'not a number' || stoppedAt?.reason === 'infinity';
  return {
    steps: done,
    validationValue: broken ? valueOfBroken(data.validation, data, metric) : curve.at(-1)?.value,
    lossCurve: losses.curve,
    curve,
    stepsPerSecond: rate(done, trainingTime),
    ...(stoppedAt !== undefined && { stoppedAt }),
  };
}

/** Throws a RunError for a model that the backend cannot train. */
export function checkModel(model: Model): void {
  if (nativeRuntime() !== undefined) requireLayers(model);
}

function checkFit({ model, data, steps, batchSize, augmentation }: TrainingOptions): void {
  if (model.inputShape.join() !== data.inputShape.join() || model.outputs !== data.outputs) {
    throw new RunError(
      `the model "${model.name}" takes [${model.inputShape.join(', ')}] and gives ${model.outputs} numbers; ` +
        `the data "${data.name}" has [${data.inputShape.join(', ')}] and asks for ${data.outputs}`,
    );
  }
  for (const [what, value] of Object.entries({ steps, 'the batch size': batchSize })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RunError(`${what} must be a whole number of at least 1, not ${value}`);
  }
  requireRoom('a batch', [batchSize, ...data.inputShape]);
  if (augmentation !== undefined && data.inputShape.length !== 3) {
    throw new RunError(
      `augmentations apply to images, but the inputs of "${data.name}" have the shape [${data.inputShape.join(', ')}]`,
      'leave --augment out',
    );
  }
}

const rate = (steps: number, milliseconds: number): number =>
  milliseconds > 0 ? (1000 * steps) / milliseconds : 0;
