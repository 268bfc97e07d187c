import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lossesOf } from '../../compiler/resolve/program.js';
import { LossError } from '../../grammar/diagnostics/diagnostic.js';
import { RunError } from '../../src/errors.js';
import { createRandom } from '../../src/random.js';
import { nativeRuntime, openBackend } from '../../src/runtime/backend.js';
import { compileForTraining } from '../../src/runtime/compile-for-training.js';
import { type SearchData, splitDataset } from '../../src/runtime/data/dataset.js';
import { drawDigits } from '../../src/runtime/data/digits.js';
import { type DrawnTable, drawTable } from '../../src/runtime/data/drawn-tables.js';
import { predicting } from '../../src/runtime/evaluate.js';
import { checkTrainable } from '../../src/runtime/feeding/trainable.js';
import { batchNorm } from '../../src/runtime/models/batch-norm.js';
import { convolution } from '../../src/runtime/models/convolution.js';
import { dense } from '../../src/runtime/models/dense.js';
import { dropout } from '../../src/runtime/models/dropout.js';
import type { LayerFactory } from '../../src/runtime/models/layer.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import type { Model, ModelRequest } from '../../src/runtime/models/model.js';
import { createNetwork } from '../../src/runtime/models/network.js';
import { globalAveragePool, maxPool } from '../../src/runtime/models/pooling.js';
import { flatten } from '../../src/runtime/models/reshaping.js';
import { residualBlock } from '../../src/runtime/models/residual.js';
import { onnxSteps } from '../../src/runtime/onnx/onnx-steps.js';
import type { OptimizerSettings } from '../../src/runtime/optimizer.js';
import { matchingFactor, scaledLoss } from '../../src/runtime/scaled-loss.js';
import type { Learning } from '../../src/runtime/tasks/learning.js';
import { type TrainingOptions, type TrainingResult, trainModel } from '../../src/runtime/train.js';
import type { TrainingLoss } from '../../src/runtime/training-loss.js';
import { assertClose } from '../helpers/close.js';
import { crossEntropy } from '../helpers/losses.js';
import { onnxRuntime } from '../helpers/onnx.js';
import { LOSSES, standardProgram } from '../stdlib/library.js';

// Held, so that the backends of the tests start at once.
const held = await openBackend({ name: 'wasm' });
const native = await onnxRuntime();
const onnx = native === undefined ? suite('nothing') : suite('training in ONNX Runtime');
const add: typeof onnx = native === undefined ? (onnx.skip as typeof onnx) : onnx;

const { search: digits } = splitDataset(drawDigits({ train: 700, test: 10 }), 1);
const SGD: OptimizerSettings = { kind: 'sgd', learningRate: 0.1 };

/** What a training leaves behind that can be compared. */
interface Trained {
  readonly losses: readonly number[];
  readonly weights: readonly Float32Array[];
  readonly score: number | undefined;
  readonly stoppedAt: TrainingResult['stoppedAt'];
}

type Options = Partial<Omit<TrainingOptions, 'model' | 'loss'>> & {
  readonly loss?: string;
  /** What the loss is multiplied with; `matched` gives it a gradient of the size of the baseline's. */
  readonly factor?: number | 'matched';
  readonly model?: (request: ModelRequest) => Model;
};

const compiled = new Map<string, TrainingLoss>();

/** A standard loss in learning from this data; compiled once. */
function standardLoss(name: string, data: SearchData): TrainingLoss {
  const key = `${name} ${data.name} ${data.task}`;
  const program = standardProgram(name);
  const loss = compiled.get(key) ?? compileForTraining(program, lossesOf(program).at(-1)!, data);
  compiled.set(key, loss);
  return loss;
}

