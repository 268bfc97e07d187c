import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { lossesOf } from '../../compiler/resolve/program.js';
import { openBackend } from '../../src/runtime/backend.js';
import { loadModule } from '../../src/runtime/load.js';
import { trainingLoss } from '../../src/runtime/loss.js';
import { classification } from '../../src/runtime/tasks/learning.js';
import { normals } from '../helpers/backends.js';
import { assertClose } from '../helpers/close.js';
import { corpus } from '../helpers/corpus.js';

await openBackend({ name: 'wasm' });

const fused = suite('losses for training, fused');

const named = (name: string) => lossesOf(corpus).find((decl) => decl.name.name === name)!;

/** The same by TensorFlow.js operators. */
function byOperators(name: string, target: tf.Tensor, output: tf.Tensor) {
  const compiled = compileLoss(corpus, named(name), { fromLogits: true, plainMean: true });
  const { value, gradients } = loadModule(tf, emitModule(compiled)).valueAndGradients([target, output], {});
  return { value, gradient: Object.values(gradients)[0]! };
}

const labels = (batch: number, classes: number): tf.Tensor =>
  tf.oneHot(
    tf.tensor1d(
      Array.from({ length: batch }, (_, i) => (i * 7) % classes),
      'int32',
    ),
    classes,
    1,
    0,
    'float32',
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
