/**
 * `lossc/wasm-training`: kernels that make TensorFlow.js's wasm backend train. Usable on its own: set the backend to
 * "wasm", wait for `tf.ready()`, and call `registerWasmTrainingKernels()`.
 */
import * as tf from '@tensorflow/tfjs-core';
import { BATCH_MAT_MUL } from './batch-mat-mul.js';
import type { KernelFunction, TrainingKernel } from './kernel.js';

export const TRAINING_KERNELS: readonly TrainingKernel[] = [BATCH_MAT_MUL];

/** Registers the kernels; the function returned puts back what was there before (calling it twice does nothing). */
export function registerWasmTrainingKernels(): () => void {
  const undo = TRAINING_KERNELS.map(register);
  return () => {
    for (const step of undo.splice(0)) step();
  };
}

function register({ name, create }: TrainingKernel): () => void {
  const stock = tf.getKernel(name, 'wasm');
  const kernelFunc = create(stock?.kernelFunc as unknown as KernelFunction | undefined);
  if (stock !== undefined) tf.unregisterKernel(name, 'wasm');
  tf.registerKernel({
    kernelName: name,
    backendName: 'wasm',
    // Run again whenever the backend is started anew: the stock kernel we call has to find its C++ function.
    ...(stock?.setupFunc !== undefined && { setupFunc: stock.setupFunc }),
    ...(stock?.disposeFunc !== undefined && { disposeFunc: stock.disposeFunc }),
    kernelFunc: kernelFunc as unknown as tf.KernelFunc,
  });
  return () => {
    tf.unregisterKernel(name, 'wasm');
    if (stock !== undefined) tf.registerKernel(stock);
  };
}