/** Trains with a standard loss; the loss of each step is a point of the curve. */
async function train(backend: 'wasm' | 'onnx', options: Options = {}): Promise<Trained> {
  const { loss: name = 'cross_entropy', factor = 1, model: create, data = digits, ...rest } = options;
  const opened = await openBackend({ name: backend });
  const model = (create ?? ((request: ModelRequest) => createMlp(request, [12])))({ ...data, seed: 1 });
  try {
    const plain = standardLoss(name, data);
    const times = factor === 'matched' ? await matchingFactor(plain, model, data, 20, 1) : factor;
    const loss = scaledLoss(plain, times);
    const common = { steps: 50, batchSize: 20, optimizer: SGD, seed: 1 };
    const found = await trainModel({ ...common, ...rest, model, loss, data });
    const kept = [...model.parameters, ...model.layers!.flatMap((layer) => layer.state ?? [])];
    return {
      losses: found.lossCurve.map(({ value }) => value),
      weights: kept.map(({ value }) => value.dataSync<'float32'>().slice()),
      score: found.validationValue,
      stoppedAt: found.stoppedAt,
    };
  } finally {
    model.dispose();
    opened.release();
  }
}

function assertAlike(found: Trained, expected: Trained, tolerance: number, context: string): void {
  assert.equal(found.stoppedAt, expected.stoppedAt, context);
  if (expected.stoppedAt !== undefined) return;
  assertClose(found.losses, expected.losses, tolerance, `${context}: losses`);
  for (const [i, weights] of expected.weights.entries())
    assertClose(found.weights[i]!, weights, tolerance, `${context}: weights ${i}`);
}

const OPTIMIZERS: readonly OptimizerSettings[] = [
  SGD,
  { kind: 'sgd', learningRate: 0.1, weightDecay: 0.01, decay: { kind: 'cosine', steps: 60 } },
  { kind: 'momentum', learningRate: 0.03 },
  { kind: 'momentum', learningRate: 0.03, momentum: 0.8, weightDecay: 0.001 },
  { kind: 'adam', learningRate: 0.003, decay: { kind: 'exponential', factor: 0.5, every: 20 } },
  { kind: 'adam', learningRate: 0.003, beta1: 0.8, beta2: 0.99, weightDecay: 0.01 },
];

for (const optimizer of OPTIMIZERS) {
  add(`50 steps are those on wasm to float32 rounding: ${JSON.stringify(optimizer)}`, async () => {
    for (const loss of ['cross_entropy', 'gce', 'huber']) {
      const expected = await train('wasm', { loss, optimizer });
      assert.is(expected.losses.length, 50);
      const found = await train('onnx', { loss, optimizer });
      // Adam divides by the size of a gradient, also of one that is little more than its rounding error.
      assertAlike(found, expected, optimizer.kind === 'adam' ? 1e-4 : 2e-6, loss);
      assert.is(found.score, expected.score);
    }
  });
}

add(
  'the loss of every step is the one before the update, and the factor of a matched loss is in it',
  async () => {
    const [plain, scaled] = [await train('onnx', { steps: 1 }), await train('onnx', { steps: 1, factor: 3 })];
    assertClose(scaled.losses, [3 * plain.losses[0]!], 1e-6);
    assertAlike(scaled, await train('wasm', { steps: 1, factor: 3 }), 2e-6, 'factor');
    // The update of one step of plain descent is three times as long.
    const before = createMlp({ ...digits, seed: 1 }, [12]);
    const length = ({ weights }: Trained): number =>
      weights.reduce((sum, numbers, i) => {
        const first = before.parameters[i]!.value.dataSync();
        return sum + numbers.reduce((total, x, j) => total + Math.abs(x - first[j]!), 0);
      }, 0);
    assertClose(length(scaled) / length(plain), 3, 1e-3);
    before.dispose();
  },
);

add('gives the same bits for the same seed, and others for another', async () => {
  const [one, same, other] = [await train('onnx'), await train('onnx'), await train('onnx', { seed: 2 })];
  assert.equal(same, one);
  assert.not.equal(other.losses, one.losses);
});

for (const hidden of [[], [9, 5]])
  add(`perceptrons of any depth are trained: ${JSON.stringify(hidden)}`, async () => {
    const model = (request: ModelRequest) => createMlp(request, hidden);
    assertAlike(await train('onnx', { model }), await train('wasm', { model }), 2e-6, 'mlp');
  });

