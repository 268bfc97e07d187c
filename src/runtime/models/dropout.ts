import * as tf from '@tensorflow/tfjs-core';
import type { LayerFactory } from './layer.js';

/** Sets a share of the values to zero in training and scales up the rest (Srivastava et al., 2014). */
export function dropout(rate: number): LayerFactory {
  return (inputShape, random) => {
    const draws = random.fork('dropout');
    const scale = 1 / (1 - rate);
    const fill = (mask: Float32Array): void => {
      for (let i = 0; i < mask.length; i++) mask[i] = draws.next() < rate ? 0 : scale;
    };
    return {
      form: { kind: 'dropout', fill },
      inputShape,
      outputShape: inputShape,
      parameters: [],
      predict: (input) => tf.clone(input),
      forward: (input) => {
        const values = new Float32Array(input.size);
        fill(values);
        const mask = tf.tensor(values, input.shape);
        return {
          output: tf.mul(input, mask),
          backward: (gradient) => ({ input: tf.mul(gradient, mask), parameters: [] }),
        };
      },
    };
  };
}
