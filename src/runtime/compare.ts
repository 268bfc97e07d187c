/**
 * Fair comparison of losses: each is trained several times, at its own best learning rate if asked, and judged on a
 * test split that nothing was chosen by.
 */

import { type Summary, summarise, type WelchTest } from '../statistics.js';
import { type ComparisonRunner, createRunner } from './compare-runner.js';
import { summariseLoss, withTests } from './compare-summary.js';
import type { Augmentation } from './data/augment.js';
import { type Dataset, type SearchData, type SplitOptions, splitDataset } from './data/dataset.js';
import type { Model, ModelRequest } from './models/model.js';
import type { OptimizerSettings } from './optimizer.js';
import { RunError } from './run-error.js';
import { matchingFactor } from './scaled-loss.js';
import type { TrainingResult } from './train.js';
import type { TrainingLoss } from './training-loss.js';

export interface ComparedLoss {
  readonly name: string;
  /** A fresh loss for each training; it is disposed after it. */
  readonly loss: () => TrainingLoss | Promise<TrainingLoss>;
}

export interface ComparisonOptions {
  /** The first is what the others are tested against. */
  readonly losses: readonly ComparedLoss[];
  readonly dataset: Dataset;
  readonly split?: SplitOptions | undefined;
  /** Decides the split, and with the run's number initialisation and order. */
  readonly seed: string | number;
  readonly model: (request: ModelRequest) => Model | Promise<Model>;
  /** Trainings of each loss. */
  readonly runs: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerSettings;
  readonly augmentation?: Augmentation | undefined;
  /** `matched` brings each loss's first gradients to the size of cross-entropy's. */
  readonly scale: 'raw' | 'matched';
  /** Learning rates to choose from, on validation data; the optimizer's own is used when absent. */
  readonly tuning?: TuningOptions | undefined;
  readonly evaluateEvery?: number | undefined;
  /** Validation accuracies for "steps to reach". */
  readonly targets?: readonly number[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: ComparisonProgress) => void) | undefined;
}

export interface TuningOptions {
  readonly grid: readonly number[];
  /** Trainings of each loss at each rate, with seeds that the comparison itself does not use. */
  readonly runs: number;
}

/** Half-decades around the rates that usually suit plain descent. */
export const LEARNING_RATE_GRID: readonly number[] = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3];

export interface ComparisonProgress {
  readonly phase: 'tuning' | 'training';
  readonly loss: string;
  readonly learningRate: number;
  /** Steps made and to make over everything. */
  readonly step: number;
  readonly steps: number;
  readonly stepsPerSecond: number;
}

/** One training. */
export interface ComparisonRun {
  readonly seed: string;
  readonly validationAccuracy: number;
  /** 0 after a loss that was not finite. */
  readonly testAccuracy: number;
  readonly curve: readonly { readonly step: number; readonly accuracy: number; readonly loss: number }[];
  readonly stepsPerSecond: number;
  readonly stoppedAt?: TrainingResult['stoppedAt'];
}

export interface TunedRate {
  readonly learningRate: number;
  /** Mean over the tuning runs. */
  readonly validationAccuracy: number;
}

export interface LossReport {
  readonly name: string;
  readonly learningRate: number;
  /** The factor of `scale: matched`; 1 for raw. */
  readonly scale: number;
  readonly tuning?: {
    readonly rates: readonly TunedRate[];
    /** The best rate is the grid's first or last: a wider grid might do better. */
    readonly atEdge: boolean;
  };
  readonly runs: readonly ComparisonRun[];
  readonly test: Summary;
  readonly validation: Summary;
  /** Test accuracy against the first loss; absent for the first. `holm` is the corrected p. */
  readonly versusFirst?: WelchTest & { readonly holm: number };
  /** Steps until the validation accuracy first was at least so much, over the runs that got there. */
  readonly stepsTo: readonly {
    readonly accuracy: number;
    readonly reached: number;
    readonly steps: number;
  }[];
  /** Mean validation accuracy with its 95 % interval. */
  readonly curve: readonly { readonly step: number; readonly accuracy: Summary }[];
}

