/** What the training loop needs of a network. Outputs are logits, or numbers in a regression: no softmax or sigmoid at the end. */
import type * as tf from '@tensorflow/tfjs-core';
import type { Layer } from './layer.js';
import type { Parameter } from './parameter.js';

/** A network that can be trained: `createModel` makes one, and a module of one's own may. */
export interface Model {
  readonly name: string;
  /** Without the batch. */
  readonly inputShape: readonly number[];
  /** Numbers that it gives for each example. */
  readonly outputs: number;
  readonly parameters: readonly Parameter[];
  /** What it consists of, one after another; undefined for a user's own model. */
  readonly layers?: readonly Layer[];
  /** Outputs `[batch, outputs]` as the trained network gives them (no dropout). The tensor belongs to the caller. */
  predict(input: tf.Tensor): tf.Tensor;
  /**
   * One pass forward and back as in training. `outputGradient` gets the outputs and answers the gradient of the loss
   * with respect to them. The result has one gradient per parameter, in order; they belong to the caller.
   */
  gradients(input: tf.Tensor, outputGradient: (output: tf.Tensor) => tf.Tensor): tf.Tensor[];
  dispose(): void;
}

/** What a model is made for. The same seed gives the same initial parameters and dropout. */
export interface ModelRequest {
  readonly inputShape: readonly number[];
  readonly outputs: number;
  readonly seed: string | number;
}

/** Number of trainable numbers. */
export function parameterCount(model: Model): number {
  return model.parameters.reduce((sum, parameter) => sum + parameter.value.size, 0);
}
