import { createRequire } from 'node:module';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { messageOf } from '../../errors.js';
import { activate, deactivate, type Opened } from './activate.js';

interface NativeBinding {
  readonly package: '@tensorflow/tfjs-node-gpu' | '@tensorflow/tfjs-node';
  readonly device: string;
  /** What the package needs besides itself. */
  readonly needs: string;
}

const GPU: NativeBinding = {
  package: '@tensorflow/tfjs-node-gpu',
  device: 'CUDA GPU through libtensorflow',
  needs: 'it needs CUDA 11.2, cuDNN 8.1 and network access while it is installed',
};
const CPU: NativeBinding = {
  package: '@tensorflow/tfjs-node',
  device: 'CPU through libtensorflow',
  needs: 'it needs network access while it is installed',
};

export const openTfjsNodeGpu = (): Promise<Opened> => openNative(GPU);
export const openTfjsNode = (): Promise<Opened> => openNative(CPU);

/**
 * Both packages register their backend under the name "tensorflow" while they load, so only one can be used in a
 * process, and loading is the only way to find out whether the native library is there.
 */
async function openNative(binding: NativeBinding): Promise<Opened> {
  const require = createRequire(import.meta.url);
  const install = `npm install ${binding.package}@${tf.version_core} (${binding.needs})`;
  try {
    require.resolve(`${binding.package}/package.json`);
  } catch {
    return { found: false, reason: 'the package is not installed', advice: install };
  }
  restoreRemovedUtilities();
  try {
    await quietly(async () => require(binding.package));
  } catch (thrown) {
    return {
      found: false,
      reason: `its native library does not load (${messageOf(thrown)})`,
      advice: `reinstall with ${install}`,
    };
  }
  await activate('tensorflow');
  if (
    binding === GPU &&
    (tf.backend() as { readonly isUsingGpuDevice?: boolean }).isUsingGpuDevice === false
  ) {
    deactivate('tensorflow');
    return {
      found: false,
      reason: 'it loads, but there is no CUDA device',
      advice: `${GPU.needs}; or use wasm`,
    };
  }
  return { found: true, device: binding.device, close: () => deactivate('tensorflow') };
}

/** tfjs-node 4.22 calls two helpers that Node 23 removed from `node:util`; these have the same meaning. */
function restoreRemovedUtilities(): void {
  const removed: Readonly<Record<string, (value: unknown) => boolean>> = {
    isNullOrUndefined: (value) => value === null || value === undefined,
    isArray: Array.isArray,
  };
  for (const [name, replacement] of Object.entries(removed)) {
    if (!(name in util)) Object.defineProperty(util, name, { value: replacement, configurable: true });
  }
}

/** Runs something that prints advice to the console as it loads, without the printing. */
async function quietly<T>(work: () => Promise<T>): Promise<T> {
  const { log, warn, error } = console;
  const silent = (): void => undefined;
  Object.assign(console, { log: silent, warn: silent, error: silent });
  try {
    return await work();
  } finally {
    Object.assign(console, { log, warn, error });
  }
}
