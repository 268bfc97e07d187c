import type * as tf from '@tensorflow/tfjs-core';
import { COLUMN_SHAPE, type Options, type Read } from './loss.js';
import { spread } from './operators.js';
import { itemSeed } from './reductions-plain.js';
import { fail } from './runtime.js';

/** How much each item counts, one number per item. */
export function seedOf(
  dy: tf.Tensor,
  read: Read,
  weights: tf.Tensor | undefined,
  options: Options,
): tf.Tensor {
  return spread(itemSeed(dy, read, weights, options), COLUMN_SHAPE);
}

/** A loss that reduces the batch itself has no items to weight. */
export function noWeights(options: Options): void {
  if (options.sampleWeight !== undefined) fail('it reduces the batch itself, so sampleWeight has no meaning');
}
