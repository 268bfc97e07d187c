/** What the kinds of backend have in common: how one is asked for, started and removed. */
import * as tf from '@tensorflow/tfjs-core';
import type { OnnxRuntime } from './onnx-runtime.js';

/** What `openBackend` takes. */
export interface BackendOptions {
  /** A name, or nothing for the fastest available. */
  readonly name?: string | undefined;
  /** Accept a WebGPU adapter that is software (tests only: it is much slower than wasm). */
  readonly allowSoftware?: boolean | undefined;
}

/** What opening one kind of backend gives: its device, or why it is not there and what would help. */
export type Opened =
  | {
      readonly found: true;
      readonly device: string;
      readonly close: () => void;
      /** What makes training steps in the place of TensorFlow.js. */
      readonly native?: OnnxRuntime;
    }
  | { readonly found: false; readonly reason: string; readonly advice: string };

const factories = new Map<string, () => tf.KernelBackend | Promise<tf.KernelBackend>>();

/**
 * Makes a TensorFlow.js backend current, also after it was removed: packages register theirs only once, as they load.
 * Throws where it cannot start.
 */
export async function activate(registered: string): Promise<void> {
  const factory = tf.findBackendFactory(registered);
  if (factory) factories.set(registered, factory);
  else if (factories.has(registered)) tf.registerBackend(registered, factories.get(registered)!);
  if (!(await tf.setBackend(registered))) throw new Error(`TensorFlow.js could not start "${registered}"`);
  await tf.ready();
  users.set(registered, (users.get(registered) ?? 0) + 1);
}

const users = new Map<string, number>();

/** Undoes one `activate`; the last of them removes the backend and its tensors. */
export function deactivate(registered: string): void {
  const left = (users.get(registered) ?? 1) - 1;
  users.set(registered, left);
  if (left === 0) tf.removeBackend(registered);
}
