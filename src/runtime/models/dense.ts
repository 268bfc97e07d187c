import * as tf from '@tensorflow/tfjs-core';
import { type LayerActivation, throughActivation } from './activation.js';
import { constant, glorotUniform } from './initialise.js';
import type { LayerFactory } from './layer.js';

/** `[batch, inputs]` to `[batch, units]`. */
export function dense(units: number, activation: LayerActivation = 'linear'): LayerFactory {
  return (inputShape, random, name) => {
    const weights = glorotUniform(`${name}/weights`, [inputShape[0]!, units], random);
    const bias = constant(`${name}/bias`, [units], 0);
    const predict = (input: tf.Tensor): tf.Tensor =>
      tf.fused.matMul({ a: input, b: weights.value, bias: bias.value, activation });
    return {
      form: { kind: 'dense', activation },
      inputShape,
      outputShape: [units],
      parameters: [weights, bias],
      predict,
      forward: (input) => {
        const output = predict(input);
        return {
          output,
          backward: (gradient, needsInput) => {
            const inner = throughActivation(gradient, output, activation);
            return {
              input: needsInput ? tf.matMul(inner, weights.value, false, true) : undefined,
              parameters: [tf.matMul(input, inner, true, false), tf.sum(inner, 0)],
            };
          },
        };
      },
    };
  };
}
