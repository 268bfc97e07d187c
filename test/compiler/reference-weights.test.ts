/** Sample weights and reductions of the reference evaluation, worked out by hand, and against the oracle of the fuzzer by its own tests. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { arrayOf, evaluateLoss, nested, type Reduction } from '../../compiler/evaluate/bind.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';

function compiled(text: string): CompiledLoss {
  const program = loadProgram({ name: 'test.loss', text });
  return compileLoss(program, lossesOf(program)[0]!);
}

const SQUARE = compiled('loss squared(target: real, prediction: real) = (prediction - target)^2');
const LOOKUP = compiled(
  'loss lookup(target: integer, prediction: real[class]) = at(prediction, class, target)',
);
const TOTAL = compiled('loss total(target: real, prediction: real) = sum((prediction - target)^2, batch)');

const inputs = (target: ParameterValue, prediction: ParameterValue) =>
  new Map([
    ['target', arrayOf(target)],
    ['prediction', arrayOf(prediction)],
  ]);

const reduced = (
  loss: CompiledLoss,
  given: ReturnType<typeof inputs>,
  reduction: Reduction,
  weight?: ParameterValue,
): { value: unknown; gradient: unknown } => {
  const sampleWeight = weight === undefined ? undefined : arrayOf(weight);
  const { value, gradient } = evaluateLoss(loss, given, new Map(), reduction, { sampleWeight });
  return {
    value: typeof value === 'number' ? value : nested(value),
    gradient: nested(gradient.get('prediction')!),
  };
};

const weights = suite('sample weights of the reference evaluation');

/** Errors 1, 2 and 4 with weights 1, 0 and 3: squares 1, 4 and 16, weighted 1, 0 and 48. */
const ERRORS = inputs([0, 0, 0], [1, 2, 4]);
for (const [reduction, value, gradient] of [
  ['mean', 49 / 3, [2 / 3, 0, 8]],
  ['sum', 49, [2, 0, 24]],
  ['none', [1, 0, 48], [2, 0, 24]],
  ['weightedMean', 49 / 4, [0.5, 0, 6]],
] as const) {
  weights(`${reduction} with weights`, () => {
    assert.equal(reduced(SQUARE, ERRORS, reduction, [1, 0, 3]), { value, gradient });
  });
}

weights('without weights the weighted mean is the mean', () => {
  assert.equal(reduced(SQUARE, ERRORS, 'weightedMean'), reduced(SQUARE, ERRORS, 'mean'));
});
weights('weights that are all 0 give 0 with gradient 0', () => {
  for (const reduction of ['mean', 'weightedMean', 'sum'] as const)
    assert.equal(reduced(SQUARE, ERRORS, reduction, [0, 0, 0]), { value: 0, gradient: [0, 0, 0] });
});
weights('weights of examples stand for all their items', () => {
  const given = inputs(
    [
      [0, 0],
      [0, 0],
    ],
    [
      [1, 2],
      [3, 4],
    ],
  );
  assert.equal(reduced(SQUARE, given, 'sum', [1, 10]).value, 1 + 4 + 90 + 160);
  assert.equal(reduced(SQUARE, given, 'weightedMean', [1, 10]).value, 255 / 22);
});
weights('what a label leaves out counts nowhere, whatever its weight', () => {
  const given = inputs(
    [0, -100, 1],
    [
      [2, 1],
      [5, 5],
      [1, 8],
    ],
  );
  assert.equal(reduced(LOOKUP, given, 'mean', [1, 7, 3]).value, (2 + 24) / 2);
  assert.equal(reduced(LOOKUP, given, 'weightedMean', [1, 7, 3]).value, 26 / 4);
  assert.equal(reduced(LOOKUP, given, 'none', [1, 7, 3]).value, [2, 0, 24]);
});
weights('weights that do not fit are refused', () => {
  const message = (loss: CompiledLoss, weight: ParameterValue): string => {
    try {
      reduced(loss, ERRORS, 'mean', weight);
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };
  assert.is(
    message(SQUARE, [1, 2]),
    'squared: the sample weights have shape [2], and the items [3]: weights need that shape, or that of its leading axes',
  );
  assert.is(message(SQUARE, [1, 2, Number.NaN]), 'squared: the sample weight NaN (entry 2) is not finite');
  assert.is(
    message(TOTAL, [1, 2, 3]),
    'total: it reduces the batch itself, so sample weights have no meaning',
  );
});

weights('an infinite item of weight 0 adds nothing, in every reduction', () => {
  // Minus infinity for the first item, which has nothing to choose from.
  const loss = compiled(
    'loss f(target: real[class], prediction: real[class]) = max(prediction, class where target > 0)',
  );
  const given = inputs([[0], [1]], [[5], [7]]);
  for (const [reduction, value] of [
    ['mean', 3.5],
    ['sum', 7],
    ['none', [0, 7]],
    ['weightedMean', 7],
  ] as const)
    assert.equal(reduced(loss, given, reduction, [0, 1]).value, value, reduction);
});

weights.run();
