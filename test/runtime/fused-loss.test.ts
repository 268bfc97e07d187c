import { existsSync, readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { lossesOf } from '../../compiler/resolve/program.js';
import { openBackend } from '../../src/runtime/backend.js';
import { fusedLoss } from '../../src/runtime/fused-loss.js';
import { loadModule } from '../../src/runtime/load.js';
import { trainingLoss } from '../../src/runtime/loss.js';
import { classification } from '../../src/runtime/tasks/learning.js';
import { normals } from '../helpers/backends.js';
import { assertClose } from '../helpers/close.js';
import { compiledText, corpus } from '../helpers/corpus.js';

await openBackend({ name: 'wasm' });

const fused = suite('losses for training, fused');

const named = (name: string) => lossesOf(corpus).find((decl) => decl.name.name === name)!;

/** The same by TensorFlow.js operators. */
function byOperators(name: string, target: tf.Tensor, output: tf.Tensor) {
  const compiled = compileLoss(corpus, named(name), { fromLogits: true, plainMean: true });
  const { value, gradients } = loadModule(tf, emitModule(compiled)).valueAndGradients([target, output], {});
  return { value, gradient: Object.values(gradients)[0]! };
}

/** As numbers: on wasm `tf.oneHot` gives whole numbers, whatever it is asked for. */
const labels = (batch: number, classes: number): tf.Tensor =>
  tf.tensor2d(
    Array.from({ length: batch }, (_, i) =>
      Array.from({ length: classes }, (_, j) => (j === (i * 7) % classes ? 1 : 0)),
    ),
  );

for (const place of ['cpu', 'wasm']) {
  fused(`${place}: value and gradient are those of the operators, and nothing else stays`, async () => {
    await tf.setBackend(place);
    for (const name of ['cross_entropy', 'focal', 'baikal', 'baikal_cma', 'gce', 'mse', 'huber']) {
      const [target, output] = [labels(13, 7), tf.tensor(normals([13, 7], 3), [13, 7])];
      const loss = trainingLoss(tf, corpus, named(name), classification(7));
      const before = tf.memory().numTensors;
      const { value, gradient } = loss.valueAndGradient(target, output);
      assert.is(tf.memory().numTensors, before + 2, name);
      assert.equal(gradient.shape, [13, 7]);
      const expected = byOperators(name, target, output);
      assertClose(value.dataSync(), expected.value.dataSync(), 1e-5, `${name}, value`);
      assertClose(gradient.dataSync(), expected.gradient.dataSync(), 1e-5, `${name}, gradient`);
      // The gradient is a tensor like any other.
      assertClose(tf.mul(gradient, 2).dataSync(), tf.mul(expected.gradient, 2).dataSync(), 1e-5, name);
      tf.dispose([target, output, value, gradient, expected.value, expected.gradient]);
      loss.dispose();
    }
  });

  fused(`${place}: labels and shapes that do not fit are left to the operators`, async () => {
    await tf.setBackend(place);
    const loss = trainingLoss(tf, corpus, named('cross_entropy'), classification(3));
    const output = tf.tensor2d([
      [2, 1, 0],
      [0, 3, 1],
    ]);
    const rows = loss.valueAndGradient(
      tf.tensor2d([
        [1, 0, 0],
        [0, 0, 1],
      ]),
      output,
    );
    const same = loss.valueAndGradient(tf.tensor1d([0, 2], 'int32'), output);
    assertClose(same.value.dataSync(), rows.value.dataSync());
    assertClose(same.gradient.dataSync(), rows.gradient.dataSync());
    assert.throws(() => loss.valueAndGradient(tf.ones([2, 4]), output), /cross_entropy/);
  });
}

fused('wasm: the same bits each time, whatever was worked out between', async () => {
  await tf.setBackend('wasm');
  const [target, output] = [labels(50, 10), tf.tensor(normals([50, 10], 3), [50, 10])];
  const loss = trainingLoss(tf, corpus, named('focal'), classification(10));
  const bits = (): number[] => {
    const { value, gradient } = loss.valueAndGradient(target, output);
    return [...value.dataSync(), ...gradient.dataSync()];
  };
  const first = bits();
  const other = [labels(9, 3), tf.tensor(normals([9, 3], 4), [9, 3])] as const;
  tf.dispose(loss.valueAndGradient(...other));
  tf.dispose(trainingLoss(tf, corpus, named('baikal'), classification(10)).valueAndGradient(target, output));
  assert.equal(bits(), first);
});

const alone = (text: string) => fusedLoss(tf, compiledText(text, { fromLogits: true, plainMean: true }), {})!;

fused('wasm: an operator without a form for four numbers is worked out all the same', async () => {
  await tf.setBackend('wasm');
  const loss = alone('loss l(target: real, prediction: real) = erf(prediction - target)^2');
  const { value, gradient } = loss(tf.tensor1d([0, 1, 2]), tf.tensor1d([0.5, 1, 1.5]))!;
  // erf(0.5)^2 and 4 erf(0.5) exp(-0.25) / sqrt(pi), by Python's math module, over three items.
  assertClose(value.dataSync(), [0.180613415], 1e-6);
  assertClose(gradient.dataSync(), [0.304937483, 0, -0.304937483], 1e-6);
});

fused('wasm: numbers that float32 does not hold are worked out in float64', async () => {
  await tf.setBackend('wasm');
  const loss = alone(
    'loss l(target: real, prediction: real) = 1e60 * (1e-60 * (prediction - target)) ^ 2 * 1e60',
  );
  const { value, gradient } = loss(tf.tensor1d([0, 1]), tf.tensor1d([2, 1]))!;
  assertClose(value.dataSync(), [2], 1e-6);
  assertClose(gradient.dataSync(), [2, 0], 1e-6);
});

/** Places where the process has memory, where the system tells; a module that is alive has about two. */
const memoryMaps = (): number =>
  existsSync('/proc/self/maps') ? readFileSync('/proc/self/maps', 'utf8').split('\n').length : 0;

async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Code is freed a while after the instances that ran it.
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

fused('wasm: losses that are gone leave nothing behind', async () => {
  await tf.setBackend('wasm');
  const [target, output] = [labels(4, 3), tf.tensor(normals([4, 3], 3), [4, 3])];
  const compiled = compileLoss(corpus, named('focal'), { fromLogits: true, plainMean: true });
  const tensors = tf.memory().numTensors;
  const count = 1000;
  const mapsAfterMore = async (): Promise<number> => {
    for (let i = 0; i < count; i++) {
      const { value, gradient } = fusedLoss(tf, compiled, { gamma: 1 + i / count })!(target, output)!;
      tf.dispose([value, gradient]);
    }
    await collectGarbage();
    return memoryMaps();
  };
  // Some places are kept to be used again: as many as the first thousand needed.
  const first = await mapsAfterMore();
  const second = await mapsAfterMore();
  assert.is(tf.memory().numTensors, tensors);
  assert.ok(second - first < count / 4, `${second - first} more memory maps`);
});

fused('a parameter outside its domain is an error before anything runs', () => {
  assert.throws(
    () => trainingLoss(tf, corpus, named('focal'), classification(3), { gamma: -1 }),
    'focal: gamma = -1 is not nonnegative',
  );
  assert.throws(
    () => trainingLoss(tf, corpus, named('focal'), classification(3), { alpha: [0.5, 2, 0.5] }),
    'focal: alpha = 2 is not unit',
  );
});

fused.run();
