import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { loadProgram } from '../../compiler/resolve/program.js';
import { runTests, type TestOutcome } from '../../compiler/test-blocks/run-tests.js';

const run = (text: string): TestOutcome[] => {
  const program = loadProgram({ name: 'case.loss', text });
  assert.equal(
    checkProgram(program).filter(({ severity }) => severity === 'error'),
    [],
  );
  return runTests(program);
};
const failures = (text: string): string[] =>
  run(text).flatMap((outcome) => outcome.failures.map(({ message }) => message));

const CROSS_ENTROPY = `loss ce(target: probability[..., class], prediction: probability[..., class]) =
  -sum(target * log(prediction), class)
`;

const blocks = suite('test blocks');

blocks('a block runs as written, from logits, and with labels for one-hot rows', () => {
  const outcomes = run(`${CROSS_ENTROPY}
test ce {
  target = [[1, 0, 0], [0, 0, 1]]
  prediction = [[0.5, 0.25, 0.25], [0.25, 0.25, 0.5]]
  value ~ log(2)
  value ~ [log(2), log(2)]
  gradient ~ [[-1, 0, 0], [0, 0, -1]]
}`);
  assert.equal(
    outcomes.map(({ loss, form, failures: list }) => [loss, form, list.length]),
    [
      ['ce', 'as written', 0],
      ['ce', 'with labels', 0],
      ['ce', 'from logits', 0],
    ],
  );
});

blocks('labels are run as one-hot rows too, in front of any axes', () => {
  const outcomes = run(
    `${CROSS_ENTROPY}test ce { target = [[0, 1]], prediction = [[[0.5, 0.5], [0.75, 0.25]]], value ~ log(8) / 2 }`,
  );
  assert.equal(
    outcomes.map(({ form, failures: list }) => [form, list.length]),
    [
      ['as written', 0],
      ['with one-hot rows', 0],
      ['from logits', 0],
    ],
  );
});

blocks('soft targets have no labels, and a probability of 0 has no logit', () => {
  const outcomes = run(
    `${CROSS_ENTROPY}test ce { target = [[0.5, 0.5]], prediction = [[1, 0]], value ~ 41.4465316739 }`,
  );
  assert.equal(
    outcomes.map(({ form, failures: list }) => [form, list.length]),
    [['as written', 0]],
  );
});

blocks('sigmoids, several predictions, parameters and their gradients', () => {
  const text = `loss mix(data t: binary, p: unit, q: real; w: positive = 2) = w * (p - t)^2 + (q - t)^2
test mix {
  t = [1, 0]
  p = [0.5, 0.25]
  q = [2, 0]
  w = 4
  value ~ [2, 0.25]
  gradient p ~ [-2, 1]
  gradient q ~ [1, 0]
  gradient w ~ (0.25 + 0.0625) / 2
}`;
  assert.equal(
    run(text).map(({ form, failures: list }) => [form, list.map(({ message }) => message)]),
    [
      ['as written', []],
      ['from logits', []],
    ],
  );
});

blocks('a failure says what it is, what it should be, and where', () => {
  const text = `loss l2(target: real, prediction: real) = (prediction - target)^2
test l2 { target = [0, 1, 1], prediction = [2, 1, 3], value ~ 3, value ~ [4, 0, 5], gradient ~ [1, 0, 0], value ~ [4] }`;
  assert.equal(failures(text), [
    'value is 2.666666667, expected 3 (off by 0.333)',
    'value[2] is 4, expected 5 (off by 1)',
    'gradient prediction[0] is 1.333333333, expected 1 (off by 0.333), and 1 more of 3 differ',
    'value has the shape [3], expected [1]',
  ]);
});

blocks('equal is within a millionth', () => {
  const text = (value: string): string =>
    `loss l(prediction: real) = prediction\ntest l { prediction = [1000], value ~ ${value} }`;
  assert.equal(failures(text('1000.0009')), []);
  assert.is(failures(text('1000.0011')).length, 1);
});

blocks('images with several axes are given by rows and by labels', () => {
  const text = `loss ce(target: onehot[pixel..., class], prediction: probability[pixel..., class]) =
  mean(-sum(target * log(prediction), class), pixel)
test ce { target = [[[0, 1], [1, 1]]], prediction = [[[[0.5, 0.5], [0.25, 0.75]], [[0.25, 0.75], [0.5, 0.5]]]], value ~ -(log(0.5) + log(0.75)) / 2 }
test ce { target = [[[[0, 1]]]], prediction = [[[[0.5, 0.5]]]], value ~ log(2) }`;
  assert.equal(
    run(text).map(({ form, failures: list }) => [form, list.map(({ message }) => message)]),
    [
      ['as written', []],
      ['with one-hot rows', []],
      ['from logits', []],
      ['as written', []],
      ['with labels', []],
      ['from logits', []],
    ],
  );
});

blocks(
  'what fails as written is not said again of the other forms; what fails from logits alone says so',
  () => {
    const text = `loss sure(target: onehot[class], prediction: probability[class]) = 1e11 * (sum(target * prediction, class) - 0.75)
test sure { target = [[1, 0]], prediction = [[0.75, 0.2500000001]], value ~ 0 }
test sure { target = [[1, 0]], prediction = [[0.75, 0.2500000001]], value ~ 1 }`;
    assert.equal(
      run(text).map(({ form, failures: list }) => [form, list.length]),
      [
        ['as written', 0],
        ['with labels', 0],
        ['from logits', 1],
        ['as written', 1],
      ],
    );
    assert.match(failures(text)[0]!, /^from logits: value is -7\.\d+, expected 0/);
  },
);

blocks.run();
