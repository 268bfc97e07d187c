import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { messageOf } from '../../errors.js';
import type { Opened } from './activate.js';
import type { OnnxRuntime } from './onnx-runtime.js';
import { openWasm } from './wasm.js';

/** The bits of a product depend on how many threads share it. */
const THREADS = 1;

const PACKAGE = 'onnxruntime-node';
/** Its script downloads what is for CUDA alone, and fails without a network. */
const INSTALL = `npm install --ignore-scripts ${PACKAGE} (a training step of a perceptron takes a third as long as on wasm)`;

type Loaded =
  | { readonly found: true; readonly device: string; readonly native: OnnxRuntime }
  | (Opened & { readonly found: false });

/**
 * ONNX Runtime for training steps and looks at validation examples as one graph each, beside wasm, which does the rest: the factors of
 * losses, and what is asked of a model that has been trained.
 */
export async function openOnnx(): Promise<Opened> {
  const loaded = await loadOnnx();
  if (!loaded.found) return loaded;
  const wasm = await openWasm();
  return wasm.found ? { ...loaded, close: wasm.close } : wasm;
}

/** The package, if it is installed. */
export async function loadOnnx(): Promise<Loaded> {
  const require = createRequire(import.meta.url);
  let version: string;
  try {
    version = (require(`${PACKAGE}/package.json`) as { readonly version: string }).version;
  } catch {
    return { found: false, reason: `the package ${PACKAGE} is not installed`, advice: INSTALL };
  }
  let runtime: typeof import('onnxruntime-node');
  try {
    runtime = await import('onnxruntime-node');
  } catch (thrown) {
    const reason = `its native library does not load (${messageOf(thrown)})`;
    return { found: false, reason, advice: `reinstall with ${INSTALL}` };
  }
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor';
  return {
    found: true,
    device: `ONNX Runtime ${version} on the CPU, ${THREADS} thread`,
    native: {
      identity: `ONNX Runtime ${version}, ${THREADS} thread, ${processor}`,
      open: (model) =>
        runtime.InferenceSession.create(model, {
          intraOpNumThreads: THREADS,
          interOpNumThreads: THREADS,
          executionMode: 'sequential',
          // More takes twice as long to open and makes no step faster.
          graphOptimizationLevel: 'basic',
          // Only what ends a run is said, as an error of ours.
          logSeverityLevel: 4,
        }),
      tensor: (data, dims) => new runtime.Tensor(data, [...dims]),
    },
  };
}
