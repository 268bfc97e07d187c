import * as tf from '@tensorflow/tfjs-core';
import { type LayerActivation, throughActivation } from './activation.js';
import { constant } from './initialise.js';
import type { LayerFactory } from './layer.js';

const EPSILON = 1e-5;
/** Share of the old running statistics that each step keeps. */
const KEPT = 0.9;

/**
 * Batch normalisation over all axes but the last (Ioffe and Szegedy, 2015): the batch's statistics in training,
 * running averages in prediction.
 */
export function batchNorm(activation: LayerActivation = 'linear'): LayerFactory {
  return (inputShape, _random, name) => {
    const channels = inputShape.at(-1)!;
    const scale = constant(`${name}/scale`, [channels], 1);
    const offset = constant(`${name}/offset`, [channels], 0);
    const mean = constant(`${name}/running mean`, [channels], 0);
    const variance = constant(`${name}/running variance`, [channels], 1);
    const activate = (value: tf.Tensor): tf.Tensor => (activation === 'relu' ? tf.relu(value) : value);
    const axes = inputShape.map((_, axis) => axis);
    return {
      form: { kind: 'normalisation', epsilon: EPSILON, kept: KEPT, activation },
      inputShape,
      outputShape: inputShape,
      parameters: [scale, offset],
      state: [mean, variance],
      predict: (input) => {
        const factor = tf.mul(scale.value, tf.rsqrt(tf.add(variance.value, EPSILON)));
        return activate(tf.add(tf.mul(tf.sub(input, mean.value), factor), offset.value));
      },
      forward: (input) => {
        const count = input.size / channels;
        const batchMean = tf.div(tf.sum(input, axes), count);
        const centred = tf.sub(input, batchMean);
        const batchVariance = tf.div(tf.sum(tf.square(centred), axes), count);
        const inverse = tf.rsqrt(tf.add(batchVariance, EPSILON));
        const normal = tf.mul(centred, inverse);
        const output = activate(tf.add(tf.mul(normal, scale.value), offset.value));
        for (const [running, now] of [
          [mean, batchMean],
          [variance, batchVariance],
        ] as const) {
          running.assign(tf.add(tf.mul(running.value, KEPT), tf.mul(now, 1 - KEPT)));
        }
        return {
          output,
          backward: (gradient, needsInput) => {
            const inner = throughActivation(gradient, output, activation);
            const offsetGradient = tf.sum(inner, axes);
            const scaleGradient = tf.sum(tf.mul(inner, normal), axes);
            // With n = centred / deviation: dx = scale / deviation * (dy - mean(dy) - n * mean(dy * n)).
            const through = tf.sub(
              tf.sub(inner, tf.div(offsetGradient, count)),
              tf.mul(normal, tf.div(scaleGradient, count)),
            );
            return {
              input: needsInput ? tf.mul(through, tf.mul(scale.value, inverse)) : undefined,
              parameters: [scaleGradient, offsetGradient],
            };
          },
        };
      },
    };
  };
}
