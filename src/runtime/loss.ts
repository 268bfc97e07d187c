import type * as Tf from '@tensorflow/tfjs-core';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs-module.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import type { Program } from '../../compiler/lower/program.js';
import { flat } from '../../compiler/lower/signature.js';
import type { LossDecl } from '../../grammar/ast.js';
import { fusedLoss } from './fused-loss.js';
import { type LoadedModule, loadModule } from './load.js';
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
  checkParameters(compiled, parameters);
  const fused = fusedLoss(tf, compiled, parameters);
  let loaded: Loaded | undefined;
  return {
    name: compiled.name,
    valueAndGradient(target, output) {
      const atOnce = fused?.(target, output);
      if (atOnce !== undefined) return atOnce;
      const given = prediction.position === 1 ? [target, output] : [output, target];
      loaded ??= load(tf, compiled, parameters);
      const { value, gradients } = loaded.module.valueAndGradients(given, loaded.options);
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

/** Parameters outside their domains are the user's mistake, and said before anything runs. */
function checkParameters(
  { name: loss, parameters }: CompiledLoss,
  given: Readonly<Record<string, ParameterValue>>,
): void {
  for (const { name, domain, range, default: initial } of parameters) {
    const value = Object.hasOwn(given, name) ? given[name] : initial;
    if (value === undefined)
      throw new RunError(`${loss}: the parameter "${name}" must be given`, 'it has no default');
    for (const x of flat(value)) {
      const inside = x >= range.lo && x <= range.hi && (!range.integer || Number.isInteger(x));
      if (!inside || (range.nonzero && x === 0))
        throw new RunError(`${loss}: ${name} = ${x} is not ${domain}`);
    }
  }
}
