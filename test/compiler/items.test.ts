import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { arrayOf, evaluateLoss, type NumberArray } from '../../compiler/evaluate/bind.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { loadModule } from '../../src/runtime/load.js';

/** What an item is: the same for the reference interpreter and for emitted code. */
const items = suite('items of a loss');

function compiled(text: string, fromLogits = false): CompiledLoss {
  const program = loadProgram({ name: 'items.loss', text });
  return compileLoss(program, lossesOf(program)[0]!, { fromLogits });
}

/** Value and gradients of the reference interpreter and of emitted code, which have to agree. */
function both(
  loss: CompiledLoss,
  given: readonly ParameterValue[],
  reduction: 'mean' | 'sum' | 'none',
): { readonly value: ParameterValue; readonly gradient: readonly number[] } {
  const inputs = new Map(loss.inputs.map(({ name }, i) => [name, arrayOf(given[i]!)] as const));
  const expected = evaluateLoss(loss, inputs, new Map(), reduction);
  const name = loss.inputs.find((input) => !input.data)!.name;
  const gradient = [...expected.gradient.get(name)!.data];
  const module = loadModule(tf, emitModule(loss));
  tf.tidy(() => {
    const tensors = given.map((value) => tf.tensor(value as number[]));
    const found = module.valueAndGradients(tensors, { reduction });
    assert.equal(found.value.arraySync(), plain(expected.value));
    assert.equal([...found.gradients[name]!.dataSync()], gradient.map(Math.fround));
    assert.equal(module.lossValue(tensors, { reduction }).arraySync(), plain(expected.value));
  });
  return { value: plain(expected.value), gradient };
}

const plain = (value: number | NumberArray): number | number[] =>
  typeof value === 'number' ? value : [...value.data];

items('one number per item stays so when simplifying finds that it is the same for all', () => {
  const loss = compiled('loss f(p) = mean(p, batch) + 0 * p');
  assert.is(loss.scalar, false);
  assert.equal(both(loss, [[1, 2, 3, 6]], 'none'), { value: [3, 3, 3, 3], gradient: [1, 1, 1, 1] });
  assert.equal(both(loss, [[1, 2, 3, 6]], 'sum'), { value: 12, gradient: [1, 1, 1, 1] });
  assert.equal(both(loss, [[1, 2, 3, 6]], 'mean'), { value: 3, gradient: [0.25, 0.25, 0.25, 0.25] });
});

items('and when simplifying finds that it is a constant', () => {
  const loss = compiled('loss f(p) = 1 + 0 * p');
  assert.is(loss.scalar, false);
  assert.equal(both(loss, [[1, 2, 6]], 'none'), { value: [1, 1, 1], gradient: [0, 0, 0] });
  assert.equal(both(loss, [[1, 2, 6]], 'sum'), { value: 3, gradient: [0, 0, 0] });
});

items('and when that is found late', () => {
  const loss = compiled(
    'loss f(prediction: real[time, class]) = max(prod(at(prediction - prediction - 0.5, time, index(time)), class), time)',
  );
  assert.is(loss.scalar, false);
  const item = [
    [1, 2, 1],
    [0, 1, 3],
  ];
  const none = Array.from({ length: 12 }, () => 0);
  assert.equal(both(loss, [[item, item]], 'none'), { value: [-0.125, -0.125], gradient: none });
  assert.equal(both(loss, [[item, item]], 'sum'), { value: -0.25, gradient: none });
  assert.equal(both(loss, [[item, item]], 'mean'), { value: -0.125, gradient: none });
});

items('a body that reduces the batch away is one number, whatever the reduction', () => {
  const loss = compiled('loss f(p) = mean(p, batch)');
  assert.is(loss.scalar, true);
  for (const reduction of ['mean', 'sum'] as const)
    assert.equal(both(loss, [[1, 2, 3, 6]], reduction), { value: 3, gradient: [0.25, 0.25, 0.25, 0.25] });
});

items('labels of images with several axes are rows', () => {
  const text = `loss ce(target: onehot[pixel..., class], prediction: probability[pixel..., class]) =
  mean(-sum(target * log(prediction), class), pixel)`;
  const loss = compiled(text);
  const prediction = [
    [
      [
        [0.5, 0.5],
        [0.25, 0.75],
      ],
      [
        [0.125, 0.875],
        [0.5, 0.5],
      ],
    ],
  ];
  const labels = [
    [
      [0, 0],
      [0, 1],
    ],
  ];
  const rows = labels.map((image) => image.map((row) => row.map((label) => (label === 0 ? [1, 0] : [0, 1]))));
  const inputs = (target: ParameterValue): Map<string, NumberArray> =>
    new Map([
      ['target', arrayOf(target)],
      ['prediction', arrayOf(prediction)],
    ]);
  const byLabels = evaluateLoss(loss, inputs(labels), new Map());
  assert.equal(byLabels, evaluateLoss(loss, inputs(rows), new Map()));
  assert.ok(Math.abs((byLabels.value as number) - (7 * Math.log(2)) / 4) < 1e-12);
  tf.tidy(() => {
    const module = loadModule(tf, emitModule(loss));
    const [value, other] = [labels, rows].map((target) =>
      module.lossValue([tf.tensor(target), tf.tensor(prediction)], {}).arraySync(),
    );
    assert.is(value, other);
    assert.ok(Math.abs((value as number) - (byLabels.value as number)) < 1e-6);
  });
});

items('a label outside the classes is a row of zeros', () => {
  const text = `loss hit(target: onehot[class], prediction: probability[class]) = sum(target * prediction, class)`;
  const loss = compiled(text);
  const prediction = [
    [0.5, 0.5],
    [0.25, 0.75],
  ];
  assert.equal(both(loss, [[1, -100], prediction], 'none').value, [0.5, 0]);
});

items.before(async () => {
  await tf.setBackend('cpu');
});

items.run();
