/** What one of our kernels is: a replacement for, or an addition to, those of the wasm backend. */
import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../../grammar/invariant.js';
import type { WasmBackend } from './wasm-backend.js';

export interface KernelCall {
  readonly inputs: Readonly<Record<string, tf.TensorInfo | undefined>>;
  readonly attrs: Readonly<Record<string, unknown>>;
  readonly backend: WasmBackend;
}

export type KernelFunction = (call: KernelCall) => tf.TensorInfo;

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
  return (kernel.kernelFunc as unknown as KernelFunction)({ inputs, attrs, backend });
}

/** An input that the kernel's definition promises, as float32. */
export function floatInput({ inputs }: KernelCall, name: string): tf.TensorInfo {
  const tensor = inputs[name];
  invariant(tensor !== undefined, `the kernel has an input ${name}`);
  if (tensor.dtype !== 'float32') throw new Error(`"${name}" must be float32, not ${tensor.dtype}`);
  return tensor;
}

/** Byte offset of a tensor's values in the backend's memory. */
export function addressOf(backend: WasmBackend, tensor: tf.TensorInfo): number {
  return backend.dataIdMap.get(tensor.dataId).memoryOffset;
}

/** A new tensor of zeros. */
export function zeros(backend: WasmBackend, shape: readonly number[]): tf.TensorInfo {
  const tensor = backend.makeOutput(shape, 'float32');
  backend.typedArrayFromHeap(tensor).fill(0);
  return tensor;
}
