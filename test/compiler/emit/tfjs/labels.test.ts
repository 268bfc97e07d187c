/** Labels in emitted modules and in the reference evaluation: along any axis, ignored, wrong, with an axis of one entry, masked. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../../../compiler/compile.js';
import { BindError, evaluateLoss } from '../../../../compiler/evaluate/bind.js';
import type { NumberArray } from '../../../../compiler/evaluate/binding.js';
import { assertClose } from '../../../helpers/close.js';
import { compiledText } from '../../../helpers/corpus.js';
import { emittedFunctions, numbersOf } from '../../../helpers/emitted-functions.js';

const CE =
  'loss ce(target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)';
const SEGMENTATION = `loss segmentation(
  target: onehot[class, pixel...] over class, prediction: probability[class, pixel...] over class
) = mean(-sum(target * log(prediction), class), pixel)`;
const NLL =
  'loss nll(target: integer, prediction: logits[class]) = -at(log_softmax(prediction, class), class, target)';
const SENTENCE = `loss sentence(target: onehot[time, class], data mask: binary[time], prediction: probability[time, class]) =
  mean(-sum(target * log(prediction), class), time where mask == 1)`;

/** Cross-entropy from logits along rows that lie `stride` apart, by the definition. */
function crossEntropy(logits: readonly number[], label: number): { value: number; gradient: number[] } {
  const top = Math.max(...logits);
  const exps = logits.map((z) => Math.exp(z - top));
  const sum = exps.reduce((a, b) => a + b, 0);
  return {
    value: top + Math.log(sum) - logits[label]!,
    gradient: exps.map((e, k) => e / sum - (k === label ? 1 : 0)),
  };
}

const array = (shape: readonly number[], data: readonly number[]): NumberArray => ({
  shape,
  data: Float64Array.from(data),
});
const tensorOf = ({ shape, data }: NumberArray): tf.Tensor => tf.tensor(Array.from(data), [...shape]);

interface Expected {
  readonly value: number;
  readonly gradient: readonly number[];
}

/** Compares value and gradient of the mean on cpu, on wasm and in the reference with what is expected. */
async function everywhere(
  compiled: CompiledLoss,
  inputs: Readonly<Record<string, NumberArray>>,
  { value, gradient }: Expected,
): Promise<void> {
  const reference = evaluateLoss(compiled, new Map(Object.entries(inputs)), new Map());
  assertClose(reference.value as number, value, 1e-12, 'reference');
  assertClose(reference.gradient.get('prediction')!.data, gradient, 1e-12, 'reference');
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    const functions = emittedFunctions(tf, compiled);
    const given = compiled.inputs.map(({ name }) => tensorOf(inputs[name]!));
    const found = numbersOf(functions, given);
    assertClose(found.value, [value], 1e-6, backend);
    assertClose(found.gradients['prediction']!, gradient, 1e-6, backend);
    assertClose(functions.loss(...given).dataSync(), [value], 1e-6, `${backend}, value alone`);
  }
}

const labels = suite('labels');

const PICTURE = [1, 2, 0, -1, 3, 1, 0, 0.5, 0, 0, 5, 1]; // [1, 3, 2, 2]: three classes of four pixels
const PIXELS = [0, 1, 2, 1];

/** The picture's loss by hand: pixel p has the logits PICTURE[p], PICTURE[p + 4], PICTURE[p + 8]. */
function pictureLoss(): Expected {
  const gradient = Array<number>(12).fill(0);
  let value = 0;
  for (const [p, label] of PIXELS.entries()) {
    const one = crossEntropy([PICTURE[p]!, PICTURE[p + 4]!, PICTURE[p + 8]!], label);
    value += one.value / 4;
    for (const [k, slope] of one.gradient.entries()) gradient[p + 4 * k] = slope / 4;
  }
  return { value, gradient };
}

for (const [shape, how] of [
  [[1, 2, 2], 'without the axis of the classes'],
  [[1, 1, 2, 2], 'with one entry along it'],
] as const)
  labels(`channels first: labels ${how}`, () =>
    everywhere(
      compiledText(SEGMENTATION, { fromLogits: true }),
      { target: array(shape, PIXELS), prediction: array([1, 3, 2, 2], PICTURE) },
      pictureLoss(),
    ),
  );

labels('channels first: rows along the axis of the classes', () => {
  const rows = Array<number>(12).fill(0);
  for (const [p, label] of PIXELS.entries()) rows[p + 4 * label] = 1;
  return everywhere(
    compiledText(SEGMENTATION, { fromLogits: true }),
    { target: array([1, 3, 2, 2], rows), prediction: array([1, 3, 2, 2], PICTURE) },
    pictureLoss(),
  );
});

labels('channels first by a loss that knows nothing of pictures', () => {
  const text = `loss ce(target: probability[..., class], prediction: probability[..., class]) = -sum(target * log(prediction), class)
    loss picture(target: onehot[class, pixel...] over class, prediction: probability[class, pixel...] over class) =
      mean(ce(target, prediction), pixel)`;
  return everywhere(
    compiledText(text, { fromLogits: true }),
    { target: array([1, 2, 2], PIXELS), prediction: array([1, 3, 2, 2], PICTURE) },
    pictureLoss(),
  );
});

