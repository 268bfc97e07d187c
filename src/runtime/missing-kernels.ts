import * as tf from '@tensorflow/tfjs-core';
import { MODELS } from './models/create-model.js';

/** Kernels that training a model by this name needs and the current backend lacks; for `lossc doctor` and before a run. */
export function missingKernels(model: string): readonly string[] {
  const needed = Object.hasOwn(MODELS, model) ? MODELS[model]!.kernels : [];
  const backend = tf.getBackend();
  return [...new Set(needed)].filter((name) => tf.getKernel(name, backend) === undefined);
}
