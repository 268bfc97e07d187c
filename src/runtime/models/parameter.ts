import type * as tf from '@tensorflow/tfjs-core';

/** A trainable tensor. Optimizers write it in place or assign a new one. */
export interface Parameter {
  readonly name: string;
  readonly value: tf.Tensor;
  /** Puts another tensor in the place of the value, which is disposed; `next` belongs to the parameter from then on. */
  assign(next: tf.Tensor): void;
}