/** Noise of a shape, with labels, as bytes or as floats. */
function noise(inputShape: readonly number[], pixels: 'bytes' | 'floats'): SearchData {
  const random = createRandom('noise');
  const size = inputShape.reduce((product, length) => product * length, 1);
  const examples = (count: number) => ({
    count,
    pixels:
      pixels === 'bytes'
        ? Uint8Array.from({ length: count * size }, () => random.int(256))
        : Float32Array.from({ length: count * size }, () => 255 * random.next()),
    labels: Uint8Array.from({ length: count }, () => random.int(4)),
  });
  return splitDataset(
    {
      name: 'noise',
      task: 'classification',
      outputs: 4,
      inputShape,
      train: examples(60),
      test: examples(4),
      normalisation: { scale: [1 / 64, 1 / 60, 1 / 70], offset: [-2, -1.9, -2.1] },
      validationExamples: 12,
    },
    1,
  ).search;
}

for (const pixels of ['bytes', 'floats'] as const)
  for (const augmentation of [undefined, { shift: 2, flip: true }])
    add(
      `examples of ${pixels}, ${augmentation ? 'shifted and mirrored' : 'as they are'}, are seen as on wasm`,
      async () => {
        const options = { data: noise([6, 5, 3], pixels), augmentation, steps: 20 };
        assertAlike(await train('onnx', options), await train('wasm', options), 2e-6, pixels);
      },
    );

/** Networks with each kind of layer, with windows that go over the edge and entries that no window reaches. */
const NETWORKS: Readonly<Record<string, readonly LayerFactory[]>> = {
  dropout: [flatten(), dense(16, 'relu'), dropout(0.4), dense(4)],
  convolutions: [
    dropout(0.1),
    convolution({ filters: 5, size: 5, activation: 'relu' }),
    convolution({ filters: 4, size: 3, strides: 2, padding: 'valid' }),
    convolution({ filters: 4, size: 2, strides: 2, bias: false }),
    flatten(),
    dense(4),
  ],
  pooling: [
    convolution({ filters: 4, size: 3, activation: 'relu' }),
    maxPool(2),
    maxPool(3),
    convolution({ filters: 4, size: 1 }),
    globalAveragePool(),
  ],
  normalisation: [flatten(), dense(8), batchNorm('relu'), dense(4)],
  residual: [
    convolution({ filters: 4, size: 3, bias: false, initial: 'he' }),
    batchNorm('relu'),
    residualBlock(4, 1),
    residualBlock(6, 2),
    globalAveragePool(),
    dense(4),
  ],
};
for (const [name, factories] of Object.entries(NETWORKS))
  add(`a network with ${name} learns what it learns on wasm, masks and running statistics too`, async () => {
    const options = {
      data: noise([9, 12, 3], 'bytes'),
      model: (request: ModelRequest) => createNetwork(name, factories, request),
      steps: 10,
      optimizer: { kind: 'momentum', learningRate: 0.01 },
    } as const;
    const expected = await train('wasm', options);
    assertAlike(await train('onnx', options), expected, 1e-5, name);
    assert.is(new Set(expected.losses).size, 10);
  });

for (const [name, factories] of Object.entries(NETWORKS))
  add(
    `a network with ${name} gives the outputs that it gives on wasm, for any number of examples`,
    async () => {
      const data = noise([9, 12, 3], 'bytes');
      const opened = await openBackend({ name: 'onnx' });
      const model = createNetwork(name, factories, { ...data, seed: 1 });
      const loss = standardLoss('cross_entropy', data);
      const optimizer: OptimizerSettings = { kind: 'sgd', learningRate: 0.05 };
      const steps = await onnxSteps(nativeRuntime()!, {
        ...{ model, loss, data, batchSize: 20, optimizer },
        augmented: undefined,
      });
      const before = await steps.predict(data.validation, Uint32Array.of(0));
      for (let i = 0; i < 5; i++)
        await steps.step(
          Uint32Array.from({ length: 20 }, (_, row) => row + i),
          0,
        );
      steps.settle();
      for (const indices of [Uint32Array.of(3, 1, 11, 1), Uint32Array.of(0)]) {
        const found = await steps.predict(data.validation, indices);
        assertClose(found, await predicting(model, data)(data.validation, indices), 1e-5, name);
        assert.not.equal(found.subarray(0, 4), before);
      }
      await steps.dispose();
      model.dispose();
      opened.release();
    },
  );

