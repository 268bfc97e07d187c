import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBackend } from '../../src/runtime/backend.js';
import { splitDataset } from '../../src/runtime/data/dataset.js';
import { drawDigits } from '../../src/runtime/data/digits.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import { type TrainingOptions, trainModel } from '../../src/runtime/train.js';
import { crossEntropy, scriptedLoss } from '../helpers/losses.js';

const backend = await openBackend({ name: 'wasm' });
const { search: data } = splitDataset(drawDigits({ train: 1200, test: 100 }), 1);

async function train(options: Partial<TrainingOptions> = {}) {
  const model = createMlp({ ...data, seed: 1 }, [32]);
  try {
    return await trainModel({
      model,
      loss: crossEntropy(),
      data,
      steps: 100,
      batchSize: 50,
      optimizer: { kind: 'sgd', learningRate: 0.3 },
      seed: 1,
      ...options,
    });
  } finally {
    model.dispose();
  }
}

const training = suite('training');

training('learns', async () => {
  const result = await train({ steps: 300 });
  assert.is(result.steps, 300);
  assert.ok(result.validationValue! > 0.6, `accuracy ${result.validationValue}`);
  assert.is(result.stoppedAt, undefined);
  assert.ok(result.lossCurve.at(-1)!.value < result.lossCurve[0]!.value / 2);
});

training('gives the same run for the same seed, and another for another', async () => {
  const [one, same, other] = [await train(), await train(), await train({ seed: 2 })];
  assert.equal(same.lossCurve, one.lossCurve);
  assert.equal(same.curve, one.curve);
  assert.not.equal(other.lossCurve, one.lossCurve);
});

for (const kind of ['sgd', 'momentum', 'adam'] as const) {
  training(`leaves no tensor behind with ${kind}`, async () => {
    const before = tf.memory();
    const result = await train({ optimizer: { kind, learningRate: 0.01 }, steps: 200 });
    assert.is(result.steps, 200);
    assert.is(tf.memory().numTensors, before.numTensors);
    assert.is(tf.memory().numBytes, before.numBytes);
  });
}

for (const [value, reason] of [
  [Number.NaN, 'not a number'],
  [Number.POSITIVE_INFINITY, 'infinity'],
] as const) {
  training(`stops when the loss is ${value} and says at which step`, async () => {
    const before = tf.memory().numTensors;
    const result = await train({ loss: scriptedLoss([1, 1, 1, value, 1]) });
    assert.equal(result.stoppedAt, { step: 4, reason });
    assert.is(result.validationValue, 0);
    assert.is(tf.memory().numTensors, before);
  });
}

training('stops when the parameters are no longer finite although the loss is', async () => {
  const result = await train({
    loss: {
      ...scriptedLoss([1]),
      valueAndGradient: (_, output) => ({
        value: tf.scalar(1),
        gradient: tf.fill(output.shape, Number.NaN),
      }),
    },
  });
  assert.is(result.stoppedAt?.reason, 'not a number');
  assert.is(result.validationValue, 0);
});

for (const [what, broken, pattern] of [
  [
    'throws',
    (): never => {
      throw new Error('no such loss');
    },
    /no such loss/,
  ],
  [
    'gives a gradient of another shape',
    () => ({ value: tf.scalar(1), gradient: tf.ones([3]) }),
    /gives a gradient of float32 \[3\] for an output of float32 \[50, 10\]/,
  ],
] as const) {
  training(`a loss that ${what} is an error that leaves nothing behind`, async () => {
    const before = tf.memory().numTensors;
    const failed = await train({ loss: { ...scriptedLoss([1]), valueAndGradient: broken } }).then(
      () => '',
      String,
    );
    assert.match(failed, pattern);
    assert.is(tf.memory().numTensors, before);
  });
}

training('ends within a moment of an abort, with what is known', async () => {
  const controller = new AbortController();
  const result = await train({
    steps: 1_000_000,
    evaluateEvery: 20,
    signal: controller.signal,
    onProgress: ({ step }) => {
      if (step >= 40) controller.abort();
    },
  });
  assert.is(result.stoppedAt?.reason, 'aborted');
  assert.ok(result.steps >= 40 && result.steps < 100_000);
  assert.ok(result.curve.length >= 2);
  assert.ok(result.validationValue! > 0);
});

training('an abort before the first look at validation data gives no accuracy', async () => {
  const controller = new AbortController();
  const result = await train({
    steps: 1_000_000,
    signal: controller.signal,
    onProgress: () => controller.abort(),
  });
  assert.is(result.stoppedAt?.reason, 'aborted');
  assert.is(result.validationValue, undefined);
});

training('the loss curve goes to the last step', async () => {
  const whole = await train({ steps: 450 });
  assert.equal([whole.lossCurve[0]!.step, whole.lossCurve.at(-1)!.step], [2, 450]);
  const broken = await train({ steps: 1000, loss: scriptedLoss([2, 4, 6, 8, Number.NaN]) });
  assert.equal(broken.lossCurve, [{ step: 4, value: 5 }]);
});

training('looks where asked, and gives up where told', async () => {
  const result = await train({
    evaluateAt: [10, 30],
    evaluateEvery: 40,
    continueAfter: ({ step }) => step < 40,
  });
  assert.equal(
    result.curve.map(({ step }) => step),
    [10, 30, 40],
  );
  assert.equal(result.stoppedAt, { step: 40, reason: 'given up' });
});

training('refuses a model that does not fit the data', async () => {
  const model = createMlp({ inputShape: [4, 4, 1], outputs: 3, seed: 1 });
  try {
    await train({ model });
    assert.unreachable();
  } catch (thrown) {
    assert.match(
      String(thrown),
      'takes [4, 4, 1] and gives 3 numbers; the data "digits" has [28, 28, 1] and asks for 10',
    );
  } finally {
    model.dispose();
  }
});

training.after(() => backend.release());
training.run();
