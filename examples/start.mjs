// The tour: what `npm start` runs. Each step is a command that you can type yourself.
import { spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const cli = join(root, 'dist/src/cli.js');
const out = mkdtempSync(join(tmpdir(), 'lossc-'));
const started = performance.now();

/** Runs one command in sight of the reader, and ends the tour if it fails. */
function lossc(...args) {
  console.log(`\n$ lossc ${args.map((arg) => (/[\s[\]=]/.test(arg) ? `'${arg}'` : arg)).join(' ')}`);
  const { status } = spawnSync(process.execPath, [cli, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 2);
}

function step(title) {
  console.log(`\n— ${title} —`);
}

step('A loss is mathematics in a file; lossc checks it, and runs the tests in it');
lossc('check', 'examples/mine.loss', 'examples/glo.loss', 'examples/noisy-labels.loss');
lossc('test', 'examples/mine.loss', 'std/focal', 'std/baikal');

step('Its gradient, worked out and simplified');
lossc('grad', 'std/baikal');
lossc('grad', 'std/cross_entropy', '--from-logits');

step('Compiled to TensorFlow.js');
lossc(
  'compile',
  'examples/mine.loss',
  'std/cross_entropy',
  'std/baikal',
  '--from-logits',
  '--out',
  join(out, 'compiled'),
);

step('A network (784-128-10) trained with cross-entropy and with Baikal, on digits that lossc draws');
const training = ['--dataset', 'digits', '--steps', '400', '--lr', '0.1'];
lossc('train', 'std/cross_entropy', ...training);
lossc('train', 'std/baikal', ...training);

step('Better losses, evolved from a sketch whose hole is filled by genetic programming');
lossc(
  'evolve',
  'examples/glo.loss',
  '--dataset',
  'digits',
  '--train-examples',
  '1000',
  '--label-noise',
  '0.4',
  '--generations',
  '8',
  '--population',
  '16',
  '--steps',
  '200',
  '--lr',
  '0.1',
  '--tune-evaluations',
  '30',
  '--final-seeds',
  '3',
  '--final-steps',
  '400',
  '--out',
  join(out, 'run'),
);

console.log(`\nDone in ${Math.round((performance.now() - started) / 1000)} s. Everything is in ${out}`);
console.log('Next: write a loss of your own beside examples/mine.loss, and read grammar/REFERENCE.md.');
