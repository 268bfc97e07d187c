/** Sums that training needs: over leading axes, by segment, and where a maximum or a rectifier let values through. */
import * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../../grammar/invariant.js';
import { addressOf, floatInput, type TrainingKernel, zeros } from './kernel.js';
import { trainingCode } from './training-code.js';

/**
 * Sums over the first axes (a bias's gradient), which the backend transposes for, are done in place; all others are
 * left to the backend.
 */
export const SUM: TrainingKernel = {
  name: 'Sum',
  create: (stock) => {
    invariant(stock !== undefined, 'the wasm backend has a sum');
    return (call) => {
      const x = call.inputs['x']!;
      const axes = tf.util.parseAxisParam(call.attrs['axis'] as number | number[], [...x.shape]);
      const leading = axes.length < x.shape.length && axes.every((axis) => axis < axes.length);
      if (!leading || x.dtype !== 'float32') return stock(call);
      const { backend, attrs } = call;
      const kept = x.shape.slice(axes.length);
      const shape = attrs['keepDims'] ? [...axes.map(() => 1), ...kept] : kept;
      const out = zeros(backend, shape);
      const columns = tf.util.sizeFromShape(kept);
      const rows = tf.util.sizeFromShape(x.shape.slice(0, axes.length));
      trainingCode(backend).call('sumRows', addressOf(backend, x), addressOf(backend, out), rows, columns);
      return out;
    };
  },
};

/** The gradient of gathering: row i of x is added to row `segmentIds[i]`; negative and too large numbers are left out. */
export const UNSORTED_SEGMENT_SUM: TrainingKernel = {
  name: 'UnsortedSegmentSum',
  create: () => (call) => {
    const { backend } = call;
    const x = floatInput(call, 'x');
    const ids = call.inputs['segmentIds']!;
    const segments = call.attrs['numSegments'] as number;
    const inner = x.shape.slice(ids.shape.length);
    const size = tf.util.sizeFromShape(inner);
    const out = zeros(backend, [segments, ...inner]);
    const count = tf.util.sizeFromShape(ids.shape);
    const { call: run } = trainingCode(backend);
    const idValues = new Int32Array(backend.wasm.HEAPF32.buffer, addressOf(backend, ids), count);
    for (let row = 0; row < count && size > 0; row++) {
      const segment = idValues[row]!;
      if (segment < 0 || segment >= segments) continue;
      run(
        'addInto',
        addressOf(backend, out) + 4 * segment * size,
        addressOf(backend, x) + 4 * row * size,
        size,
      );
    }
    return out;
  },
};

/** Gradient of maximum pooling. The backend's own is some forty times slower than the pooling and handles ties otherwise. */
export const MAX_POOL_GRAD: TrainingKernel = {
  name: 'MaxPoolGrad',
  create: () => (call) => {
    const { backend, attrs } = call;
    const input = floatInput(call, 'input');
    const output = floatInput(call, 'output');
    const dy = floatInput(call, 'dy');
    const g = tf.backend_util.computePool2DInfo(
      [...input.shape] as [number, number, number, number],
      attrs['filterSize'] as number,
      attrs['strides'] as number,
      1,
      attrs['pad'] as 'same' | 'valid' | number,
      attrs['dimRoundingMode'] as 'floor' | 'round' | 'ceil',
    );
    const gradient = zeros(backend, input.shape);
    const inputSize = g.inHeight * g.inWidth * g.inChannels;
    const outputSize = g.outHeight * g.outWidth * g.outChannels;
    const { call: run } = trainingCode(backend);
    for (let image = 0; image < g.batchSize; image++) {
      run(
        'maxPoolGradient',
        addressOf(backend, input) + 4 * image * inputSize,
        addressOf(backend, output) + 4 * image * outputSize,
        addressOf(backend, dy) + 4 * image * outputSize,
        addressOf(backend, gradient) + 4 * image * inputSize,
        g.inHeight,
        g.inWidth,
        g.inChannels,
        g.effectiveFilterHeight,
        g.effectiveFilterWidth,
        g.strideHeight,
        g.strideWidth,
        g.padInfo.top,
        g.padInfo.left,
        g.outHeight,
        g.outWidth,
      );
    }
    return gradient;
  },
};

/** Name under which the rectifier's gradient is registered; TensorFlow.js itself multiplies by a step function. */
export const RELU_GRAD_NAME = 'ReluGrad';

/** `dy` where the rectifier's output `y` is positive, else 0. */
export const RELU_GRAD: TrainingKernel = {
  name: RELU_GRAD_NAME,
  create: () => (call) => {
    const { backend } = call;
    const dy = floatInput(call, 'dy');
    const out = backend.makeOutput(dy.shape, 'float32');
    const output = floatInput(call, 'y');
    const [to, from, mask] = [out, dy, output].map((tensor) => addressOf(backend, tensor)) as [
      number,
      number,
      number,
    ];
    trainingCode(backend).call('reluGradient', to, from, mask, tf.util.sizeFromShape(dy.shape));
    return out;
  },
};
