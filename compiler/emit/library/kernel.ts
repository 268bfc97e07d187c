import * as tf from '@tensorflow/tfjs-core';

/**
 * Registers a kernel of WebAssembly for the value and the gradient of a loss with the wasm backend, once. Whether it can run here: not on
 * other backends, with threads, or without SIMD.
 */
export function registerLossKernel(name: string, base64: string, recordBytes: number): boolean {
  if (tf.getBackend() !== 'wasm') return false;
  if (tf.getKernel(name, 'wasm') !== undefined) return true;
  const { atob, WebAssembly } = globalThis as unknown as {
    atob(text: string): string;
    WebAssembly: {
      validate(bytes: Uint8Array): boolean;
      Module: new (bytes: Uint8Array) => object;
      Instance: new (
        module: object,
        imports: object,
      ) => { exports: Record<string, (...args: number[]) => void> };
    };
  };
  const memoryOf = (backend: unknown) =>
    (backend as { wasm?: { asm?: { memory?: { buffer: ArrayBuffer } } } }).wasm?.asm?.memory;
  if (memoryOf(tf.backend())?.buffer.constructor.name !== 'ArrayBuffer') return false;
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  if (!WebAssembly.validate(bytes)) return false;
  let instance: { memory: object; run: (...args: number[]) => void } | undefined;
  tf.registerKernel({
    kernelName: name,
    backendName: 'wasm',
    kernelFunc: (call) => {
      const backend = call.backend as unknown as {
        wasm: { _malloc(bytes: number): number; _free(offset: number): void };
        dataIdMap: { get(dataId: object): { memoryOffset: number } };
        makeOutput(shape: number[], dtype: 'float32'): tf.TensorInfo;
      };
      const { target, prediction } = call.inputs as { target: tf.TensorInfo; prediction: tf.TensorInfo };
      const given = call.attrs as unknown as {
        batch: number;
        classes: number;
        numbers: number[];
        lists: number[];
      };
      const memory = memoryOf(backend)!;
      if (instance?.memory !== memory) {
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
        instance = { memory, run: Object.values(exports)[0]! };
      }
      // Where inputs are is asked for last: making room may move what is not on the backend yet.
      const gradient = backend.makeOutput(prediction.shape, 'float32');
      const value = backend.makeOutput([], 'float32');
      const size = recordBytes * given.classes;
      const scratch = backend.wasm._malloc(size + 4 * given.lists.length + 16);
      if (scratch === 0) throw new Error(`out of memory: ${size} bytes for ${name}`);
      const records = 16 * Math.ceil(scratch / 16);
      const address = ({ dataId }: tf.TensorInfo): number => backend.dataIdMap.get(dataId).memoryOffset;
      const places = [target, prediction, gradient].map(address);
      new Float32Array(memory.buffer, records + size, given.lists.length).set(given.lists);
      instance.run(
        ...places,
        given.batch,
        given.classes,
        records,
        records + size,
        address(value),
        ...given.numbers,
      );
      backend.wasm._free(scratch);
      return [value, gradient];
    },
  });
  return true;
}

/** The mean as one step of the tape, by a kernel that is registered. Undefined where float32 does not hold one of the numbers. */
export function byLossKernel(
  name: string,
  prediction: tf.Tensor,
  inputs: { target: tf.Tensor; prediction: tf.Tensor },
  sizes: { batch: number; classes: number },
  numbers: number[],
  lists: (number | number[])[],
): tf.Scalar | undefined {
  const sideBySide: number[] = [];
  for (let i = 0; i < sizes.classes; i++)
    for (const list of lists) sideBySide.push(typeof list === 'number' ? list : (list[i] ?? NaN));
  const isHeld = (x: number): boolean => {
    const size = Math.abs(Math.fround(x));
    return x === 0 || !Number.isFinite(x) || (size >= 2 ** -126 && size < Infinity);
  };
  if (![...numbers, ...sideBySide].every(isHeld)) return undefined;
  const attrs = { ...sizes, numbers, lists: sideBySide } as unknown as tf.NamedAttrMap;
  const loss = tf.customGrad((...args) => {
    const save = args[args.length - 1] as (tensors: tf.Tensor[]) => void;
    const [value, gradient] = tf.engine().runKernel(name, inputs, attrs) as unknown as tf.Tensor[];
    save([gradient!]);
    return {
      value: value!,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.reshape(tf.mul(saved[0]!, dy), prediction.shape),
    };
  });
  return loss(prediction) as tf.Scalar;
}
