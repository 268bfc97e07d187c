/** TensorFlow.js in a browser, where the page loads it: WebGPU where there is a graphics card, WebAssembly elsewhere. */
import { registerWasmTrainingKernels } from '../kernels/index.js';
import { guardAllocation } from '../kernels/wasm-backend.js';
import { activate } from './activate.js';

export type BrowserBackend = 'webgpu' | 'wasm';

interface Adapter {
  readonly isFallbackAdapter?: boolean;
  readonly info?: { readonly isFallbackAdapter?: boolean };
}
interface Gpu {
  requestAdapter(options: { readonly powerPreference: string }): Promise<Adapter | null>;
}

/** Starts the backend that is asked for, or else the faster one. `wasmFolder` is the address of the kernels of WebAssembly. */
export async function openInBrowser(
  asked: BrowserBackend | undefined,
  wasmFolder: string,
): Promise<BrowserBackend> {
  const name = asked ?? ((await hasGraphicsCard()) ? 'webgpu' : 'wasm');
  if (name === 'webgpu') {
    await import('@tensorflow/tfjs-backend-webgpu');
    await activate('webgpu');
    return name;
  }
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  setWasmPaths(wasmFolder);
  await activate('wasm');
  guardAllocation();
  registerWasmTrainingKernels();
  return name;
}

/** An adapter that is software is slower than WebAssembly. */
async function hasGraphicsCard(): Promise<boolean> {
  const { gpu } = (globalThis as { readonly navigator?: { readonly gpu?: Gpu } }).navigator ?? {};
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null || adapter === undefined) return false;
  return adapter.isFallbackAdapter !== true && adapter.info?.isFallbackAdapter !== true;
}
