/** From examples to the tensors that a model sees. */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random.js';
import type { ExampleSet, Normalisation } from './dataset.js';

/** Where the values of a batch are written: plain arrays, or views of a backend's own memory. */
export interface BatchArrays {
  /** `[batch, …input shape]` */
  readonly input: Float32Array;
  /** One-hot, `[batch, classes]`. */
  readonly target: Float32Array;
}

/** Copies the examples with these numbers, normalised, with one-hot targets. */
export function fillBatch(
  into: BatchArrays,
  examples: ExampleSet,
  indices: ArrayLike<number>,
  classes: number,
  normalisation: Normalisation,
): void {
  const size = examples.pixels.length / examples.count;
  const { pixels, labels } = examples;
  const { scale, offset } = normalisation;
  const channels = Math.max(scale.length, offset.length);
  into.target.fill(0);
  for (let row = 0; row < indices.length; row++) {
    const from = indices[row]! * size;
    const to = row * size;
    if (channels === 1) {
      const [a, b] = [scale[0]!, offset[0]!];
      for (let i = 0; i < size; i++) into.input[to + i] = pixels[from + i]! * a + b;
    } else {
      for (let i = 0; i < size; i++) {
        const channel = i % channels;
        const a = scale[channel] ?? scale[0]!;
        into.input[to + i] = pixels[from + i]! * a + (offset[channel] ?? offset[0]!);
      }
    }
    into.target[row * classes + labels[indices[row]!]!] = 1;
  }
}

/** Endless batches of example numbers: each epoch in a new random order; a batch may span two epochs. */
export function createSampler(count: number, random: Random): (batch: number) => Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  let next = count;
  const shuffle = (): void => {
    for (let i = count - 1; i > 0; i--) {
      const j = random.int(i + 1);
      const swapped = order[i]!;
      order[i] = order[j]!;
      order[j] = swapped;
    }
    next = 0;
  };
  return (batch) => {
    const indices = new Uint32Array(batch);
    for (let i = 0; i < batch; i++) {
      if (next === count) shuffle();
      indices[i] = order[next++]!;
    }
    return indices;
  };
}

/** Input and one-hot target tensors of a batch; they belong to the caller. */
export function batchTensors(
  examples: ExampleSet,
  indices: ArrayLike<number>,
  described: {
    readonly inputShape: readonly number[];
    readonly classes: number;
    readonly normalisation: Normalisation;
  },
): { readonly input: tf.Tensor; readonly target: tf.Tensor } {
  const { inputShape, classes, normalisation } = described;
  const batch = indices.length;
  const size = inputShape.reduce((product, length) => product * length, 1);
  const arrays = { input: new Float32Array(batch * size), target: new Float32Array(batch * classes) };
  fillBatch(arrays, examples, indices, classes, normalisation);
  return {
    input: tf.tensor(arrays.input, [batch, ...inputShape], 'float32'),
    target: tf.tensor(arrays.target, [batch, classes], 'float32'),
  };
}
