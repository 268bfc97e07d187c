/** The convolutional networks of the experiments that this field compares with. */
import { batchNorm } from './batch-norm.js';
import { convolution } from './convolution.js';
import { dense } from './dense.js';
import { dropout } from './dropout.js';
import type { LayerFactory } from './layer.js';
import type { Model, ModelRequest } from './model.js';
import { createNetwork } from './network.js';
import { globalAveragePool, maxPool } from './pooling.js';
import { flatten } from './reshaping.js';
import { residualBlock } from './residual.js';

/** GLO's network for MNIST: two 5x5 convolutions with pooling, 1,024 dense units, dropout 0.4. */
export function createGloMnist(request: ModelRequest): Model {
  return createNetwork(
    'glo-mnist',
    [
      convolution({ filters: 32, size: 5, activation: 'relu' }),
      maxPool(2),
      convolution({ filters: 64, size: 5, activation: 'relu' }),
      maxPool(2),
      flatten(),
      dense(1024, 'relu'),
      dropout(0.4),
      dense(request.outputs),
    ],
    request,
  );
}

/** All-CNN-C of Springenberg et al. (2015), table 1, with the dropout of its section 3.1. */
export function createAllCnnC(request: ModelRequest): Model {
  const block = (filters: number): LayerFactory[] => [
    convolution({ filters, size: 3, activation: 'relu' }),
    convolution({ filters, size: 3, activation: 'relu' }),
    convolution({ filters, size: 3, strides: 2, activation: 'relu' }),
    dropout(0.5),
  ];
  return createNetwork(
    'allcnn-c',
    [
      dropout(0.2),
      ...block(96),
      ...block(192),
      convolution({ filters: 192, size: 3, padding: 'valid', activation: 'relu' }),
      convolution({ filters: 192, size: 1, activation: 'relu' }),
      convolution({ filters: request.outputs, size: 1 }),
      globalAveragePool(),
    ],
    request,
  );
}

/** The smallest residual network of He et al. (2016), section 4.2: n = 1, eight layers, 16 to 64 filters. */
export function createResnet(request: ModelRequest): Model {
  return createNetwork(
    'resnet',
    [
      convolution({ filters: 16, size: 3, bias: false, initial: 'he' }),
      batchNorm('relu'),
      residualBlock(16, 1),
      residualBlock(32, 2),
      residualBlock(64, 2),
      globalAveragePool(),
      dense(request.outputs),
    ],
    request,
  );
}
