/** A logit of minus infinity masks a class: value and gradient are those of the loss without the class. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { evaluateLoss } from '../../../../compiler/evaluate/bind.js';
import type { NumberArray } from '../../../../compiler/evaluate/binding.js';
import { assertClose } from '../../../helpers/close.js';
import { compiledText } from '../../../helpers/corpus.js';
import { emittedFunctions, numbersOf } from '../../../helpers/emitted-functions.js';

const TARGET = 'target: onehot[class], prediction: probability[class]';
const LOSSES: readonly string[] = [
  `loss ce(${TARGET}) = -sum(target * log(prediction), class)`,
  `loss focal(${TARGET}) = -sum(target * (1 - prediction)^2 * log(prediction), class)`,
  `loss brier(${TARGET}) = sum((target - prediction)^2, class)`,
  `loss gce(${TARGET}) = (1 - sum(target * prediction, class)^0.7) / 0.7`,
  `loss poly(${TARGET}) = -sum(target * log(prediction), class) + 1 - sum(target * prediction, class)`,
  `loss penalty(${TARGET}) = sum(prediction * log(prediction) - target * log(prediction), class)`,
  'loss ce(target: onehot[class], prediction: logits[class]) = -sum(target * log_softmax(prediction / 2, class), class)',
  'loss nll(target: integer, prediction: logits[class]) = -at(log_softmax(prediction, class), class, target)',
  'loss free(target: onehot[class], prediction: logits[class]) = logsumexp(prediction, class) + sum(target * softmax(prediction, class), class)',
];
/** Three classes of which the second is masked, and the same without it. */
const MASKED = [1, -Infinity, 2, 0.5, -Infinity, -3];
const LEFT = [1, 2, 0.5, -3];

const array = (shape: readonly number[], data: readonly number[]): NumberArray => ({
  shape,
  data: Float64Array.from(data),
});

const masked = suite('masked logits');

for (const text of LOSSES)
  masked(text, async () => {
    const compiled = compiledText(text, { fromLogits: true });
    const given = (target: readonly number[], prediction: NumberArray) =>
      new Map([
        ['target', array([2], target)],
        ['prediction', prediction],
      ]);
    const without = evaluateLoss(compiled, given([0, 1], array([2, 2], LEFT)), new Map());
    const slopes = without.gradient.get('prediction')!.data;
    const gradient = [slopes[0]!, 0, slopes[1]!, slopes[2]!, 0, slopes[3]!];
    assert.ok(slopes.every((slope) => Number.isFinite(slope) && slope !== 0));
    const reference = evaluateLoss(compiled, given([0, 2], array([2, 3], MASKED)), new Map());
    assertClose(reference.items.data, without.items.data, 1e-12, 'reference');
    assertClose(reference.gradient.get('prediction')!.data, gradient, 1e-12, 'reference');
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      const tensors = [tf.tensor([0, 2], undefined, 'int32'), tf.tensor(MASKED, [2, 3])];
      const functions = emittedFunctions(tf, compiled);
      assertClose(
        numbersOf(functions, tensors, { reduction: 'none' }).value,
        without.items.data,
        2e-6,
        backend,
      );
      assertClose(numbersOf(functions, tensors).gradients['prediction']!, gradient, 2e-6, backend);
    }
  });

masked('a masked class at the label is a large number, not infinity or NaN', async () => {
  const compiled = compiledText(LOSSES[0]!, { fromLogits: true });
  await tf.setBackend('cpu');
  const tensors = [tf.tensor([1], undefined, 'int32'), tf.tensor([1, -Infinity, 2], [1, 3])];
  const { value, gradients } = numbersOf(emittedFunctions(tf, compiled), tensors);
  assertClose(value, [1e36], 1e-6);
  assertClose(gradients['prediction']!, [1 / (1 + Math.E), -1, Math.E / (1 + Math.E)], 1e-6);
});

masked.run();
