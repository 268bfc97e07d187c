/**
 * What a data set is, and how it is split. The search gets `SearchData`, whose type holds no test examples; they are
 * reachable only through the `TestData` beside it, which whoever reports the final result is given.
 */

import { RunError } from '../../errors.js';
import { createRandom } from '../../random.js';
import type { Learning } from '../tasks/learning.js';
import { type ExampleSet, type Normalisation, select } from './examples.js';
import { type NoiseKind, withLabelNoise } from './label-noise.js';
import { targetUnits } from './target-units.js';

/** A data set as it is read or drawn: all training examples, and the test examples. */
export interface Dataset extends Learning {
  readonly name: string;
  /** `[height, width, channels]` for images; any shape for models that flatten. */
  readonly inputShape: readonly number[];
  readonly train: ExampleSet;
  readonly test: ExampleSet;
  readonly normalisation: Normalisation;
  /** Training examples usually kept for validation. */
  readonly validationExamples: number;
}

interface Described extends Learning {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly normalisation: Normalisation;
  /** In a regression, what losses and models have in the place of a target: `target * scale[output] + offset[output]`. */
  readonly units?: Normalisation;
}

/** What training and search may see. */
export interface SearchData extends Described {
  readonly train: ExampleSet;
  readonly validation: ExampleSet;
  /** How the split was made, for the record. */
  readonly split: SplitOptions & { readonly seed: string };
}

/** The held-out test examples: for the report at the end, once. */
export interface TestData extends Described {
  readonly test: ExampleSet;
}

/** What `splitDataset` takes. */
export interface SplitOptions {
  /** Examples taken from the training set for validation; the data set's usual number by default. */
  readonly validationExamples?: number | undefined;
  /** Keep only so many training examples (GLO's study of small data sets). */
  readonly trainExamples?: number | undefined;
  /** Probability that a training label is made wrong (see `withLabelNoise`). Validation and test stay clean. */
  readonly labelNoise?: number | undefined;
  /** Which classes are the wrong ones: `uniform`, any other (the default), or `next`, always the one after the right one. */
  readonly noiseKind?: NoiseKind | undefined;
}

/** Splits once, by a seed. The same seed gives the same validation examples whatever `trainExamples` is. */
export function splitDataset(
  dataset: Dataset,
  seed: string | number,
  options: SplitOptions = {},
): { readonly search: SearchData; readonly test: TestData } {
  const { train, test, validationExamples: usual, ...described } = dataset;
  const validationExamples = options.validationExamples ?? usual;
  const available = train.count - validationExamples;
  const trainExamples = options.trainExamples ?? available;
  if (validationExamples < 1 || available < 1) {
    throw new RunError(
      `cannot keep ${validationExamples} of the ${train.count} training examples of "${dataset.name}" for validation`,
    );
  }
  if (trainExamples < 1 || trainExamples > available) {
    throw new RunError(
      `cannot train on ${trainExamples} examples of "${dataset.name}"`,
      `it has ${train.count}, of which ${validationExamples} are kept for validation`,
    );
  }
  const labelNoise = options.labelNoise ?? 0;
  if (!(labelNoise >= 0 && labelNoise <= 1)) {
    throw new RunError(`label noise is a probability between 0 and 1, not ${labelNoise}`);
  }
  const random = createRandom(`${seed}/split`);
  const order = random.shuffled(Array.from({ length: train.count }, (_, index) => index));
  const kept = select(train, order.slice(validationExamples, validationExamples + trainExamples));
  const noisy =
    labelNoise > 0
      ? withLabelNoise(kept, dataset, labelNoise, random.fork('label noise'), options.noiseKind)
      : kept;
  const units = targetUnits(noisy, dataset);
  const all = { ...described, ...(units !== undefined && { units }) };
  return {
    search: {
      ...all,
      train: noisy,
      validation: select(train, order.slice(0, validationExamples)),
      split: { ...options, validationExamples, trainExamples, labelNoise, seed: String(seed) },
    },
    test: { ...all, test },
  };
}
