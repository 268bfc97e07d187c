/** Optimizer updates in place, on the wasm backend's memory. */
import * as tf from '@tensorflow/tfjs-core';
import { trainingCode } from './training-code.js';
import { startedWasmBackend, type WasmBackend } from './wasm-backend.js';

/** A generated function `name(value, gradient, …state, count, …numbers)`. */
export interface GeneratedUpdate {
  readonly name: string;
  readonly numbers: readonly number[];
}

export type InPlaceUpdate = (
  update: GeneratedUpdate,
  value: tf.Tensor,
  gradient: tf.Tensor,
  state: readonly tf.Tensor[],
) => void;

/** How to update in place on the current backend; undefined where that is not possible. */
export function inPlaceUpdates(): InPlaceUpdate | undefined {
  if (tf.getBackend() !== 'wasm') return undefined;
  const backend = startedWasmBackend();
  if (backend === undefined) return undefined;
  return ({ name, numbers }, value, gradient, state) => {
    const addresses = [value, gradient, ...state].map(
      (tensor) => backend.dataIdMap.get(tensor.dataId).memoryOffset,
    );
    trainingCode(backend).call(name, ...addresses, value.size, ...numbers);
    markWritten(backend, value);
  };
}

/**
 * Says that a tensor's values were written in place. The backend keeps packed copies of weights under the number of
 * their buffer and would go on using the old ones, so the buffer gets a new number.
 */
function markWritten(backend: WasmBackend, tensor: tf.TensorInfo): void {
  const data = backend.dataIdMap.get(tensor.dataId);
  const { tfjs } = backend.wasm;
  tfjs.disposeData(data.id);
  data.id = backend.dataIdNextNumber++;
  tfjs.registerTensor(data.id, tf.util.sizeFromShape([...data.shape]), data.memoryOffset);
}
