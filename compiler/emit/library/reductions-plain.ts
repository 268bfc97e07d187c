import * as tf from '@tensorflow/tfjs-core';
import { COLUMN, type Options, type Read } from './loss.js';
import { meanOf, sampleWeights, sumOf, totalWeight, weightedBy } from './reductions.js';
import { count, fail } from './runtime.js';

/** The sample weights, one per item; undefined without any. */
export function itemWeights(read: Read, options: Options): tf.Tensor | undefined {
  return sampleWeights(read.items, options);
}

/** Items to one number: mean is sum(w * l) / N over all items, weightedMean is sum(w * l) / sum(w); none keeps them. */
export function reduceItems(
  values: tf.Tensor,
  read: Read,
  weights: tf.Tensor | undefined,
  options: Options,
): tf.Tensor {
  const weighted = weights === undefined ? values : weightedBy(weights, tf.reshape(values, [-1]));
  switch (options.reduction ?? 'mean') {
    case 'mean':
      return meanOf(weighted);
    case 'sum':
      return sumOf(weighted);
    case 'none':
      return tf.reshape(weighted, read.items);
    case 'weightedMean':
      return weights === undefined ? meanOf(values) : tf.div(sumOf(weighted), totalWeight(weights));
    default:
      return fail('unknown reduction ' + options.reduction + ': use mean, sum, none or weightedMean');
  }
}

/** How much each item counts in the reduced value, times dy: a column, or one number for all. */
export function itemSeed(
  dy: tf.Tensor,
  read: Read,
  weights: tf.Tensor | undefined,
  options: Options,
): tf.Tensor {
  const reduction = options.reduction ?? 'mean';
  const weighted = reduction === 'weightedMean' && weights !== undefined;
  const mean = reduction === 'mean' || reduction === 'weightedMean';
  const each = weighted ? tf.div(dy, totalWeight(weights)) : mean ? tf.div(dy, count(read.items)) : dy;
  const flat = reduction === 'none' ? tf.reshape(each, [-1]) : each;
  const seed = weights === undefined ? flat : tf.mul(weights, flat);
  return seed.rank === 0 ? seed : tf.reshape(seed, COLUMN);
}
