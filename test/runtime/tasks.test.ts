import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { RunError } from '../../src/errors.js';
import { openBackend } from '../../src/runtime/backend.js';
import { splitDataset } from '../../src/runtime/data/dataset.js';
import { type DrawnTable, drawTable } from '../../src/runtime/data/drawn-tables.js';
import { readUserData } from '../../src/runtime/data/user-data.js';
import { valueOfNothing } from '../../src/runtime/evaluate.js';
import { checkTrainable } from '../../src/runtime/feeding/trainable.js';
import { trainingLoss } from '../../src/runtime/loss.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import { matchingFactor } from '../../src/runtime/scaled-loss.js';
import { classification, type Learning } from '../../src/runtime/tasks/learning.js';
import type { MetricName } from '../../src/runtime/tasks/metrics.js';
import { TASKS } from '../../src/runtime/tasks/tasks.js';
import { trainModel } from '../../src/runtime/train.js';
import { blobs } from '../helpers/blobs.js';
import { standardProgram } from '../stdlib/library.js';

const backend = await openBackend({ name: 'wasm' });
const tasks = suite('tasks');

const standard = (name: string) => {
  const program = standardProgram(name);
  return { program, decl: lossesOf(program).find((decl) => decl.name.name === name)! };
};

/** Trained on a drawn table, what a standard loss reaches on validation data, and what knowing nothing does. */
async function learn(
  table: DrawnTable,
  name: string,
  metric: MetricName,
  learningRate: number,
  learning: Partial<Learning> = {},
) {
  const { search: data } = splitDataset({ ...drawTable(table, { train: 900, test: 10 }), ...learning }, 1);
  const { program, decl } = standard(name);
  const loss = trainingLoss(tf, program, decl, data);
  const model = createMlp({ ...data, seed: 1 }, [16]);
  const optimizer = { kind: 'sgd', learningRate } as const;
  const found = await trainModel({
    model,
    loss,
    data,
    metric,
    steps: 200,
    batchSize: 50,
    optimizer,
    seed: 1,
  });
  model.dispose();
  loss.dispose();
  return { value: found.validationValue!, nothing: valueOfNothing(data.validation, data, metric) };
}

/** Targets lie far from 0, so that only who has their units right is near. */
const ERRORS: readonly (readonly [DrawnTable, string, MetricName, number])[] = [
  ['friedman', 'mse', 'rmse', 0.1],
  ['friedman', 'huber', 'mae', 0.1],
  ['arm', 'mse', 'rmse', 0.2],
];
for (const [table, name, metric, rate] of ERRORS)
  tasks(`${name} on ${table}: the ${metric} falls to less than half of that of the median`, async () => {
    const { value, nothing } = await learn(table, name, metric, rate);
    assert.ok(value < 0.5 * nothing, `${value} and ${nothing}`);
  });

const QUANTILES: Learning = { task: 'quantiles', outputs: 3 };
const MOMENTS: Learning = { task: 'mean-and-variance', outputs: 2 };

for (const [learning, name, metric, rate] of [
  [QUANTILES, 'quantiles', 'pinball', 0.3],
  [MOMENTS, 'crps_gaussian', 'crps', 0.3],
] as const)
  tasks(`${name} on friedman: the ${metric} falls to less than half of that of knowing nothing`, async () => {
    const { value, nothing } = await learn('friedman', name, metric, rate, learning);
    assert.ok(value < 0.5 * nothing, `${value} and ${nothing}`);
  });

tasks('a mean and a variance as two inputs are learnt as they are as one', async () => {
  const [two, one] = [
    await learn('friedman', 'gaussian_nll', 'nll', 0.05, MOMENTS),
    await learn('friedman', 'gaussian_nll_packed', 'nll', 0.05, MOMENTS),
  ];
  assert.ok(Math.abs(two.value - one.value) < 1e-6, `${two.value} and ${one.value}`);
  assert.ok(two.value < two.nothing, `${two.value} and ${two.nothing}`);
});

for (const [name, rate] of [
  ['bce', 1],
  ['hinge', 0.3],
  ['zlpr', 0.1],
] as const)
  tasks(`${name} on documents: topics are told apart`, async () => {
    const { value, nothing } = await learn('documents', name, 'map', rate);
    assert.ok(value > 0.8 && nothing < 0.6, `${value} and ${nothing}`);
  });

tasks('the first gradients of a task’s baseline are the measure of all', async () => {
  for (const dataset of [
    blobs(4),
    drawTable('arm', { train: 300 }),
    drawTable('documents', { train: 300 }),
    { ...drawTable('friedman', { train: 300 }), ...QUANTILES },
    { ...drawTable('friedman', { train: 300 }), ...MOMENTS },
  ]) {
    const { search } = splitDataset(dataset, 1);
    const { program, decl } = standard(TASKS[search.task].baseline);
    const loss = trainingLoss(tf, program, decl, search);
    const model = createMlp({ ...search, seed: 1 }, [4]);
    const factor = await matchingFactor(loss, model, search, 20, 1);
    assert.ok(Math.abs(factor - 1) < 1e-5, `${search.task}: ${factor}`);
    model.dispose();
  }
});

const REGRESSION: Learning = { task: 'regression', outputs: 2 };
const LABELS: Learning = { task: 'multi-label', outputs: 3 };

