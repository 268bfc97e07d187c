import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ComparisonRunner, RunRequest } from '../../src/runtime/compare-runner.js';
import type { ComparisonRun } from '../../src/runtime/comparison-run.js';
import type { StudyReport } from '../../src/study/report.js';
import { StoredRuns } from '../../src/study/stored-runs.js';
import { lossc, scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

const study = suite('studies of losses');

const SMALL =
  '--hidden 4 --steps 4 --backend cpu --train-examples 60 --validation-examples 40 --seeds 2 --tune-runs 1'.split(
    ' ',
  );
const lines = (folder: string): string[] =>
  readFileSync(join(folder, 'trainings.jsonl'), 'utf8').split('\n').slice(0, -1);
const reportIn = (folder: string): StudyReport =>
  JSON.parse(readFileSync(join(folder, 'study.json'), 'utf8'));

async function made(cwd: string, ...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await call('study', [...args, ...SMALL], { cwd });
  assert.is(code, 0, stderr);
  return stdout;
}

study(
  'each loss at its own rate, at equal gradients and as written; a second run makes no training',
  async () => {
    const cwd = scratch();
    const folder = join(cwd, 'runs/study-speed');
    const first = await made(cwd, 'speed', 'std/cross_entropy', 'std/gce', '--grid', '0.1,1');
    // Of two losses: two rates and two seeds, then two seeds twice. The rate of the other ways is 0.1, that of the grid.
    const own = reportIn(folder).conditions[0]!.reports['own rate']!;
    const again = own.losses.filter(({ learningRate }) => learningRate === 0.1).length;
    assert.is(lines(folder).length, 2 * (2 + 2 + 2 + 2) - 2 * again);
    const before = readFileSync(join(folder, 'trainings.jsonl'), 'utf8');
    assert.is(await made(cwd, 'speed', 'std/cross_entropy', 'std/gce', '--grid', '0.1,1'), first);
    assert.is(readFileSync(join(folder, 'trainings.jsonl'), 'utf8'), before);
    // Another loss beside them costs its own trainings alone.
    await made(cwd, 'speed', 'std/cross_entropy', 'std/gce', 'std/focal', '--grid', '0.1,1');
    assert.is.not(lines(folder).length, before.split('\n').length - 1);
    assert.equal(lines(folder).slice(0, before.split('\n').length - 1), before.split('\n').slice(0, -1));
    assert.ok(lines(folder).length - (before.split('\n').length - 1) <= 8);
    // Factors: scaled to the baseline's gradients, or as they are.
    const { reports } = reportIn(folder).conditions[0]!;
    assert.equal(
      reports['as written']!.losses.map(({ scale }) => scale),
      [1, 1, 1],
    );
    assert.ok(reports['equal gradients']!.losses[1]!.scale > 1);
  },
);

study('a transfer changes nothing: rates and scales are those of home', async () => {
  const cwd = scratch();
  await made(
    cwd,
    'transfer',
    'std/cross_entropy',
    'std/gce',
    '--grid',
    '0.3,1',
    '--to-model',
    'mlp:6,5',
    '--out',
    'there',
  );
  const [home, away] = reportIn(join(cwd, 'there')).conditions;
  assert.is(away!.condition.name, 'mlp-6-5 on digits');
  for (const way of ['own rate', 'equal gradients', 'as written'] as const)
    for (const [i, loss] of home!.reports[way]!.losses.entries()) {
      const there = away!.reports[way]!.losses[i]!;
      assert.equal([there.learningRate, there.scale], [loss.learningRate, loss.scale]);
      assert.is.not(there.runs[0]!.testValue, loss.runs[0]!.testValue);
    }
});

study('wrong labels of both kinds, and none once', async () => {
  const cwd = scratch();
  const text = await made(cwd, 'noise', 'std/cross_entropy', 'std/gce', '--grid', '0.3', '--rates', '0,0.4');
  const { conditions, interrupted } = reportIn(join(cwd, 'runs/study-noise'));
  assert.equal(
    conditions.map(({ condition }) => condition.name),
    ['all labels right', '40 % any other class', '40 % the class after it'],
  );
  assert.is(interrupted, false);
  const values = conditions.map(({ reports }) =>
    reports['own rate']!.losses[0]!.runs.map(({ curve }) => curve),
  );
  assert.is(new Set(values.map((runs) => JSON.stringify(runs))).size, 3);
  assert.match(text, /40 % the class after it: .*gce .*cross_entropy/);
  const page = readFileSync(join(cwd, 'runs/study-noise/report.html'), 'utf8');
  assert.match(page, /Wrong labels are the class after it:/);
});

study('targets that are numbers have one kind of being wrong', async () => {
  const cwd = scratch();
  const rest = ['std/mse', 'std/huber', '--dataset', 'friedman', '--grid', '0.1', '--rates', '0,0.3'];
  await made(cwd, 'noise', ...rest);
  assert.equal(
    reportIn(join(cwd, 'runs/study-noise')).conditions.map(({ condition }) => condition.name),
    ['all labels right', '30 % wrong'],
  );
  const { code, stderr } = await call('study', ['noise', ...rest, '--kinds', 'next'], { cwd });
  assert.is(code, 2);
  assert.match(stderr, /--kinds: friedman has no classes .*\n.*hint: leave --kinds out/);
});

study('a condition that cannot be had is refused before anything is trained', async () => {
  const cwd = scratch();
  for (const [args, message] of [
    [['transfer', 'std/gce', '--to', 'nowhere'], /there is no data set "nowhere"/],
    [['transfer', 'std/gce', '--to', 'friedman'], /the loss "gce" cannot be trained here/],
    [['transfer', 'std/gce', '--to-model', 'nothing'], /there is no model "nothing"/],
    [['data', 'std/gce', '--sizes', '20,100000'], /cannot train on 100000 examples/],
  ] as const) {
    const words =
      args[0] === 'data' ? SMALL.filter((word) => !['--train-examples', '60'].includes(word)) : SMALL;
    const { code, stderr } = await call('study', [...args, ...words], { cwd });
    assert.is(code, 1);
    assert.match(stderr, message);
  }
  assert.not.ok(existsSync(join(cwd, 'runs')));
});

study('a module that has changed is another model', async () => {
  const cwd = scratch();
  const write = (units: number): void =>
    writeFileSync(
      join(cwd, 'model.mjs'),
      `export const createModel = ({ tf, inputShape, outputs }) => tf.sequential({ layers: [
  tf.layers.flatten({ inputShape: [...inputShape] }), tf.layers.dense({ units: ${units} }), tf.layers.dense({ units: outputs }) ] });
`,
    );
  const words = SMALL.filter((word, i) => word !== '--hidden' && SMALL[i - 1] !== '--hidden');
  const args = ['speed', 'std/gce', '--grid', '0.1', '--model', './model.mjs', ...words];
  const counts: number[] = [];
  for (const units of [3, 3, 4]) {
    write(units);
    // A process of its own each time: a module that was loaded stays loaded.
    const { code, stderr } = await lossc(['study', ...args], { cwd });
    assert.is(code, 0, stderr);
    counts.push(lines(join(cwd, 'runs/study-speed')).length);
  }
  assert.is(counts[1], counts[0]);
  assert.is(counts[2], 2 * counts[0]!);
});

study('sizes of training sets are those that were asked for', async () => {
  const cwd = scratch();
  const { code, stderr } = await call(
    'study',
    [
      'data',
      'std/cross_entropy',
      '--grid',
      '0.3',
      '--sizes',
      '20,50',
      ...SMALL.filter((word) => !['--train-examples', '60'].includes(word)),
    ],
    { cwd },
  );
  assert.is(code, 0, stderr);
  assert.equal(
    reportIn(join(cwd, 'runs/study-data')).conditions.map(
      ({ reports }) => reports['own rate']!.trainExamples,
    ),
    [20, 50],
  );
});

study('what cannot be studied is refused, and nothing is written', async () => {
  const cwd = scratch({
    'twice.loss':
      'loss gce(target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)\n',
  });
  for (const [args, message] of [
    [
      ['transfer', 'std/gce'],
      /^error: a study of transfer needs somewhere else to go\n {2}= hint: give --to DATASET or --to-model NAME/,
    ],
    [['speed', 'std/gce', 'twice.loss'], /^error: two of the losses are called "gce"/],
    [['luck', 'std/gce'], /speed, data, transfer, noise/],
  ] as const) {
    const { code, stderr } = await call('study', args, { cwd });
    assert.is.not(code, 0);
    assert.match(stderr, message);
  }
  assert.not.ok(existsSync(join(cwd, 'runs')));
});

/** A runner that counts, and gives each training its number as its result. */
function counting(): ComparisonRunner & { readonly asked: () => number } {
  let asked = 0;
  return {
    train: async ({ seed }: RunRequest): Promise<ComparisonRun> => {
      asked += 1;
      return { seed, validationValue: asked, testValue: Number.NaN, curve: [], stepsPerSecond: 1 };
    },
    asked: () => asked,
  };
}
const request = (seed: string, name = 'l', learningRate = 1): RunRequest => ({
  ...{ seed, learningRate, factor: 1, phase: 'training' },
  compared: {
    name,
    loss: () => {
      throw new Error('no loss is made');
    },
  },
});

study('trainings are known by their loss, world, rate and seed', async () => {
  const folder = scratch();
  const runner = counting();
  const remembering = (world: string, text: string) =>
    new StoredRuns(folder).remembering(runner, world, () => text);
  const first = await remembering('w', 'text').train(request('1'));
  assert.equal(await remembering('w', 'text').train(request('1', 'another name')), first);
  assert.is(runner.asked(), 1);
  await remembering('w', 'other').train(request('1'));
  await remembering('v', 'text').train(request('1'));
  await remembering('w', 'text').train(request('2'));
  await remembering('w', 'text').train(request('1', 'l', 2));
  assert.is(runner.asked(), 5);
  assert.is(new StoredRuns(folder).count, 5);
});

study('a last line that was cut short gives way to the next one', async () => {
  const folder = scratch();
  const runner = counting();
  await new StoredRuns(folder).remembering(runner, 'w', () => '').train(request('1'));
  appendFileSync(join(folder, 'trainings.jsonl'), '{"key": "ab');
  const stored = new StoredRuns(folder);
  assert.is(stored.count, 1);
  await stored.remembering(runner, 'w', () => '').train(request('2'));
  assert.is(new StoredRuns(folder).count, 2);
  assert.is(lines(folder).length, 2);
});

study('a damaged line is named', () => {
  const folder = scratch();
  writeFileSync(join(folder, 'trainings.jsonl'), '{"key": "a", "run": {"seed": 1}}\n');
  assert.throws(() => new StoredRuns(folder), /line 1 of .*trainings\.jsonl is damaged: "run\.seed" is /);
});

study.run();
