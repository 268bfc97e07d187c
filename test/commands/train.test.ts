import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lossc, type Run, scratch } from '../helpers/command-line.js';

const train = suite('commands that train');

const SMALL = ['--dataset', 'digits', '--train-examples', '200', '--batch', '20', '--hidden', '8'];
/** Two classes that lie apart, without noise. */
const DATA = `export function loadData() {
  const labels = Array.from({ length: 40 }, (_, i) => i % 2);
  const part = { inputs: Float32Array.from(labels, (label) => 2 * label - 1), labels };
  return { inputShape: [1], classes: 2, train: part, test: part };
}
`;

const withoutBlame = ({ code, stderr }: Run, expected: number): string => {
  assert.is(code, expected, stderr);
  assert.not.match(stderr, 'bug in lossc');
  assert.not.match(stderr, /^ +at /m);
  return stderr;
};

train('labels are what a loss on integers gets: cross-entropy by two names is the same', async () => {
  const [rows, labels] = await Promise.all(
    ['std/cross_entropy_logits', 'std/sparse_cross_entropy'].map(async (file) => {
      const run = await lossc(['train', file, ...SMALL, '--steps', '20', '--json']);
      withoutBlame(run, 0);
      return JSON.parse(run.stdout);
    }),
  );
  assert.is(labels.testValue, rows.testValue);
  assert.ok(Math.abs(labels.finalLoss - rows.finalLoss) < 1e-5);
});

train('a loss that cannot be fed is refused in one sentence with the cure', async () => {
  const run = await lossc(['train', 'std/quantiles', ...SMALL]);
  assert.is(
    withoutBlame(run, 1),
    'error: the loss "quantiles" cannot be trained here: its target "target" and its prediction "prediction" have ' +
      'different axes, but the data gives both one number for each class\n' +
      '  = hint: give both the same axis, as in [class], or declare "target: integer" for the number of the class\n',
  );
});

train('compare refuses the last of its losses before it trains the first', async () => {
  const run = await lossc(['compare', 'std/cross_entropy', 'std/sup_con', ...SMALL, '--steps', '1000000']);
  assert.match(withoutBlame(run, 1), 'the loss "sup_con" cannot be trained here');
});

train('tune refuses what no training could use, and makes no folder', async () => {
  const run = await lossc(['tune', 'std/sup_con', ...SMALL, '--out', 'runs/never', '--workers', '1']);
  assert.match(withoutBlame(run, 1), 'the loss "sup_con" cannot be trained here');
});

train('evolve refuses a sketch that no training could use', async () => {
  const cwd = scratch({
    'pairs.loss': `sketch pairs(left: real, right: real) = ?
  with operators + -
       leaves left, right, 1
`,
  });
  const run = await lossc(['evolve', 'pairs.loss', ...SMALL, '--out', 'never', '--workers', '1'], { cwd });
  assert.match(withoutBlame(run, 1), 'the loss "pairs" cannot be trained here: it takes 2 predictions');
});

train('a training that diverges says at which step and what to try', async () => {
  const run = await lossc(['train', 'std/cross_entropy', ...SMALL, '--steps', '5', '--lr', '1e30']);
  withoutBlame(run, 1);
  assert.match(
    run.stdout,
    /stopped at step 1: training diverged, .*; try a smaller learning rate than 1e\+30/,
  );
});

train('a loss that leads away from the labels is trained with a warning', async () => {
  const cwd = scratch({ 'data.mjs': DATA });
  const run = await lossc(['train', 'std/boundary', '--dataset', './data.mjs', '--steps', '2'], { cwd });
  assert.is(
    withoutBlame(run, 0),
    'warning: boundary moves only 0 % of free predictions to their classes; the metric will say little about it\n',
  );
});

train('a comparison says which trainings diverged', async () => {
  const cwd = scratch({ 'data.mjs': DATA });
  const run = await lossc(
    [
      'compare',
      'std/mse',
      '--dataset',
      './data.mjs',
      '--steps',
      '3',
      '--seeds',
      '2',
      '--lr',
      '1e30',
      '--scale',
      'raw',
    ],
    { cwd },
  );
  withoutBlame(run, 0);
  assert.match(run.stdout, /mse: 2 of 2 trainings diverged at learning rate 1e\+30, .* and count as 0/);
});

train.run();
