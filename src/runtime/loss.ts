import type * as Tf from '@tensorflow/tfjs-core';
import { compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs-module.js';
import type { ParameterValue } from '../../compiler/lowered.js';
import type { Program } from '../../compiler/program.js';
import type { LossDecl } from '../../grammar/ast.js';
import { loadModule } from './load.js';
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
  if (compiled.inputs.length !== 2 || predictions.length !== 1) {
    throw new Error(`${compiled.name}: training needs a loss of one target and one prediction`);
  }
  const module = loadModule(tf, emitModule(compiled));
  const values = module.readParameters(parameters);
  const position = predictions[0]!.position;
  return {
    name: compiled.name,
    valueAndGradient(target, output) {
      return tf.tidy(() => {
        const read = module.readInputs(position === 1 ? [target, output] : [output, target], values);
        const [items, gradient] = module.itemValuesAndGradients(read.inputs, values, read.sizes);
        const spread =
          gradient!.size === output.size
            ? gradient!
            : tf.broadcastTo(gradient!, read.inputs[position]!.shape);
        return { value: tf.mean(items!), gradient: tf.reshape(spread, output.shape) };
      });
    },
    dispose() {},
  };
}
