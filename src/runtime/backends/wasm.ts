import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { activate, type BackendOptions, type Opened } from '../backend.js';
import { registerWasmTrainingKernels } from '../kernels/index.js';
import { guardAllocation } from '../kernels/wasm-backend.js';

/** WebAssembly on the CPU: the embedded default, with our training kernels registered. */
export async function openWasm(options: BackendOptions): Promise<Opened> {
  const threads = options.threads ?? 1;
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(join(dirname(main), sep));
  // TensorFlow.js switches threads off under Node, where they have worked since worker_threads are stable.
  if (threads > 1) tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', true);
  wasm.setThreadsCount(threads);
  await activate('wasm');
  guardAllocation();
  const unregister = registerWasmTrainingKernels();
  const count = wasm.getThreadsCount();
  return {
    found: true,
    device: `WebAssembly with SIMD, ${count} thread${count === 1 ? '' : 's'}`,
    close: () => {
      unregister();
      tf.removeBackend('wasm');
    },
  };
}
