import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../../grammar/invariant.js';
import { addressOf, floatInput, type KernelCall, runKernel, type TrainingKernel, zeros } from './kernel.js';
import { trainingCode } from './training-code.js';
import { isShared } from './webassembly.js';

/**
 * Matrix products, with or without transposed operands. The backend's own loop for transposed ones is about ten times
 * slower than its plain product; ours takes operands with any strides.
 */
export const BATCH_MAT_MUL: TrainingKernel = {
  name: 'BatchMatMul',
  create: (stock) => {
    invariant(stock !== undefined, 'the wasm backend has a matrix product');
    return (call) =>
      // The backend's plain product uses all threads of a threaded build, ours one.
      isShared(call.backend.wasm.asm.memory) ? transposeFirst(call, stock) : multiply(call);
  },
};

/** `a b` for `[…, rows, depth]` and `[…, depth, columns]` (before transposing), batches broadcast. */
function multiply(call: KernelCall): tf.TensorInfo {
  const { backend, attrs } = call;
  const a = floatInput(call, 'a');
  const b = floatInput(call, 'b');
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number];
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number];
  const [rows, depth] = attrs['transposeA'] ? [aColumns, aRows] : [aRows, aColumns];
  const [bDepth, columns] = attrs['transposeB'] ? [bColumns, bRows] : [bRows, bColumns];
  tf.util.assert(depth === bDepth, () => `cannot multiply [${a.shape}] by [${b.shape}]: inner sizes differ`);
  const aBatch = a.shape.slice(0, -2);
  const bBatch = b.shape.slice(0, -2);
  const batchShape = tf.broadcast_util.assertAndGetBroadcastShape(aBatch, bBatch);
  const shape = [...batchShape, rows, columns];
  if (depth === 0) return zeros(backend, shape);
  const out = backend.makeOutput(shape, 'float32');
  const batches = tf.util.sizeFromShape(batchShape);
  const { gemm } = trainingCode(backend);
  for (let batch = 0; batch < batches; batch++) {
    gemm.multiply({
      rows,
      columns,
      depth,
      a: addressOf(backend, a) + 4 * aRows * aColumns * broadcastIndex(batch, batchShape, aBatch),
      aRowStride: attrs['transposeA'] ? 4 : 4 * depth,
      aDepthStride: attrs['transposeA'] ? 4 * rows : 4,
      b: addressOf(backend, b) + 4 * bRows * bColumns * broadcastIndex(batch, batchShape, bBatch),
      bDepthStride: attrs['transposeB'] ? 4 : 4 * columns,
      bColumnStride: attrs['transposeB'] ? 4 * depth : 4,
      c: addressOf(backend, out) + 4 * rows * columns * batch,
      cRowStride: 4 * columns,
      scale: 1,
      accumulate: false,
    });
  }
  return out;
}

/** Number of the matrix in an operand whose batch axes, aligned at the right, are broadcast to `shape`. */
function broadcastIndex(index: number, shape: readonly number[], operand: readonly number[]): number {
  let [rest, stride, result] = [index, 1, 0];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = operand[axis - shape.length + operand.length] ?? 1;
    const at = rest % shape[axis]!;
    rest = (rest - at) / shape[axis]!;
    if (size > 1) result += at * stride;
    stride *= size;
  }
  return result;
}

function transposeFirst(call: KernelCall, stock: (call: KernelCall) => tf.TensorInfo): tf.TensorInfo {
  const { transposeA, transposeB } = call.attrs;
  const a = floatInput(call, 'a');
  const b = floatInput(call, 'b');
  if ((!transposeA && !transposeB) || a.shape.includes(0) || b.shape.includes(0)) return stock(call);
  const left = transposeA ? transposed(a, call) : a;
  const right = transposeB ? transposed(b, call) : b;
  const attrs = { ...call.attrs, transposeA: false, transposeB: false };
  const product = stock({ ...call, inputs: { a: left, b: right }, attrs });
  if (left !== a) call.backend.disposeData(left.dataId);
  if (right !== b) call.backend.disposeData(right.dataId);
  return product;
}

/** The last two axes swapped, in a new tensor. */
function transposed(matrix: tf.TensorInfo, { backend }: KernelCall): tf.TensorInfo {
  const perm = matrix.shape.map((_, axis) => axis);
  perm.push(...perm.splice(-2).reverse());
  return runKernel('Transpose', backend, { x: matrix }, { perm });
}
