import type * as Tf from '@tensorflow/tfjs-core';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import type { Program } from '../../compiler/resolve/program.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { asTrained } from './feeding/as-trained.js';
import { feedingOf, signatureOf } from './feeding/feeding.js';
import { givenTo, PROGRESS, takesProgress } from './feeding/progress.js';
import { REFUSALS } from './feeding/refusals.js';
import { fusedLoss } from './fused-loss.js';
import { type LoadedModule, loadModule } from './load.js';
import type { Learning } from './tasks/learning.js';
import type { TrainingLoss } from './training-loss.js';

/**
 * Compiles a loss for training a model whose raw output is the loss's one prediction: a classifier's logits when the
 * prediction is a probability, the output as it is otherwise; the target is what the loss's signature says in learning this.
 * Throws `LossError` for errors in the loss, `RunError` for what cannot be trained.
 */
export function trainingLoss(
  tf: typeof Tf,
  program: Program,
  decl: LossDecl,
  learning: Learning,
  parameters: Readonly<Record<string, ParameterValue>> = {},
): TrainingLoss {
  const compiled = compileLoss(program, asTrained(decl, learning.task), {
    fromLogits: true,
    plainMean: true,
  });
  const { form, prediction } = feedingOf(signatureOf(compiled), learning, givenTo(decl, parameters));
  const changing = takesProgress(decl) ? PROGRESS : undefined;
  let fused: ReturnType<typeof fusedLoss> | 'not yet' = 'not yet';
  let loaded: Loaded | undefined;
  return {
    name: compiled.name,
    form,
    source: { compiled, parameters, ...(changing !== undefined && { changing }), factor: 1 },
    valueAndGradient(target, output, progress) {
      if (changing !== undefined && progress === undefined)
        throw REFUSALS['unknown progress'](decl.name.name);
      if (fused === 'not yet') fused = fusedLoss(tf, compiled, parameters, changing);
      const atOnce = fused?.(target, output, progress);
      if (atOnce !== undefined) return atOnce;
      const given = prediction.position === 1 ? [target, output] : [output, target];
      loaded ??= load(tf, compiled, parameters);
      const options =
        changing === undefined
          ? loaded.options
          : { ...loaded.options, [loaded.property(changing)]: progress! };
      const { value, gradients } = loaded.module.valueAndGradients(given, options);
      return { value, gradient: gradients[loaded.property(prediction.name)]! };
    },
    dispose() {},
  };
}

interface Loaded {
  readonly module: LoadedModule;
  /** The parameters, by the names that the module gives them. */
  readonly options: Readonly<Record<string, ParameterValue>>;
  readonly property: (name: string) => string;
}

function load(
  tf: typeof Tf,
  compiled: CompiledLoss,
  given: Readonly<Record<string, ParameterValue>>,
): Loaded {
  const emitted = emitModule(compiled);
  const property = (name: string): string => emitted.properties.get(name)!;
  const options = Object.fromEntries(
    compiled.parameters.flatMap(({ name }) =>
      Object.hasOwn(given, name) ? [[property(name), given[name]!]] : [],
    ),
  );
  return { module: loadModule(tf, emitted), options, property };
}
