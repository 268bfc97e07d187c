import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lossc, scratch } from '../helpers/command-line.js';

/** `lossc evolve` as a process: a whole small run, and what a person may get wrong. */
const evolving = suite('lossc evolve');

const SMALL =
  '--dataset digits --train-examples 200 --validation-examples 200 --hidden 8 --steps 20 --lr 0.1';
const BUDGET = '--population 8 --generations 1 --tune-evaluations 0 --workers 1';
const words = (text: string): string[] => text.split(' ');

evolving('without a file it searches the sketch of the preset, and compares as it has trained', async () => {
  const folder = scratch({});
  const training =
    '--optimizer momentum --momentum 0.5 --weight-decay 0.001 --decay cosine --augment shift=1';
  const finals = '--final-seeds 2 --final-steps 30 --against std/gce --scale raw --backend cpu --out run';
  const args = ['evolve', ...words(`${SMALL} ${BUDGET} ${training} ${finals}`)];
  const { code, stdout, stderr } = await lossc(args, { cwd: folder });
  assert.is(code, 0, stderr);
  assert.match(stdout, /cross_entropy .*\n *gce .*\n *evolved_\d+ /);
  const report = JSON.parse(readFileSync(join(folder, 'run/comparison.json'), 'utf8'));
  assert.equal(report.optimizer, {
    kind: 'momentum',
    learningRate: 0.1,
    decay: { kind: 'cosine', steps: 30 },
    momentum: 0.5,
    weightDecay: 0.001,
  });
  assert.is(report.steps, 30);
  assert.is(report.scale, 'raw');

  const again = await lossc(args, { cwd: folder });
  assert.is(again.code, 1);
  assert.match(again.stderr, /run/);
});

evolving('what an earlier run of the same task has trained is not trained again', async () => {
  const folder = scratch({});
  const args = (out: string, more = ''): string[] => [
    'evolve',
    ...words(`${SMALL} ${BUDGET} --seed 7 --final-seeds 0 --json --out ${out}${more}`),
  ];
  const first = await lossc(args('one'), { cwd: folder });
  assert.is(first.code, 0, first.stderr);
  const second = await lossc(args('two', ' --known one'), { cwd: folder });
  assert.is(second.code, 0, second.stderr);
  const spent = (json: string): number => JSON.parse(json).spent.evaluations;
  assert.ok(spent(second.stdout) < spent(first.stdout), `${spent(second.stdout)} of ${spent(first.stdout)}`);

  const other = await lossc(args('three', ' --known one --batch 50'), { cwd: folder });
  assert.is(other.code, 1);
  assert.match(other.stderr, /the run in one has a different task/);
  assert.not.ok(existsSync(join(folder, 'three')));
});

const WRONG: readonly (readonly [string, RegExp, number])[] = [
  ['--sketch mine', /--sketch names a sketch in a file/, 2],
  ['--against nowhere.loss', /nowhere\.loss/, 1],
  ['--dataset digits --against std/iou', /"iou" cannot be trained here: its axis "box" has 4 entries/, 1],
  ['--against std/croos_entropy', /did you mean std\/cross_entropy\?/, 1],
  ['--task missing.json', /missing\.json: there is no such file/, 1],
  ['missing.loss', /missing\.loss/, 1],
  ['--resume nothing', /nothing/, 1],
  ['--known nothing', /nothing/, 1],
];
for (const [args, message, expected] of WRONG) {
  evolving(`lossc evolve ${args}: one error, and no folder`, async () => {
    const folder = scratch({});
    const { code, stderr } = await lossc(['evolve', ...words(args)], { cwd: folder });
    assert.is(code, expected, stderr);
    assert.match(stderr, message);
    assert.is(stderr.match(/error/g)?.length, 1, stderr);
    assert.not.ok(existsSync(join(folder, 'runs')));
  });
}

evolving.run();
