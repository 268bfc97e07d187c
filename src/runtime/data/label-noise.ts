/** Labels that are wrong on purpose, to see which losses learn all the same. */
import type { Random } from '../../random.js';
import { type Learning, labelsOfExample, type TaskKind } from '../tasks/learning.js';
import type { ExampleSet } from './examples.js';
import { spreadOf } from './target-units.js';

/** In units of the spread of a target: far enough that no network takes it for noise of the process. */
const OUTLIER = 3;

/** Kinds of wrong labels of a classification: any other class, or always the one after it. */
export const NOISE_KINDS = ['uniform', 'next'] as const;
export type NoiseKind = (typeof NOISE_KINDS)[number];

type Noise = (
  examples: ExampleSet,
  learning: Learning,
  rate: number,
  random: Random,
  kind: NoiseKind,
) => ExampleSet['labels'];

/** A contaminated normal distribution (Tukey 1960): a few errors are of another size. */
const outliers: Noise = (examples, learning, rate, random) => {
  const width = labelsOfExample(learning);
  const spreads = Array.from({ length: width }, (_, k) => spreadOf(examples, k, width).spread);
  return Float32Array.from(examples.labels, (target, i) => {
    const hit = random.next() < rate;
    const error = OUTLIER * spreads[i % width]! * random.normal();
    return hit ? target + error : target;
  });
};

const NOISES: { readonly [K in TaskKind]: Noise } = {
  classification: ({ labels }, { outputs }, rate, random, kind) =>
    Int32Array.from(labels, (label) => {
      const flip = random.next() < rate;
      const other = 1 + random.int(outputs - 1);
      const shift = kind === 'uniform' ? other : 1;
      return flip ? (label + shift) % outputs : label;
    }),
  regression: outliers,
  // Each label for itself.
  'multi-label': ({ labels }, _, rate, random) =>
    Float32Array.from(labels, (label) => (random.next() < rate ? 1 - label : label)),
  quantiles: outliers,
  'mean-and-variance': outliers,
};

/**
 * The examples with labels of which each is wrong with the probability `rate`: another class, a label that does not hold, or a
 * target with an error of three times the spread of all targets. Wrong classes of the kind `next` are always those after the right
 * ones (asymmetric noise), so that from a rate of 0.5 on they are the rule.
 */
export const withLabelNoise = (
  examples: ExampleSet,
  learning: Learning,
  rate: number,
  random: Random,
  kind: NoiseKind = 'uniform',
): ExampleSet => ({ ...examples, labels: NOISES[learning.task](examples, learning, rate, random, kind) });
