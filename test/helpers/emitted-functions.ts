import type * as Tf from '@tensorflow/tfjs-core';
import type { CompiledLoss } from '../../compiler/compile.js';
import { javascriptText } from '../../compiler/emit/tfjs/javascript.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';

type Options = Readonly<Record<string, unknown>>;

/** The functions that a module exports, as someone who imports it calls them. */
export interface EmittedFunctions {
  readonly loss: (...given: unknown[]) => Tf.Tensor;
  readonly perExample: (...given: unknown[]) => Tf.Tensor;
  readonly gradients: (...given: unknown[]) => {
    readonly value: Tf.Tensor;
    readonly gradients: Readonly<Record<string, Tf.Tensor>>;
  };
}

export function emittedFunctions(tf: typeof Tf, compiled: CompiledLoss): EmittedFunctions {
  const module = emitModule(compiled);
  const names = module.functions.filter((entry) => entry.exported).map((entry) => entry.name);
  const found = new Function('tf', `${javascriptText(module, false)}\nreturn { ${names.join(', ')} };`)(tf);
  return {
    loss: found[module.name],
    perExample: found[`${module.name}PerExample`],
    gradients: found[`${module.name}Gradients`],
  };
}

/** Value and gradients as nested lists. */
export function numbersOf(
  functions: EmittedFunctions,
  given: readonly Tf.Tensor[],
  options: Options = {},
): { readonly value: number[]; readonly gradients: Readonly<Record<string, number[]>> } {
  const { value, gradients } = functions.gradients(...given, options);
  const flat = (tensor: Tf.Tensor): number[] => Array.from(tensor.dataSync());
  return {
    value: flat(value),
    gradients: Object.fromEntries(Object.entries(gradients).map(([name, tensor]) => [name, flat(tensor)])),
  };
}
