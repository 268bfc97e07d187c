import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { colourOf } from '../../src/charts/colours.js';
import { withRun } from '../../src/evolve/run/inspect.js';
import type { InspectedTuning } from '../../src/evolve/run/inspect-tuning.js';
import { collect, type ReportData } from '../../src/report/data.js';
import type { Html } from '../../src/report/html.js';
import { candidates } from '../../src/report/sections/candidates.js';
import { comparison } from '../../src/report/sections/comparison.js';
import { front } from '../../src/report/sections/front.js';
import { learning } from '../../src/report/sections/learning.js';
import { lineage } from '../../src/report/sections/lineage.js';
import { overview } from '../../src/report/sections/overview.js';
import { progress } from '../../src/report/sections/progress.js';
import { rejected } from '../../src/report/sections/rejected.js';
import { time } from '../../src/report/sections/time.js';
import { winner } from '../../src/report/sections/winner.js';
import { tuningPage } from '../../src/report/tuning-page.js';
import { call } from '../helpers/in-process.js';
import { addComparison, handMadeRun, ROWS } from './hand-made.js';

/** Every number that a report claims, against what was counted by hand in a run made by hand. */
const numbers = suite('numbers of the report');

const root = mkdtempSync(join(tmpdir(), 'lossc-numbers-'));
numbers.after(() => rmSync(root, { recursive: true }));
const directory = join(root, 'run');
handMadeRun(directory);
addComparison(directory);
const data: ReportData = withRun(directory, collect);

/** What stands in elements of a class or name, without marks. */
const textsOf = (part: Html, tag: string): string[] =>
  [...part.toString().matchAll(new RegExp(`<${tag}(?: [^>]*)?>(.*?)</${tag.split(' ')[0]}>`, 'g'))].map(
    ([, text]) => text!.replace(/<[^>]*>/g, '').trim(),
  );
/** The cells of the first table, or of the one with this number, row by row. */
function tableOf(part: Html, which = 0): string[][] {
  const body = [...part.toString().matchAll(/<tbody>(.*?)<\/tbody>/g)][which]![1]!;
  return [...body.matchAll(/<tr[^>]*>(.*?)<\/tr>/g)].map(([, row]) =>
    [...row!.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell!.replace(/<[^>]*>/g, '').trim()),
  );
}
/** Bars by their names. */
const barsOf = (part: Html): Record<string, string> =>
  Object.fromEntries(
    [...part.toString().matchAll(/bar-name">(.*?)<\/span>.*?bar-value">(.*?)<\/span>/g)].map(
      ([, name, value]) => [name!, value!],
    ),
  );
/** Polylines of a chart, as shares of the way from their first point to the last, and from the lowest to the highest of the chart. */
const linesOf = (part: Html): number[][][] =>
  [...part.toString().matchAll(/<polyline[^>]* points="([^"]*)"/g)].map(([, points]) =>
    points!.split(' ').map((point) => point.split(',').map(Number)),
  );
const near = (actual: number, expected: number): void =>
  assert.ok(Math.abs(actual - expected) < 2e-3, `${actual} is not ${expected}`);

numbers('the head', () => {
  const part = overview(data);
  assert.equal(
    textsOf(part, 'dt').map((name, i) => [name, textsOf(part, 'dd')[i]]),
    [
      // That of the finals, the mean of 0.4 and 0.6: not the 90 % of the search.
      ['best score', '50.00 %'],
      ['candidates', '11'],
      ['of these trained', '6'],
      ['training steps', '3 456'],
      ['generations', '3'],
      // 60 + 30 + 150 seconds.
      ['search time', '4 min 0 s'],
    ],
  );
  assert.match(textsOf(part, 'p')[0]!, /^mlp on digits, 1 500 training examples, 25 % of the labels wrong\./);
  assert.match(textsOf(part, 'p')[0]!, /validation accuracy after 1 200 steps, scale matched, seed 7\.$/);
});

numbers('why candidates were rejected, as shares of all eleven', () => {
  const part = rejected(data);
  assert.equal(barsOf(part), {
    'static: no gradient, no target, or errors': '2 (18.2 %)',
    'canonical: equal to a known one': '1 (9.1 %)',
    'gradient: the same as that of a known one': '0 (0.0 %)',
    'null epoch: the first step does not go towards the target': '0 (0.0 %)',
    'shape: the curve rules it out': '2 (18.2 %)',
    'neighbours: almost equal to a known one, or its nearest neighbours predict too low a score': '0 (0.0 %)',
    'prediction: free predictions do not improve': '0 (0.0 %)',
    'gate: stopped early in training': '1 (9.1 %)',
    'failed: the training could not be completed': '1 (9.1 %)',
  });
});

numbers('how often a rejection was wrong', () => {
  assert.equal(tableOf(rejected(data)), [
    ['shape: the curve rules it out', '8', '2 (25 %)'],
    ['gate: stopped early in training', '3', '1 (33 %)'],
  ]);
});

