import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../../errors.js';
import { missingPackage } from '../../packages.js';
import { activate, type BackendOptions, deactivate, type Opened } from './activate.js';

interface Adapter {
  readonly info?: {
    readonly vendor: string;
    readonly architecture: string;
    readonly device: string;
    readonly description: string;
  };
  readonly isFallbackAdapter?: boolean;
}
interface Gpu {
  requestAdapter(options?: { readonly powerPreference: string }): Promise<Adapter | null>;
}

const INSTALL = `npm install webgpu @tensorflow/tfjs-backend-webgpu@${tf.version_core}`;
/** What software rasterisers call themselves: SwiftShader, Mesa's lavapipe, Windows' WARP. */
const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render|\bcpu\b/i;

/** Any GPU with Vulkan, Metal or Direct3D 12 through Dawn (npm package `webgpu`); CUDA is not needed. */
export async function openWebGpu(options: BackendOptions): Promise<Opened> {
  if (process.platform === 'linux' && !hasVulkanDriver()) {
    return {
      found: false,
      reason: 'no Vulkan driver is installed',
      advice: 'install the Vulkan driver of your GPU and libvulkan1',
    };
  }
  let gpu: Gpu;
  try {
    gpu = await loadDawn();
  } catch (thrown) {
    // Where it is not installed the caller says so.
    if (missingPackage(thrown) !== undefined) throw thrown;
    return { found: false, reason: `the package does not load (${messageOf(thrown)})`, advice: INSTALL };
  }
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
  if (adapter === null) {
    return {
      found: false,
      reason: 'no graphics adapter was found',
      advice: 'install or update the GPU driver',
    };
  }
  const device = nameOf(adapter);
  if (options.allowSoftware !== true && (adapter.isFallbackAdapter === true || SOFTWARE.test(device))) {
    return {
      found: false,
      reason: `the only adapter is software (${device}), slower than wasm`,
      advice: 'install the driver of your GPU, if there is one',
    };
  }
  await import('@tensorflow/tfjs-backend-webgpu');
  await activate('webgpu');
  return { found: true, device, close: () => deactivate('webgpu') };
}

/** Dawn prints to stderr where the Vulkan loader is missing, so it is only asked where a driver is listed. */
function hasVulkanDriver(): boolean {
  if (process.env['VK_ICD_FILENAMES'] ?? process.env['VK_DRIVER_FILES']) return true;
  const data = [
    join(homedir(), '.local/share'),
    '/usr/local/etc',
    '/usr/local/share',
    '/etc',
    '/usr/share',
    ...(process.env['XDG_DATA_DIRS'] ?? '').split(':').filter((folder) => folder !== ''),
  ];
  return data
    .map((folder) => join(folder, 'vulkan/icd.d'))
    .some((folder) => existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.json')));
}

async function loadDawn(): Promise<Gpu> {
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([]) as unknown as Gpu;
  // Node 21 and later have a `navigator` of their own without `gpu`.
  const navigator = (globalThis as { readonly navigator?: object }).navigator ?? {};
  Object.defineProperty(navigator, 'gpu', { value: gpu, configurable: true });
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true, writable: true });
  return gpu;
}

function nameOf(adapter: Adapter): string {
  const info = adapter.info;
  if (info === undefined) return 'unnamed adapter';
  const words = [info.vendor, info.architecture, info.device, info.description].filter((word) => word !== '');
  return words.length > 0 ? words.join(' ') : 'unnamed adapter';
}