export interface ComparisonReport {
  readonly dataset: string;
  readonly model: string;
  readonly split: SearchData['split'];
  readonly trainExamples: number;
  readonly testExamples: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly optimizer: OptimizerSettings;
  readonly scale: 'raw' | 'matched';
  readonly losses: readonly LossReport[];
  /** Whether it ended before all runs were made. */
  readonly interrupted: boolean;
}

/** A loss with what is decided before its real trainings. */
interface PreparedLoss {
  readonly compared: ComparedLoss;
  readonly factor: number;
  readonly learningRate: number;
  readonly tuning?: NonNullable<LossReport['tuning']>;
}

/** Runs the comparison. An abort ends it with what is known; runs that were cut short are left out. */
export async function compareLosses(options: ComparisonOptions): Promise<ComparisonReport> {
  if (options.losses.length === 0) throw new RunError('there is no loss to compare');
  const { search, test } = splitDataset(options.dataset, options.seed, options.split);
  const runner = createRunner(options, search);
  const prepared: PreparedLoss[] = [];
  for (const compared of options.losses) {
    const factor = await factorOf(options, compared, search);
    prepared.push({ compared, factor, ...(await tune(options, runner, compared, factor)) });
  }
  const runs = prepared.map((): ComparisonRun[] => []);
  // Run by run over the losses, so that an interrupted comparison still compares.
  for (let number = 1; number <= options.runs; number++) {
    for (const [index, { compared, learningRate, factor }] of prepared.entries()) {
      if (options.signal?.aborted) break;
      const seed = `${options.seed}/run ${number}`;
      const result = await runner.train({ compared, learningRate, factor, seed, phase: 'training' }, test);
      if (result !== undefined) runs[index]!.push(result);
    }
  }
  const reports = prepared.map(({ compared, factor, learningRate, tuning }, index) =>
    summariseLoss({
      name: compared.name,
      learningRate,
      scale: factor,
      ...(tuning !== undefined && { tuning }),
      runs: runs[index]!,
      targets: options.targets ?? [],
    }),
  );
  return {
    dataset: search.name,
    model: runner.modelName(),
    split: search.split,
    trainExamples: search.train.count,
    testExamples: test.test.count,
    steps: options.steps,
    batchSize: options.batchSize,
    optimizer: options.optimizer,
    scale: options.scale,
    losses: withTests(reports),
    interrupted: runs.some((finished) => finished.length < options.runs),
  };
}

async function factorOf(
  options: ComparisonOptions,
  compared: ComparedLoss,
  data: SearchData,
): Promise<number> {
  if (options.scale === 'raw') return 1;
  const model = await options.model({ ...data, seed: `${options.seed}/scale` });
  const loss = await compared.loss();
  const factor = await matchingFactor(loss, model, data, options.batchSize, options.seed);
  loss.dispose();
  model.dispose();
  return factor;
}

/** The rate of the grid with the best validation accuracy, the first of equal ones; every loss gets the same trainings. */
async function tune(
  { tuning, optimizer, seed, signal }: ComparisonOptions,
  runner: ComparisonRunner,
  compared: ComparedLoss,
  factor: number,
): Promise<Pick<PreparedLoss, 'learningRate' | 'tuning'>> {
  const rates: TunedRate[] = [];
  for (const learningRate of tuning?.grid ?? []) {
    const accuracies: number[] = [];
    for (let number = 1; number <= tuning!.runs && !signal?.aborted; number++) {
      const request = {
        compared,
        learningRate,
        factor,
        seed: `${seed}/tuning ${number}`,
        phase: 'tuning',
      } as const;
      const result = await runner.train(request, undefined);
      if (result !== undefined) accuracies.push(result.validationAccuracy);
    }
    if (accuracies.length > 0) rates.push({ learningRate, validationAccuracy: summarise(accuracies).mean });
  }
  if (tuning === undefined || rates.length === 0) return { learningRate: optimizer.learningRate };
  const best = rates.reduce((a, b) => (b.validationAccuracy > a.validationAccuracy ? b : a));
  const [lowest, highest] = [Math.min(...tuning.grid), Math.max(...tuning.grid)];
  const atEdge = best.learningRate === lowest || best.learningRate === highest;
  return { learningRate: best.learningRate, tuning: { rates, atEdge } };
}
