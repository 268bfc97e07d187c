/** From a name or a path, as given on the command line, to a model. */

import { existsSync } from 'node:fs';
import { didYouMean } from '../../did-you-mean.js';
import { RunError } from '../../errors.js';
import { createAllCnnC, createGloMnist, createResnet } from './convolutional.js';
import { isModelName, MODEL_NAMES, MODELS, type ModelName } from './known-models.js';
import { createUserModel } from './layers-model.js';
import { createMlp, DEFAULT_HIDDEN } from './mlp.js';
import type { Model, ModelRequest } from './model.js';

/** What `createModel` takes for models that have a choice. */
export interface ModelOptions {
  /** Hidden units of `mlp`, layer by layer. */
  readonly hidden?: readonly number[] | undefined;
}

const CREATE: { readonly [K in ModelName]: (request: ModelRequest, options: ModelOptions) => Model } = {
  mlp: (request, { hidden = DEFAULT_HIDDEN }) => createMlp(request, hidden),
  'glo-mnist': createGloMnist,
  'allcnn-c': createAllCnnC,
  resnet: createResnet,
};

/** Makes a model by name, or from a user's module. */
export async function createModel(
  nameOrPath: string,
  request: ModelRequest,
  options: ModelOptions = {},
): Promise<Model> {
  if (isModelName(nameOrPath)) {
    if (MODELS[nameOrPath].images && request.inputShape.length !== 3) {
      throw new RunError(
        `the model "${nameOrPath}" takes images; the data's inputs are [${request.inputShape.join(', ')}]`,
      );
    }
    return CREATE[nameOrPath](request, options);
  }
  if (existsSync(nameOrPath)) return createUserModel(nameOrPath, request);
  throw new RunError(
    `there is no model "${nameOrPath}"`,
    didYouMean(
      nameOrPath,
      MODEL_NAMES,
      `choose one of ${MODEL_NAMES.join(', ')}, or give a module (./my-model.mjs)`,
    ),
  );
}
