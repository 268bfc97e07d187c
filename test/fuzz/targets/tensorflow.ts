import * as tf from '@tensorflow/tfjs-core';
import { emitModule } from '../../../compiler/emit/tfjs/module.js';
import { type Backend, openBackend } from '../../../src/runtime/backend.js';
import { loadModule } from '../../../src/runtime/load.js';
import type { Answer } from '../comparison.js';
import { parametersOf } from '../trial.js';
import { attempt } from './reference.js';
import type { Job, Target } from './target.js';

function answer({ compiled, trial }: Job): Answer {
  const emitted = emitModule(compiled);
  const module = loadModule(tf, emitted);
  const { given, reduction, weights } = trial;
  tf.engine().startScope();
  try {
    const tensors = compiled.inputs.map(({ name }) => {
      const { shape, data } = given.inputs.get(name)!;
      return tf.tensor([...data], [...shape], given.labels.has(name) ? 'int32' : 'float32');
    });
    const options: Record<string, unknown> = { reduction };
    for (const [name, value] of parametersOf(trial)) options[emitted.properties.get(name)!] = value;
    if (weights !== undefined)
      options['sampleWeight'] = tf.tensor([...weights.data], [...weights.shape], 'float32');
    const found = module.valueAndGradients(tensors, options);
    const gradients = new Map<string, ArrayLike<number>>();
    for (const name of compiled.gradients.keys()) {
      const tensor = found.gradients[emitted.properties.get(name) ?? name];
      if (tensor !== undefined) gradients.set(name, tensor.dataSync());
    }
    return { value: found.value.dataSync(), gradients };
  } finally {
    tf.engine().endScope();
  }
}

/** Emitted JavaScript on a backend of TensorFlow.js, which computes in float32. */
export function tensorflow(name: 'cpu' | 'wasm', every: number): Target {
  let backend: Backend | undefined;
  return {
    name,
    precision: 'single',
    floor: 3e-6,
    every,
    batch: 50,
    tries: 500,
    takes: () => true,
    run: async (jobs) => {
      backend ??= await openBackend({ name });
      await tf.setBackend(name);
      return jobs.map((job) => attempt(() => answer(job)));
    },
    close: async () => backend?.release(),
  };
}
