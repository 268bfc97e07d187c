/** What a comparison of losses is asked, and what it answers. Plain data but for the losses and the model. */
import type { Summary, WelchTest } from '../statistics.js';
import type { ComparisonRun } from './comparison-run.js';
import type { Augmentation } from './data/augment.js';
import type { Dataset, SearchData, SplitOptions } from './data/dataset.js';
import type { Model, ModelRequest } from './models/model.js';
import type { OptimizerSettings } from './optimizer.js';
import type { MetricName, MetricRow } from './tasks/metrics.js';
import type { TrainingLoss } from './training-loss.js';

/** A loss of a comparison under the name that tables give it. */
export interface ComparedLoss {
  /** As tables and pictures call it. */
  readonly name: string;
  /** A fresh loss for each training; it is disposed after it. */
  readonly loss: () => TrainingLoss | Promise<TrainingLoss>;
  /** What was chosen elsewhere, and is not chosen anew. */
  readonly chosen?: { readonly learningRate: number; readonly factor: number };
}

/** What `compareLosses` takes: losses, data, model, and how each training goes. */
export interface ComparisonOptions {
  /** The first is what the others are tested against. */
  readonly losses: readonly ComparedLoss[];
  /** `loadDataset` gives one. */
  readonly dataset: Dataset;
  /** How it is split into training, validation and test examples. */
  readonly split?: SplitOptions | undefined;
  /** What is measured; the usual metric of the task by default. */
  readonly metric?: MetricName | undefined;
  /** Decides the split, and with the run's number initialisation and order. */
  readonly seed: string | number;
  /** Makes a fresh model for each training. */
  readonly model: (request: ModelRequest) => Model | Promise<Model>;
  /** Trainings of each loss. */
  readonly runs: number;
  /** Steps of each training. */
  readonly steps: number;
  /** Examples per step. */
  readonly batchSize: number;
  /** The same for all losses, but for a learning rate that `tuning` chooses. */
  readonly optimizer: OptimizerSettings;
  /** Random changes to the training images; none by default. */
  readonly augmentation?: Augmentation | undefined;
  /** `matched` brings each loss's first gradients to the size of those of the task's baseline. */
  readonly scale: 'raw' | 'matched';
  /** Learning rates to choose from, on validation data; the optimizer's own is used when absent. */
  readonly tuning?: RateTuning | undefined;
  /** Steps between looks at the validation examples. */
  readonly evaluateEvery?: number | undefined;
  /** Values on the validation examples for "steps to reach"; the usual ones of the metric by default. */
  readonly targets?: readonly number[] | undefined;
  /** Ends the comparison with the trainings that are finished. */
  readonly signal?: AbortSignal | undefined;
  /** Told from time to time how far it is. */
  readonly onProgress?: ((progress: ComparisonProgress) => void) | undefined;
  /** What the comparison would be if it ended now, after each training that counts. */
  readonly onReport?: ((report: ComparisonReport) => void) | undefined;
}

/** Learning rates that each loss chooses from before the comparison, so that none is judged at a rate that suits another. */
export interface RateTuning {
  readonly grid: readonly number[];
  /** Trainings of each loss at each rate, with seeds that the comparison itself does not use. */
  readonly runs: number;
}

/** How far a comparison is. */
export interface ComparisonProgress {
  readonly phase: 'tuning' | 'training';
  readonly loss: string;
  readonly learningRate: number;
  /** Steps made and to make over everything. */
  readonly step: number;
  readonly steps: number;
  readonly stepsPerSecond: number;
}

/** How a loss did at a learning rate. */
export interface TunedRate {
  readonly learningRate: number;
  /** Mean over the tuning runs. */
  readonly validationValue: number;
}

/** What a comparison has found about one of its losses. */
export interface LossReport {
  readonly name: string;
  /** The one that it was trained with. */
  readonly learningRate: number;
  /** The factor of `scale: matched`; 1 for raw. */
  readonly scale: number;
  readonly tuning?: {
    readonly rates: readonly TunedRate[];
    /** The best rate is the grid's first or last: a wider grid might do better. */
    readonly atEdge: boolean;
  };
  /** Each of its trainings. */
  readonly runs: readonly ComparisonRun[];
  /** The metric on the test examples, over its trainings. */
  readonly test: Summary;
  /** The metric on the validation examples, over its trainings. */
  readonly validation: Summary;
  /** Test values against the first loss; absent for the first. `holm` is the corrected p. */
  readonly versusFirst?: WelchTest & { readonly holm: number };
  /** Steps until the metric on the validation examples first was so good, over the runs that got there. */
  readonly stepsTo: readonly {
    readonly value: number;
    readonly reached: number;
    readonly steps: number;
  }[];
  /** Why trainings failed, which are no runs. */
  readonly failures?: readonly string[];
  /** Mean of the metric on the validation examples with its 95 % interval. */
  readonly curve: readonly { readonly step: number; readonly value: Summary }[];
}

/** What a comparison has found, plain data as `lossc compare --json` prints it. */
export interface ComparisonReport {
  /** Where a script trained: data, model, batches and optimizer are its own, and what is measured is its score. */
  readonly evaluator?: { readonly command: string };
  /** What is measured, as it is written in tables, and whether more of it is better. */
  readonly metric: Pick<MetricRow, 'label' | 'goal' | 'isShare'>;
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

/** Whether a training has ended; without one there is nothing to report. */
export const hasRuns = ({ losses }: Pick<ComparisonReport, 'losses'>): boolean =>
  losses.some(({ runs }) => runs.length > 0);
