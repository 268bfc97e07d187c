/** Targets of a regression in units that suit networks and learning rates, whatever the data measures them in. */
import { type Learning, labelsOfExample, type TaskKind } from '../tasks/learning.js';
import type { ExampleSet, Normalisation } from './examples.js';

/** Of a normal distribution, how many standard deviations lie between the quartiles. */
const QUARTILES_APART = 1.3489795003921634;

/**
 * Median and spread of one of the `width` targets of each example, where the spread is the distance of the quartiles in units of a normal distribution's standard
 * deviation: outliers change neither. 1 where half of all targets are alike and there is no deviation either.
 */
export function spreadOf(
  { labels }: ExampleSet,
  output: number,
  width: number,
): { readonly median: number; readonly spread: number } {
  const sorted = Float64Array.from(
    { length: labels.length / width },
    (_, row) => labels[row * width + output]!,
  ).sort();
  const median = quantile(sorted, 0.5);
  const between = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / QUARTILES_APART;
  const spread = between > 0 ? between : deviation(sorted);
  return { median, spread: spread > 0 ? spread : 1 };
}

/** Whether targets are measured in something. */
const HAVE_UNITS: { readonly [K in TaskKind]: boolean } = {
  classification: false,
  regression: true,
  'multi-label': false,
  quantiles: true,
  'mean-and-variance': true,
};

/** What makes every target 0 in the middle and of spread 1; undefined for tasks whose targets have no units. */
export function targetUnits(examples: ExampleSet, learning: Learning): Normalisation | undefined {
  if (!HAVE_UNITS[learning.task]) return undefined;
  const width = labelsOfExample(learning);
  const found = Array.from({ length: width }, (_, k) => spreadOf(examples, k, width));
  return {
    scale: found.map(({ spread }) => 1 / spread),
    offset: found.map(({ median, spread }) => -median / spread),
  };
}

/** With linear interpolation between the two nearest, as NumPy has it. */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (place - below) * (high - low);
}

function deviation(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) * (value - mean), 0) / values.length);
}
