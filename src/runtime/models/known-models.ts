/** The models that are known by name, and what they need. What makes them is in `create-model.ts`: it loads TensorFlow.js. */

interface KnownModel {
  /** Whether inputs have to be `[height, width, channels]`. */
  readonly images: boolean;
  /** Kernels of TensorFlow.js that a training step runs, beyond arithmetic. */
  readonly kernels: readonly string[];
}

const DENSE = ['BatchMatMul', '_FusedMatMul', 'Sum'];
const CONVOLUTION = ['FusedConv2D', 'Conv2DBackpropFilter', 'Conv2DBackpropInput', 'Sum'];

const TABLE = {
  mlp: { images: false, kernels: DENSE },
  'glo-mnist': { images: true, kernels: [...DENSE, ...CONVOLUTION, 'MaxPool', 'MaxPoolGrad'] },
  'allcnn-c': { images: true, kernels: [...CONVOLUTION, 'Mean', 'Tile'] },
  resnet: { images: true, kernels: [...DENSE, ...CONVOLUTION, 'Rsqrt', 'Mean', 'Tile'] },
} satisfies Readonly<Record<string, KnownModel>>;

export type ModelName = keyof typeof TABLE;
export const MODELS: Readonly<Record<ModelName, KnownModel>> = TABLE;
export const MODEL_NAMES = Object.keys(TABLE) as readonly ModelName[];

/** Is it the name of a model, and no path of a module? */
export const isModelName = (name: string): name is ModelName => Object.hasOwn(TABLE, name);
