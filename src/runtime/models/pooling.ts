import * as tf from '@tensorflow/tfjs-core';
import type { LayerFactory } from './layer.js';

/** Maximum over windows of `size` by `size`, moved by `size`; a window may go over the edge. */
export function maxPool(size: number): LayerFactory {
  return (inputShape) => {
    const predict = (input: tf.Tensor): tf.Tensor => tf.maxPool(input as tf.Tensor4D, size, size, 'same');
    return {
      form: { kind: 'maximum', size },
      inputShape,
      outputShape: [Math.ceil(inputShape[0]! / size), Math.ceil(inputShape[1]! / size), inputShape[2]!],
      parameters: [],
      predict,
      forward: (input) => {
        const output = predict(input);
        return {
          output,
          backward: (gradient) => ({
            input: tf
              .engine()
              .runKernel(
                'MaxPoolGrad',
                { dy: gradient, input, output },
                { filterSize: size, strides: size, pad: 'same' },
              ) as tf.Tensor,
            parameters: [],
          }),
        };
      },
    };
  };
}

/** Mean over height and width: `[batch, height, width, channels]` to `[batch, channels]`. */
export function globalAveragePool(): LayerFactory {
  return (inputShape) => {
    const [height, width, channels] = inputShape as [number, number, number];
    const predict = (input: tf.Tensor): tf.Tensor => tf.mean(input, [1, 2]);
    return {
      form: { kind: 'average' },
      inputShape,
      outputShape: [channels],
      parameters: [],
      predict,
      forward: (input) => ({
        output: predict(input),
        backward: (gradient) => ({
          input: tf.tile(tf.reshape(tf.div(gradient, height * width), [-1, 1, 1, channels]), [
            1,
            height,
            width,
            1,
          ]),
          parameters: [],
        }),
      }),
    };
  };
}
