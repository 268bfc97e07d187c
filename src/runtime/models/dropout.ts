import * as tf from '@tensorflow/tfjs-core';
import type { LayerFactory } from './layer.js';

/** Sets a share of the values to zero in training and scales up the rest (Srivastava et al., 2014). */
export function dropout(rate: number): LayerFactory {
  return (inputShape, random) => {
    const draws = random.fork('dropout');
    return {
      outputShape: inputShape,
      parameters: [],
      predict: (input) => tf.clone(input),
      forward: (input) => {
        const scale = 1 / (1 - rate);
        const values = new Float32Array(input.size);
        for (let i = 0; i < values.length; i++) values[i] = draws.next() < rate ? 0 : scale;
        const mask = tf.tensor(values, input.shape);
        return {
          output: tf.mul(input, mask),
          backward: (gradient) => ({ input: tf.mul(gradient, mask), parameters: [] }),
        };
      },
    };
  };
}