numbers('reasons, those that differ by a number alone together, the frequent first', () => {
  assert.equal(tableOf(rejected(data), 1), [
    ['static: the gradient is zero', '2'],
    ['shape: it turns … times', '2'],
    ['canonical: canonical form', '1'],
    ['stopped: hopeless', '1'],
    ['failed: crashed: why', '1'],
  ]);
});

numbers('where time went: stages from the candidates, training from the trainings, failed ones too', () => {
  // 8 s of training, 1.5 s static, 0.5 s gradient: 10 s in all.
  const part = time(data);
  assert.equal(barsOf(part), { training: '8 s (80.0 %)', static: '2 s (15.0 %)', gradient: '1 s (5.0 %)' });
  assert.match(textsOf(part, 'p').at(-1)!, /all processes: 10 s. The search took 4 min 0 s/);
});

numbers('fitness over the search, by four clocks', () => {
  const lines = linesOf(progress(data));
  assert.is(lines.length, 8);
  // Where the second of three generations stands on each clock, from the first to the last.
  const expected = {
    generation: 1 / 2,
    // Three with scores in the first (one of them known), one, two: after them 3, 4, 6.
    trained: 1 / 3,
    // 200, 210, 400.
    steps: 10 / 200,
    // 1, 1.5, 4 minutes.
    minutes: 0.5 / 3,
  };
  for (const [i, share] of Object.values(expected).entries())
    for (const line of lines.slice(2 * i, 2 * i + 2)) {
      const [first, second, third] = line.map(([x]) => x!) as [number, number, number];
      near((second - first) / (third - first), share);
    }
  // Best 0.8, 0.8, 0.9 above median 0.5, 0.55, 0.7; the scale goes from 0.5 to 0.9, downwards.
  const [best, median] = [lines[0]!.map(([, y]) => y!), lines[1]!.map(([, y]) => y!)];
  const [low, high] = [median[0]!, best[2]!];
  const shares = [...best, ...median].map((y) => (y - low) / (high - low));
  for (const [i, share] of [0.75, 0.75, 1, 0, 0.125, 0.5].entries()) near(shares[i]!, share);
});

numbers('the front: what beats everything smaller, and the one to pick', () => {
  const part = front(data);
  assert.equal(tableOf(part), [
    ['3', '80.00 %', '1', 'target * log(prediction)'],
    ['7', '90.00 %', '1', 'square(prediction) pick'],
  ]);
  const circles = [...part.toString().matchAll(/<circle class="([^"]*)"/g)].map(([, name]) => name!);
  // Four were fully trained; two are on the front.
  assert.is(circles.filter((name) => name.includes('faint')).length, 4);
  assert.is(circles.filter((name) => !name.includes('faint')).length, 2);
});

numbers('learning curves: each training, and their mean step by step', () => {
  const lines = linesOf(learning(data));
  assert.is(lines.length, 3);
  const [a, b, mean] = lines as [number[][], number[][], number[][]];
  for (const i of [0, 1, 2]) near((a[i]![1]! + b[i]![1]!) / 2 / mean[i]![1]!, 1);
  assert.equal(
    mean.map(([x]) => x),
    a.map(([x]) => x),
  );
});

numbers('the winner: its score, and the finalists with theirs', () => {
  const part = winner(data);
  assert.match(textsOf(part, 'p')[0]!, /^50\.00 % on validation data, mean of 2\. Curves for 10 classes/);
  assert.equal(tableOf(part), [['evolved_9', '50.00 %', '40.00, 60.00', 'square(prediction)']]);
});

numbers('the lineage of the winner, from where its line begins', () => {
  const items = textsOf(lineage(data), 'li');
  assert.equal(items, [
    '0randomgeneration 1, 80.00 %target * log(prediction)',
    '9crossovergeneration 3 from 0 and 1, 80.00 % → 90.00 %target * log(prediction)square(prediction)',
  ]);
});

numbers('candidates: those trained by their mean score, then the others', () => {
  const part = candidates(data);
  assert.equal(
    tableOf(part).map(([id, generation, , outcome, score]) => [id, generation, outcome, score]),
    [
      ['9', '3', 'trained', '90.00 %'],
      ['10', '3', 'trained', '85.00 %'],
      ['0', '1', 'trained', '80.00 %'],
      ['1', '1', 'trained', '65.00 %'],
      ['5', '2', 'stopped', '30.00 %'],
      ['2', '1', 'rejected', ''],
      ['3', '1', 'rejected', ''],
      ['4', '1', 'known', '80.00 %'],
      ['6', '2', 'failed', ''],
      ['7', '2', 'rejected', ''],
      ['8', '2', 'rejected', ''],
    ],
  );
  assert.match(
    textsOf(part, 'p').at(-1)!,
    /^The best 5 that were trained and the latest 6 others, of 11 in the ledger/,
  );
  assert.match(part.toString(), />11 shown</);
});

