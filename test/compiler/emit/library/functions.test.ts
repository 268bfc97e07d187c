/** The functions that emitted modules carry along, called as they are. */
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  logSoftmaxAlong,
  logSumExp,
  lookUp,
  matrixProduct,
  reduced,
} from '../../../../compiler/emit/library/axes.js';
import { erfOf } from '../../../../compiler/emit/library/error-function.js';
import {
  bothCounts,
  labelCounts,
  labelsOf,
  oneHotRows,
  soundRows,
} from '../../../../compiler/emit/library/labels.js';
import {
  choose,
  commonShape,
  extreme,
  log1p,
  power,
  softplus,
  spread,
  xlogy,
} from '../../../../compiler/emit/library/operators.js';
import * as counted from '../../../../compiler/emit/library/reductions-counted.js';
import * as plain from '../../../../compiler/emit/library/reductions-plain.js';
import {
  agreedItems,
  checkOptions,
  checkParameter,
  entry,
  merged,
  parameterTensor,
  shapeOf,
} from '../../../../compiler/emit/library/runtime.js';
import { erf, lgamma, lgammaOf, polygamma, polygammaOf } from '../../../../compiler/emit/library/special.js';
import { type Backend, openBackend } from '../../../../src/runtime/backend.js';
import { assertClose } from '../../../helpers/close.js';

const functions = suite('functions of the library');
let backend: Backend;

functions.before(async () => {
  backend = await openBackend({ name: 'cpu' });
});

const numbers = (x: tf.Tensor): number[] => Array.from(x.dataSync());

functions('special functions of numbers are right to 14 digits', () => {
  // Abramowitz and Stegun, tables 7.1, 6.1, 6.2.
  assertClose(erfOf(0.5), 0.5204998778130465, 1e-15);
  assertClose(erfOf(2), 0.9953222650189527, 1e-15);
  assertClose(erfOf(4.9), 0.999999999995781, 1e-15);
  assertClose(erfOf(-3), -0.9999779095030014, 1e-15);
  assertClose(lgammaOf(0.5), 0.5723649429247001, 1e-14);
  assertClose(lgammaOf(10.5), 13.940625219403763, 1e-14);
  assertClose(polygammaOf(0, 1), -0.5772156649015329, 1e-14);
  assertClose(polygammaOf(1, 1), Math.PI ** 2 / 6, 1e-14);
  assert.is(lgammaOf(1), 0);
});

functions('special functions of tensors are those of numbers, rounded to float32', () => {
  const points = [0.1, 0.7, 1.5, 2.4, 3.3, 7.9, 8.1, 25];
  for (const [tensor, number] of [
    [erf, erfOf],
    [lgamma, lgammaOf],
    [(x: tf.Tensor) => polygamma(0, x), (x: number) => polygammaOf(0, x)],
    [(x: tf.Tensor) => polygamma(2, x), (x: number) => polygammaOf(2, x)],
  ] as const) {
    numbers(tensor(tf.tensor1d(points))).forEach((value, i) => {
      const wanted = number(points[i]!);
      assertClose(value, wanted, 2e-6 * Math.max(1, Math.abs(wanted)));
    });
  }
});

functions('logarithms and exponentials keep their digits at both ends', () => {
  assert.equal(
    numbers(softplus(tf.tensor1d([-100, 0, 100]))).map((x) => x.toPrecision(6)),
    ['3.78351e-44', '0.693147', '100.000'],
  );
  assertClose(numbers(log1p(tf.tensor1d([1e-7])))[0]!, 1e-7, 1e-13);
  assert.equal(numbers(xlogy(tf.tensor1d([0, 1]), tf.tensor1d([0, 1]))), [0, 0]);
  assert.equal(
    numbers(logSumExp(tf.tensor2d([[0, 0, -Infinity]]), [1])).map((x) => x.toFixed(6)),
    ['0.693147'],
  );
  assert.equal(
    numbers(logSoftmaxAlong(tf.tensor2d([[0], [0]]), 0)).map((x) => x.toFixed(6)),
    ['-0.693147', '-0.693147'],
  );
});

functions('a NaN is not lost, and a choice takes nothing of the other side', () => {
  assert.ok(Number.isNaN(numbers(extreme(tf.maximum, tf.tensor1d([1]), tf.tensor1d([NaN])))[0]!));
  assert.equal(numbers(choose(tf.tensor1d([1, 0], 'bool'), 0, tf.tensor1d([Infinity, 2]))), [0, 2]);
  assert.equal(numbers(power(tf.tensor1d([-2]), 5)), [-32]);
});

