/**
 * The training pass of a chain of dense layers, straight on the wasm backend's memory: the same arithmetic as layer by
 * layer, bit for bit, without TensorFlow.js's engine in between, which costs a fifth of a step of 784-128-10.
 */
import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../../grammar/invariant.js';
import { trainingCode } from '../kernels/training-code.js';
import { startedWasmBackend, type WasmBackend } from '../kernels/wasm-backend.js';
import type { Model } from './model.js';
import type { Parameter } from './parameter.js';

/** Float32 values of a tensor that `tf.tidy` cleans up. */
interface Block {
  readonly tensor: tf.Tensor;
  readonly address: number;
  readonly rows: number;
  readonly columns: number;
}

/** Replaces a perceptron's training pass where the wasm backend computes; elsewhere it stays as it is. */
export function withFastGradients(model: Model): Model {
  return {
    ...model,
    gradients: (input, outputGradient) => {
      const backend = tf.getBackend() === 'wasm' ? startedWasmBackend() : undefined;
      if (backend === undefined) return model.gradients(input, outputGradient);
      return tf.tidy(() => chainGradients(backend, model.parameters, input, outputGradient));
    },
  };
}

/** `parameters` are weights and bias of each layer in turn; all layers but the last are rectified. */
function chainGradients(
  backend: WasmBackend,
  parameters: readonly Parameter[],
  input: tf.Tensor,
  outputGradient: Parameters<Model['gradients']>[1],
): tf.Tensor[] {
  const { call } = trainingCode(backend);
  const weights = parameters
    .filter((_, index) => index % 2 === 0)
    .map(({ value }) => blockOf(backend, value));
  const biases = parameters.filter((_, index) => index % 2 === 1).map(({ value }) => blockOf(backend, value));
  const batch = input.shape[0]!;
  const values: Block[] = [{ ...blockOf(backend, input), rows: batch, columns: input.size / batch }];
  for (const [index, weight] of weights.entries()) {
    const output = newBlock(backend, batch, weight.columns);
    multiply(backend, plain(values[index]!), plain(weight), output);
    const rectify = index < weights.length - 1 ? 1 : 0;
    call('addBias', output.address, biases[index]!.address, batch, weight.columns, rectify);
    values.push(output);
  }
  const output = values.at(-1)!;
  let gradient = blockOf(backend, outputGradient(output.tensor));
  invariant(
    gradient.tensor.size === output.tensor.size && gradient.tensor.dtype === 'float32',
    'the gradient has the shape of the output',
  );
  const found: tf.Tensor[] = [];
  for (let index = weights.length - 1; index >= 0; index--) {
    const weight = weights[index]!;
    const before = values[index]!;
    const weightGradient = newBlock(backend, weight.rows, weight.columns);
    multiply(backend, transposed(before), plain(gradient), weightGradient);
    const biasGradient = newVector(backend, weight.columns);
    call('sumRows', gradient.address, biasGradient.address, batch, weight.columns);
    found.unshift(weightGradient.tensor, biasGradient.tensor);
    if (index > 0) {
      const inner = newBlock(backend, batch, weight.rows);
      multiply(backend, plain(gradient), transposed(weight), inner);
      call('reluGradient', inner.address, inner.address, before.address, batch * weight.rows);
      gradient = inner;
    }
  }
  return found;
}

function blockOf(backend: WasmBackend, tensor: tf.Tensor): Block {
  const address = backend.dataIdMap.get(tensor.dataId).memoryOffset;
  return { tensor, address, rows: tensor.shape[0]!, columns: tensor.shape[1] ?? 1 };
}

function newBlock(backend: WasmBackend, rows: number, columns: number): Block {
  const made = backend.makeOutput([rows, columns], 'float32');
  return blockOf(backend, tf.engine().makeTensorFromTensorInfo(made, backend));
}

/** Zeros. */
function newVector(backend: WasmBackend, size: number): Block {
  const made = backend.makeOutput([size], 'float32');
  backend.typedArrayFromHeap(made).fill(0);
  return blockOf(backend, tf.engine().makeTensorFromTensorInfo(made, backend));
}

/** A matrix as the product reads it: strides in bytes. */
interface Operand {
  readonly address: number;
  readonly rows: number;
  readonly columns: number;
  readonly rowStride: number;
  readonly columnStride: number;
}

const plain = ({ address, rows, columns }: Block): Operand => ({
  address,
  rows,
  columns,
  rowStride: 4 * columns,
  columnStride: 4,
});

const transposed = ({ address, rows, columns }: Block): Operand => ({
  address,
  rows: columns,
  columns: rows,
  rowStride: 4,
  columnStride: 4 * columns,
});

function multiply(backend: WasmBackend, a: Operand, b: Operand, into: Block): void {
  trainingCode(backend).gemm.multiply({
    rows: a.rows,
    columns: b.columns,
    depth: a.columns,
    a: a.address,
    aRowStride: a.rowStride,
    aDepthStride: a.columnStride,
    b: b.address,
    bDepthStride: b.rowStride,
    bColumnStride: b.columnStride,
    c: into.address,
    cRowStride: 4 * into.columns,
    scale: 1,
    accumulate: false,
  });
}
