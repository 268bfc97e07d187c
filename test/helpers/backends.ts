/** Running one computation on two TensorFlow.js backends, for tests of kernels. */
import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../../src/random.js';

/** Values of what `compute` gives on a backend. All tensors that it makes are disposed. */
export async function valuesOn(backend: string, compute: () => tf.Tensor): Promise<Float32Array> {
  await tf.setBackend(backend);
  const result = tf.tidy(compute);
  const values = await result.data();
  result.dispose();
  return values as Float32Array;
}

/** Standard normal numbers for a shape, the same for the same seed. */
export function normals(shape: readonly number[], seed: number | string): Float32Array {
  const random = createRandom(seed);
  const size = shape.reduce((product, length) => product * length, 1);
  return Float32Array.from({ length: size }, () => random.normal());
}

/** Runs a kernel by its name, which need not have a function in TensorFlow.js's interface. */
export function kernel(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attrs: Readonly<Record<string, unknown>> = {},
): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;
}
