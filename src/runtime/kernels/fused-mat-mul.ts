import type * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../../grammar/invariant.js';
import { addressOf, floatInput, runKernel, type TrainingKernel } from './kernel.js';
import { trainingCode } from './training-code.js';

/** Activations that are kernels of one input by themselves, by the name that fused products give them. */
const UNARY: Readonly<Record<string, string>> = {
  relu6: 'Relu6',
  sigmoid: 'Sigmoid',
  elu: 'Elu',
};

/**
 * Product, bias and activation. The backend's own adds the bias several times when an operand is transposed or there
 * is a batch and the inner size is above 48 (4.22); this one is the product followed by the rest.
 */
export const FUSED_MAT_MUL: TrainingKernel = {
  name: '_FusedMatMul',
  create: () => (call) => {
    const { backend, attrs, inputs } = call;
    const product = runKernel(
      'BatchMatMul',
      backend,
      { a: floatInput(call, 'a'), b: floatInput(call, 'b') },
      { transposeA: attrs['transposeA'], transposeB: attrs['transposeB'] },
    );
    const activation = String(attrs['activation'] ?? 'linear');
    const { bias } = inputs;
    const rectify = activation === 'relu';
    if (bias !== undefined && bias !== null) {
      invariant(bias.shape.length === 1, 'a fused product takes a bias of rank 1');
      const columns = product.shape.at(-1)!;
      const rows = columns === 0 ? 0 : product.shape.slice(0, -1).reduce((size, length) => size * length, 1);
      const { call: run } = trainingCode(backend);
      run('addBias', addressOf(backend, product), addressOf(backend, bias), rows, columns, rectify ? 1 : 0);
      if (rectify) return product;
    }
    const activated = activate(activation, product, call.inputs['preluActivationWeights'], call);
    if (activated !== product) backend.disposeData(product.dataId);
    return activated;
  },
};

function activate(
  activation: string,
  value: tf.TensorInfo,
  slopes: tf.TensorInfo | undefined,
  { backend, attrs }: Parameters<ReturnType<TrainingKernel['create']>>[0],
): tf.TensorInfo {
  if (activation === 'linear') return value;
  if (activation === 'relu') return runKernel('Relu', backend, { x: value });
  if (activation === 'leakyrelu') {
    return runKernel('LeakyRelu', backend, { x: value }, { alpha: attrs['leakyreluAlpha'] });
  }
  if (activation === 'prelu' && slopes !== undefined) {
    return runKernel('Prelu', backend, { x: value, alpha: slopes });
  }
  const kernel = UNARY[activation];
  if (kernel === undefined) throw new Error(`the activation "${activation}" cannot be fused on wasm`);
  return runKernel(kernel, backend, { x: value });
}
