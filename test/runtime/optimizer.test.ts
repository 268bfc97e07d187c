import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBackend } from '../../src/runtime/backend.js';
import { learningRateAt, parseDecay } from '../../src/runtime/learning-rate.js';
import { createParameter } from '../../src/runtime/models/initialise.js';
import { createOptimizer, OPTIMIZER_KINDS, type OptimizerSettings } from '../../src/runtime/optimizer.js';
import { normals } from '../helpers/backends.js';
import { assertClose } from '../helpers/close.js';

const backend = await openBackend({ name: 'wasm' });
const optimizers = suite('optimizers');

/** The optimizers once more, in float64 and one number at a time. */
function reference(settings: OptimizerSettings, start: number, gradients: readonly number[]): number {
  const { kind, learningRate: rate, momentum = 0.9, beta1 = 0.9, beta2 = 0.999, weightDecay = 0 } = settings;
  let [w, v, m, s] = [start, 0, 0, 0];
  for (const [index, gradient] of gradients.entries()) {
    const g = gradient + weightDecay * w;
    if (kind === 'sgd') w -= rate * g;
    if (kind === 'momentum') {
      v = momentum * v + g;
      w -= rate * v;
    }
    if (kind === 'adam') {
      m = beta1 * m + (1 - beta1) * g;
      s = beta2 * s + (1 - beta2) * g * g;
      const [mHat, sHat] = [m / (1 - beta1 ** (index + 1)), s / (1 - beta2 ** (index + 1))];
      w -= (rate * mHat) / (Math.sqrt(sHat) + 1e-8);
    }
  }
  return w;
}

for (const name of ['wasm', 'cpu']) {
  for (const kind of OPTIMIZER_KINDS) {
    for (const weightDecay of [0, 0.1]) {
      optimizers(`${kind} on ${name} with weight decay ${weightDecay} follows its formula`, async () => {
        await tf.setBackend(name);
        const before = tf.memory().numTensors;
        const settings: OptimizerSettings = { kind, learningRate: 0.1, weightDecay, momentum: 0.8 };
        // Seven numbers: a vector of four and a rest of three.
        const start = normals([7], 1);
        const gradients = [2, 3, 4, 5].map((seed) => normals([7], seed));
        const parameter = createParameter('w', tf.tensor1d(start));
        const optimizer = createOptimizer(settings);
        for (const gradient of gradients) optimizer.apply([parameter], [tf.tensor1d(gradient)]);
        const expected = [...start].map((w, i) =>
          reference(
            settings,
            w,
            gradients.map((gradient) => gradient[i]!),
          ),
        );
        assertClose(parameter.value.dataSync() as Float32Array, expected, 1e-5);
        optimizer.dispose();
        parameter.value.dispose();
        assert.is(tf.memory().numTensors, before);
      });
    }
  }
}

/** The backend keeps packed weights: a product after an update in place must see the new ones. */
optimizers('products after an update in place use the new values', async () => {
  await tf.setBackend('wasm');
  const weights = createParameter('w', tf.ones([6, 3]));
  const optimizer = createOptimizer({ kind: 'sgd', learningRate: 1 });
  const input = tf.ones([2, 6]);
  const product = (): number => tf.tidy(() => tf.matMul(input, weights.value as tf.Tensor2D).dataSync()[0]!);
  const separable = (): number =>
    tf.tidy(() => {
      const filter = tf.reshape(weights.value, [1, 1, 6, 3]) as tf.Tensor4D;
      return tf.depthwiseConv2d(tf.ones([1, 2, 2, 6]) as tf.Tensor4D, filter, 1, 'valid').dataSync()[0]!;
    });
  assert.equal([product(), separable()], [6, 1]);
  optimizer.apply([weights], [tf.fill([6, 3], -1)]);
  assert.equal([product(), separable()], [12, 2]);
  tf.dispose([input, weights.value]);
});

optimizers('a negative or infinite learning rate is refused', () => {
  for (const learningRate of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(() => createOptimizer({ kind: 'sgd', learningRate }), /learning rate must be/);
  }
});
optimizers.after(() => backend.release());
optimizers.run();

const rates = suite('learning-rate schedules');

rates('fall as they say', () => {
  const at = (text: string, step: number): number => learningRateAt(step, 2, parseDecay(text, 100));
  assert.is(at('constant', 50), 2);
  assertClose(at('cosine', 0), 2, 1e-12);
  assertClose(at('cosine', 50), 1, 1e-12);
  assertClose(at('cosine', 100), 0, 1e-12);
  assertClose(at('cosine', 200), 0, 1e-12);
  assertClose(at('exponential=0.5/10', 30), 0.25, 1e-12);
  assertClose(
    [0, 9, 10, 19, 20].map((step) => at('steps=0.1@10,20', step)),
    [2, 2, 0.2, 0.2, 0.02],
    1e-12,
  );
});

rates('anything else is refused', () => {
  for (const text of ['', 'linear', 'exponential=0.5', 'steps=0.1@', 'exponential=0/5', 'cosine=3']) {
    assert.throws(() => parseDecay(text, 100), /unknown learning-rate decay/, text);
  }
});
rates.run();
