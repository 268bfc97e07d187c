/**
 * Convolutions themselves: an eighth faster than the backend's with 32 filters and more (a sixth slower with 16), and
 * without its cache of packed filters, which does not notice updates in place.
 */
import type * as tf from '@tensorflow/tfjs-core';
import { invariant } from '../../../grammar/invariant.js';
import { foldArguments, geometryOf } from './convolution.js';
import { addressOf, floatInput, type KernelCall, type TrainingKernel, zeros } from './kernel.js';
import { trainingCode } from './training-code.js';
import { isShared } from './webassembly.js';

export const CONV_2D: TrainingKernel = {
  name: 'Conv2D',
  create: (stock) => {
    invariant(stock !== undefined, 'the wasm backend has convolutions');
    // The backend's own uses all threads of a threaded build, ours one.
    return (call) =>
      isShared(call.backend.wasm.asm.memory) ? stock(call) : convolve(call, undefined, false);
  },
};

export const FUSED_CONV_2D: TrainingKernel = {
  name: 'FusedConv2D',
  create: (stock) => {
    invariant(stock !== undefined, 'the wasm backend has fused convolutions');
    return (call) => {
      const activation = String(call.attrs['activation'] ?? 'linear');
      const { bias } = call.inputs;
      const simple =
        (activation === 'linear' || activation === 'relu') &&
        (bias === undefined || bias === null || bias.shape.length === 1);
      if (!simple || isShared(call.backend.wasm.asm.memory)) return stock(call);
      return convolve(call, bias ?? undefined, activation === 'relu');
    };
  },
};

/** `x` convolved with `filter`, plus a bias for each output channel, rectified or not. */
function convolve(call: KernelCall, bias: tf.TensorInfo | undefined, rectify: boolean): tf.TensorInfo {
  const { backend } = call;
  const x = floatInput(call, 'x');
  const filter = floatInput(call, 'filter');
  const g = geometryOf(call, x.shape, filter.shape, false);
  const positions = g.outHeight * g.outWidth;
  const taps = g.filterHeight * g.filterWidth * g.inChannels;
  const imageSize = g.inHeight * g.inWidth * g.inChannels;
  const out = taps === 0 ? zeros(backend, g.outShape) : backend.makeOutput(g.outShape, 'float32');
  const { gemm, call: run, scratch } = trainingCode(backend);
  // A filter of one tap at every input needs no columns: the images are the columns.
  const direct = imageSize === positions * taps && g.strideHeight === 1 && g.strideWidth === 1;
  const columns = direct ? 0 : scratch(4 * positions * taps);
  const sizes = foldArguments(g);
  const [images, rows] = direct ? [1, g.batchSize * positions] : [g.batchSize, positions];
  for (let image = 0; image < images && rows * taps * g.outChannels > 0; image++) {
    const pixels = addressOf(backend, x) + 4 * image * imageSize;
    if (!direct) run('unfold', pixels, columns, ...sizes);
    gemm.multiply({
      rows,
      columns: g.outChannels,
      depth: taps,
      a: direct ? pixels : columns,
      aRowStride: 4 * taps,
      aDepthStride: 4,
      b: addressOf(backend, filter),
      bDepthStride: 4 * g.outChannels,
      bColumnStride: 4,
      c: addressOf(backend, out) + 4 * image * positions * g.outChannels,
      cRowStride: 4 * g.outChannels,
      scale: 1,
      accumulate: false,
    });
  }
  const values = g.batchSize * positions;
  if (bias !== undefined && values > 0) {
    run('addBias', addressOf(backend, out), addressOf(backend, bias), values, g.outChannels, rectify ? 1 : 0);
  } else if (rectify) {
    const address = addressOf(backend, out);
    run('reluGradient', address, address, address, values * g.outChannels);
  }
  return out;
}
