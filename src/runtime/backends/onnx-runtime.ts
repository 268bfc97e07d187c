import type { InferenceSession, Tensor } from 'onnxruntime-node';

/** ONNX Runtime, loaded. */
export interface OnnxRuntime {
  /** What the bits of a training depend on: its version, threads, and the processor, by which it chooses its kernels. */
  readonly identity: string;
  /** A model as a session that can be run. */
  open(model: Uint8Array): Promise<InferenceSession>;
  /** A tensor over the numbers themselves, which are not copied. */
  tensor(data: Float32Array | Uint8Array | Int32Array, dims: readonly number[]): Tensor;
}
