/** `lossc/wasm-training` as another user of TensorFlow.js meets it: no lossc but these kernels. */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { registerWasmTrainingKernels } from '../../src/runtime/kernels/index.js';
import { normals } from '../helpers/backends.js';

tf.enableProdMode();
setWasmPaths(join(dirname(createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')), sep));
await tf.setBackend('wasm');

function convolutionalModel(): tf.Sequential {
  const kernelInitializer = tf.initializers.glorotUniform({ seed: 1 });
  const depthwiseInitializer = tf.initializers.glorotUniform({ seed: 2 });
  const model = tf.sequential();
  model.add(
    tf.layers.conv2d({
      inputShape: [8, 8, 2],
      filters: 4,
      kernelSize: 3,
      activation: 'relu',
      kernelInitializer,
    }),
  );
  model.add(tf.layers.depthwiseConv2d({ kernelSize: 3, padding: 'same', depthwiseInitializer }));
  model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
  model.add(tf.layers.flatten());
  model.add(tf.layers.dense({ units: 1, kernelInitializer }));
  model.compile({ optimizer: tf.train.sgd(0.02), loss: 'meanSquaredError' });
  return model;
}

const alone = suite('kernels alone');
const inputs = tf.tensor(normals([32, 8, 8, 2], 1), [32, 8, 8, 2]);
const targets = tf.tidy(() => tf.mean(inputs, [1, 2, 3]).reshape([32, 1]).mul(10));

alone('model.fit of a convolutional network fails without them and learns with them', async () => {
  const fit = async (): Promise<readonly number[]> => {
    const model = convolutionalModel();
    const { history } = await model.fit(inputs, targets, {
      epochs: 12,
      batchSize: 16,
      shuffle: false,
      verbose: 0,
    });
    model.dispose();
    return history['loss'] as number[];
  };
  const failed = await fit().then(
    () => '',
    (thrown: Error) => thrown.message,
  );
  assert.match(failed, /not registered|not found/);
  const unregister = registerWasmTrainingKernels();
  const losses = await fit();
  assert.ok(losses.at(-1)! < losses[0]! / 3, losses.join(' '));
  unregister();
  const again = await fit().then(
    () => '',
    (thrown: Error) => thrown.message,
  );
  assert.is(again, failed);
});

alone('an embedding learns: the gradient of gathering', async () => {
  const unregister = registerWasmTrainingKernels();
  const table = tf.variable(tf.zeros([5, 3]));
  const optimizer = tf.train.sgd(0.5);
  const before = tf.memory().numTensors;
  for (let step = 0; step < 20; step++) {
    optimizer.minimize(() => {
      const rows = tf.gather(table, tf.tensor1d([1, 3, 3], 'int32'));
      return tf.mean(tf.square(tf.sub(rows, 2))) as tf.Scalar;
    });
  }
  assert.is(tf.memory().numTensors, before);
  const values = table.arraySync() as number[][];
  assert.equal(values[0], [0, 0, 0]);
  assert.ok(Math.abs(values[3]![0]! - 2) < 0.2, `row 3: ${values[3]}`);
  table.dispose();
  unregister();
});

alone.run();
