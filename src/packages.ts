/** Packages that are installed by whoever needs what they do: what is said where one of them is missing. */
import { createRequire } from 'node:module';
import { RunError } from './errors.js';

interface Wanted {
  readonly name: string;
  /** What to do to have it. */
  readonly install: string;
}

const TENSORFLOW: Wanted = {
  name: 'TensorFlow.js',
  install: 'npm install @tensorflow/tfjs-core @tensorflow/tfjs-backend-cpu @tensorflow/tfjs-backend-wasm',
};
const WEBGPU: Wanted = {
  name: 'WebGPU for TensorFlow.js',
  install: 'npm install @tensorflow/tfjs-backend-webgpu webgpu',
};

const WANTED: Readonly<Record<string, Wanted>> = {
  '@tensorflow/tfjs-core': TENSORFLOW,
  '@tensorflow/tfjs-backend-cpu': TENSORFLOW,
  '@tensorflow/tfjs-backend-wasm': TENSORFLOW,
  '@tensorflow/tfjs': { name: 'the layers of TensorFlow.js', install: 'npm install @tensorflow/tfjs' },
  '@tensorflow/tfjs-backend-webgpu': WEBGPU,
  webgpu: WEBGPU,
};

/** As Node says it of `import` and of `require`. */
const CODES: readonly unknown[] = ['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];
const MISSING = /^Cannot find (?:package|module) '((?:@[^/']+\/)?[^/']+)/;

/** The error of a missing package as a sentence about what needs it, and what to install; undefined for any other error. */
export function missingPackage(thrown: unknown, what = 'training'): RunError | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown) || !CODES.includes(thrown.code)) return undefined;
  const wanted = WANTED[MISSING.exec(thrown.message)?.[1] ?? ''];
  if (wanted === undefined) return undefined;
  return new RunError(`${what} needs ${wanted.name}, which is not installed`, wanted.install, {
    cause: thrown,
  });
}

/** For who starts processes that will train. Throws a RunError that says what to install, where TensorFlow.js is missing. */
export function requireTensorFlow(): void {
  try {
    createRequire(import.meta.url).resolve('@tensorflow/tfjs-core');
  } catch (thrown) {
    throw missingPackage(thrown) ?? thrown;
  }
}

/** What loading a module gives. Throws a RunError that says what to install for `what`, where a package is missing. */
export async function loadedFor<T>(what: string, loading: Promise<T>): Promise<T> {
  try {
    return await loading;
  } catch (thrown) {
    throw missingPackage(thrown, what) ?? thrown;
  }
}
