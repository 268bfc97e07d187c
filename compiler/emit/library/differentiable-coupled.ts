import * as tf from '@tensorflow/tfjs-core';
import { itemGradients, itemValues, type Options, type Read } from './loss.js';
import { itemWeights, reduceItems } from './reductions-plain.js';
import { seedOf } from './seeds.js';

/** The reduced loss as one step of the tape, with the symbolic gradient. Items depend on each other, so their weights go in first. */
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
      const later = nested || options.reduction === 'none';
      const weights = itemWeights(inputs, options);
      const now = () => itemGradients(inputs, seedOf(tf.scalar(1), inputs, weights, options));
      const [value, ...gradients] = later ? [itemValues(inputs)] : now();
      const kept = later ? data : gradients;
      save(weights === undefined ? kept : [...kept, weights]);
      return {
        value: reduceItems(value, inputs, weights, options),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
          const first = saved.slice(0, kept.length);
          const again = () => {
            const now = read(...here, ...first);
            return itemGradients(now, seedOf(dy, now, saved[kept.length], options)).slice(1);
          };
          const found = later ? again() : first.map((gradient) => tf.mul(gradient, dy));
          return predictions.map((prediction, i) => tf.reshape(found[i]!, prediction.shape));
        },
      };
    });
    return loss(...predictions);
  });
}
