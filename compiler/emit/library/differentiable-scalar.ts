import * as tf from '@tensorflow/tfjs-core';
import { itemGradients, itemValues, type Options, type Read } from './loss.js';
import { noWeights } from './seeds.js';

/** The loss as one step of the tape, with the symbolic gradient. */
export function differentiable(
  predictions: tf.Tensor[],
  data: tf.Tensor[],
  read: (...given: tf.Tensor[]) => Read,
  options: Options,
): tf.Tensor {
  return tf.tidy(() => {
    noWeights(options);
    if (!tf.engine().isTapeOn()) return tf.reshape(itemValues(read(...predictions, ...data)), []);
    const loss = tf.customGrad((...args) => {
      const here = args.slice(0, -1) as tf.Tensor[];
      const save = args[args.length - 1] as (tensors: tf.Tensor[]) => void;
      // Under a nested tape the gradient is computed in its sight, so that it has a gradient too.
      const nested = tf.engine().state.gradientDepth > 1;
      const inputs = read(...here, ...data);
      const [value, ...gradients] = nested ? [itemValues(inputs)] : itemGradients(inputs);
      save(nested ? data : gradients);
      return {
        value: tf.reshape(value, []),
        gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
          const found = nested ? itemGradients(read(...here, ...saved)).slice(1) : saved;
          return predictions.map((prediction, i) => tf.reshape(tf.mul(found[i]!, dy), prediction.shape));
        },
      };
    });
    return loss(...predictions);
  });
}
