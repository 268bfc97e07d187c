/** Gradients of depthwise convolutions; the filter is `[height, width, in, multiplier]`. */

import { foldArguments, geometryOf } from './convolution.js';
import { addressOf, floatInput, type TrainingKernel, zeros } from './kernel.js';
import { trainingCode } from './training-code.js';

export const DEPTHWISE_BACKPROP_FILTER: TrainingKernel = {
  name: 'DepthwiseConv2dNativeBackpropFilter',
  create: () => (call) => {
    const { backend } = call;
    const x = floatInput(call, 'x');
    const dy = floatInput(call, 'dy');
    const g = geometryOf(call, x.shape, call.attrs['filterShape'] as number[], true);
    const gradient = zeros(backend, g.filterShape);
    const positions = g.outHeight * g.outWidth;
    const taps = g.filterHeight * g.filterWidth;
    const columnSize = positions * taps * g.inChannels;
    const filterSize = taps * g.outChannels;
    const { call: run, scratch } = trainingCode(backend);
    // Each image is summed by itself first, so that rounding errors do not grow with the batch.
    const columns = scratch(4 * (columnSize + filterSize));
    const partial = columns + 4 * columnSize;
    for (let image = 0; image < g.batchSize && columnSize > 0; image++) {
      backend.wasm.HEAPF32.fill(0, partial / 4, partial / 4 + filterSize);
      const pixels = addressOf(backend, x) + 4 * image * g.inHeight * g.inWidth * g.inChannels;
      run('unfold', pixels, columns, ...foldArguments(g));
      const dyAt = addressOf(backend, dy) + 4 * image * positions * g.outChannels;
      const multiplier = g.outChannels / g.inChannels;
      run('depthwiseFilter', columns, dyAt, partial, positions, taps, g.inChannels, multiplier);
      run('addInto', addressOf(backend, gradient), partial, filterSize);
    }
    return gradient;
  },
};

export const DEPTHWISE_BACKPROP_INPUT: TrainingKernel = {
  name: 'DepthwiseConv2dNativeBackpropInput',
  create: () => (call) => {
    const { backend } = call;
    const dy = floatInput(call, 'dy');
    const filter = floatInput(call, 'filter');
    const g = geometryOf(call, call.attrs['inputShape'] as number[], filter.shape, true);
    const gradient = zeros(backend, g.inShape);
    const positions = g.outHeight * g.outWidth;
    const taps = g.filterHeight * g.filterWidth;
    const columnSize = positions * taps * g.inChannels;
    const { call: run, scratch } = trainingCode(backend);
    const columns = scratch(4 * columnSize);
    for (let image = 0; image < g.batchSize && columnSize > 0; image++) {
      backend.wasm.HEAPF32.fill(0, columns / 4, columns / 4 + columnSize);
      const dyAt = addressOf(backend, dy) + 4 * image * positions * g.outChannels;
      const multiplier = g.outChannels / g.inChannels;
      run(
        'depthwiseInput',
        columns,
        dyAt,
        addressOf(backend, filter),
        positions,
        taps,
        g.inChannels,
        multiplier,
      );
      const pixels = addressOf(backend, gradient) + 4 * image * g.inHeight * g.inWidth * g.inChannels;
      run('fold', pixels, columns, ...foldArguments(g));
    }
    return gradient;
  },
};
