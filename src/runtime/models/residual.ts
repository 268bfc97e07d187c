import * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random.js';
import { throughActivation } from './activation.js';
import { batchNorm } from './batch-norm.js';
import { convolution } from './convolution.js';
import type { Activation, Layer, LayerFactory } from './layer.js';

/**
 * A block of He et al. (2016), figure 2: two 3x3 convolutions, each normalised, plus the input, rectified. Where the
 * shape changes, the input passes through a normalised 1x1 convolution (their option B).
 */
export function residualBlock(filters: number, strides: number): LayerFactory {
  return (inputShape, random, name) => {
    const common = { filters, bias: false, initial: 'he' } as const;
    const main = build(
      [
        convolution({ ...common, size: 3, strides }),
        batchNorm('relu'),
        convolution({ ...common, size: 3 }),
        batchNorm(),
      ],
      inputShape,
      random.fork('main'),
      `${name}/main`,
    );
    const changes = strides !== 1 || inputShape.at(-1) !== filters;
    const shortcut = build(
      changes ? [convolution({ ...common, size: 1, strides }), batchNorm()] : [],
      inputShape,
      random.fork('shortcut'),
      `${name}/shortcut`,
    );
    const layers = [...main, ...shortcut];
    return {
      form: { kind: 'residual', main, shortcut },
      inputShape,
      outputShape: main.at(-1)!.outputShape,
      parameters: layers.flatMap((layer) => layer.parameters),
      state: layers.flatMap((layer) => layer.state ?? []),
      predict: (input) => {
        const through = (branch: readonly Layer[]): tf.Tensor =>
          branch.reduce((value, layer) => layer.predict(value), input);
        return tf.relu(tf.add(through(main), through(shortcut)));
      },
      forward: (input) => {
        const left = forward(main, input);
        const right = forward(shortcut, input);
        const output = tf.relu(tf.add(left.output, right.output));
        return {
          output,
          backward: (gradient) => {
            const inner = throughActivation(gradient, output, 'relu');
            const [a, b] = [left.backward(inner), right.backward(inner)];
            return { input: tf.add(a.input, b.input), parameters: [...a.parameters, ...b.parameters] };
          },
        };
      },
    };
  };
}

function build(
  factories: readonly LayerFactory[],
  inputShape: readonly number[],
  random: Random,
  name: string,
): readonly Layer[] {
  const layers: Layer[] = [];
  for (const [index, factory] of factories.entries()) {
    const shape = layers.at(-1)?.outputShape ?? inputShape;
    layers.push(factory(shape, random.fork(String(index)), `${name}/${index + 1}`));
  }
  return layers;
}

interface BranchGradients {
  readonly input: tf.Tensor;
  readonly parameters: readonly tf.Tensor[];
}

/** A chain of layers forward; its backward pass always gives the gradient of the input. */
function forward(
  layers: readonly Layer[],
  input: tf.Tensor,
): { readonly output: tf.Tensor; readonly backward: (gradient: tf.Tensor) => BranchGradients } {
  const passed: Activation[] = [];
  let value = input;
  for (const layer of layers) {
    const activation = layer.forward(value);
    passed.push(activation);
    value = activation.output;
  }
  return {
    output: value,
    backward: (gradient) => {
      let back = gradient;
      const found: (readonly tf.Tensor[])[] = [];
      for (const activation of [...passed].reverse()) {
        const { input: before, parameters } = activation.backward(back, true);
        found.unshift(parameters);
        if (before !== undefined) back = before;
      }
      return { input: back, parameters: found.flat() };
    },
  };
}
