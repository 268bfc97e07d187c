import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lossc, scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

const command = suite('lossc import');

const CROSS_ENTROPY = `// It was read as Python, which it looks like; --from sets another language.
/// Imported from Python:
/// -(y * torch.log(p)).sum(-1).mean()
loss ce(
  // question: y is read as one-hot rows, soft targets or labels: if several classes can apply at once, write unit
  data y: probability[..., class],
  // question: p has a logarithm, so it is read as probabilities that sum to 1 along class: is it the output of a softmax? If not, write unit or positive
  p: probability[..., class]
) =
  -sum(y * log(p), class)
`;

command('a formula that begins with a minus is printed as a loss, with what it does not decide', async () => {
  const { code, stdout, stderr } = await lossc([
    'import',
    '-(y * torch.log(p)).sum(-1).mean()',
    '--name',
    'ce',
  ]);
  assert.is(code, 0, stderr);
  assert.fixture(stdout, CROSS_ENTROPY);
});

command('standard input is read, and the file is formatted and has no mistakes', async () => {
  const cwd = scratch();
  const input =
    'def huber(pred, target, delta=1.0):\n  e = (pred - target).abs()\n  return torch.where(e < delta, e**2 / 2, delta * (e - delta / 2))\n';
  const { code, stdout, stderr } = await lossc(['import', '-', '--out', 'huber.loss'], { cwd, input });
  assert.is(code, 0, stderr);
  assert.is(stdout, 'wrote huber.loss\n');
  assert.is(stderr, 'Next: answer the question in its comments\n');
  assert.match(
    readFileSync(join(cwd, 'huber.loss'), 'utf8'),
    'loss huber(pred: real, data target: real; delta: positive = 1) =',
  );
  assert.match((await call('check', ['huber.loss'], { cwd })).stdout, 'no mistakes');
  assert.is((await call('fmt', ['--check', 'huber.loss'], { cwd })).code, 0);
  assert.match(
    (await call('diff', ['huber.loss', 'std/huber'], { cwd })).stdout,
    /^(?:equal|not shown equal)/,
  );
});

command('a file is replaced only with --force', async () => {
  const cwd = scratch({ 'kept.loss': 'kept' });
  const refused = await call('import', ['x - y', '--out', 'kept.loss'], { cwd });
  assert.is(refused.code, 2);
  assert.match(refused.stderr, '--out: kept.loss already exists');
  assert.is(readFileSync(join(cwd, 'kept.loss'), 'utf8'), 'kept');
  assert.is((await call('import', ['x - y', '--out', 'kept.loss', '--force'], { cwd })).code, 0);
  assert.match(readFileSync(join(cwd, 'kept.loss'), 'utf8'), 'x - y');
});

command('what is not read is said with its place, and nothing is written', async () => {
  const cwd = scratch();
  const { code, stdout, stderr } = await lossc(
    ['import', 'y - x ^ 2', '--from', 'python', '--out', 'new.loss'],
    { cwd },
  );
  assert.is(code, 1);
  assert.is(stdout, '');
  assert.fixture(
    stderr,
    `error: \`^\` is not a power in Python: it is the exclusive or of integers
 --> (formula):1:7
1 | y - x ^ 2
  |       ^
  = hint: write **
`,
  );
  assert.equal(readdirSync(cwd), []);
  assert.not.ok(existsSync(join(cwd, 'new.loss')));
});

for (const [formula, language] of [
  ['(x - y)**2', 'Python'],
  ['torch.abs(x - y)', 'Python'],
  ['x.abs() - y', 'Python'],
  ['x^2 - y', 'mathjs'],
  ['x .* y', 'mathjs'],
  ['x > y ? x : y', 'mathjs'],
  ['x^{2} - y', 'LaTeX'],
  [String.raw`\frac{x}{2} - y`, 'LaTeX'],
] as const)
  command(`${formula} is taken for ${language}, and a comment says so`, async () => {
    const { code, stdout } = await call('import', [formula], { cwd: scratch() });
    assert.is(code, 0);
    assert.match(
      stdout,
      `// It was read as ${language}, which it looks like; --from sets another language.\n`,
    );
  });

command('a file is not taken for a formula, and --out - is standard output', async () => {
  const cwd = scratch({ 'huber.py': 'x - y' });
  const { code, stderr } = await call('import', ['huber.py'], { cwd });
  assert.is(code, 2);
  assert.is(
    stderr,
    'error: huber.py is a file, but a formula is expected\n  = hint: lossc import - < huber.py\n',
  );
  assert.match((await call('import', ['x - y', '--out', '-'], { cwd })).stdout, 'loss imported(');
  assert.equal(readdirSync(cwd), ['huber.py']);
});

for (const name of ['huber.py', 'folder/loss.tex', 'mine.loss'])
  command(`${name}, which is not there, is told from a formula`, async () => {
    const { code, stderr } = await call('import', [name], { cwd: scratch() });
    assert.is(code, 2);
    assert.match(stderr, `error: ${name} looks like a file that does not exist; a formula is expected\n`);
  });

command('a name that a loss cannot have is refused', async () => {
  const { code, stderr } = await call('import', ['x - y', '--name', 'my-loss'], { cwd: scratch() });
  assert.is(code, 2);
  assert.match(stderr, '--name: "my-loss" cannot be the name of a loss');
});

command('names that the language has for itself get a tail', async () => {
  const { stdout } = await call('import', ['def loss(data, test):\n return (data - test)**2'], {
    cwd: scratch(),
  });
  assert.match(stdout, '(data_ - test_)^2');
});

command.run();
