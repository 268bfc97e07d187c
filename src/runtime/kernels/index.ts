/**
 * `lossc/wasm-training`: kernels that make TensorFlow.js's wasm backend train. Usable on its own: set the backend to
 * "wasm", wait for `tf.ready()`, and call `registerWasmTrainingKernels()`.
 *
 * @example
 * import * as tf from '@tensorflow/tfjs';
 * import '@tensorflow/tfjs-backend-wasm';
 * import { registerWasmTrainingKernels, TRAINING_KERNELS } from 'lossc/wasm-training';
 *
 * await tf.setBackend('wasm');
 * const unregister = registerWasmTrainingKernels();
 * const image = tf.ones<tf.Rank.R4>([1, 8, 8, 1]);
 * const value = (filter: tf.Tensor) => tf.conv2d(image, filter as tf.Tensor4D, 1, 'same').sum();
 * const gradient = tf.grad(value)(tf.zeros([3, 3, 1, 2]));
 * console.log(gradient.shape.join(' by ')); // 3 by 3 by 1 by 2
 * console.log(TRAINING_KERNELS.some(({ name }) => name === 'Conv2DBackpropFilter')); // true
 * unregister();
 */
import * as tf from '@tensorflow/tfjs-core';
import { BATCH_MAT_MUL } from './batch-mat-mul.js';
import { CONV_2D_BACKPROP_FILTER, CONV_2D_BACKPROP_INPUT } from './convolution.js';
import { CONV_2D, FUSED_CONV_2D } from './convolution-forward.js';
import { DEPTHWISE_BACKPROP_FILTER, DEPTHWISE_BACKPROP_INPUT } from './depthwise.js';
import { FUSED_MAT_MUL } from './fused-mat-mul.js';
import type { KernelFunction, TrainingKernel } from './kernel.js';
import { MAX_POOL_GRAD, RELU_GRAD, SUM, UNSORTED_SEGMENT_SUM } from './reductions.js';
import { releaseTrainingCode } from './training-code.js';
import { startedWasmBackend } from './wasm-backend.js';

/**
 * The kernels that `registerWasmTrainingKernels` registers: what TensorFlow.js's wasm backend lacks for training, and faster ones for what it has.
 */
export const TRAINING_KERNELS: readonly TrainingKernel[] = [
  BATCH_MAT_MUL,
  FUSED_MAT_MUL,
  CONV_2D,
  FUSED_CONV_2D,
  CONV_2D_BACKPROP_FILTER,
  CONV_2D_BACKPROP_INPUT,
  DEPTHWISE_BACKPROP_FILTER,
  DEPTHWISE_BACKPROP_INPUT,
  MAX_POOL_GRAD,
  RELU_GRAD,
  SUM,
  UNSORTED_SEGMENT_SUM,
];

let registered: { users: number; readonly undo: readonly (() => void)[] } | undefined;

/**
 * Registers the kernels; the function returned puts back what was there before (calling it twice does nothing). Of
 * several registrations the last to be undone counts.
 */
export function registerWasmTrainingKernels(): () => void {
  const current = registered ?? { users: 0, undo: TRAINING_KERNELS.map(register) };
  registered = current;
  current.users++;
  let used = true;
  return () => {
    if (!used) return;
    used = false;
    current.users--;
    if (current.users > 0) return;
    registered = undefined;
    for (const step of current.undo) step();
    const backend = startedWasmBackend();
    if (backend !== undefined) releaseTrainingCode(backend);
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
