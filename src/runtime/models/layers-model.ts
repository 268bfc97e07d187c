/**
 * A user's own model: `--model ./my-model.mjs` exports `createModel({ tf, inputShape, outputs, seed })`, which answers
 * a `tf.LayersModel` whose last layer gives logits, or the numbers of a regression. Its gradients come from TensorFlow.js's tape. What the module leaves to
 * chance, initial weights and dropout without a seed, is drawn from the seed of the run.
 */
import type * as whole from '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { messageOf, RunError } from '../../errors.js';
import { loadedFor } from '../../packages.js';
import { createRandom, type Random } from '../../random.js';
import { callModule } from '../data/user-data.js';
import { drawingFrom } from './drawing-from.js';
import type { Model, ModelRequest } from './model.js';
import type { Parameter } from './parameter.js';

/** What a model module is asked for: with TensorFlow.js, so that it has the copy that lossc trains with. */
export interface UserModelRequest extends ModelRequest {
  readonly tf: typeof whole;
  /** The outputs, which are classes in a classification. */
  readonly classes: number;
}

/** A model module exports this function. */
export type CreateModel = (request: UserModelRequest) => whole.LayersModel | Promise<whole.LayersModel>;

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
  const all = await loadedFor('a model of your own', import('@tensorflow/tfjs'));
  const make = async (): Promise<LayersModel> => {
    const random = createRandom(`${request.seed}/model`);
    const made = await drawingFrom(random, () =>
      callModule<LayersModel>(path, 'createModel', 'model', [
        { tf: all, ...request, classes: request.outputs },
      ]),
    );
    if (!Array.isArray(made?.layers) || typeof made.apply !== 'function') {
      throw new RunError(`the model module ${path} does not return a tf.LayersModel`);
    }
    return made;
  };
  const made = await make();
  checkShape(made, path, request);
  if (!begun.has(path)) await requireSame(made, await make(), path);
  begun.add(path);
  return fromLayersModel(made, path, request);
}

/** Modules that have been seen to begin the same way twice. */
const begun = new Set<string>();

/** Throws a RunError if a model has other weights than another one that was made by the same module with the same seed. */
async function requireSame(made: LayersModel, again: LayersModel, path: string): Promise<void> {
  const [here, there] = await Promise.all(
    [made, again].map(({ trainableWeights }) =>
      Promise.all(trainableWeights.map(async (weight) => [...(await weight.read().data())].join())),
    ),
  );
  again.dispose();
  if (here!.join(';') === there!.join(';')) return;
  made.dispose();
  throw new RunError(
    `the model ${path} has different initial weights each time it is created, so results could not be reproduced`,
    'draw them from the seed that createModel is given, or with Math.random, which lossc seeds',
  );
}

function fromLayersModel(made: LayersModel, path: string, request: ModelRequest): Model {
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
  if (parameters.length === 0)
    throw new RunError(
      `the model ${path} has no weights that can be trained`,
      'remove "trainable: false" from at least one layer',
    );
  const variables = parameters.map((parameter) => parameter.value as tf.Variable);
  const random = createRandom(`${request.seed}/dropout`);
  const apply = (input: tf.Tensor, training: boolean): tf.Tensor =>
    applied(made, input, training, random, path, request.outputs);
  return {
    name: path,
    inputShape: request.inputShape,
    outputs: request.outputs,
    parameters,
    predict: (input) => tf.tidy(() => apply(input, false)),
    gradients: (input, outputGradient) =>
      tf.tidy(() => {
        let ofTheLoss: unknown;
        // An op whose gradient is the loss's, so that the loss itself stays off the tape.
        const loss = tf.customGrad((output, save) => {
          try {
            (save as tf.GradSaveFunc)([outputGradient(output as tf.Tensor)]);
          } catch (thrown) {
            ofTheLoss = thrown;
            throw thrown;
          }
          return { value: tf.scalar(0), gradFunc: (_, saved) => saved[0]! };
        });
        const step = (): tf.Scalar => loss(apply(input, true)) as tf.Scalar;
        const found = blaming(
          path,
          () => tf.variableGrads(step, variables),
          () => ofTheLoss,
        );
        return variables.map((variable) => found.grads[variable.name]!);
      }),
    dispose: () => {
      made.dispose();
    },
  };
}

/** Work of the user's model: what goes wrong in it, such as an operation that the backend lacks, is told of the model. */
function blaming<T>(path: string, work: () => T, notTheModel: () => unknown = () => undefined): T {
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof RunError || thrown === notTheModel()) throw thrown;
    throw new RunError(`the model ${path} failed: ${messageOf(thrown)}`, undefined, { cause: thrown });
  }
}

/** What the model makes of an input, as far as it is what a loss can be given. */
function applied(
  made: LayersModel,
  input: tf.Tensor,
  training: boolean,
  random: Random,
  path: string,
  outputs: number,
): tf.Tensor {
  const output = blaming(path, () => drawingFrom(random, () => made.apply(input, { training })));
  const wanted = [input.shape[0]!, outputs];
  if (output?.dtype === 'float32' && output.shape.join() === wanted.join()) return output;
  const found = output instanceof tf.Tensor ? `${output.dtype} [${output.shape.join(', ')}]` : 'no tensor';
  throw new RunError(
    `the model ${path} gives ${found} for a batch; float32 [${wanted.join(', ')}] is needed`,
  );
}

function checkShape(made: LayersModel, path: string, { inputShape, outputs }: ModelRequest): void {
  const takes = made.inputs.map(({ shape }) => shape.slice(1));
  const gives = made.outputs.map(({ shape }) => shape.slice(1));
  const fits = (shape: readonly (number | null)[] | undefined, wanted: readonly number[]): boolean =>
    shape?.length === wanted.length && shape.every((n, axis) => n === null || n === wanted[axis]);
  if (takes.length !== 1 || !fits(takes[0], inputShape)) {
    throw new RunError(
      `the model ${path} takes [${takes.map((s) => s.join(', ')).join('] and [')}]; the data has [${inputShape.join(', ')}]`,
    );
  }
  if (gives.length !== 1 || !fits(gives[0], [outputs])) {
    throw new RunError(
      `the model ${path} gives [${gives.map((s) => s.join(', ')).join('] and [')}] for each example; the data asks for ${outputs}`,
    );
  }
  const last = made.layers.at(-1)?.getConfig()['activation'];
  if (last === 'softmax' || last === 'sigmoid') {
    throw new RunError(
      `the model ${path} ends in ${last}, but losses are compiled against logits`,
      'remove the activation of the last layer',
    );
  }
}
