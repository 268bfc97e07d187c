/**
 * What we use of TensorFlow.js's wasm backend beyond its public interface (seen in tfjs-backend-wasm 4.22,
 * `backend_wasm.ts`): where a tensor lies in memory, its number in the C++ code, and the raw module.
 */
import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../../grammar/invariant.js';
import { RunError } from '../../errors.js';
import type { WasmMemory } from './webassembly.js';

/** The backend's entry for one tensor's data. */
interface WasmData {
  /** Number under which the C++ code knows the buffer. Packed copies of weights are cached under it. */
  id: number;
  /** Byte offset in the module's memory. */
  readonly memoryOffset: number;
  readonly shape: readonly number[];
  readonly dtype: tf.DataType;
  refCount: number;
}

export interface WasmModule {
  readonly asm: { readonly memory: WasmMemory };
  /** A view of the whole memory; replaced whenever the memory grows, so never keep it. */
  readonly HEAPF32: Float32Array;
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(offset: number): void;
  readonly tfjs: {
    registerTensor(id: number, size: number, memoryOffset: number): void;
    disposeData(id: number): void;
  };
}

export interface WasmBackend extends tf.KernelBackend {
  readonly wasm: WasmModule;
  readonly dataIdMap: { get(dataId: tf.DataId): WasmData };
  dataIdNextNumber: number;
  makeOutput(shape: readonly number[], dtype: tf.DataType): tf.TensorInfo;
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array;
}

/** The wasm backend if it has been started. */
export function startedWasmBackend(): WasmBackend | undefined {
  return tf.engine().registry['wasm'] as unknown as WasmBackend | undefined;
}

/** The wasm backend. It must have been started. */
export function wasmBackend(): WasmBackend {
  const backend = startedWasmBackend();
  invariant(backend !== undefined, 'the wasm backend has been started');
  return backend;
}

/** The module grows its memory by a signed 32-bit number of bytes; what looks negative there would shrink it. */
const LARGEST_ALLOCATION = 2 ** 31 - 2 ** 16;

const guarded = new WeakSet<WasmModule>();

/**
 * When memory runs out the backend's `malloc` answers 0, or an address beyond the end, and the backend goes on to write
 * there, at worst over its own data (tfjs-backend-wasm 4.22). This makes it an error instead.
 */
export function guardAllocation(): void {
  const { wasm } = wasmBackend();
  if (guarded.has(wasm)) return;
  guarded.add(wasm);
  // On its first call the module replaces its entry by the real function, and would replace a guard just so.
  wasm._free(wasm._malloc(8));
  const allocate = wasm._malloc.bind(wasm);
  wasm._malloc = (bytes) => {
    const offset = bytes < LARGEST_ALLOCATION ? allocate(bytes) >>> 0 : 0;
    if ((offset === 0 && bytes > 0) || offset + bytes > wasm.HEAPU8.length) {
      throw new RunError(
        `out of memory: ${(bytes / 2 ** 20).toFixed(1)} MiB for a tensor could not be allocated in WebAssembly memory`,
        'use a smaller batch, a smaller model, or another backend',
      );
    }
    return offset;
  };
}