labels('the facts of a simplex hold along its axis: a sum over the classes is 1', () => {
  const compiled = compiledText(
    'loss f(target: onehot[class, pixel], prediction: probability[class, pixel] over class) = sum(sum(prediction, class) * sum(target, class), pixel) + 0 * sum(prediction^2, class, pixel)',
  );
  // The prediction adds up to 1 for each pixel, the target along its last axis, which is the pixels.
  const target = array([1, 2, 2], [1, 0, 0, 1]);
  const prediction = array([1, 2, 2], [0.25, 0.5, 0.75, 0.5]);
  const { value } = evaluateLoss(compiled, new Map(Object.entries({ target, prediction })), new Map());
  assertClose(value as number, 2, 1e-12);
});

const ROWS = [1, 2, 3, 3, 1, 0, 0, 0, 1];
const rowsFor = (given: readonly number[]): Expected => {
  const counted = given.filter((label) => label !== -100).length;
  let value = 0;
  const gradient: number[] = [];
  for (const [i, label] of given.entries()) {
    const one = crossEntropy(ROWS.slice(3 * i, 3 * i + 3), Math.max(label, 0));
    const weight = label === -100 ? 0 : 1 / counted;
    value += weight * one.value;
    gradient.push(...one.gradient.map((slope) => slope * weight));
  }
  return { value, gradient };
};

for (const text of [CE, NLL])
  for (const shape of [[3], [3, 1]])
    for (const given of [
      [0, 2, 1],
      [0, -100, 1],
      [-100, -100, -100],
    ])
      labels(`${text.slice(5, 8)}: labels [${given}] of shape [${shape}]`, () =>
        everywhere(
          compiledText(text, { fromLogits: true }),
          { target: array(shape, given), prediction: array([3, 3], ROWS) },
          rowsFor(given),
        ),
      );

labels('sum, none and weights leave an ignored item out too', async () => {
  const { value, gradient } = rowsFor([0, 1, 2]);
  const each = [0, 1, 2].map((i) => crossEntropy(ROWS.slice(3 * i, 3 * i + 3), i));
  assertClose(value, each.reduce((sum, one) => sum + one.value, 0) / 3);
  assert.is(gradient.length, 9);
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    const functions = emittedFunctions(tf, compiledText(CE, { fromLogits: true }));
    const given = [tf.tensor([0, -100, 2], undefined, 'int32'), tf.tensor(ROWS, [3, 3])];
    const of = (options: Readonly<Record<string, unknown>>) => numbersOf(functions, given, options);
    assertClose(of({ reduction: 'none' }).value, [each[0]!.value, 0, each[2]!.value]);
    assertClose(of({ reduction: 'sum' }).value, [each[0]!.value + each[2]!.value]);
    const sampleWeight = tf.tensor([3, 5, 1]);
    assertClose(of({ sampleWeight }).value, [(3 * each[0]!.value + each[2]!.value) / 2]);
    const weighted = of({ sampleWeight, reduction: 'weightedMean' });
    assertClose(weighted.value, [(3 * each[0]!.value + each[2]!.value) / 4]);
    assertClose(weighted.gradients['prediction']!.slice(0, 6), [
      ...each[0]!.gradient.map((slope) => 0.75 * slope),
      ...[0, 0, 0],
    ]);
    const other = of({ ignoreLabel: 2, reduction: 'none' }).value;
    assertClose(other, [each[0]!.value, Number.NaN, 0]);
  }
});

labels('a tape sees the same gradient, also of none', async () => {
  await tf.setBackend('cpu');
  const functions = emittedFunctions(tf, compiledText(CE, { fromLogits: true }));
  const given = tf.tensor([0, -100, 1], undefined, 'int32');
  const loss = (options: object) => (x: tf.Tensor) => functions.loss(given, x, options) as tf.Scalar;
  const x = tf.tensor(ROWS, [3, 3]);
  assertClose(tf.grad(loss({}))(x).dataSync(), rowsFor([0, -100, 1]).gradient);
  const each = tf.grad((y) => tf.sum(functions.loss(given, y, { reduction: 'none' })))(x);
  assertClose(
    each.dataSync(),
    rowsFor([0, -100, 1]).gradient.map((slope) => 2 * slope),
  );
  // The second derivative of an item that is left out is 0.
  const second = tf
    .grad((y) => tf.sum(tf.square(tf.grad(loss({}))(y))))(x)
    .arraySync() as number[][];
  assert.equal(second[1]!.map(Math.abs), [0, 0, 0]);
  assert.ok(second[0]!.every((slope) => Number.isFinite(slope) && slope !== 0));
});

