import * as tf from '@tensorflow/tfjs-core';
import { type LayerActivation, throughActivation } from './activation.js';
import { constant, glorotUniform, heNormal } from './initialise.js';
import type { LayerFactory } from './layer.js';

export interface ConvolutionOptions {
  readonly filters: number;
  readonly size: number;
  readonly strides?: number;
  readonly padding?: 'same' | 'valid';
  readonly activation?: LayerActivation;
  /** Left out where a normalisation follows that has its own. */
  readonly bias?: boolean;
  readonly initial?: 'glorot' | 'he';
}

/** Two-dimensional convolution of `[batch, height, width, channels]`. */
export function convolution(options: ConvolutionOptions): LayerFactory {
  const { filters, size, strides = 1, padding = 'same', activation = 'linear', bias = true } = options;
  const initialise = options.initial === 'he' ? heNormal : glorotUniform;
  return (inputShape, random, name) => {
    const filterShape: [number, number, number, number] = [size, size, inputShape[2]!, filters];
    const weights = initialise(`${name}/filter`, filterShape, random);
    const offset = bias ? constant(`${name}/bias`, [filters], 0) : undefined;
    const info = tf.backend_util.computeConv2DInfo(
      [1, ...inputShape] as [number, number, number, number],
      filterShape,
      strides,
      1,
      padding,
    );
    const predict = (input: tf.Tensor): tf.Tensor =>
      tf.fused.conv2d({
        x: input as tf.Tensor4D,
        filter: weights.value as tf.Tensor4D,
        strides,
        pad: padding,
        ...(offset !== undefined && { bias: offset.value }),
        activation,
      });
    return {
      form: { kind: 'convolution', strides, padding, activation },
      inputShape,
      outputShape: info.outShape.slice(1),
      parameters: offset === undefined ? [weights] : [weights, offset],
      predict,
      forward: (input) => {
        const output = predict(input);
        return {
          output,
          backward: (gradient, needsInput) => {
            const inner = throughActivation(gradient, output, activation);
            const common = { strides, pad: padding, dataFormat: 'NHWC', dimRoundingMode: 'floor' };
            const filterGradient = runKernel(
              'Conv2DBackpropFilter',
              { x: input, dy: inner },
              { ...common, filterShape },
            );
            return {
              input: needsInput
                ? runKernel(
                    'Conv2DBackpropInput',
                    { dy: inner, filter: weights.value },
                    { ...common, inputShape: input.shape },
                  )
                : undefined,
              parameters:
                offset === undefined ? [filterGradient] : [filterGradient, tf.sum(inner, [0, 1, 2])],
            };
          },
        };
      },
    };
  };
}

function runKernel(
  name: string,
  inputs: Readonly<Record<string, tf.Tensor>>,
  attrs: Readonly<Record<string, unknown>>,
): tf.Tensor {
  return tf.engine().runKernel(name, inputs, attrs as tf.NamedAttrMap) as tf.Tensor;
}
