import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RunError } from '../../src/errors.js';
import { openBackend } from '../../src/runtime/backend.js';
import { splitDataset } from '../../src/runtime/data/dataset.js';
import { drawDigits } from '../../src/runtime/data/digits.js';
import { missingKernels } from '../../src/runtime/missing-kernels.js';
import { createModel } from '../../src/runtime/models/create-model.js';
import type { Model } from '../../src/runtime/models/model.js';
import { trainModel } from '../../src/runtime/train.js';
import { crossEntropy } from '../helpers/losses.js';

const backend = await openBackend({ name: 'wasm' });
const folder = mkdtempSync(join(tmpdir(), 'lossc-model-'));
const { search: data } = splitDataset(drawDigits({ train: 600, test: 20 }), 1);

const LAYERS = (last: string, inputShape = 'inputShape'): string => `
  export function createModel({ tf, inputShape, classes, seed }) {
    const glorot = () => tf.initializers.glorotUniform({ seed });
    const model = tf.sequential();
    model.add(tf.layers.conv2d({ inputShape: ${inputShape}, filters: 4, kernelSize: 5, strides: 2, activation: 'relu', kernelInitializer: glorot() }));
    model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
    model.add(tf.layers.flatten());
    model.add(tf.layers.dense({ ${last}, kernelInitializer: glorot() }));
    return model;
  }`;

function load(name: string, text: string): Promise<Model> {
  const path = join(folder, `${name}.mjs`);
  writeFileSync(path, text);
  return createModel(path, { ...data, seed: 1 });
}

const models = suite('a user’s own model');

models('a LayersModel trains on wasm, convolution included, and leaves nothing behind', async () => {
  const run = async () => {
    const model = await load('good', LAYERS('units: classes'));
    const before = tf.memory().numTensors;
    const result = await trainModel({
      model,
      loss: crossEntropy(),
      data,
      steps: 150,
      batchSize: 50,
      optimizer: { kind: 'momentum', learningRate: 0.1 },
      seed: 1,
    });
    assert.is(tf.memory().numTensors, before);
    model.dispose();
    return result;
  };
  const [one, same] = [await run(), await run()];
  assert.ok(one.validationValue! > 0.4, `accuracy ${one.validationValue}`);
  assert.equal(same.lossCurve, one.lossCurve);
});

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['softmax at the end', LAYERS("units: classes, activation: 'softmax'"), /ends in softmax/],
  ['wrong output', LAYERS('units: 7'), /gives \[7\] for each example; the data asks for 10/],
  ['wrong input', LAYERS('units: classes', '[20, 20, 1]'), /takes \[20, 20, 1\]; the data has \[28, 28, 1\]/],
  ['no model', 'export function createModel() { return 3; }', /does not return a tf\.LayersModel/],
  ['no function', 'export const model = 1;', /exports no function "createModel"/],
  ['throws', 'export function createModel() { throw new Error("no idea"); }', /failed: no idea/],
];

for (const [name, text, pattern] of BAD) {
  models(`${name}: one clear error`, async () => {
    try {
      await load(name.replaceAll(' ', '-'), text);
    } catch (thrown) {
      assert.match((thrown as Error).message, pattern);
      return;
    }
    assert.unreachable();
  });
}

/** Models that can be made and cannot be trained. */
const BROKEN_IN_TRAINING: readonly (readonly [string, string, RegExp])[] = [
  ['throws when applied', "() => { throw new Error('apply broke'); }", /failed: apply broke/],
  ['gives another rank', '(x, o) => tf.expandDims(apply(x, o), 0)', /gives float32 \[1, 5, 10\] for a batch/],
  ['gives another type', '(x, o) => tf.cast(apply(x, o), "int32")', /gives int32 \[5, 10\] for a batch/],
  ['gives no tensor', '() => undefined', /gives no tensor for a batch/],
];

