import type { Dataset } from './dataset.js';
import type { ExampleSet, Normalisation } from './examples.js';

/** How values become what a model sees. */
export const NORMALISATIONS = ['unit', 'signed', 'standard'] as const;
export type NormalisationKind = (typeof NORMALISATIONS)[number];

/**
 * The data set with another normalisation: bytes to 0 to 1 (`unit`) or -1 to 1 (`signed`), or each channel to mean 0
 * and standard deviation 1 over the training examples (`standard`). Floats are taken to lie between 0 and 1 already.
 */
export function withNormalisation(dataset: Dataset, kind: NormalisationKind): Dataset {
  return { ...dataset, normalisation: MAKERS[kind](dataset) };
}

const MAKERS: { readonly [K in NormalisationKind]: (dataset: Dataset) => Normalisation } = {
  unit: (dataset) => ({ scale: [1 / largest(dataset.train)], offset: [0] }),
  signed: (dataset) => ({ scale: [2 / largest(dataset.train)], offset: [-1] }),
  standard: ({ train, inputShape }) => {
    return columnNormalisation(train, inputShape.length === 3 ? inputShape[2]! : 1);
  },
};

/** Each of so many columns, or channels, to mean 0 and standard deviation 1. */
export function columnNormalisation(examples: ExampleSet, columns: number): Normalisation {
  const moments = Array.from({ length: columns }, (_, column) => momentsOf(examples, column, columns));
  return {
    scale: moments.map(({ deviation }) => (deviation > 0 ? 1 / deviation : 1)),
    offset: moments.map(({ mean, deviation }) => (deviation > 0 ? -mean / deviation : -mean)),
  };
}

const largest = ({ pixels }: ExampleSet): number => (pixels instanceof Uint8Array ? 255 : 1);

function momentsOf(
  { pixels }: ExampleSet,
  first: number,
  step: number,
): { readonly mean: number; readonly deviation: number } {
  let [sum, squares, count] = [0, 0, 0];
  for (let i = first; i < pixels.length; i += step) {
    sum += pixels[i]!;
    squares += pixels[i]! * pixels[i]!;
    count++;
  }
  const mean = sum / count;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}