functions('nothing is at a loss over nothing', () => {
  const none = tf.zeros([0, 3]);
  assert.equal(numbers(reduced(tf.sum, none, 0)), [0, 0, 0]);
  assert.equal(numbers(reduced(tf.max, none, 0, -Infinity)), [-Infinity, -Infinity, -Infinity]);
  assert.equal(matrixProduct(none, tf.zeros([3, 2])).shape, [0, 2]);
  assert.equal(numbers(matrixProduct(tf.zeros([2, 0]), tf.zeros([0, 1]))), [0, 0]);
});

functions('shapes: spread, common, merged, agreed, and refused with the name of the input', () => {
  assert.equal(spread(3, [2, 2]).shape, [2, 2]);
  assert.equal(commonShape([tf.zeros([2, 1]), 3, tf.zeros([1, 4])]), [2, 4]);
  assert.equal(merged('x', [2, 3, 4, 5], 1, 1), [2, 12, 5]);
  assert.equal(
    agreedItems([
      ['x', [4]],
      ['y', [4, 1]],
    ]),
    [4],
  );
  assert.throws(
    () =>
      agreedItems([
        ['x', [4]],
        ['y', [5]],
      ]),
    /items are \[4\] in x, \[5\] in y/,
  );
  assert.throws(() => shapeOf('x', [2, 3], [-1, 4]), /x has dimensions \[2, 3\] where \[any, 4\] is needed/);
});

functions('positions outside give 0', () => {
  const x = tf.tensor2d([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  assert.equal(numbers(lookUp(x, 1, tf.tensor2d([[2], [7]]))), [3, 0]);
  assert.equal(entry([1, 2], 2, 3), 0);
  assert.equal(entry(5, 1, 2), 5);
});

functions('labels become rows; one outside counts as NaN, an ignored one as 0', () => {
  const labels = tf.tensor1d([1, 0]);
  assert.equal(numbers(oneHotRows(labels, 2, -1)), [0, 1, 1, 0]);
  assert.is(labelsOf(tf.zeros([2, 3]), 2, -1, 3), undefined);
  assert.equal(labelsOf(tf.zeros([2, 1]), 2, -1, 3)!.shape, [2]);
  assert.equal(numbers(labelCounts(tf.tensor1d([0, 9, -1]), 2, -1)!), [1, NaN, 0]);
  assert.equal(numbers(soundRows(tf.tensor1d([0, 9]), 2, -1)), [1, 0, NaN, NaN]);
  assert.equal(numbers(bothCounts(tf.tensor1d([1, 0]), tf.tensor1d([1, 1]))!), [1, 0]);
});

functions(
  'reductions: a mean over all items, or over those that count; weights that are all 0 give 0',
  () => {
    const values = tf.tensor1d([1, 2, 6]);
    const read = { items: [3] };
    assert.equal(numbers(plain.reduceItems(values, read, undefined, {})), [3]);
    const weights = tf.tensor1d([0, 1, 1]);
    assert.equal(numbers(plain.reduceItems(values, read, weights, { reduction: 'weightedMean' })), [4]);
    assert.equal(numbers(plain.reduceItems(values, read, tf.zeros([3]), { reduction: 'weightedMean' })), [0]);
    assert.throws(
      () => plain.reduceItems(values, read, undefined, { reduction: 'most' as 'mean' }),
      /unknown reduction most/,
    );
    const some = { items: [3], counts: weights };
    const each = counted.itemWeights(some, {});
    assert.equal(numbers(counted.reduceItems(tf.tensor1d([NaN, 2, 6]), some, each, {})), [4]);
  },
);

functions('parameters are checked and spread', () => {
  assert.throws(() => checkParameter('a', 3, 0, 0, 1, 'from 0 to 1'), /a = 3 is not from 0 to 1/);
  assert.throws(() => checkParameter('a', undefined, 0, 0, 1, ''), /the option a is required/);
  assert.throws(() => checkOptions({ wrong: 1 } as object), /there is no option wrong/);
  assert.equal(numbers(parameterTensor(2, [3])), [2, 2, 2]);
});

functions.after(() => backend.release());
functions.run();