const UNFED: readonly (readonly [Learning, signature: string, sentence: string])[] = [
  [
    REGRESSION,
    'target: onehot[k], prediction: probability[k]',
    'its prediction "prediction" is probability, but the output of a network in regression is any number',
  ],
  [
    REGRESSION,
    'target: real, prediction: unit',
    'its prediction "prediction" is unit, but the output of a network in regression is any number',
  ],
  [
    REGRESSION,
    'target: positive, prediction: real',
    'its target "target" is positive, but targets become numbers around 0',
  ],
  [
    REGRESSION,
    'target: integer, prediction: real[k]',
    'its target "target" is integer, but targets become numbers around 0',
  ],
  [
    REGRESSION,
    'target: real, prediction: real[k]',
    'its target "target" and its prediction "prediction" have different axes, but the data gives both one number for each target',
  ],
  [
    REGRESSION,
    'target: real[k = 3], prediction: real[k = 3]',
    'its axis "k" has 3 entries, but the data has 2 targets',
  ],
  [
    LABELS,
    'target: binary[k], prediction: probability[k]',
    'its prediction "prediction" is probability, but the output of a network in multi-label is any number',
  ],
  [
    LABELS,
    'target: onehot[k], prediction: unit[k]',
    'its target "target" is onehot, but any number of labels can hold at once',
  ],
  [
    LABELS,
    'target: integer, prediction: real[k]',
    'its target "target" and its prediction "prediction" have different axes, but the data gives both one number for each label',
  ],
  [
    QUANTILES,
    'target: real, prediction: real',
    'it does not say which number of "prediction" belongs to which quantile, but each quantile is judged by its own number',
  ],
  [
    QUANTILES,
    'target: real[k], prediction: real[k]',
    'its target "target" and its prediction "prediction" have different axes, but the data gives one number, and a network one for each quantile',
  ],
  [
    QUANTILES,
    'target: real, prediction: real[k = 2]',
    'its axis "k" has 2 entries, but the data has 3 quantiles',
  ],
  [
    QUANTILES,
    'target: real, prediction: real, width: positive',
    'it takes 2 predictions ("prediction", "width"), but a network gives one',
  ],
  [
    MOMENTS,
    'target: real, prediction: real, width: positive',
    'its predictions are prediction: real, width: positive, but a network gives a mean and a variance',
  ],
  [
    MOMENTS,
    'target: real, prediction: real[k], variance: positive[k]',
    'its predictions are prediction: real[k], variance: positive[k], but a network gives a mean and a variance',
  ],
];
for (const [learning, signature, sentence] of UNFED)
  tasks(`${learning.task} refuses ${signature}`, () => {
    const along = signature.includes('[k') ? 'sum((target - prediction)^2, k)' : '(target - prediction)^2';
    const program = loadProgram({ name: 'own.loss', text: `loss own(${signature}) = ${along}\n` }, () => ({
      problem: '',
    }));
    assert.throws(
      () => checkTrainable(program, lossesOf(program)[0]!, learning),
      (thrown: unknown) =>
        thrown instanceof RunError && thrown.message === `the loss "own" cannot be trained here: ${sentence}`,
    );
  });

tasks('one output of a regression cannot be mixed up with another', () => {
  const { program, decl } = standard('mse');
  checkTrainable(program, decl, { task: 'regression', outputs: 1 });
  assert.throws(() =>
    checkTrainable(standardProgram('smooth_l1'), standard('triplet').decl, classification(3)),
  );
});

const root = mkdtempSync(join(tmpdir(), 'lossc-task-data-'));
tasks.after(() => {
  rmSync(root, { recursive: true });
  backend.release();
});

let files = 0;
function moduleOf(answer: string): string {
  const path = join(root, `${++files}.mjs`);
  writeFileSync(path, `export const loadData = () => (${answer});`);
  return path;
}
const PART =
  '{ inputs: Float32Array.from({ length: 12 }, (_, i) => i), labels: [0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 0, 1] }';
const answer = (more: string, part = PART): string =>
  `{ inputShape: [2], train: ${part}, test: ${part}, ${more} }`;

tasks('a module gives a regression or labels, with so many outputs', async () => {
  for (const task of ['regression', 'multi-label']) {
    const data = await readUserData(moduleOf(answer(`task: '${task}', outputs: 2`)));
    assert.equal([data.task, data.outputs, data.train.count], [task, 2, 6]);
    assert.equal([...data.train.labels.subarray(0, 4)], [0, 1, 1, 0]);
  }
});

tasks('a module gives one number of which the distribution is learnt', async () => {
  const rows = PART.replace('Float32Array.from({ length: 12 }', 'Float32Array.from({ length: 24 }');
  const data = await readUserData(moduleOf(answer("task: 'quantiles'", rows)));
  assert.equal([data.task, data.outputs, data.train.count], ['quantiles', 3, 12]);
});

const WRONG: readonly (readonly [answer: string, sentence: RegExp])[] = [
  [answer("task: 'regression'"), /gives no "outputs" of at least 1 for its regression/],
  [
    answer("task: 'ranking', outputs: 2"),
    /gives the task "ranking"; the tasks are classification, regression, multi-label, quantiles, mean-and-variance/,
  ],
  [
    answer("task: 'quantiles', outputs: 2"),
    /"outputs", which follows from the task "quantiles": leave it out/,
  ],
  [answer("task: 'regression', outputs: 5"), /gives 12 train labels for 5 outputs/],
  [
    answer("task: 'regression', outputs: 2", PART.replace('[0, 1', '[NaN, 1')),
    /train example 0 the label NaN; targets are finite numbers/,
  ],
  [
    answer("task: 'multi-label', outputs: 2", PART.replace('0, 1]', '0, 2]')),
    /train example 5 the label 2; labels are 0 or 1/,
  ],
  [answer('outputs: 2'), /gives no "classes" of at least 2; for other tasks than classification, set "task"/],
];
for (const [text, sentence] of WRONG)
  tasks(`a module is refused: ${sentence.source}`, async () => {
    const found = await readUserData(moduleOf(text)).then(
      () => 'nothing',
      (thrown: unknown) => (thrown as Error).message,
    );
    assert.match(found, sentence);
  });

tasks.run();
