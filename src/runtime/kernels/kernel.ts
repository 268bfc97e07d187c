/** What one of our kernels is: a replacement for, or an addition to, those of the wasm backend. */
import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../../grammar/invariant.js';
import type { WasmBackend } from './wasm-backend.js';

export interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: WasmBackend;
}

export type KernelFunction = (call: KernelCall) => tf.TensorInfo | tf.TensorInfo[];

export interface TrainingKernel {
  /** Name in TensorFlow.js's registry. */
  readonly name: string;
  /** Builds the kernel; `stock` is the backend's own, where it has one. */
  create(stock: KernelFunction | undefined): KernelFunction;
}

/** Runs one of the backend's registered kernels directly, outside TensorFlow.js's engine and its bookkeeping. */
export function runKernel(
  name: string,
  backend: WasmBackend,
  inputs: Readonly<Record<string, tf.TensorInfo>>,
  attrs: Readonly<Record<string, unknown>> = {},
): tf.TensorInfo {
  const kernel = tf.getKernel(name, 'wasm');
  invariant(kernel !== undefined, `the wasm backend has no kernel ${name}`);
  const result = (kernel.kernelFunc as unknown as KernelFunction)({ inputs, attrs, backend });
  invariant(!Array.isArray(result), `${name} gives one tensor`);
  return result;
}