for (const [what, change, pattern] of BROKEN_IN_TRAINING) {
  models(`a model that ${what}: one sentence`, async () => {
    const model = await load(
      what.replaceAll(' ', '-'),
      `export function createModel({ tf, inputShape, classes }) {
        const model = tf.sequential({ layers: [tf.layers.flatten({ inputShape }), tf.layers.dense({ units: classes })] });
        const apply = model.apply.bind(model);
        model.apply = ${change};
        return model;
      }`,
    );
    const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
    const options = { model, loss: crossEntropy(), data, steps: 1, batchSize: 5, optimizer, seed: 1 };
    const thrown = await trainModel(options).then(
      () => undefined,
      (error: unknown) => error,
    );
    assert.instance(thrown, RunError);
    assert.match((thrown as RunError).message, pattern);
    model.dispose();
  });
}

const UNSEEDED = `
  export function createModel({ tf, inputShape, classes }) {
    return tf.sequential({ layers: [
      tf.layers.flatten({ inputShape }),
      tf.layers.dense({ units: 8, activation: 'relu', kernelInitializer: 'heNormal' }),
      tf.layers.dropout({ rate: 0.5 }),
      tf.layers.dense({ units: classes }),
    ] });
  }`;

models('weights and dropout without a seed are drawn from the seed of the run', async () => {
  const run = async (seed: number) => {
    const path = join(folder, 'unseeded.mjs');
    writeFileSync(path, UNSEEDED);
    const model = await createModel(path, { ...data, seed });
    const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
    const options = { model, loss: crossEntropy(), data, steps: 20, batchSize: 20, optimizer, seed: 1 };
    const { lossCurve } = await trainModel(options);
    model.dispose();
    return lossCurve;
  };
  const one = await run(1);
  assert.equal(await run(1), one);
  assert.not.equal(await run(2), one);
});

models('a model that is another one each time is refused', async () => {
  const text = `import { randomBytes } from 'node:crypto';
    export function createModel({ tf, inputShape, classes }) {
      const kernelInitializer = tf.initializers.constant({ value: randomBytes(4).readUInt32LE() / 2 ** 32 });
      return tf.sequential({ layers: [
        tf.layers.flatten({ inputShape }), tf.layers.dense({ units: classes, kernelInitializer }),
      ] });
    }`;
  const before = tf.memory().numTensors;
  const thrown = await load('by-chance', text).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.instance(thrown, RunError);
  assert.match((thrown as RunError).message, /has different initial weights each time it is created/);
  assert.is(tf.memory().numTensors, before);
});

models('a model of which nothing can be trained is refused', async () => {
  const text = LAYERS('units: classes').replace('return model;', 'model.trainable = false; return model;');
  const thrown = await load('frozen', text).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.match(String(thrown), /has no weights that can be trained/);
});

models('layers and batches that no tensor can hold are refused before they are filled', async () => {
  const sizes = { ...data, seed: 1 };
  const big = await createModel('mlp', sizes, { hidden: [1_000_000_000] }).then(() => '', String);
  assert.match(big, /a layer with weights .* of 784 x 1000000000 numbers would take 2920\.6 GiB/);
  const model = await createModel('mlp', sizes, { hidden: [2] });
  const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
  const options = { model, loss: crossEntropy(), data, steps: 1, batchSize: 1e8, optimizer, seed: 1 };
  const refused = await trainModel(options).then(() => '', String);
  assert.match(refused, /a batch of 100000000 x 28 x 28 x 1 numbers would take 292\.1 GiB/);
  model.dispose();
});

models('unknown models, and images that are none, are refused', async () => {
  const message = async (name: string, inputShape: readonly number[]): Promise<string> =>
    createModel(name, { inputShape, outputs: 2, seed: 1 }).then(
      () => '',
      (thrown: Error) => thrown.message,
    );
  assert.is(await message('rsnet', [4, 4, 1]), 'there is no model "rsnet"');
  assert.match(await message('resnet', [4]), /takes images; the data's inputs are \[4\]/);
});

models('no kernel is missing on wasm for any model', () => {
  for (const name of ['mlp', 'glo-mnist', 'allcnn-c', 'resnet']) assert.equal(missingKernels(name), []);
});

models.after(() => {
  backend.release();
  rmSync(folder, { recursive: true, force: true });
});
models.run();