labels('a label that is none of the classes makes its item NaN, and no other', async () => {
  for (const backend of ['cpu', 'wasm'])
    for (const text of [CE, NLL]) {
      await tf.setBackend(backend);
      const functions = emittedFunctions(tf, compiledText(text, { fromLogits: true }));
      for (const wrong of [-1, 3, 0.5, 1e9, Number.NaN]) {
        const given = [tf.tensor([0, wrong, 1]), tf.tensor(ROWS, [3, 3])];
        const { value, gradients } = numbersOf(functions, given, { reduction: 'none' });
        assert.equal(value.map(Number.isNaN), [false, true, false], `${backend} ${wrong}`);
        const slopes = gradients['prediction']!.map(Number.isNaN);
        assert.equal(slopes, [0, 0, 0, 1, 1, 1, 0, 0, 0].map(Boolean), `${backend} ${wrong}`);
        assert.ok(Number.isNaN(functions.loss(...given).dataSync()[0]));
      }
    }
});

labels(
  'a label within an item is NaN where it is none of the classes, unless a mask leaves it out',
  async () => {
    const compiled = compiledText(SENTENCE, { fromLogits: true });
    const logits = [1, 0, 2, 2, 0, 1]; // [1, 3, 2]
    const given = (mask: readonly number[]) => ({
      target: array([1, 3], [0, -100, 1]),
      mask: array([1, 3], mask),
      prediction: array([1, 3, 2], logits),
    });
    const [first, last] = [crossEntropy([1, 0], 0), crossEntropy([0, 1], 1)];
    const gradient = [...first.gradient, 0, 0, ...last.gradient].map((slope) => slope / 2);
    await everywhere(compiled, given([1, 0, 1]), { value: (first.value + last.value) / 2, gradient });
    assert.throws(
      () => evaluateLoss(compiled, new Map(Object.entries(given([1, 1, 1]))), new Map()),
      /"target" holds the label -100 \(entry 1\).*leave the entry out with `where`/,
    );
    const tensors = compiled.inputs.map(({ name }) => tensorOf(given([1, 1, 1])[name as 'target']));
    const { value, gradients } = numbersOf(emittedFunctions(tf, compiled), tensors);
    assert.ok(Number.isNaN(value[0]));
    assert.equal(gradients['prediction']!.map(Number.isNaN), [0, 0, 1, 1, 0, 0].map(Boolean));
  },
);

labels('a loss that reduces the batch is NaN with a label that is none of the classes', async () => {
  const text =
    'loss whole(target: onehot[class], prediction: logits[class]) = mean(-sum(target * log_softmax(prediction, class), class), batch)';
  const functions = emittedFunctions(tf, compiledText(text));
  const { value } = numbersOf(functions, [
    tf.tensor([0, -100]),
    tf.tensor([
      [1, 2],
      [0, 0],
    ]),
  ]); // prettier-ignore
  assert.ok(Number.isNaN(value[0]));
});

labels('the reference refuses labels that are none of the classes, and says what they may be', () => {
  const given = (label: number) =>
    new Map(Object.entries({ target: array([2], [0, label]), prediction: array([2, 3], ROWS.slice(0, 6)) }));
  for (const text of [CE, NLL])
    for (const label of [3, -1, 0.5]) {
      const failed = (): unknown => evaluateLoss(compiledText(text), given(label), new Map());
      assert.throws(failed, (error: unknown) => error instanceof BindError && error.subject === 'target');
      assert.throws(
        failed,
        `"target" holds the label ${label} (entry 1), and a label of "class" goes from 0 to 2, or is -100 to leave its item out`,
      );
    }
});

labels('weights of which all are 0 give 0 with gradient 0', async () => {
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    const mse = emittedFunctions(
      tf,
      compiledText('loss mse(target: real, prediction: real) = (prediction - target)^2'),
    );
    const given = [tf.tensor([0, 1]), tf.tensor([1, 3])];
    const options = { reduction: 'weightedMean', sampleWeight: tf.tensor([0, 0]) };
    const { value, gradients } = numbersOf(mse, given, options);
    assert.equal([...value, ...gradients['prediction']!], [0, 0, 0]);
    const tape = tf.grad((x) => mse.loss(given[0], x, options) as tf.Scalar)(given[1]!);
    assert.equal(Array.from(tape.dataSync()), [0, 0]);
    const some = { reduction: 'weightedMean', sampleWeight: tf.tensor([0, 2]) };
    assertClose(numbersOf(mse, given, some).gradients['prediction']!, [0, 4]);
  }
});

labels('rows along several axes go beside an input of any shape', () =>
  everywhere(
    compiledText(
      'loss f(target: real, data given: onehot[pixel..., class], prediction: real[pixel..., class]) = target * sum(given * prediction, pixel, class)',
    ),
    {
      target: array([1], [2]),
      given: array([1, 2, 1, 2], [1, 0, 0, 1]),
      prediction: array([1, 2, 1, 2], [3, 5, 7, 11]),
    },
    { value: 28, gradient: [2, 0, 0, 2] },
  ),
);

labels.run();
