import type * as Tf from '@tensorflow/tfjs-core';
import { javascriptText } from '../../compiler/emit/javascript.js';
import type { EmittedModule } from '../../compiler/emit/tfjs-module.js';

/** The functions of an emitted module that the runtime calls; the public ones are also there, by the loss's name. */
export interface LoadedModule {
  readonly lossValue: (given: Tf.Tensor[], options: Record<string, unknown>) => Tf.Tensor;
  readonly valueAndGradients: (
    given: Tf.Tensor[],
    options: Record<string, unknown>,
  ) => { readonly value: Tf.Tensor; readonly gradients: Readonly<Record<string, Tf.Tensor>> };
  readonly readParameters: (options: Record<string, unknown>) => unknown[];
  readonly readInputs: (
    given: Tf.Tensor[],
    parameters: unknown[],
  ) => { readonly inputs: Tf.Tensor[]; readonly sizes: number[]; readonly items: number[] };
  readonly itemValuesAndGradients: (
    inputs: Tf.Tensor[],
    parameters: unknown[],
    sizes: number[],
    seed?: Tf.Tensor,
  ) => Tf.Tensor[];
}

const EXPORTS = ['lossValue', 'valueAndGradients', 'readParameters', 'readInputs', 'itemValuesAndGradients'];

/**
 * Turns an emitted module into functions. The text is the compiler's own: names are `v1`, `v2`, …, numbers and strings
 * are literals, and nothing of a `.loss` file reaches it but through those.
 */
export function loadModule(tf: typeof Tf, module: EmittedModule): LoadedModule {
  const text = `'use strict';\n${javascriptText(module, false)}\nreturn { ${EXPORTS.join(', ')} };`;
  return new Function('tf', text)(tf) as LoadedModule;
}
