import * as tf from '@tensorflow/tfjs-core';
import type { LayerFactory } from './layer.js';

/** `[batch, …]` to `[batch, all]`. */
export function flatten(): LayerFactory {
  return (inputShape) => {
    const size = inputShape.reduce((product, length) => product * length, 1);
    const predict = (input: tf.Tensor): tf.Tensor => tf.reshape(input, [-1, size]);
    return {
      form: { kind: 'flatten' },
      inputShape,
      outputShape: [size],
      parameters: [],
      predict,
      forward: (input) => ({
        output: predict(input),
        backward: (gradient) => ({ input: tf.reshape(gradient, input.shape), parameters: [] }),
      }),
    };
  };
}
