import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
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
  assert.ok(one.validationAccuracy! > 0.4, `accuracy ${one.validationAccuracy}`);
  assert.equal(same.lossCurve, one.lossCurve);
});

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['softmax at the end', LAYERS("units: classes, activation: 'softmax'"), /ends in softmax/],
  ['wrong output', LAYERS('units: 7'), /gives \[7\] for each example; the data has 10 classes/],
  ['wrong input', LAYERS('units: classes', '[20, 20, 1]'), /takes \[20, 20, 1\]; the data has \[28, 28, 1\]/],
  ['no model', 'export function createModel() { return 3; }', /answers no tf\.LayersModel/],
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

models('unknown models, and images that are none, are refused', async () => {
  const message = async (name: string, inputShape: readonly number[]): Promise<string> =>
    createModel(name, { inputShape, classes: 2, seed: 1 }).then(
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
