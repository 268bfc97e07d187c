/** What is used of ONNX Runtime, in words of ours: types of a package that need not be installed are not for those who use this one. */

/** Numbers with a shape. */
export interface NativeTensor {
  readonly data: unknown;
}

/** A model that can be run. */
export interface NativeSession {
  /** `into` are tensors that outputs are written into. */
  run(
    feeds: Readonly<Record<string, NativeTensor>>,
    into?: Readonly<Record<string, NativeTensor>>,
  ): Promise<Readonly<Record<string, NativeTensor>>>;
  release(): Promise<void>;
}

/** ONNX Runtime, loaded. */
export interface OnnxRuntime {
  /** What the bits of a training depend on: its version, threads, and the processor, by which it chooses its kernels. */
  readonly identity: string;
  open(model: Uint8Array): Promise<NativeSession>;
  /** A tensor over the numbers themselves, which are not copied. */
  tensor(data: Float32Array | Uint8Array | Int32Array, dims: readonly number[]): NativeTensor;
}
