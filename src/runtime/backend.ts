/**
 * The one place that chooses what is computed on. Fastest first: CUDA through tfjs-node-gpu, any GPU through WebGPU, the native CPU
 * library if the user installed it, WebAssembly (always there), plain JavaScript. ONNX Runtime is taken when it is asked for.
 */

import * as tf from '@tensorflow/tfjs-core';
import { didYouMean } from '../did-you-mean.js';
import { messageOf, RunError } from '../errors.js';
import { missingPackage } from '../packages.js';
import type { BackendOptions, Opened } from './backends/activate.js';
import { openCpu } from './backends/cpu.js';
import { openOnnx } from './backends/onnx.js';
import type { OnnxRuntime } from './backends/onnx-runtime.js';
import { openTfjsNode, openTfjsNodeGpu } from './backends/tfjs-node.js';
import { openWasm } from './backends/wasm.js';
import { openWebGpu } from './backends/webgpu.js';

/** All backends by name; `onnx` makes training steps by ONNX Runtime. */
export const BACKEND_NAMES = ['tfjs-node-gpu', 'webgpu', 'tfjs-node', 'wasm', 'cpu', 'onnx'] as const;
/** The name of a backend. */
export type BackendName = (typeof BACKEND_NAMES)[number];

/** A backend that is set as the current one of TensorFlow.js. */
export interface Backend {
  readonly name: BackendName;
  /** What computes, in words: an adapter's name, a number of threads. */
  readonly device: string;
  /** Removes the backend and all its tensors. Calling it again does nothing. */
  release(): void;
}

/** Whether a backend is there, as `lossc doctor` shows it. */
export interface BackendReport {
  readonly name: BackendName;
  readonly found: boolean;
  /** The device, or the reason for not being there. */
  readonly detail: string;
  /** What to install or do; empty when found. */
  readonly advice: string;
}

type Opener = (options: BackendOptions) => Promise<Opened>;

const OPENERS: { readonly [K in BackendName]: Opener } = {
  'tfjs-node-gpu': openTfjsNodeGpu,
  webgpu: openWebGpu,
  'tfjs-node': openTfjsNode,
  wasm: openWasm,
  cpu: openCpu,
  onnx: openOnnx,
};

/** Those that do whatever is asked of them; "onnx" cannot train every model. */
const AUTOMATIC = BACKEND_NAMES.filter((name) => name !== 'onnx');

let native: OnnxRuntime | undefined;

/** What makes training steps in the place of TensorFlow.js, if the backend that was started last has such a thing. */
export const nativeRuntime = (): OnnxRuntime | undefined => native;

/** Chooses, starts and sets a backend. Throws a RunError when the one asked for by name is not available. */
export async function openBackend(options: BackendOptions = {}): Promise<Backend> {
  // Without this TensorFlow.js greets on the console and recommends another package.
  tf.enableProdMode();
  if (options.name !== undefined) return openNamed(options.name, options);
  let advice = '';
  for (const name of AUTOMATIC) {
    const opened = await open(name, options);
    if (opened.found) return started(name, opened);
    // The last is there wherever TensorFlow.js is, so what it lacks is what to install.
    advice = opened.advice;
  }
  throw new RunError('no TensorFlow.js backend could be started', advice);
}

/** Tries each backend in turn and says what was found; leaves none of them open. */
export async function describeBackends(options: BackendOptions = {}): Promise<readonly BackendReport[]> {
  const reports: BackendReport[] = [];
  const current = tf.engine().backendName;
  for (const name of BACKEND_NAMES) {
    const opened = await open(name, options);
    if (opened.found) {
      opened.close();
      reports.push({ name, found: true, detail: opened.device, advice: '' });
    } else {
      reports.push({ name, found: false, detail: opened.reason, advice: opened.advice });
    }
  }
  if (tf.findBackendFactory(current)) await tf.setBackend(current);
  return reports;
}

async function openNamed(name: string, options: BackendOptions): Promise<Backend> {
  const known = BACKEND_NAMES.find((candidate) => candidate === name);
  if (known === undefined) {
    throw new RunError(
      `unknown backend "${name}"`,
      didYouMean(name, BACKEND_NAMES, `choose one of ${BACKEND_NAMES.join(', ')}`),
    );
  }
  const opened = await open(known, options);
  if (!opened.found) {
    throw new RunError(`the backend "${known}" is not available: ${opened.reason}`, opened.advice);
  }
  return started(known, opened);
}

async function open(name: BackendName, options: BackendOptions): Promise<Opened> {
  try {
    return await OPENERS[name](options);
  } catch (thrown) {
    const missing = missingPackage(thrown, `the backend "${name}"`);
    return {
      found: false,
      reason: missing === undefined ? messageOf(thrown) : 'the package is not installed',
      advice: missing?.hint ?? 'this is unexpected; please report it',
    };
  }
}

function started(name: BackendName, opened: Opened & { readonly found: true }): Backend {
  let open = true;
  native = opened.native;
  const release = (): void => {
    if (!open) return;
    open = false;
    process.off('exit', release);
    if (native === opened.native) native = undefined;
    opened.close();
  };
  process.once('exit', release);
  return {
    name,
    device: opened.device,
    release,
  };
}
