import type * as tf from '@tensorflow/tfjs-core';
import type { TargetForm } from './tasks/tasks.js';

/**
 * A loss as the training loop needs it: compiled against the model's raw output (logits for a classifier),
 * mean over the batch. Both tensors it returns belong to the caller.
 */
export interface TrainingLoss {
  readonly name: string;
  /** What `target` has to be; rows unless told. */
  readonly form?: TargetForm;
  /**
   * Value and gradient in one pass, outside any autodiff tape.
   * `target` and `output` are float32 `[batch, outputs]`, `target` `[batch]` where its form is labels;
   * `value` is a scalar, `gradient` has the shape of `output`.
   */
  valueAndGradient(
    target: tf.Tensor,
    output: tf.Tensor,
  ): { readonly value: tf.Tensor; readonly gradient: tf.Tensor };
  /** Releases what the loss keeps (compiled kernels, constants). */
  dispose(): void;
}
