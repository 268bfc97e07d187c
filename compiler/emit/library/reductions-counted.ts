import * as tf from '@tensorflow/tfjs-core';
import { COLUMN, type Options, type Read } from './loss.js';
import { choose } from './operators.js';
import { meanOf, sampleWeights, sumOf, totalWeight, weightedBy } from './reductions.js';
import { count, fail } from './runtime.js';

/** How much each item counts in the reduced value, of those that its label does not leave out; undefined where all count alike. */
export function itemWeights(read: Read, options: Options): tf.Tensor | undefined {
  const given = sampleWeights(read.items, options);
  const { counts } = read;
  const weights = counts === undefined ? given : given === undefined ? counts : tf.mul(given, counts);
  if (weights === undefined) return undefined;
  switch (options.reduction ?? 'mean') {
    case 'mean':
      return tf.div(weights, counts === undefined ? count(read.items) : totalWeight(counts));
    case 'weightedMean':
      return tf.div(weights, totalWeight(weights));
    default:
      return weights;
  }
}

/** Items to one number: mean is sum(w * l) / N over the items that count, weightedMean is sum(w * l) / sum(w); none keeps them, 0 where one does not count. */
export function reduceItems(
  values: tf.Tensor,
  read: Read,
  weights: tf.Tensor | undefined,
  options: Options,
): tf.Tensor {
  const { items, counts } = read;
  const flat = tf.reshape(values, [-1]);
  const kept = counts === undefined ? flat : choose(tf.equal(counts, 0), 0, flat);
  const weighted = weights === undefined ? kept : weightedBy(weights, kept);
  switch (options.reduction ?? 'mean') {
    case 'mean':
    case 'weightedMean':
      return weights === undefined || values.size === 0 ? meanOf(weighted) : sumOf(weighted);
    case 'sum':
      return sumOf(weighted);
    case 'none':
      return tf.reshape(weighted, items);
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
  const flat = reduction === 'none' ? tf.reshape(dy, [-1]) : dy;
  const mean = reduction === 'mean' || reduction === 'weightedMean';
  const alike = mean ? tf.div(flat, count(read.items)) : flat;
  const seed = weights === undefined ? alike : tf.mul(weights, flat);
  return seed.rank === 0 ? seed : tf.reshape(seed, COLUMN);
}
