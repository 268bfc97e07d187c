import * as tf from '@tensorflow/tfjs-core';
import { isModelName, MODELS } from './models/known-models.js';

/** Kernels that training a model by this name needs and the current backend lacks; for `lossc doctor` and before a run. */
export function missingKernels(model: string): readonly string[] {
  const needed = isModelName(model) ? MODELS[model].kernels : [];
  const backend = tf.getBackend();
  return [...new Set(needed)].filter((name) => tf.getKernel(name, backend) === undefined);
}
