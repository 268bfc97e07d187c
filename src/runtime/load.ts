import type * as Tf from '@tensorflow/tfjs-core';
import type { CompiledLoss } from '../../compiler/compile.js';
import { javascriptText } from '../../compiler/emit/tfjs/javascript.js';
import { type EmittedModule, emitModule } from '../../compiler/emit/tfjs/module.js';

/** The functions of an emitted module, with the inputs as a list in the order of the signature. */
export interface LoadedModule {
  /** The reduced loss, differentiable with respect to the predictions. Not there in a module compiled for the plain mean. */
  readonly lossValue: (given: readonly Tf.Tensor[], options: Readonly<Record<string, unknown>>) => Tf.Tensor;
  /** The reduced loss and its derivatives by prediction and parameter, without a tape. All tensors belong to the caller. */
  readonly valueAndGradients: (
    given: readonly Tf.Tensor[],
    options: Readonly<Record<string, unknown>>,
  ) => { readonly value: Tf.Tensor; readonly gradients: Readonly<Record<string, Tf.Tensor>> };
}

/** The functions of an emitted module as a caller of it has them: inputs, then options. */
export interface EmittedFunctions {
  /** What parameters are called among the options. */
  readonly parameters: Iterable<string>;
  readonly value: (...given: readonly unknown[]) => Tf.Tensor;
  /** Not there for a loss that reduces the batch itself. */
  readonly perExample?: (...given: readonly unknown[]) => Tf.Tensor;
  readonly gradients: (...given: readonly unknown[]) => {
    readonly value: Tf.Tensor;
    readonly gradients: Readonly<Record<string, Tf.Tensor>>;
  };
}

type Emitted = (...args: unknown[]) => never;

/**
 * Turns an emitted module into functions. The text is the compiler's own: names are identifiers of the language that the
 * emitter has cleared, numbers and strings are literals, and nothing else of a `.loss` file reaches it but in comments.
 */
export function loadModule(tf: typeof Tf, module: EmittedModule): LoadedModule {
  const functions = functionsOf(tf, module);
  return {
    lossValue: (given, options) => functions[module.name]!(...given, options),
    valueAndGradients: (given, options) => functions[`${module.name}Gradients`]!(...given, options),
  };
}

/** A compiled loss as functions of tensors. */
export function emittedFunctions(tf: typeof Tf, compiled: CompiledLoss): EmittedFunctions {
  const module = emitModule(compiled);
  const functions = functionsOf(tf, module);
  const perExample = functions[`${module.name}PerExample`];
  return {
    parameters: compiled.parameters.map(({ name }) => module.properties.get(name)!),
    value: (...given) => functions[module.name]!(...given),
    ...(perExample !== undefined && { perExample: (...given) => perExample(...given) }),
    gradients: (...given) => functions[`${module.name}Gradients`]!(...given),
  };
}

function functionsOf(tf: typeof Tf, module: EmittedModule): Readonly<Record<string, Emitted>> {
  const names = module.functions.filter((entry) => entry.exported).map((entry) => entry.name);
  const text = `'use strict';\n${javascriptText(module, false)}\nreturn { ${names.join(', ')} };`;
  return new Function('tf', text)(tf) as Readonly<Record<string, Emitted>>;
}
