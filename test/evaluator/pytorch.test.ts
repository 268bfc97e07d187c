import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lossc, ROOT, scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';
import { pythonWith } from '../helpers/programs.js';

/** The example with PyTorch, from a script of one's own to a winner; and the start that `lossc init` writes. */
const pytorch = suite('the PyTorch example');
const python = pythonWith('torch');
if (python === undefined)
  console.log('SKIPPED the PyTorch example: no Python on the PATH has torch (Debian: python3-torch)');
const test = python === undefined ? pytorch.skip : pytorch;
if (python !== undefined && !existsSync(join(process.env['LOSSC_DATA'] ?? '', 'mnist')))
  console.log('SKIPPED real MNIST in the PyTorch example: no files in $LOSSC_DATA/mnist; it draws digits');

const EXAMPLE = join(ROOT, 'examples/pytorch');

pytorch('a script of sixty lines is plugged in by at most ten changed lines', () => {
  const [before, after] = ['before.py', 'train.py'].map((name) =>
    readFileSync(join(EXAMPLE, name), 'utf8').split('\n'),
  ) as [string[], string[]];
  assert.ok(before.length <= 61, `${before.length} lines`);
  const kept = new Set(before);
  const added = after.filter((line) => !kept.has(line));
  assert.ok(added.length > 0 && added.length <= 10, added.join('\n'));
});

test('lossc evolve searches with the script; the folder holds a loss that lossc reads, and the log what was printed', async () => {
  const folder = scratch();
  cpSync(EXAMPLE, folder, { recursive: true });
  cpSync(join(ROOT, 'src/evaluator/lossc.py'), join(folder, 'lossc.py'));
  const asked =
    '--steps 50 --population 3 --generations 1 --tune-evaluations 0 --final-seeds 2 --seed 3 --json';
  const args = ['evolve', '--evaluator', `'${python}' train.py`, ...asked.split(' ')];
  const { code, stdout, stderr } = await lossc([...args, '--out', 'run'], { cwd: folder });
  assert.is(code, 0, stderr);
  const { finals, bestFile } = JSON.parse(stdout);
  assert.ok(finals[0].score > 0.2, JSON.stringify(finals));
  assert.match(readFileSync(join(folder, 'run/evaluator/worker-0.log'), 'utf8'), /step 50 {2}loss/);
  const checked = await call('check', [join(folder, bestFile)]);
  assert.is(checked.code, 0, checked.stderr);
});

test('the start that lossc init writes is answered by the protocol and learns', async () => {
  const folder = scratch();
  await call('init', ['evaluator', 'pytorch', '--out', folder]);
  const files = await call('compile', [
    'std/cross_entropy',
    '--from-logits',
    '--target',
    'pytorch',
    '--out',
    folder,
  ]);
  assert.is(files.code, 0, files.stderr);
  const loss = {
    ...{ name: 'l', text: '', scale: 1, function: 'cross_entropy' },
    files: { pytorch: join(folder, 'cross_entropy.py') },
  };
  const question = { type: 'evaluate', id: '1', key: 'k', loss, seed: 1, steps: 200, learningRate: null };
  const lines = [
    { type: 'hello', protocol: 1, lossc: '0.0.0', worker: 0 },
    { ...question, split: 'test', reportAt: [100], folder },
    { type: 'continue', id: '1' },
  ];
  const { stdout, stderr } = spawnSync(python!, ['train.py'], {
    cwd: folder,
    input: lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    encoding: 'utf8',
  });
  const [hello, report, result] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.is(hello?.type, 'hello', stderr);
  assert.is(report.step, 100);
  assert.ok(result.metrics.accuracy > 0.5, stdout);
});

pytorch.run();
