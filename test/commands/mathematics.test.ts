import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose } from '../helpers/close.js';
import { lossc as losscProcess, scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

/** Without a process of its own, which only a test of standard input needs. */
const lossc = ([name, ...args]: readonly string[], options?: { cwd: string }) => call(name!, args, options);

const evaluate = async (
  ...args: string[]
): Promise<{ loss: string; value: number; perExample: number[]; gradient: Record<string, number[][]> }> => {
  const { code, stdout, stderr } = await lossc(['eval', ...args, '--json']);
  assert.is(code, 0, stderr);
  return JSON.parse(stdout);
};

const maths = suite('eval, grad and test');

maths('Baikal and cross-entropy have their known values from logits [2, 1, 0.1], class 0', async () => {
  const point = ['--from-logits', '--input', 'target=[0]', '--input', 'prediction=[[2, 1, 0.1]]'];
  const baikal = await evaluate('std/baikal', ...point);
  assertClose(baikal.value, 1.889512, 5e-7);
  const entropy = await evaluate('std/cross_entropy', ...point);
  assertClose(entropy.value, 0.41703, 5e-7);
  assertClose(entropy.gradient['prediction']![0]!, [-0.3409988611, 0.2424329707, 0.0985658904], 1e-9);
});

maths('reductions, parameters and items follow the contract', async () => {
  const point = [
    'std/huber',
    '--input',
    'target=[0, 0]',
    '--input',
    'prediction=[0.5, 3]',
    '--param',
    'delta=2',
  ];
  assertClose((await evaluate(...point)).value, (0.125 + 4) / 2);
  const none = await evaluate(...point, '--reduction', 'none');
  assert.equal(none.value, [0.125, 4]);
  const sum = await evaluate(...point, '--reduction', 'sum');
  assert.is(sum.value, 4.125);
  assert.equal(sum.perExample, [0.125, 4]);
});

maths('infinities and NaN are strings in JSON', async () => {
  const { code, stdout } = await losscProcess(['eval', '-', '--input', 'prediction=[["NaN", 1]]', '--json'], {
    input: 'loss free(prediction: real) = prediction * 2\n',
  });
  assert.is(code, 0);
  assert.equal(JSON.parse(stdout).perExample, [['NaN', 2]]);
});

maths('names that a loss has for values stay in its gradient, and the rest is numbered', async () => {
  const cwd = scratch({
    'names.loss': `loss poly(target: onehot[class], prediction: logits[class]; gamma: nonnegative = 2) =
  let z = softmax(prediction, class)
  let pt = sum(target * z, class)
  -(1 - pt)^gamma * log(pt)
loss scaled(target: real, prediction: real; delta: positive = 1) =
  let scaled = (target - prediction) / delta
  let twice = 2 * prediction
  scaled^4 + twice / 2
`,
  });
  const { stdout } = await lossc(['grad', 'names.loss', '--loss', 'poly'], { cwd });
  assert.fixture(
    stdout.slice(0, stdout.indexOf('\n\nGuards')),
    `poly =
  let z = softmax(prediction, class)
  let pt = sum(target * z, class)
  -(log(pt) * (1 - pt)^gamma)

d poly / d prediction =
  let z = softmax(prediction, class)
  let pt = sum(target * z, class)
  let v3 = 1 - pt
  (pt - target) * z * (v3^gamma / pt - gamma * log(pt) * v3^(gamma - 1))`,
  );
  // `scaled` is the loss, and `2 * prediction / 2` has no `twice` in it any more.
  const other = await lossc(['grad', 'names.loss', '--loss', 'scaled'], { cwd });
  assert.not.match(other.stdout, /let (scaled|twice)/);
  const latex = await lossc(['grad', 'names.loss', '--loss', 'poly', '--latex'], { cwd });
  assert.match(latex.stdout, '\\mathrm{pt} &= ');
});

maths('inputs that do not fit get one sentence and exit 2', async () => {
  const wrong = await lossc([
    'eval',
    'std/cross_entropy',
    '--input',
    'target=[0]',
    '--input',
    'prediction=0.5',
  ]);
  assert.is(wrong.code, 2);
  assert.match(wrong.stderr, '"prediction" has shape []');
  const missing = await lossc(['eval', 'std/mse', '--input', 'target=[0]']);
  assert.match(missing.stderr, 'the input "prediction" is missing');
  const unknown = await lossc(['eval', 'std/mse', '--input', 'targt=[0]']);
  assert.match(unknown.stderr, 'there is no input "targt"');
  const ragged = await lossc(['eval', 'std/mse', '--input', 'target=[[1], 2]', '--input', 'prediction=[1]']);
  assert.is(ragged.code, 2);
  const domain = await lossc([
    'eval',
    'std/huber',
    '--input',
    'target=[0]',
    '--input',
    'prediction=[1]',
    '--param',
    'delta=-1',
  ]);
  assert.match(domain.stderr, '"delta" is positive, and -1 is not');
  const json = await lossc(['eval', 'std/mse', '--input', 'target=oops', '--input', 'prediction=[1]']);
  assert.match(json.stderr, 'is not JSON');
});

maths('grad prints what a person would write', async () => {
  const entropy = await lossc(['grad', 'std/cross_entropy', '--from-logits']);
  assert.match(entropy.stdout, 'softmax(prediction, class) - target');
  const bce = await losscProcess(['grad', '-', '--from-logits'], {
    input:
      'loss bce(target: unit, prediction: unit) = -(target * log(prediction) + (1 - target) * log(1 - prediction))\n',
  });
  assert.match(bce.stdout, 'sigmoid(prediction) - target');
  const latex = await lossc(['grad', 'std/mse', '--latex']);
  assert.is(latex.code, 0, latex.stderr);
  assert.match(latex.stdout, '\\');
  const wrt = await lossc(['grad', 'std/huber', '--wrt', 'nothing']);
  assert.is(wrt.code, 2);
});

maths('grad tells the guards that can decide, of the derivatives that it shows', async () => {
  const given = { input: 'loss f(a: real, p: nonnegative) = a * sqrt(p)\n' };
  const sentence =
    'As a divisor, p is taken as at least 1e-36; this decides the derivative with respect to p where p < 1e-36.';
  const all = await losscProcess(['grad', '-'], given);
  assert.match(all.stdout.replaceAll(/\s+/g, ' '), `Guards that can decide ${sentence}`);
  for (const options of [
    ['--wrt', 'a'],
    ['--order', '2'],
  ])
    assert.not.match((await losscProcess(['grad', '-', ...options], given)).stdout, 'Guards');
  const json = JSON.parse((await losscProcess(['grad', '-', '--json'], given)).stdout);
  assert.equal(json.guards, [
    {
      guarded: [{ op: 'divide' }],
      argument: 'p',
      bound: 'least',
      distance: 1e-36,
      where: 'p < 1e-36',
      decides: { value: false, gradients: ['p'] },
    },
  ]);
});

maths('test passes right blocks, fails wrong ones with the difference, and exits 1', async () => {
  const right = await lossc(['test', 'std/focal', 'std/huber']);
  assert.is(right.code, 0, right.stderr);
  assert.match(right.stdout, /\d+ passed, 0 failed/);
  const folder = scratch({
    'wrong.loss':
      'loss mse(target: real, prediction: real) = (prediction - target)^2\ntest mse { target = [0], prediction = [2], value ~ 5 }\n',
  });
  const wrong = await lossc(['test', 'wrong.loss'], { cwd: folder });
  assert.is(wrong.code, 1);
  assert.match(wrong.stdout, '0 passed, 1 failed');
  assert.match(wrong.stderr, 'wrong.loss:2');
});

maths('test of files without a test is no success', async () => {
  const folder = scratch({
    'none.loss': 'loss mse(target: real, prediction: real) = (prediction - target)^2\n',
  });
  const none = await lossc(['test', 'none.loss'], { cwd: folder });
  assert.is(none.code, 1);
  assert.is(none.stdout, '');
  assert.match(none.stderr, /^error: there are no tests in none\.loss\n {2}= hint: write a test/);
  const some = await lossc(['test', 'none.loss', 'std/mse'], { cwd: folder });
  assert.is(some.code, 0, some.stderr);
  assert.match(some.stdout, /^none\.loss has no tests\n/);
});

maths('eval warns of a negative sample weight, and counts with it', async () => {
  const point = ['std/mse', '--input', 'target=[0, 0]', '--input', 'prediction=[1, 3]'];
  const { code, stdout, stderr } = await lossc(['eval', ...point, '--sample-weight', '[2, -1]', '--json']);
  assert.is(code, 0);
  assert.is(JSON.parse(stdout).value, (2 * 1 - 9) / 2);
  assert.match(stderr, /^warning: the sample weight -1 \(entry 1\) is negative/);
});

const UNLIKELY: readonly (readonly [string, readonly string[], string])[] = [
  [
    'probabilities that do not add up',
    ['std/cross_entropy', 'target=[0]', 'prediction=[[0.5, 0.5, 0.35]]'],
    '"prediction" is probability, so it must sum to 1 along "class"; row 0 sums to 1.35',
  ],
  [
    'two classes at once',
    ['std/focal', 'target=[[0, 1], [1, 1]]', 'prediction=[[0.5, 0.5], [0.5, 0.5]]'],
    '"target" is onehot, so it must sum to 1 along "class"; row 1 sums to 2',
  ],
  [
    'a number beyond its bounds',
    ['std/bce', 'target=[0, 1]', 'prediction=[0.5, 1.5]'],
    '"prediction" is unit: between 0 and 1; 1.5 at [1] is outside',
  ],
  [
    'zeros for signs',
    ['std/hinge', 'target=[0, 1, 0]', 'prediction=[1, 2, 3]'],
    '"target" is sign: -1 or 1; 0 at [0] is outside, as are 1 more',
  ],
];

for (const [what, [file, ...inputs], sentence] of UNLIKELY) {
  maths(`eval warns of ${what}, names the place, and evaluates`, async () => {
    const run = await lossc(['eval', file!, ...inputs.flatMap((input) => ['--input', input])]);
    assert.is(run.code, 0);
    assert.match(run.stderr, `warning: ${sentence}\n`);
    assert.match(run.stdout, ' = ');
  });
}

maths('eval refuses labels within an item that are no class, unless the loss leaves them out', async () => {
  const loss = (name: string, mean: string) =>
    `loss ${name}(labels: integer[pixel], logits: logits[class, pixel]) =
      mean(-at(log_softmax(logits, class), class, labels), ${mean})\n`;
  const cwd = scratch({ 'seg.loss': loss('all', 'pixel') + loss('known', 'pixel where labels != 255') });
  const inputs = ['--input', 'labels=[[0, 255]]', '--input', 'logits=[[[1, 2], [1, 3]]]'];
  const all = await lossc(['eval', 'seg.loss:all', ...inputs], { cwd });
  assert.is(all.code, 2);
  assert.match(all.stderr, '"labels" holds the label 255 (entry 1), and a label of "class" goes from 0 to 1');
  const known = await lossc(['eval', 'seg.loss:known', ...inputs], { cwd });
  assert.is(known.stderr, '');
  assert.match(known.stdout, 'known = 0.6931471806');
});

maths('compile takes one loss of a file as FILE:NAME', async () => {
  const cwd = scratch({
    'two.loss': 'loss a(prediction: real) = prediction^2\nloss b(prediction: real) = abs(prediction)\n',
  });
  const run = await lossc(['compile', 'two.loss:b', '--js'], { cwd });
  assert.is(run.stdout, 'b -> b.js\nb -> b.d.ts\n');
});

maths('eval refuses labels outside the classes', async () => {
  for (const label of ['7', '-1', '0.5']) {
    const run = await lossc([
      ...['eval', 'std/cross_entropy', '--input', `target=[${label}]`],
      ...['--input', 'prediction=[[0.5, 0.25, 0.25]]'],
    ]);
    assert.is(run.code, 2);
    assert.match(run.stderr, `"target" holds the label ${label} (entry 0)`);
  }
});

maths('eval says nothing of what is legal, marks of what is left out included', async () => {
  for (const [file, target, prediction] of [
    ['std/cross_entropy', '[0]', '[[0.5, 0.25, 0.25]]'],
    ['std/cross_entropy', '[-100]', '[[0.5, 0.25, 0.25]]'],
    ['std/cross_entropy_logits', '[1]', '[["-Infinity", 0, 1]]'],
    ['std/mse', '["NaN"]', '[1]'],
  ]) {
    const run = await lossc([
      'eval',
      file!,
      '--input',
      `target=${target}`,
      '--input',
      `prediction=${prediction}`,
    ]);
    assert.is(run.stderr, '', file);
  }
});

maths('eval --digits prints exact digits of the formula, and all digits that are given', async () => {
  const point = [
    'eval',
    'std/mse',
    '--input',
    'target=[0]',
    '--input',
    'prediction=[1.00000000000000000001]',
  ];
  const { code, stdout } = await lossc([...point, '--digits', '45']);
  assert.is(code, 0);
  assert.match(stdout, 'mse = 1.0000000000000000000200000000000000000001\n');
  assert.match(stdout, 'd/dprediction [2.00000000000000000002]');
});

maths('eval --digits gives null and a word where there is no exact number', async () => {
  const { stdout } = await lossc([
    ...['eval', 'std/mae', '--input', 'target=[1]', '--input', 'prediction=[1]', '--digits', '20', '--json'],
  ]);
  assert.equal(JSON.parse(stdout).gradient, { prediction: [null] });
});

maths.run();
