/** What inputs are to a loss: data by mark, name or domain, or predictions; and along which axis a simplex adds up to 1. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { compileLoss } from '../../compiler/compile.js';
import { evaluateLoss } from '../../compiler/evaluate/bind.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import type { LoweredInput } from '../../compiler/lower/lowered.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { assertClose } from '../helpers/close.js';

const roles = suite('roles of inputs');

const programOf = (text: string) => loadProgram({ name: 'roles.loss', text });

function inputsOf(signature: string): readonly LoweredInput[] {
  const names = [...signature.matchAll(/(\w+):/g)].map(([, name]) => name);
  const axes = [...new Set([...signature.matchAll(/[[,] ?(\w+)/g)].map(([, name]) => name))].filter(
    (name) => !names.includes(name),
  );
  const sum = `${names.map((name) => (axes.length === 0 ? name : `sum(${name}, ${axes.join(', ')})`)).join(' + ')}`;
  const program = programOf(`loss f(${signature}) = ${sum}`);
  const { loss, diagnostics } = lowerLoss(program, lossesOf(program)[0]!);
  assert.ok(loss, diagnostics.map(({ message }) => message).join('\n'));
  return loss.inputs;
}

const ROLES: readonly (readonly [signature: string, roles: string])[] = [
  ['target: real, prediction: real', 'target prediction'],
  ['y_true: unit, y_pred: unit', 'target prediction'],
  ['yTrue: unit, yPred: unit', 'target prediction'],
  ['labels: real, outputs: real', 'target prediction'],
  ['prediction: real, ground_truth: real', 'prediction target'],
  ['gt: real, x: real', 'target prediction'],
  ['y: unit, y_hat: unit', 'target prediction'],
  ['t: real, student_logits: logits', 'target prediction'],
  ['actual: unit, predicted: unit', 'target prediction'],
  ['y_pred: real, observed: real', 'prediction target'],
  // Nothing tells which of the two is given.
  ['x: real, y: real', 'prediction prediction'],
  ['t: real, x: real', 'prediction prediction'],
  ['expected: real, observed: real', 'prediction prediction'],
  ['y: binary, x: unit', 'target prediction'],
  ['mask: binary, x: real', 'target prediction'],
  ['target: binary, mask: binary, x: real', 'target data prediction'],
  ['label: integer, target: real, x: real', 'data target prediction'],
  ['side: sign, other: integer, x: real', 'data data prediction'],
  ['data teacher: real, target: real, x: real', 'data target prediction'],
  ['data teacher: real, x: real', 'target prediction'],
  ['real_score: logits, fake_score: logits', 'prediction prediction'],
];

for (const [signature, expected] of ROLES)
  roles(signature, () => {
    const inputs = inputsOf(signature);
    assert.is(inputs.map(({ role }) => role).join(' '), expected);
    for (const { role, data, activation } of inputs) {
      assert.is(data, role !== 'prediction');
      if (data) assert.is(activation, undefined);
    }
  });

const codes = (text: string): string[] => checkProgram(programOf(text)).map(({ code }) => code);

const WARNED: readonly (readonly [text: string, codes: string])[] = [
  ['loss f(y: unit, p: unit) = (y - p)^2', 'L331'],
  ['loss f(a: unit, b: unit) = (a - b)^2', 'L331 L331'],
  ['loss f(soft_label: probability[k], student: probability[k]) = sum((soft_label - student)^2, k)', 'L331'],
  ['loss f(a: real, b: real) = max(a, b)', ''],
  ['loss f(prediction: unit) = prediction', ''],
  // A mixture has several predictions, and its target is known.
  [
    'loss f(target: real, weight: probability[k], center: real[k]) = sum(weight * (target - center)^2, k)',
    '',
  ],
  ['loss f(target: real, prediction: binary) = target * prediction', 'L330'],
  ['loss f(target: onehot[k], y_pred: onehot[k]) = sum(target * y_pred, k)', 'L330'],
  ['loss f(target: sign, scores: sign) = target * scores', 'L330'],
  ['loss f(target: onehot[k], data prediction: onehot[k], x: real[k]) = sum(target * prediction * x, k)', ''],
];

for (const [text, expected] of WARNED) roles(text, () => assert.is(codes(text).join(' '), expected));

roles('a loss of data alone says why each input is data', () => {
  const [error] = checkProgram(
    programOf('loss f(target: onehot[k], mask: binary[k], data w: real) = w * sum(target * mask, k)'),
  );
  assert.is(error!.code, 'L306');
  assert.is(
    error!.message,
    '"f" has no prediction: every input is data, "target" by its name; "mask" by its domain binary; "w" by its mark',
  );
});

roles('labels that are not called target go through no sigmoid', () => {
  const program = programOf(
    'loss bce(y_true: unit, y_pred: unit) = -(y_true * log(y_pred) + (1 - y_true) * log(1 - y_pred))',
  );
  const compiled = compileLoss(program, lossesOf(program)[0]!, { fromLogits: true });
  assert.equal(compiled.logits, ['y_pred']);
  const inputs = new Map([
    ['y_true', { shape: [2], data: Float64Array.of(1, 0) }],
    ['y_pred', { shape: [2], data: Float64Array.of(2, -3) }],
  ]);
  const { value, gradient } = evaluateLoss(compiled, inputs, new Map());
  // softplus(-2) and softplus(-3).
  assertClose(value as number, (Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(-3))) / 2, 1e-12);
  const slopes = [-1 / (1 + Math.exp(2)) / 2, 1 / (1 + Math.exp(3)) / 2];
  assertClose(gradient.get('y_pred')!.data, slopes, 1e-12);
});

const SIMPLEX: readonly (readonly [text: string, codes: string])[] = [
  ['loss f(prediction: probability[class, pixel...]) = mean(max(prediction, class), pixel)', 'L333'],
  ['loss f(prediction: probability[class, pixel...] over class) = mean(max(prediction, class), pixel)', ''],
  ['loss f(prediction: probability[class, pixel...] over pixel) = mean(max(prediction, class), pixel)', ''],
  ['loss f(prediction: probability[class, row, column]) = max(sum(prediction, row, column), class)', 'L333'],
  ['loss f(prediction: probability[pixel..., class]) = mean(max(prediction, class), pixel)', ''],
  // Dice adds up over the pixels first, and is right.
  ['loss f(prediction: probability[pixel..., class]) = mean(sum(prediction, pixel)^2, class)', ''],
  ['loss f(prediction: probability[a, b]) = max(sum(prediction^2, a), b)', 'L333'],
  ['loss f(prediction: probability[a, b]) = max(sum(prediction^2, b), a)', ''],
  ['loss f(prediction: probability[a, b]) = sum(prediction^2, a, b)', ''],
];

for (const [text, expected] of SIMPLEX) roles(text, () => assert.is(codes(text).join(' '), expected));

const COMPARED: readonly (readonly [text: string, codes: string])[] = [
  ['loss f(target: real, prediction: real) = if target != target then 0 else target * prediction', 'L334'],
  [
    'loss f(target: real, prediction: real) = if 2 * target >= 2 * target then target * prediction else 0',
    'L334',
  ],
  [
    'fn same(a, b) = if a == b then 1 else 0\nloss f(target: real, prediction: real) = same(target, target) * target * prediction',
    '',
  ],
  [
    'loss f(target: real, data other: real, prediction: real) = if target == other then target * prediction else 0',
    '',
  ],
];

for (const [text, expected] of COMPARED) roles(text, () => assert.is(codes(text).join(' '), expected));

roles.run();
