import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose } from '../helpers/close.js';
import { scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

const folder = scratch({
  'some.loss': `loss free(p: probability[c], target: probability[c]) = -sum(target * log(p), c) + sum(xlogy(target, target), c)
loss both(target: probability[c], p: probability[c]) = -2 * sum(target * log(p), c) + 3
loss soft(target: onehot[c], prediction: probability[c]) = -sum(target * log(prediction + 1e-3), c)
loss between(target: onehot[c], prediction: probability[c]; q: positive = 0.64) = sum(target * (1 - prediction^q), c)
loss half(target: real, prediction: real) = (prediction - target)^2 / 2
loss cut(target: real, prediction: real) = (stop_gradient(prediction) - target)^2 + 0 * prediction
loss far(target: real, prediction: real) = ((prediction + 1e9) - 1e9 - target)^2
loss trig(target: real, prediction: real) = (prediction - target)^2 + sin(2 * prediction) - 2 * sin(prediction) * cos(prediction)
`,
  'broken.loss': 'loss broken(target: real, prediction: real) = (prediction -\n',
});
const diff = (...args: string[]) => call('diff', args, { cwd: folder });

const diffs = suite('diff');

/** Two losses, the first words of what is said, and the exit code. */
const PAIRS: readonly (readonly [args: string, said: string, code: number])[] = [
  ['std/focal std/cross_entropy --param gamma=0 --param alpha=1', 'equal: ', 0],
  ['std/mse some.loss:far', 'equal: ', 0],
  ['std/mse some.loss:half', 'equal up to a positive scale: half is 0.5 times mse\n', 1],
  [
    'std/cross_entropy some.loss:free',
    'equal gradient: free is cross_entropy plus a term without the prediction\n',
    1,
  ],
  [
    'std/cross_entropy some.loss:both',
    'equal up to a positive scale and a term without the prediction: both is 2 times cross_entropy plus 3\n',
    1,
  ],
  ['std/mse some.loss:cut', 'different: both are ', 1],
  ['std/huber std/mse', 'different: huber is ', 1],
  ['std/mse some.loss:trig', 'not shown equal: ', 2],
];
for (const [args, said, code] of PAIRS)
  diffs(`lossc diff ${args}`, async () => {
    const result = await diff(...args.split(' '));
    assert.is(result.stdout.slice(0, said.length), said, result.stdout + result.stderr);
    assert.is(result.code, code);
  });

diffs('the values of a witness are those of lossc eval', async () => {
  const { stdout, code } = await diff('std/cross_entropy', 'some.loss:soft', '--json');
  assert.is(code, 1);
  const { witness, facts } = JSON.parse(stdout);
  for (const [i, line] of witness.calls.entries()) {
    const args = line.replaceAll("'", '').split(' ').slice(2);
    const { stdout: value } = await call('eval', [...args, '--json'], { cwd: folder });
    assertClose(JSON.parse(value).value, witness.values[i], 1e-9);
  }
  assert.ok(facts.some(({ property }: { property: string }) => property === 'bounded'));
});

/** One loss, what is said of it beside the standard ones, and the exit code. */
const ALONE: readonly (readonly [args: string, said: RegExp, code: number])[] = [
  ['std/mse', /^mse is std\/mse\n$/, 0],
  ['some.loss:half', /^half is std\/mse up to a positive factor\n$/, 0],
  [
    'some.loss:between',
    /^between is within 0\.01 % of std\/gce at q = 0\.64\n {2}std\/gce at q = 0\.64 +0\.01 %\n/,
    1,
  ],
  ['some.loss:between --param q=1', /^between is std\/probability_mae up to a positive factor\n/, 0],
];
for (const [args, said, code] of ALONE)
  diffs(`lossc diff ${args}`, async () => {
    const result = await diff(...args.split(' '));
    assert.match(result.stdout, said, result.stderr);
    assert.is(result.code, code);
  });

diffs('the nearest standard losses in JSON, with their parameters', async () => {
  const { stdout, code } = await diff('some.loss:between', '--json');
  assert.is(code, 1);
  const { loss, nearest, isNew, sentences } = JSON.parse(stdout);
  assert.is(loss, 'between');
  assert.is(nearest[0].loss, 'std/gce');
  assertClose(nearest[0].parameters.q, 0.64, 1e-3);
  assert.is(isNew, false);
  assert.is(sentences.length, 1);
});

for (const [args, said] of [
  [
    'some.loss:between --from-logits',
    '--from-logits changes nothing: one loss is compared from logits anyway',
  ],
  ['std/logit_adjusted', 'the parameter prior of logit_adjusted has no default'],
] as const)
  diffs(`lossc diff ${args}: ${said}`, async () => {
    const { stderr, code } = await diff(...args.split(' '));
    assert.is(code, 2);
    assert.match(stderr, said);
  });

diffs('losses of other inputs are refused with what differs', async () => {
  const { stderr, code } = await diff('std/mse', 'std/cross_entropy');
  assert.is(code, 2);
  assert.match(stderr, 'target of mse has no axis of its own, target of cross_entropy has one axis');
});

for (const args of [
  ['std/mse', 'none.loss'],
  ['std/mse', 'broken.loss'],
  ['std/mse', 'std/msee', '--json'],
])
  diffs(`lossc diff ${args.join(' ')} tells of no difference: it ends with 2`, async () => {
    const { stderr, code } = await diff(...args);
    assert.is(code, 2, stderr);
    assert.match(stderr, /^error/);
  });

diffs.run();
