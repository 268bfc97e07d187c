/** Compiling losses for the backend that is open, for callers that hold no TensorFlow.js of their own. */
import * as tf from '@tensorflow/tfjs-core';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import type { Program } from '../../compiler/resolve/program.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { nativeRuntime } from './backend.js';
import { trainingLoss } from './loss.js';
import type { Learning } from './tasks/learning.js';
import type { TrainingLoss } from './training-loss.js';

/** The loss against a model's raw output; see `trainingLoss`. Throws `LossError` for errors in the loss. */
export function compileForTraining(
  program: Program,
  decl: LossDecl,
  learning: Learning,
  parameters: Readonly<Record<string, ParameterValue>> = {},
): TrainingLoss {
  return trainingLoss(tf, program, decl, learning, parameters);
}

/** Tensors alive in this process, to notice leaks. */
export function liveTensors(): number {
  return tf.memory().numTensors;
}

/** What the numbers of a training come from, beside the backend's name, for the record of a run. */
export function trainedBy(): { readonly tensorflow: string; readonly native?: string } {
  const native = nativeRuntime()?.identity;
  return { tensorflow: tf.version_core, ...(native !== undefined && { native }) };
}
