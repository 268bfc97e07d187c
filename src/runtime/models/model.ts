/** What the training loop needs of a network. Outputs are logits, or numbers in a regression: no softmax or sigmoid at the end. */
import type * as tf from '@tensorflow/tfjs-core';

/** A trainable tensor. Optimizers write it in place or assign a new one. */
export interface Parameter {
  readonly name: string;
  readonly value: tf.Tensor;
  /** Puts another tensor in the place of the value, which is disposed; `next` belongs to the parameter from then on. */
  assign(next: tf.Tensor): void;
}

export interface Model {
  readonly name: string;
  /** Without the batch. */
  readonly inputShape: readonly number[];
  /** Numbers that it gives for each example. */
  readonly outputs: number;
  readonly parameters: readonly Parameter[];
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