/**
 * Whether a standard loss can be trained in the task of the data. One of directions has no gradient in one dimension but rounding errors,
 * which are not the same; the slope of si_sdr is the inverse of a distance that is rounding errors for the directions that are nearly right.
 */
function fits(name: string, data: SearchData): boolean {
  if (data.outputs === 1 && ['byol', 'cosine_similarity'].includes(name)) return false;
  if (name === 'si_sdr') return false;
  const program = standardProgram(name);
  try {
    checkTrainable(program, lossesOf(program).at(-1)!, data);
    return true;
  } catch (thrown) {
    if (thrown instanceof RunError || thrown instanceof LossError) return false;
    throw thrown;
  }
}

/** What is learnt from a drawn table. */
const TABLES: readonly (readonly [DrawnTable, Partial<Learning>])[] = [
  ['friedman', {}],
  ['arm', {}],
  ['documents', {}],
  ['friedman', { task: 'quantiles', outputs: 3 }],
  ['friedman', { task: 'mean-and-variance', outputs: 2 }],
];
const TASKS_OF_DATA: readonly SearchData[] = [
  digits,
  ...TABLES.map(
    ([table, learning]) =>
      splitDataset({ ...drawTable(table, { train: 400, test: 4 }), ...learning }, 1).search,
  ),
];
for (const data of TASKS_OF_DATA)
  add(`every standard loss that ${data.name} can feed in ${data.task} makes the same steps`, async () => {
    let made = 0;
    for (const loss of LOSSES) {
      const options = { loss, data, steps: 3, factor: 'matched' } as const;
      if (!fits(loss, data)) continue;
      made++;
      assertAlike(await train('onnx', options), await train('wasm', options), 1e-5, loss);
    }
    assert.ok(made > 0, 'none');
  });

add('looks, gates and an early end are those on wasm', async () => {
  const looks: Record<string, unknown[]> = { wasm: [], onnx: [] };
  for (const backend of ['wasm', 'onnx'] as const)
    await train(backend, {
      evaluateEvery: 10,
      continueAfter: ({ step, value }) => {
        looks[backend]!.push([step, value]);
        return true;
      },
    });
  assert.is(looks['onnx']!.length, 4);
  assert.equal(looks['onnx'], looks['wasm']);
});

add('a loss that is not finite ends the training at the step where it appears', async () => {
  const opened = await openBackend({ name: 'onnx' });
  const model = createMlp({ ...digits, seed: 1 }, [12]);
  const data: SearchData = { ...digits, name: 'far', task: 'regression' };
  const loss = standardLoss('mse', data);
  const result = await trainModel({
    model,
    loss,
    data: { ...data, train: { ...data.train, labels: new Float32Array(digits.train.count * 10).fill(1e30) } },
    steps: 20,
    batchSize: 10,
    optimizer: SGD,
    seed: 1,
  });
  assert.is(result.stoppedAt?.step, 1);
  assert.is(result.stoppedAt?.reason, 'infinity');
  model.dispose();
  opened.release();
});

