/**
 * What a data set is, and how it is split. The search gets `SearchData`, whose type holds no test examples; they are
 * reachable only through the `TestData` beside it, which whoever reports the final result is given.
 */

import { RunError } from '../../errors.js';
import { createRandom, type Random } from '../../random.js';

/** Labelled examples, one after another. Values in `pixels` are raw; `Normalisation` says what a model sees. */
export interface ExampleSet {
  readonly count: number;
  /** `count` times the product of the input shape. */
  readonly pixels: Uint8Array | Float32Array;
  /** `count` class numbers from 0. */
  readonly labels: Uint8Array | Int32Array;
}

/** A model sees `value * scale[channel] + offset[channel]`. One entry serves all channels. */
export interface Normalisation {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** A data set as it is read or drawn: all training examples, and the test examples. */
export interface Dataset {
  readonly name: string;
  /** `[height, width, channels]` for images; any shape for models that flatten. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly train: ExampleSet;
  readonly test: ExampleSet;
  readonly normalisation: Normalisation;
  /** Training examples usually kept for validation. */
  readonly validationExamples: number;
}

interface Described {
  readonly name: string;
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly normalisation: Normalisation;
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

export interface SplitOptions {
  /** Examples taken from the training set for validation; the data set's usual number unless told. */
  readonly validationExamples?: number | undefined;
  /** Keep only so many training examples (GLO's study of small data sets). */
  readonly trainExamples?: number | undefined;
  /** Probability that a training label is replaced by a uniformly drawn other class. Validation and test stay clean. */
  readonly labelNoise?: number | undefined;
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
  return {
    search: {
      ...described,
      train:
        labelNoise > 0 ? withLabelNoise(kept, dataset.classes, labelNoise, random.fork('label noise')) : kept,
      validation: select(train, order.slice(0, validationExamples)),
      split: { ...options, validationExamples, trainExamples, labelNoise, seed: String(seed) },
    },
    test: { ...described, test },
  };
}

/** The examples with these numbers, copied. */
function select(examples: ExampleSet, indices: readonly number[]): ExampleSet {
  const size = examples.count === 0 ? 0 : examples.pixels.length / examples.count;
  const pixels =
    examples.pixels instanceof Uint8Array
      ? new Uint8Array(indices.length * size)
      : new Float32Array(indices.length * size);
  const labels = new Int32Array(indices.length);
  for (const [to, from] of indices.entries()) {
    pixels.set(examples.pixels.subarray(from * size, (from + 1) * size), to * size);
    labels[to] = examples.labels[from]!;
  }
  return { count: indices.length, pixels, labels };
}

/** Symmetric label noise: each label, with probability `rate`, becomes one of the other classes. */
function withLabelNoise(examples: ExampleSet, classes: number, rate: number, random: Random): ExampleSet {
  const labels = Int32Array.from(examples.labels, (label) => {
    const flip = random.next() < rate;
    const shift = 1 + random.int(classes - 1);
    return flip ? (label + shift) % classes : label;
  });
  return { ...examples, labels };
}
