/**
 * The WebGPU suite as one program, for a machine with a GPU and nothing else: agreement with the cpu backend, then the
 * speed of training beside wasm. `--software` accepts a software adapter, `--no-speed` leaves out the second part.
 */
import { arch, cpus, platform } from 'node:os';
import { parseArgs } from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { openBackend } from '../../src/runtime/backend.js';
import { createGloMnist } from '../../src/runtime/models/convolutional.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import type { Model } from '../../src/runtime/models/model.js';
import { createOptimizer } from '../../src/runtime/optimizer.js';
import { normals } from '../helpers/backends.js';
import { crossEntropy } from '../helpers/losses.js';
import { agreementCases, compareBackends } from './agreement.js';

const { values } = parseArgs({
  options: {
    software: { type: 'boolean', default: false },
    'no-speed': { type: 'boolean', default: false },
  },
});

const webgpu = await openBackend({ name: 'webgpu', allowSoftware: values.software });
console.log(`device: ${webgpu.device}`);
console.log(
  `host: ${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, ${platform()} ${arch()}, Node ${process.version}`,
);

await tf.setBackend('cpu');
let failed = 0;
const cases = agreementCases();
for (const entry of cases) {
  const found = await compareBackends('webgpu', entry);
  if (found === undefined) continue;
  failed++;
  console.log(
    `FAIL ${found.name}: off by ${found.worst}; the cpu has ${found.expected}, webgpu ${found.actual}`,
  );
}
console.log(`${cases.length - failed} passed, ${failed} failed`);

const MODELS: readonly (readonly [string, (request: Parameters<typeof createMlp>[0]) => Model])[] = [
  ['mlp 784-128-10', createMlp],
  ['glo-mnist', createGloMnist],
];
/** Seconds of training that are measured for each model and backend, after a warm-up. */
const MEASURED = 3;
/** Steps that are queued before the next reading. */
const QUEUED = 5;

async function stepsPerSecond(backend: string, create: (typeof MODELS)[number][1]): Promise<number> {
  await tf.setBackend(backend);
  const model = create({ inputShape: [28, 28, 1], outputs: 10, seed: 1 });
  const optimizer = createOptimizer({ kind: 'sgd', learningRate: 0.01 });
  const loss = crossEntropy();
  const input = tf.tensor(normals([100, 28, 28, 1], 1), [100, 28, 28, 1]);
  const labels = tf.tensor1d(
    Array.from({ length: 100 }, (_, i) => i % 10),
    'int32',
  );
  const target = tf.cast(tf.oneHot(labels, 10), 'float32');
  const step = async (wait: boolean): Promise<void> => {
    let value: tf.Tensor | undefined;
    const gradients = model.gradients(input, (output) => {
      const found = loss.valueAndGradient(target, output);
      value = tf.keep(found.value);
      return found.gradient;
    });
    optimizer.apply(model.parameters, gradients);
    // A queue without end would only measure how fast work is queued.
    if (wait) await Promise.all([value!.data(), model.parameters[0]!.value.data()]);
    value!.dispose();
  };
  const run = async (seconds: number): Promise<number> => {
    const start = performance.now();
    let steps = 0;
    while (performance.now() - start < 1000 * seconds) {
      for (let i = 0; i < QUEUED; i++) await step(i === QUEUED - 1);
      steps += QUEUED;
    }
    return (1000 * steps) / (performance.now() - start);
  };
  await run(1);
  const result = await run(MEASURED);
  tf.dispose([input, labels, target]);
  optimizer.dispose();
  model.dispose();
  return result;
}

if (!values['no-speed']) {
  await openBackend({ name: 'wasm' });
  for (const [name, create] of MODELS) {
    const [fast, reference] = [await stepsPerSecond('webgpu', create), await stepsPerSecond('wasm', create)];
    console.log(
      `${name}, batch 100: webgpu ${fast.toFixed(1)} steps/s, wasm ${reference.toFixed(1)} (${(fast / reference).toFixed(1)} times)`,
    );
  }
}
process.exit(failed === 0 ? 0 : 1);