add('losses written by hand and models that are modules are refused in a sentence', async () => {
  const opened = await openBackend({ name: 'onnx' });
  const model = createMlp({ ...digits, seed: 1 }, [4]);
  const common = { data: digits, steps: 1, batchSize: 5, optimizer: SGD, seed: 1 };
  const messageOf = (options: Pick<TrainingOptions, 'model' | 'loss'>): Promise<string> =>
    trainModel({ ...common, ...options }).then(
      () => 'trained',
      (thrown: unknown) => {
        assert.instance(thrown, RunError);
        return `${(thrown as RunError).message}; ${(thrown as RunError).hint}`;
      },
    );
  assert.is(
    await messageOf({ model, loss: crossEntropy() }),
    'the backend onnx trains only with losses compiled by lossc, and "cross-entropy" is not one; choose another backend (--backend wasm)',
  );
  const { layers: _, ...module } = { ...model, name: './mine.mjs' };
  assert.is(
    await messageOf({ model: module, loss: crossEntropy() }),
    'the backend onnx trains only the built-in models, and ./mine.mjs is a module; choose another backend (--backend wasm)',
  );
  model.dispose();
  opened.release();
});

add('neither many steps nor many losses raise memory', async () => {
  const opened = await openBackend({ name: 'onnx' });
  const before = tf.memory().numTensors;
  const rounds = async (count: number, steps: number): Promise<number> => {
    for (let i = 0; i < count; i++) {
      const model = createMlp({ ...digits, seed: 1 }, [64]);
      // Another constant in the graph of each.
      const loss = scaledLoss(standardLoss('cross_entropy', digits), 1 + i / 1000);
      await trainModel({ model, loss, data: digits, steps, batchSize: 10, optimizer: SGD, seed: 1 });
      model.dispose();
    }
    return process.memoryUsage().rss / 2 ** 20;
  };
  // What leaks grows in every round. The engine's own room grows too (code that it has made faster, a heap that it
  // keeps), but not in every one: so a round that grows by less than `limit` MiB is looked for, and the least is told.
  const leastGrowth = async (count: number, steps: number, limit: number): Promise<number> => {
    let least = Infinity;
    let last = await rounds(count, steps);
    for (let i = 0; i < 5 && least >= limit; i++) {
      const next = await rounds(count, steps);
      least = Math.min(least, next - last);
      last = next;
    }
    return least;
  };
  // A session that something holds on to keeps 0.9 MiB; a step of which the gradient is kept, 0.2 MiB.
  const losses = await leastGrowth(100, 2, 15);
  const steps = await leastGrowth(1, 500, 30);
  assert.is(tf.memory().numTensors, before);
  assert.ok(losses < 15, `100 losses more take ${losses} MiB more`);
  assert.ok(steps < 30, `500 steps more take ${steps} MiB more`);
  opened.release();
});

const BACKEND = JSON.stringify(fileURLToPath(new URL('../../src/runtime/backend.ts', import.meta.url)));

onnx('without the package the error says how to install it, and nothing else is different', () => {
  const path = join(import.meta.dirname, `without-onnx-${process.pid}.tmp.mts`);
  writeFileSync(
    path,
    `import Module from 'node:module';
     const resolve = Module._resolveFilename;
     Module._resolveFilename = (name, ...rest) => {
       if (name.startsWith('onnxruntime-node')) throw new Error('not found');
       return resolve(name, ...rest);
     };
     const { describeBackends, openBackend } = await import(${BACKEND});
     await openBackend({ name: 'onnx' }).catch(({ name, message, hint }) => console.log(name, '|', message, '|', hint));
     const report = (await describeBackends()).find(({ name }) => name === 'onnx');
     console.log(report.found, '|', report.advice);
     console.log((await openBackend({ name: 'wasm' })).name);`,
  );
  try {
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', path], { encoding: 'utf8' });
    const advice =
      'npm install --ignore-scripts onnxruntime-node (a training step of a perceptron takes a third as long as on wasm)';
    assert.equal(stdout.split('\n'), [
      `RunError | the backend "onnx" is not available: the package onnxruntime-node is not installed | ${advice}`,
      `false | ${advice}`,
      'wasm',
      '',
    ]);
    assert.is(stderr, '');
  } finally {
    rmSync(path, { force: true });
  }
});

onnx.after(() => held.release());
onnx.run();
