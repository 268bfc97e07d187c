import type { BatchAugmentation } from './data/batches.js';
import type { SearchData } from './data/dataset.js';
import type { ExampleSet } from './data/examples.js';
import type { Model } from './models/model.js';
import type { OptimizerSettings } from './optimizer.js';
import type { TrainingLoss } from './training-loss.js';

/** What the steps of a training are made of. */
export interface StepsRequest {
  readonly model: Model;
  readonly loss: TrainingLoss;
  readonly data: SearchData;
  readonly batchSize: number;
  readonly optimizer: OptimizerSettings;
  readonly augmented: BatchAugmentation | undefined;
}

/** Who makes the steps of one training. */
export interface Steps {
  /** Makes a step on the examples with these numbers. `progress` is the share of the training that is done, from 0 to below 1. */
  step(indices: Uint32Array, progress: number): void | Promise<void>;
  /** Steps whose losses have not been read. */
  readonly unread: number;
  /** Whether reading costs next to nothing, as it does where no GPU has to be waited for. */
  readonly readsAtOnce: boolean;
  /** The losses of the steps that have not been read, in order. */
  readLosses(): Promise<readonly number[]>;
  /** The outputs of the model as it is now, for the examples with these numbers, row by row. */
  predict(examples: ExampleSet, indices: Uint32Array): Promise<Float32Array>;
  /** Puts what has been learnt into the parameters of the model. */
  settle(): void;
  dispose(): void | Promise<void>;
}
