import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { registerWasmTrainingKernels } from '../kernels/index.js';
import { trainingCode } from '../kernels/training-code.js';
import { guardAllocation, wasmBackend } from '../kernels/wasm-backend.js';
import { activate, deactivate, type Opened } from './activate.js';

/**
 * WebAssembly on the CPU: the embedded default, with our training kernels registered. One thread: the backend's
 * threaded build does not start its threads under Node without patches to what it ships, our products outrun its
 * plain ones on one, and a search makes better use of a second core with a second process.
 */
export async function openWasm(): Promise<Opened> {
  const wasm = await import('@tensorflow/tfjs-backend-wasm');
  const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(join(dirname(main), sep));
  await withoutNewListeners(() => activate('wasm'));
  guardAllocation();
  const unregister = registerWasmTrainingKernels();
  const { bits } = trainingCode(wasmBackend()).gemm;
  return {
    found: true,
    device: `WebAssembly with SIMD, ${bits === 256 ? 'matrix products of 256 bits, ' : ''}1 thread`,
    close: () => {
      unregister();
      deactivate('wasm');
    },
  };
}

/**
 * The backend's module listens for uncaught errors and rejections as it starts, only to throw them again: with its
 * whole source on one line of the console, and before anybody else may handle them.
 */
async function withoutNewListeners(start: () => Promise<void>): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = events.map((event) => new Set(process.listeners(event as NodeJS.Signals)));
  await start();
  for (const [index, event] of events.entries()) {
    for (const listener of process.listeners(event as NodeJS.Signals)) {
      if (!before[index]!.has(listener)) process.removeListener(event, listener);
    }
  }
}
