/** A chain of layers as a model. */
import * as tf from '@tensorflow/tfjs-core';
import { RunError } from '../../errors.js';
import { createRandom } from '../../random.js';
import type { Activation, Layer, LayerFactory } from './layer.js';
import type { Model, ModelRequest } from './model.js';
import type { Parameter } from './parameter.js';

/** Builds the layers one after another and checks that the last gives as many numbers as the data asks for. */
export function createNetwork(
  name: string,
  factories: readonly LayerFactory[],
  request: ModelRequest,
): Model {
  const random = createRandom(`${request.seed}/model`);
  const layers: Layer[] = [];
  let shape = request.inputShape;
  for (const [index, factory] of factories.entries()) {
    const layerName = `layer ${index + 1}`;
    const layer = factory(shape, random.fork(layerName), layerName);
    layers.push(layer);
    shape = layer.outputShape;
  }
  if (shape.join() !== String(request.outputs)) {
    throw new RunError(
      `the model "${name}" gives [${shape.join(', ')}] for each example; the data asks for ${request.outputs}`,
    );
  }
  return fromLayers(name, layers, request);
}

function fromLayers(name: string, layers: readonly Layer[], request: ModelRequest): Model {
  const parameters = layers.flatMap((layer) => layer.parameters);
  const state = layers.flatMap((layer) => layer.state ?? []);
  const firstTrained = layers.findIndex((layer) => layer.parameters.length > 0);
  return {
    name,
    inputShape: request.inputShape,
    outputs: request.outputs,
    parameters,
    layers,
    predict: (input) => tf.tidy(() => layers.reduce((value, layer) => layer.predict(value), input)),
    gradients: (input, outputGradient) =>
      tf.tidy(() => {
        const passed: Activation[] = [];
        let value = input;
        for (const layer of layers) {
          const activation = layer.forward(value);
          passed.push(activation);
          value = activation.output;
        }
        let gradient = outputGradient(value);
        const found: (readonly tf.Tensor[])[] = [];
        for (let index = passed.length - 1; index >= Math.max(0, firstTrained); index--) {
          const back = passed[index]!.backward(gradient, index > firstTrained);
          found.unshift(back.parameters);
          if (back.input !== undefined) gradient = back.input;
        }
        return found.flat();
      }),
    dispose: () => disposeParameters([...parameters, ...state]),
  };
}

function disposeParameters(parameters: readonly Parameter[]): void {
  for (const parameter of parameters) parameter.value.dispose();
}
