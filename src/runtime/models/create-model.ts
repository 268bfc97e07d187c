/** From a name or a path, as given on the command line, to a model. */
import { existsSync } from 'node:fs';
import { RunError } from '../../errors.js';
import { createAllCnnC, createGloMnist, createResnet } from './convolutional.js';
import { createUserModel } from './layers-model.js';
import { createMlp, DEFAULT_HIDDEN } from './mlp.js';
import type { Model, ModelRequest } from './model.js';

export interface ModelOptions {
  /** Hidden units of `mlp`, layer by layer. */
  readonly hidden?: readonly number[] | undefined;
}

interface ModelKind {
  readonly create: (request: ModelRequest, options: ModelOptions) => Model;
  /** Whether inputs have to be `[height, width, channels]`. */
  readonly images: boolean;
  /** Kernels of TensorFlow.js that a training step runs, beyond arithmetic. */
  readonly kernels: readonly string[];
}

const DENSE_KERNELS = ['BatchMatMul', '_FusedMatMul', 'Sum'];
const CONVOLUTION_KERNELS = ['FusedConv2D', 'Conv2DBackpropFilter', 'Conv2DBackpropInput', 'Sum'];

/** The models known by name. */
export const MODELS: Readonly<Record<string, ModelKind>> = {
  mlp: {
    create: (request, { hidden = DEFAULT_HIDDEN }) => createMlp(request, hidden),
    images: false,
    kernels: DENSE_KERNELS,
  },
  'glo-mnist': {
    create: createGloMnist,
    images: true,
    kernels: [...DENSE_KERNELS, ...CONVOLUTION_KERNELS, 'MaxPool', 'MaxPoolGrad'],
  },
  'allcnn-c': { create: createAllCnnC, images: true, kernels: [...CONVOLUTION_KERNELS, 'Mean', 'Tile'] },
  resnet: {
    create: createResnet,
    images: true,
    kernels: [...DENSE_KERNELS, ...CONVOLUTION_KERNELS, 'Rsqrt', 'Mean', 'Tile'],
  },
};

/** Makes a model by name, or from a user's module. */
export async function createModel(
  nameOrPath: string,
  request: ModelRequest,
  options: ModelOptions = {},
): Promise<Model> {
  const kind = Object.hasOwn(MODELS, nameOrPath) ? MODELS[nameOrPath] : undefined;
  if (kind !== undefined) {
    if (kind.images && request.inputShape.length !== 3) {
      throw new RunError(
        `the model "${nameOrPath}" takes images; the data's inputs are [${request.inputShape.join(', ')}]`,
      );
    }
    return kind.create(request, options);
  }
  if (existsSync(nameOrPath)) return createUserModel(nameOrPath, request);
  throw new RunError(
    `there is no model "${nameOrPath}"`,
    `known are ${Object.keys(MODELS).join(', ')}; or give a module (./my-model.mjs)`,
  );
}
