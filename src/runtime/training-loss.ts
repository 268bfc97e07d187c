import type * as tf from '@tensorflow/tfjs-core';
import type { CompiledLoss } from '../../compiler/compile.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import type { TargetForm } from './tasks/tasks.js';

/** What a loss was compiled from, for a backend that writes it into a graph of its own. */
export interface LossSource {
  /** With `plainMean`, from logits: one target and one prediction. */
  readonly compiled: CompiledLoss;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The parameter that gets the share of the training that is done, anew in every step. */
  readonly changing?: string;
  /** What value and gradient are multiplied with. */
  readonly factor: number;
}

/**
 * A loss as the training loop needs it: compiled against the model's raw output (logits for a classifier),
 * mean over the batch. Both tensors it returns belong to the caller.
 */
export interface TrainingLoss {
  readonly name: string;
  /** What `target` has to be; rows by default. */
  readonly form?: TargetForm;
  /** Undefined for a loss that was written by hand. */
  readonly source?: LossSource;
  /**
   * Value and gradient in one pass, outside any autodiff tape.
   * `target` and `output` are float32 `[batch, outputs]`, `target` `[batch]` where its form is labels;
   * `progress` is the share of the training that is done, from 0 to below 1; a loss
   * that takes it throws a RunError without it. `value` is a scalar, `gradient` has the shape of `output`.
   */
  valueAndGradient(
    target: tf.Tensor,
    output: tf.Tensor,
    progress?: number,
  ): { readonly value: tf.Tensor; readonly gradient: tf.Tensor };
  /** Releases what the loss keeps (compiled kernels, constants). */
  dispose(): void;
}
