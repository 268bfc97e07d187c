import type * as Tf from '@tensorflow/tfjs-core';
import { compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs-module.js';
import type { ParameterValue } from '../../compiler/lowered.js';
import type { Program } from '../../compiler/program.js';
import type { LossDecl } from '../../grammar/ast.js';
import { loadModule } from './load.js';
import { RunError } from './run-error.js';
import type { TrainingLoss } from './training-loss.js';

/**
 * Compiles a loss for training a model whose raw output is the loss's one prediction: a classifier's logits when the
 * prediction is a probability, the output as it is otherwise. Throws `LossError` for errors in the loss.
 */
export function trainingLoss(
  tf: typeof Tf,
  program: Program,
  decl: LossDecl,
  parameters: Readonly<Record<string, ParameterValue>> = {},
): TrainingLoss {
  const compiled = compileLoss(program, decl, { fromLogits: true, plainMean: true });
  const predictions = compiled.inputs.filter((input) => !input.data);
  const prediction = predictions[0]!;
  if (compiled.inputs.length !== 2 || predictions.length !== 1) {
    throw new RunError(
      `"${compiled.name}" cannot train a model with one output: it takes ${compiled.inputs.map((input) => input.name).join(', ')}`,
      'training needs a loss of one target and one prediction',
    );
  }
  const module = loadModule(tf, emitModule(compiled));
  return {
    name: compiled.name,
    valueAndGradient(target, output) {
      const given = prediction.position === 1 ? [target, output] : [output, target];
      const { value, gradients } = module.valueAndGradients(given, parameters);
      return { value, gradient: gradients[prediction.name]! };
    },
    dispose() {},
  };
}
