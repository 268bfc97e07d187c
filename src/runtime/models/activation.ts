import * as tf from '@tensorflow/tfjs-core';
import { RELU_GRAD_NAME } from '../kernels/reductions.js';

export type LayerActivation = 'linear' | 'relu';

/** Gradient before the activation, from the gradient after it and the layer's output. */
export function throughActivation(
  gradient: tf.Tensor,
  output: tf.Tensor,
  activation: LayerActivation,
): tf.Tensor {
  if (activation === 'linear') return gradient;
  if (tf.getKernel(RELU_GRAD_NAME, tf.getBackend()) === undefined) return tf.mul(gradient, tf.step(output));
  return tf.engine().runKernel(RELU_GRAD_NAME, { dy: gradient, y: output }) as tf.Tensor;
}
