/** A loss as a function of tensors in one call, as a program uses it. */
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { LossError, readLossFile } from '../src/index.js';
import { lossFunction, openBackend } from '../src/training.js';
import { scratch } from './helpers/command-line.js';

const functions = suite('lossFunction');
await openBackend({ name: 'cpu' });

const SQUARED =
  'loss squared(target: real, prediction: real; scale: positive = 1) = scale * (prediction - target)^2';
const target = tf.tensor1d([0, 0]);
const prediction = tf.tensor1d([1, 3]);
const numbers = (tensor: tf.Tensor): number[] => [...tensor.dataSync()];

functions('a text is a function with reduction and parameters', () => {
  const squared = lossFunction(SQUARED);
  assert.equal(squared.inputs, ['target', 'prediction']);
  assert.equal(squared.parameters, ['scale']);
  assert.equal(numbers(squared(target, prediction)), [5]);
  assert.equal(numbers(squared(target, prediction, { reduction: 'sum', scale: 2 })), [20]);
  assert.equal(numbers(squared.perExample!(target, prediction)), [1, 9]);
});

functions('its gradient is there for TensorFlow.js, and without a tape', () => {
  const squared = lossFunction(SQUARED);
  assert.equal(numbers(tf.grad((x) => squared(target, x))(prediction)), [1, 3]);
  const { value, gradients } = squared.gradients(target, prediction);
  assert.equal(numbers(value), [5]);
  assert.equal(numbers(gradients['prediction']!), [1, 3]);
  assert.equal(numbers(gradients['scale']!), [5]);
});

functions('a standard loss by its name, from logits', () => {
  const entropy = lossFunction('std/cross_entropy', { fromLogits: true });
  const value = numbers(entropy(tf.tensor1d([0], 'int32'), tf.tensor2d([[0, 0]])))[0]!;
  assert.ok(Math.abs(value - Math.log(2)) < 1e-6, String(value));
});

functions('a file, and one loss of several', () => {
  const folder = scratch({
    'two.loss': `${SQUARED}\nloss off(target: real, prediction: real) = abs(prediction - target)\n`,
  });
  const two = readLossFile(`${folder}/two.loss`);
  assert.equal(numbers(lossFunction(two, { loss: 'off' })(target, prediction)), [2]);
  assert.throws(
    () => lossFunction(two),
    'lossFunction: the text has several losses: say which with { loss }, one of squared, off',
  );
  assert.throws(
    () => lossFunction(two, { loss: 'of' }),
    'lossFunction: the text has no loss "of"; it has squared, off',
  );
});

functions('a text with mistakes throws its diagnostics', () => {
  assert.throws(
    () => lossFunction('loss a(target: real, prediction: real) = target - predicton'),
    (thrown: unknown) =>
      thrown instanceof LossError && thrown.diagnostics.some(({ code }) => code === 'L201'),
  );
});

/** As it is called where no compiler looks. */
const call = lossFunction as unknown as (...given: readonly unknown[]) => unknown;
for (const [given, message] of [
  [
    [undefined],
    'lossFunction: source must be the text of a loss, "std/NAME" or { name, text }, not undefined',
  ],
  [
    ['mine.loss'],
    'lossFunction: source must be the text of a loss, "std/NAME" or { name, text }, not the text "mine.loss": lossFunction(readLossFile("mine.loss")) takes a file',
  ],
  [['fn f(x) = x'], 'lossFunction: the text declares no loss, such as "loss NAME(…) = …"'],
  [
    [SQUARED, { logits: true }],
    'compileLoss: there is no option "logits"; it takes fromLogits, guards, plainMean, onPass',
  ],
] as const)
  functions(`wrong use says what was expected: ${message}`, () => {
    assert.throws(() => call(...given), message);
  });

functions.run();
