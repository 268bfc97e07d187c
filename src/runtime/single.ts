import * as tf from '@tensorflow/tfjs-core';
import type { CompiledLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import type { NumberArray, Reduction } from '../../compiler/evaluate/bind.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { openBackend } from './backend.js';
import { loadModule } from './load.js';

type Inputs = ReadonlyMap<string, NumberArray>;
type Parameters = ReadonlyMap<string, ParameterValue>;

/** A compiled loss in float32, as its emitted module computes it on the cpu backend of TensorFlow.js: every operation is rounded. */
export interface SingleLoss {
  /** The reduced value, or that of each item for `none`; one number for a loss that reduces the batch itself. */
  readonly value: (inputs: Inputs, parameters: Parameters, reduction: Reduction) => Float64Array;
  /** Derivatives of the reduced value (of the sum, for `none`) by each prediction and parameter. */
  readonly gradients: (
    inputs: Inputs,
    parameters: Parameters,
    reduction: Reduction,
  ) => ReadonlyMap<string, Float64Array>;
}

/** Starts the cpu backend, on which loaded losses compute until it is closed. */
export async function openSingle(): Promise<{
  readonly load: (compiled: CompiledLoss) => SingleLoss;
  readonly close: () => void;
}> {
  const backend = await openBackend({ name: 'cpu' });
  return { load: singleLoss, close: backend.release };
}

function singleLoss(compiled: CompiledLoss): SingleLoss {
  const emitted = emitModule(compiled);
  const module = loadModule(tf, emitted);
  const property = (name: string): string => emitted.properties.get(name)!;
  const numbers = (tensor: tf.Tensor): Float64Array => Float64Array.from(tensor.dataSync());
  const call = <T>(
    inputs: Inputs,
    parameters: Parameters,
    reduction: Reduction,
    use: (given: readonly tf.Tensor[], options: Readonly<Record<string, unknown>>) => T,
  ): T => {
    const engine = tf.engine();
    engine.startScope();
    try {
      const given = compiled.inputs.map(({ name }) => {
        const { shape, data } = inputs.get(name)!;
        return tf.tensor(Float32Array.from(data), [...shape], 'float32');
      });
      const own = [...parameters].map(([name, value]) => [property(name), value] as const);
      return use(given, { ...Object.fromEntries(own), ...(compiled.scalar ? {} : { reduction }) });
    } finally {
      engine.endScope();
    }
  };
  return {
    value: (inputs, parameters, reduction) =>
      call(inputs, parameters, reduction, (given, options) => numbers(module.lossValue(given, options))),
    gradients: (inputs, parameters, reduction) =>
      call(inputs, parameters, reduction, (given, options) => {
        const { gradients } = module.valueAndGradients(given, options);
        return new Map(
          [...compiled.gradients.keys()].map((name) => [name, numbers(gradients[property(name)]!)] as const),
        );
      }),
  };
}
