/** One layer of a network with its own backward pass, so that training needs no autodiff tape. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Random } from '../../random.js';
import type { Parameter } from './model.js';

interface Backward {
  /** Gradient with respect to the layer's input; absent where it was not asked for. */
  readonly input: tf.Tensor | undefined;
  /** In the order of the layer's parameters. */
  readonly parameters: readonly tf.Tensor[];
}

export interface Activation {
  readonly output: tf.Tensor;
  backward(gradient: tf.Tensor, needsInput: boolean): Backward;
}

export interface Layer {
  /** Without the batch. */
  readonly outputShape: readonly number[];
  readonly parameters: readonly Parameter[];
  /** State that is kept but not trained (running statistics); saved and disposed with the model. */
  readonly state?: readonly Parameter[];
  /** As in prediction: no dropout, running statistics. */
  predict(input: tf.Tensor): tf.Tensor;
  /** As in training, keeping what the backward pass needs. Called within `tf.tidy`. */
  forward(input: tf.Tensor): Activation;
}

/** Makes a layer for an input shape; `random` decides its initial values and dropout, `name` names its parameters. */
export type LayerFactory = (inputShape: readonly number[], random: Random, name: string) => Layer;
