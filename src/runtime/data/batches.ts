/** From examples to the tensors that a model sees. */
import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random.js';
import { trainingCode } from '../kernels/training-code.js';
import { startedWasmBackend } from '../kernels/wasm-backend.js';
import { type Learning, labelsOfExample } from '../tasks/learning.js';
import type { TargetForm } from '../tasks/tasks.js';
import { type Augmentation, copyAugmented } from './augment.js';
import type { ExampleSet, Normalisation } from './examples.js';

/** What turning examples into tensors needs to know of the data. */
export interface BatchShape extends TargetShape {
  readonly inputShape: readonly number[];
  readonly normalisation: Normalisation;
}

/** The part of it that is about targets. */
export interface TargetShape extends Learning {
  readonly units?: Normalisation;
}

/** Copies the examples with these numbers, row by row: the engine converts bytes to floats four times as fast as a loop. */
function copyExamples(input: Float32Array, { pixels, count }: ExampleSet, indices: ArrayLike<number>): void {
  const size = pixels.length / count;
  for (let row = 0; row < indices.length; row++) {
    const from = indices[row]! * size;
    input.set(pixels.subarray(from, from + size), row * size);
  }
}

function normalise(input: Float32Array, { scale, offset }: Normalisation): void {
  const channels = Math.max(scale.length, offset.length);
  for (let channel = 0; channel < channels; channel++) {
    const factor = scale[channel] ?? scale[0]!;
    const shift = offset[channel] ?? offset[0]!;
    for (let i = channel; i < input.length; i += channels) input[i] = input[i]! * factor + shift;
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

/** How training images are changed, and the generator that decides how. */
export interface BatchAugmentation {
  readonly augmentation: Augmentation;
  readonly random: Random;
}

/** Input and target tensors of a batch; they belong to the caller. */
export function batchTensors(
  examples: ExampleSet,
  indices: ArrayLike<number>,
  shape: BatchShape,
  augmented?: BatchAugmentation,
  form: TargetForm = 'rows',
): { readonly input: tf.Tensor; readonly target: tf.Tensor } {
  const batch = indices.length;
  const { inputShape, normalisation } = shape;
  const [scale, offset] = [normalisation.scale, normalisation.offset];
  const oneChannel = scale.length === 1 && offset.length === 1;
  return {
    input: filledTensor(
      [batch, ...inputShape],
      (values) => {
        if (augmented === undefined) copyExamples(values, examples, indices);
        else copyAugmented(values, examples, indices, inputShape, augmented.augmentation, augmented.random);
        if (!oneChannel) normalise(values, normalisation);
      },
      oneChannel ? { factor: scale[0]!, shift: offset[0]! } : undefined,
    ),
    target: targetTensor(examples, indices, shape, form),
  };
}

/** What a loss is told of the right answers, in the form that it takes. */
export function targetTensor(
  examples: ExampleSet,
  indices: ArrayLike<number>,
  shape: TargetShape,
  form: TargetForm,
): tf.Tensor {
  return filledTensor([...targetDims(indices.length, shape, form)], (values) =>
    fillTargets(values, examples, indices, shape, form),
  );
}

/** The shape of the targets of a batch. */
export const targetDims = (
  batch: number,
  { outputs }: TargetShape,
  form: TargetForm,
): readonly [number] | readonly [number, number] =>
  form === 'labels' || form === 'numbers' ? [batch] : [batch, outputs];

/** Writes the targets of the examples with these numbers, row by row. */
export function fillTargets(
  values: Float32Array,
  { labels }: ExampleSet,
  indices: ArrayLike<number>,
  shape: TargetShape,
  form: TargetForm,
): void {
  const { task, outputs, units } = shape;
  const width = labelsOfExample(shape);
  const batch = indices.length;
  if (form === 'labels' || form === 'numbers') {
    for (let row = 0; row < batch; row++) values[row] = labels[indices[row]!]!;
    if (form === 'numbers' && units !== undefined) normalise(values, units);
    return;
  }
  if (task === 'classification') {
    values.fill(form === 'signs' ? -1 : 0);
    for (let row = 0; row < batch; row++) values[row * outputs + labels[indices[row]!]!] = 1;
    return;
  }
  for (let row = 0; row < batch; row++) {
    const from = indices[row]! * width;
    // One number of which several are learnt stands in the place of each.
    if (width < outputs) values.fill(labels[from]!, row * outputs, (row + 1) * outputs);
    else values.set(labels.subarray(from, from + width), row * outputs);
  }
  if (form === 'signs') normalise(values, SIGNS);
  else if (units !== undefined) normalise(values, units);
}

/** From 0 and 1 to -1 and 1. */
const SIGNS: Normalisation = { scale: [2], offset: [-1] };

/**
 * A float32 tensor whose values are written by `fill`, then scaled and shifted: on wasm right where they belong,
 * without a copy, and with generated code.
 */
function filledTensor(
  shape: number[],
  fill: (values: Float32Array) => void,
  affine?: { readonly factor: number; readonly shift: number },
): tf.Tensor {
  const backend = tf.getBackend() === 'wasm' ? startedWasmBackend() : undefined;
  if (backend === undefined) {
    const values = new Float32Array(tf.util.sizeFromShape(shape));
    fill(values);
    if (affine !== undefined) normalise(values, { scale: [affine.factor], offset: [affine.shift] });
    return tf.tensor(values, shape, 'float32');
  }
  const made = backend.makeOutput(shape, 'float32');
  fill(backend.typedArrayFromHeap(made));
  if (affine !== undefined) {
    const size = tf.util.sizeFromShape(shape);
    const address = backend.dataIdMap.get(made.dataId).memoryOffset;
    trainingCode(backend).call('affine', address, size, affine.factor, affine.shift);
  }
  return tf.engine().makeTensorFromTensorInfo(made, backend);
}
