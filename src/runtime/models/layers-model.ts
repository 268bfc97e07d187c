/**
 * A user's own model: `--model ./my-model.mjs` exports `createModel({ tf, inputShape, classes, seed })`, which answers
 * a `tf.LayersModel` whose last layer gives logits. Its gradients come from TensorFlow.js's tape.
 */
import * as tf from '@tensorflow/tfjs-core';
import { callModule } from '../data/user-data.js';
import { RunError } from '../run-error.js';
import type { Model, ModelRequest, Parameter } from './model.js';

/** The part of `tf.LayersModel` that is used. */
interface LayersModel {
  readonly outputs: readonly { readonly shape: readonly (number | null)[] }[];
  readonly inputs: readonly { readonly shape: readonly (number | null)[] }[];
  readonly trainableWeights: readonly { readonly name: string; read(): tf.Tensor }[];
  readonly layers: readonly { getConfig(): Readonly<Record<string, unknown>> }[];
  apply(input: tf.Tensor, options: { readonly training: boolean }): tf.Tensor;
  dispose(): unknown;
}

/** Imports the module and makes a model of what it answers. */
export async function createUserModel(path: string, request: ModelRequest): Promise<Model> {
  // The whole package, because it registers the gradients that the tape needs.
  const whole = await import('@tensorflow/tfjs');
  const made = await callModule<LayersModel>(path, 'createModel', 'model', [{ tf: whole, ...request }]);
  if (!Array.isArray(made?.layers) || typeof made.apply !== 'function') {
    throw new RunError(`the model module ${path} answers no tf.LayersModel`);
  }
  return fromLayersModel(made, path, request);
}

function fromLayersModel(made: LayersModel, path: string, request: ModelRequest): Model {
  checkShape(made, path, request);
  const parameters = made.trainableWeights.map(({ name, read }, index): Parameter => {
    const variable = read.call(made.trainableWeights[index]) as tf.Variable;
    return {
      name,
      value: variable,
      assign: (next) => {
        variable.assign(next);
        next.dispose();
      },
    };
  });
  const variables = parameters.map((parameter) => parameter.value as tf.Variable);
  return {
    name: path,
    inputShape: request.inputShape,
    classes: request.classes,
    parameters,
    predict: (input) => tf.tidy(() => made.apply(input, { training: false })),
    gradients: (input, outputGradient) =>
      tf.tidy(() => {
        // An op whose gradient is the loss's, so that the loss itself stays off the tape.
        const loss = tf.customGrad((output, save) => {
          (save as tf.GradSaveFunc)([outputGradient(output as tf.Tensor)]);
          return { value: tf.scalar(0), gradFunc: (_, saved) => saved[0]! };
        });
        const found = tf.variableGrads(
          () => loss(made.apply(input, { training: true })) as tf.Scalar,
          variables,
        );
        return variables.map((variable) => found.grads[variable.name]!);
      }),
    dispose: () => {
      made.dispose();
    },
  };
}

function checkShape(made: LayersModel, path: string, { inputShape, classes }: ModelRequest): void {
  const takes = made.inputs.map(({ shape }) => shape.slice(1));
  const gives = made.outputs.map(({ shape }) => shape.slice(1));
  const fits = (shape: readonly (number | null)[] | undefined, wanted: readonly number[]): boolean =>
    shape?.length === wanted.length && shape.every((n, axis) => n === null || n === wanted[axis]);
  if (takes.length !== 1 || !fits(takes[0], inputShape)) {
    throw new RunError(
      `the model ${path} takes [${takes.map((s) => s.join(', ')).join('] and [')}]; the data has [${inputShape.join(', ')}]`,
    );
  }
  if (gives.length !== 1 || !fits(gives[0], [classes])) {
    throw new RunError(
      `the model ${path} gives [${gives.map((s) => s.join(', ')).join('] and [')}] for each example; the data has ${classes} classes`,
    );
  }
  const last = made.layers.at(-1)?.getConfig()['activation'];
  if (last === 'softmax' || last === 'sigmoid') {
    throw new RunError(
      `the model ${path} ends in ${last}, but losses are compiled against logits`,
      'leave the activation of the last layer out',
    );
  }
}
