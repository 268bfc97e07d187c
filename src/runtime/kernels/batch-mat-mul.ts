import type * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../../grammar/invariant.js';
import { type KernelCall, runKernel, type TrainingKernel } from './kernel.js';

/**
 * Matrix products with transposed operands. The backend's own loop for them is about ten times slower than its plain
 * product, so the operand is transposed first, which costs a small part of what the product does.
 */
export const BATCH_MAT_MUL: TrainingKernel = {
  name: 'BatchMatMul',
  create: (stock) => {
    invariant(stock !== undefined, 'the wasm backend has a matrix product');
    return (call) => {
      const { transposeA, transposeB } = call.attrs;
      const a = call.inputs['a']!;
      const b = call.inputs['b']!;
      if ((!transposeA && !transposeB) || a.shape.includes(0) || b.shape.includes(0)) return stock(call);
      const left = transposeA ? transposed(a, call) : a;
      const right = transposeB ? transposed(b, call) : b;
      const product = stock({
        ...call,
        inputs: { a: left, b: right },
        attrs: { ...call.attrs, transposeA: false, transposeB: false },
      });
      if (left !== a) call.backend.disposeData(left.dataId);
      if (right !== b) call.backend.disposeData(right.dataId);
      return product;
    };
  },
};

/** The last two axes swapped, in a new tensor. */
function transposed(matrix: tf.TensorInfo, { backend }: KernelCall): tf.TensorInfo {
  const perm = matrix.shape.map((_, axis) => axis);
  perm.push(...perm.splice(-2).reverse());
  return runKernel('Transpose', backend, { x: matrix }, { perm });
}
