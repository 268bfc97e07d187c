/** How the items become one number: the four reductions of the compiled function, with sample weights and items that are left out. */
import { BindError, type NumberArray } from './binding.js';

export const REDUCTIONS = ['mean', 'sum', 'none', 'weightedMean'] as const;
/**
 * How the values of the items become one number: their mean, their sum, the mean weighted by the sample weights (divided by the sum of
 * the weights), or `none`, which leaves one number for each item.
 */
export type Reduction = (typeof REDUCTIONS)[number];

/** How much each item counts. */
export interface Shares {
  /** In `none`, what its value is multiplied by; 0 where it is left out. */
  readonly weights: Float64Array;
  /** What the sum of the weighted values is divided by. */
  readonly divisor: number;
}

/** The weights of items in their shape, or that of their first axes, one for each item. */
export function weightsOfItems(
  loss: string,
  given: NumberArray | undefined,
  items: readonly number[],
  count: number,
): Float64Array | undefined {
  if (given === undefined) return undefined;
  const { shape, data } = given;
  if (shape.length > items.length || shape.some((size, i) => size !== items[i])) {
    const reason = `the sample weights have shape [${shape.join(', ')}], and the items [${items.join(', ')}]: weights need that shape, or that of its leading axes`;
    throw new BindError(reason, 'sampleWeight', loss);
  }
  const broken = data.findIndex((weight) => !Number.isFinite(weight));
  if (broken >= 0)
    throw new BindError(
      `the sample weight ${data[broken]} (entry ${broken}) is not finite`,
      'sampleWeight',
      loss,
    );
  const each = data.length === 0 ? 1 : count / data.length;
  return Float64Array.from({ length: count }, (_, item) => data[Math.floor(item / each)]!);
}

/** `counts` is 0 for an item that a label leaves out, and 1 for any other. Where nothing counts the mean is 0. */
export function sharesOf(
  reduction: Reduction,
  counts: Float64Array,
  given: Float64Array | undefined,
): Shares {
  const weights = given === undefined ? counts : counts.map((counted, i) => counted * given[i]!);
  const total = (numbers: Float64Array): number => numbers.reduce((sum, x) => sum + x, 0);
  const isNone = (numbers: Float64Array): boolean => numbers.length > 0 && numbers.every((x) => x === 0);
  const over = (numbers: Float64Array): number => (isNone(numbers) ? 1 : total(numbers));
  if (reduction === 'mean') return { weights, divisor: over(counts) };
  return { weights, divisor: reduction === 'weightedMean' ? over(weights) : 1 };
}
