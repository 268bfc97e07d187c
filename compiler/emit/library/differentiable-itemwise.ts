import * as tf from '@tensorflow/tfjs-core';
import { itemGradients, itemValues, type Options, type Read } from './loss.js';
import { weightedBy } from './reductions.js';
import { itemSeed, itemWeights, reduceItems } from './reductions-plain.js';

/** The reduced loss as one step of the tape, with the symbolic gradient. */
export function differentiable(
  predictions: tf.Tensor[],
  data: tf.Tensor[],
  read: (...given: tf.Tensor[]) => Read,
  options: Options,
): tf.Tensor {
  return tf.tidy(() => {
    if (!tf.engine().isTapeOn()) {
      const inputs = read(...predictions, ...data);
      return reduceItems(itemValues(inputs), inputs, itemWeights(inputs, options), options);
    }
    const loss = tf.customGrad((...args) => {
      const here = args.slice(0, -1) as tf.Tensor[];
      const save = args[args.length - 1] as (tensors: tf.Tensor[]) => void;
      // Under a nested tape the gradient is computed in its sight, so that it has a gradient too.
      const nested = tf.engine().state.gradientDepth > 1;
      const inputs = read(...here, ...data);
      const weights = itemWeights(inputs, options);
      const [value, ...gradients] = nested ? [itemValues(inputs)] : itemGradients(inputs);
      const kept = nested ? data : gradients;
      save(weights === undefined ? kept : [...kept, weights]);
      return {
        value: reduceItems(value, inputs, weights, options),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
          const seed = itemSeed(dy, inputs, saved[kept.length], options);
          const first = saved.slice(0, kept.length);
          const found = nested ? itemGradients(read(...here, ...first)).slice(1) : first;
          const seeded = found.map((gradient) =>
            weights === undefined ? tf.mul(gradient, seed) : weightedBy(seed, gradient),
          );
          return predictions.map((prediction, i) => tf.reshape(seeded[i]!, prediction.shape));
        },
      };
    });
    return loss(...predictions);
  });
}