numbers('the held-out comparison', () => {
  const part = comparison(data);
  assert.equal(tableOf(part), [
    ['cross_entropy', '0.3 (tuned)', '2', '90.00 %', '88.00 % to 92.00 %', '', ''],
    ['better', '0.3', '2', '93.21 %', '91.21 % to 95.21 %', '+3.21 points', '0.0246'],
    ['worse', '0.3', '2', '80.00 %', '78.00 % to 82.00 %', '−10.00 points', '2.0e-6'],
  ]);
  assert.match(
    textsOf(part, 'p')[0]!,
    /1 500 training examples, 1 200 steps, scale matched; 2 000 test examples/,
  );
  assert.match(part.toString(), /only finished runs are counted/);
});

numbers('a loss has one colour in all charts', () => {
  const drawnColour = (part: Html, name: string): string =>
    new RegExp(`<i class="key-(\\d)[^"]*"></i>${name}<`).exec(part.toString())![1]!;
  const [here, there] = [winner(data), comparison(data)];
  assert.is(drawnColour(here, 'cross_entropy'), '0');
  const { colour } = data.looks('evolved_9');
  assert.is(colour, colourOf('evolved_9'));
  assert.is(drawnColour(here, 'evolved_9'), `${colour}`);
  assert.match(learning(data).toString(), `class="line-${colour}"`);
  assert.not.ok(there.toString().includes(`line-${colour}`));
});

numbers('the terminal counts alike', async () => {
  const pareto = await call('pareto', [directory]);
  assert.is(
    pareto.stdout,
    'score: validation accuracy; higher is better\n     nodes   score  expression\n         3  0.8000  target * log(prediction)\n>>>>     7  0.9000  square(prediction)\n',
  );
  const { stdout } = await call('lineage', [directory, '--json']);
  const { steps, ancestors } = JSON.parse(stdout) as {
    steps: { id: number; scoreBefore?: number; score: number; donor?: number }[];
    ancestors: { id: number; score: number; depth: number }[];
  };
  assert.equal(
    steps.map(({ id, scoreBefore, score, donor }) => [id, scoreBefore, score, donor]),
    [
      [0, undefined, 0.8, undefined],
      [9, 0.8, 0.9, 1],
    ],
  );
  assert.equal(
    ancestors.map(({ id, score, depth }) => [id, score, depth]),
    [
      [9, 0.9, 0],
      [1, (ROWS[1]!.scores[0]! + ROWS[1]!.scores[1]!) / 2, 1],
      [0, 0.8, 1],
    ],
  );
});

numbers('the page of a tuning', () => {
  const training = { generation: 0, genome: [], replicate: 0, curve: [], milliseconds: 1 };
  const tuning: InspectedTuning = {
    settings: { ...data.settings, format: 'tuning 2', loss: data.settings.sketch, start: {} } as never,
    loss: 'huber',
    start: { delta: 1, weights: [1, 2] },
    result: {
      start: { parameters: { delta: 1 }, score: 0.5, scores: [0.4, 0.6] },
      best: { parameters: { delta: 0.123456789, weights: [3, 4] }, score: 0.7525, scores: [0.7, 0.805] },
      ...{ trainings: 40, steps: 4000, restarts: 2, history: [] },
    },
    best: { parameters: { delta: 0.123456789, weights: [3, 4] }, score: 0.7525 },
    history: [
      { trainings: 10, best: 0.6, median: 0.5 },
      { trainings: 15, best: 0.7, median: 0.5 },
      { trainings: 30, best: 0.7, median: 0.6 },
    ],
    trainings: [
      { ...training, end: 'finished', score: 0.5, steps: 100 },
      { ...training, end: 'hopeless', score: 0.1, steps: 7 },
      { ...training, end: 'crashed', score: null, detail: 'why', steps: 0 },
    ],
    text: 'loss huber',
  };
  const page = tuningPage(tuning);
  assert.equal(textsOf(page, 'dd').slice(0, 5), ['75.25 %', '50.00 %', '3', '107', '2']);
  assert.equal(tableOf(page), [
    ['delta', '1', '0.123457'],
    ['weights', '1, 2', '3, 4'],
  ]);
  assert.match(
    page.toString(),
    /Both scores are means of 2 trainings with seeds that the tuning did not use/,
  );
  const [[first, second, third]] = linesOf(page) as [[number[], number[], number[]]];
  near((second[0]! - first[0]!) / (third[0]! - first[0]!), 5 / 20);
  assert.is(second[1], third[1]);
});

numbers('a run that has found nothing says so', async () => {
  const empty = join(root, 'empty');
  handMadeRun(empty, { found: false });
  const { code, stdout } = await call('pareto', [empty]);
  assert.is(code, 0);
  assert.is(stdout, 'no loss of this run has been fully trained yet\n');
  const found = withRun(empty, collect);
  assert.match(rejected(found).toString(), /No rejected candidate has been trained/);
  assert.not.match(overview(found).toString(), /NaN/);
  assert.not.match(rejected(found).toString() + time(found) + progress(found) + front(found), /NaN/);
});

numbers.run();
