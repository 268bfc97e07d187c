/** Gradients of convolutions, image by image, as products with the image's unfolded columns. */
import * as tf from '@tensorflow/tfjs-core';
import { addressOf, floatInput, type KernelCall, type TrainingKernel, zeros } from './kernel.js';
import { trainingCode } from './training-code.js';

type Geometry = ReturnType<typeof tf.backend_util.computeConv2DInfo>;
type Shape4 = [number, number, number, number];
type Pair = number | [number, number];

/** Sizes of a convolution from a kernel's attributes. Dilations are an extension of TensorFlow.js's own attributes. */
export function geometryOf(
  { attrs }: KernelCall,
  inputShape: readonly number[],
  filterShape: readonly number[],
  depthwise: boolean,
): Geometry {
  const format = attrs['dataFormat'] ?? 'NHWC';
  if (format !== 'NHWC') throw new Error(`convolutions on wasm take NHWC data, not ${String(format)}`);
  return tf.backend_util.computeConv2DInfo(
    [...inputShape] as Shape4,
    [...filterShape] as Shape4,
    attrs['strides'] as Pair,
    (attrs['dilations'] ?? 1) as Pair,
    attrs['pad'] as 'same' | 'valid' | number,
    attrs['dimRoundingMode'] as 'floor' | 'round' | 'ceil',
    depthwise,
  );
}

/** Arguments of `fold` and `unfold` after the two addresses, in their order. */
export function foldArguments(g: Geometry): number[] {
  return [
    g.inHeight,
    g.inWidth,
    g.inChannels,
    g.filterHeight,
    g.filterWidth,
    g.strideHeight,
    g.strideWidth,
    g.dilationHeight,
    g.dilationWidth,
    g.padInfo.top,
    g.padInfo.left,
    g.outHeight,
    g.outWidth,
  ];
}

/** Gradient with respect to the filter, `[height, width, in, out]`: sum over images of columns transposed times dy. */
export const CONV_2D_BACKPROP_FILTER: TrainingKernel = {
  name: 'Conv2DBackpropFilter',
  create: () => (call) => {
    const { backend } = call;
    const x = floatInput(call, 'x');
    const dy = floatInput(call, 'dy');
    const g = geometryOf(call, x.shape, call.attrs['filterShape'] as number[], false);
    const gradient = zeros(backend, g.filterShape);
    const positions = g.outHeight * g.outWidth;
    const taps = g.filterHeight * g.filterWidth * g.inChannels;
    if (g.batchSize * positions * taps * g.outChannels === 0) return gradient;
    const { gemm, call: run, scratch } = trainingCode(backend);
    const columns = scratch(4 * positions * taps);
    const sizes = foldArguments(g);
    for (let image = 0; image < g.batchSize; image++) {
      const pixels = addressOf(backend, x) + 4 * image * g.inHeight * g.inWidth * g.inChannels;
      run('unfold', pixels, columns, ...sizes);
      gemm.multiply({
        rows: taps,
        columns: g.outChannels,
        depth: positions,
        a: columns,
        aRowStride: 4,
        aDepthStride: 4 * taps,
        b: addressOf(backend, dy) + 4 * image * positions * g.outChannels,
        bDepthStride: 4 * g.outChannels,
        bColumnStride: 4,
        c: addressOf(backend, gradient),
        cRowStride: 4 * g.outChannels,
        scale: 1,
        accumulate: true,
      });
    }
    return gradient;
  },
};

/** Gradient with respect to the input: dy times the filter transposed, folded back into the image. */
export const CONV_2D_BACKPROP_INPUT: TrainingKernel = {
  name: 'Conv2DBackpropInput',
  create: () => (call) => {
    const { backend } = call;
    const dy = floatInput(call, 'dy');
    const filter = floatInput(call, 'filter');
    const g = geometryOf(call, call.attrs['inputShape'] as number[], filter.shape, false);
    const gradient = zeros(backend, g.inShape);
    const positions = g.outHeight * g.outWidth;
    const taps = g.filterHeight * g.filterWidth * g.inChannels;
    if (g.batchSize * positions * taps * g.outChannels === 0) return gradient;
    const { gemm, call: run, scratch } = trainingCode(backend);
    const columns = scratch(4 * positions * taps);
    const sizes = foldArguments(g);
    for (let image = 0; image < g.batchSize; image++) {
      gemm.multiply({
        rows: positions,
        columns: taps,
        depth: g.outChannels,
        a: addressOf(backend, dy) + 4 * image * positions * g.outChannels,
        aRowStride: 4 * g.outChannels,
        aDepthStride: 4,
        b: addressOf(backend, filter),
        bDepthStride: 4,
        bColumnStride: 4 * g.outChannels,
        c: columns,
        cRowStride: 4 * taps,
        scale: 1,
        accumulate: false,
      });
      const pixels = addressOf(backend, gradient) + 4 * image * g.inHeight * g.inWidth * g.inChannels;
      run('fold', pixels, columns, ...sizes);
    }
    return gradient;
  },
};
