import * as tf from '@tensorflow/tfjs-core';
import type { Options } from './loss.js';
import { choose, spread } from './operators.js';
import { asFloat, fail } from './runtime.js';

/** The sum of all entries. Over nothing wasm would give what lies in memory. */
export function sumOf(x: tf.Tensor): tf.Tensor {
  return x.size > 0 ? tf.sum(x) : tf.scalar(0);
}

/** The mean of all entries; over nothing it is not a number. */
export function meanOf(x: tf.Tensor): tf.Tensor {
  return x.size > 0 ? tf.mean(x) : tf.scalar(NaN);
}

/** The sample weights, one per item; undefined without any. */
export function sampleWeights(items: number[], options: Options): tf.Tensor | undefined {
  const { sampleWeight } = options;
  if (sampleWeight === undefined) return undefined;
  const { shape } = sampleWeight;
  if (shape.length > items.length || shape.some((size, i) => size !== items[i])) {
    fail(`sampleWeight has dimensions [${shape.join(', ')}], the items have [${items.join(', ')}]`);
  }
  const aligned = tf.reshape(asFloat(sampleWeight), [...shape, ...items.slice(shape.length).map(() => 1)]);
  return tf.reshape(spread(aligned, items), [-1]);
}

/** Values times weights; where a weight is 0 it is 0, whatever the value. */
export function weightedBy(weights: tf.Tensor, values: tf.Tensor): tf.Tensor {
  return choose(tf.equal(weights, 0), 0, tf.mul(weights, values));
}

/** The sum of weights, and 1 where all of them are 0: the mean over nothing is 0. */
export function totalWeight(weights: tf.Tensor): tf.Tensor {
  const none = tf.equal(sumOf(tf.abs(weights)), 0);
  return tf.add(sumOf(weights), tf.cast(none, 'float32'));
}
