import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { loadProgram } from '../../compiler/resolve/program.js';
import { LOSSES, standardProgram } from '../stdlib/library.js';

const guarded = suite('guards that decide everyday values');

const warnings = (text: string): string[] =>
  checkProgram(loadProgram({ name: 'f.loss', text: `${text}\n` }))
    .filter(({ code }) => code === 'L325')
    .map(({ message }) => message);

for (const [what, text] of [
  [
    'a real power of what may be negative',
    'loss f(target: real, prediction: real; g: positive = 2) = (prediction - target)^g',
  ],
  [
    'a product of exponentials that float32 does not hold',
    'loss f(target: real, prediction: real) = (exp(2 * prediction) - target)^2 * exp(-3 * prediction)',
  ],
] as const)
  guarded(`${what} is warned of`, () => {
    const [message, ...more] = warnings(text);
    assert.equal(more, []);
    assert.match(
      message!,
      /^a guard decides the value at everyday inputs: at target = .*, prediction = .* it is .*, but the formula gives .*$/,
    );
  });

for (const [what, text] of [
  [
    'logits beside a small number in a logarithm',
    'loss f(target: onehot[class], prediction: logits[class]) = -sum(target * log(prediction + 1e-8), class)',
  ],
  [
    'logits and a parameter in a logarithm',
    'loss f(target: binary, prediction: logits; k: positive = 2) = -target * log(k * prediction)',
  ],
  [
    'one of several logits in a logarithm',
    'loss f(target: integer, prediction: logits[class]) = -log(at(prediction, class, target))',
  ],
  [
    'a sum of logits in a logarithm',
    'loss f(target: onehot[class], prediction: logits[class]) = -log(sum(target * prediction, class))',
  ],
  [
    'any number in a logarithm',
    'loss f(target: real, prediction: real) = prediction - target * log(prediction)',
  ],
  [
    'any number in two logarithms, one of which is infinite at times',
    'loss f(target: real, prediction: real) = (log(target) - log(prediction))^2',
  ],
  ['log1p', 'loss f(target: binary, prediction: logits) = -target * log1p(prediction)'],
  ['a square root', 'loss f(target: binary, prediction: logits) = (target - sqrt(prediction))^2'],
  ['a root', 'loss f(target: binary, prediction: logits) = (target - prediction^0.5)^2'],
  ['an arc cosine', 'loss f(target: real, prediction: real) = (target - acos(prediction))^2'],
] as const)
  guarded(`${what} leaves the formula without a value, and is warned of`, () => {
    const [message, ...more] = warnings(text);
    assert.equal(more, []);
    assert.match(message!, /^the formula has no value at everyday inputs: at target = .*, prediction = .*$/);
  });

guarded('the logarithm of logits themselves is told once, with what to write', () => {
  const text =
    'loss f(target: onehot[class], prediction: logits[class]) = -sum(target * log(prediction), class)';
  const found = checkProgram(loadProgram({ name: 'f.loss', text: `${text}\n` }));
  assert.equal(
    found.map(({ code }) => code),
    ['L332'],
  );
});

for (const [what, text] of [
  [
    '0 times the logarithm of 0',
    'loss f(target: real, prediction: nonnegative) = target + target * log(prediction)',
  ],
  [
    'a logarithm that a condition keeps from what is negative',
    'loss f(target: real, prediction: real) = if prediction > 0 then log(prediction) - target * prediction else target * prediction',
  ],
  [
    'the size of a logit in a logarithm',
    'loss f(target: real, prediction: logits) = target * log(1 + abs(prediction))',
  ],
  ['an infinite value', 'loss f(target: real, prediction: real) = target / (prediction - prediction^3)'],
  [
    'a logarithm of a probability',
    'loss f(target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)',
  ],
  [
    'a probability near 1',
    'loss f(target: binary, prediction: unit) = -log(1 - prediction) - target * log(prediction)',
  ],
  [
    'a power that the domain allows',
    'loss f(target: real, prediction: real; g: positive = 2) = abs(prediction - target)^g',
  ],
  [
    'a parameter that has no default',
    'loss f(target: real, prediction: real; g: positive) = (prediction - target)^g',
  ],
] as const)
  guarded(`${what} is not`, () => {
    assert.equal(warnings(text), []);
  });

guarded('no standard loss is warned of', () => {
  const found = LOSSES.filter((name) =>
    checkProgram(standardProgram(name)).some(({ code }) => code === 'L325'),
  );
  assert.equal(found, []);
});

guarded("an axis is as long as the list that is some parameter's default", () => {
  const text = `loss f(target: real[class], prediction: unit[class];
    gamma: positive[class] = 2, alpha: nonnegative[class] = [1.17, 0]) =
    sum(gamma * alpha * log(prediction + target^2), class)`;
  assert.equal(warnings(text), []);
});

guarded.run();
