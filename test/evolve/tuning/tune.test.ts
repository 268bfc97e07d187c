import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printExpr } from '../../../grammar/print/print.js';
import { num } from '../../../grammar/tree/build.js';
import { fillSketch } from '../../../src/evolve/gp/genome.js';
import { numericCandidate } from '../../../src/evolve/losses/compiler.js';
import { readLoss } from '../../../src/evolve/losses/subject.js';
import type { Evaluator, TrainingJob } from '../../../src/evolve/model/evaluator.js';
import {
  fillCoefficients,
  independentCoefficients,
  withCoefficients,
} from '../../../src/evolve/tuning/coefficients.js';
import { parametersAt, variablesOf } from '../../../src/evolve/tuning/tunable.js';
import { type TuneOptions, type TuneState, tune } from '../../../src/evolve/tuning/tune.js';
import { createRandom, hash32 } from '../../../src/random.js';
import { classification } from '../../../src/runtime/tasks/learning.js';
import { sketch, tree } from '../gp/helpers.js';

const tuning = suite('tuning');

const loss = (text: string) => readLoss({ source: { name: 'x.loss', text }, imports: [] }).loss;
const signature = 'target: onehot[class], prediction: probability[class]';

tuning('every number of every parameter is a variable, inside its domain', () => {
  const declared =
    loss(`loss l(${signature}; a = 2, b: positive = 0.5, c: between(-1, 3) = 1, d: unit[class] = [0.1, 0.2], k: integer = 3) =
  -sum(target * log(prediction) * a * b * c * d * k, class)`);
  const variables = variablesOf(declared);
  assert.equal(
    variables.map(({ parameter, index, start, lower, upper }) => [
      parameter,
      index ?? '',
      start,
      lower,
      upper,
    ]),
    [
      ['a', '', 2, -Infinity, Infinity],
      ['b', '', 0.5, 1e-6, Infinity],
      ['c', '', 1, -1, 3],
      ['d', 0, 0.1, 0, 1],
      ['d', 1, 0.2, 0, 1],
    ],
  );
  assert.equal(parametersAt(variables, [1, 2, 3, 4, 5]), { a: 1, b: 2, c: 3, d: [4, 5] });
});

tuning('a parameter without a default needs a start', () => {
  const declared = loss(`loss l(${signature}; a) = -sum(target * log(prediction) * a, class)`);
  assert.throws(() => variablesOf(declared), /the parameter a of l has no default/);
  assert.is(variablesOf(declared, { a: 4 })[0]!.start, 4);
});

const SKETCH = sketch(`
sketch s(${signature}) = -mean(?, class) with operators + - * / log square exp leaves target, prediction, 1, real
`);

/** The coefficients that are left of a tree, as the tree with their names. */
function kept(text: string, scaleMatters: boolean): string {
  const { trees } = independentCoefficients(
    [tree(text)],
    classification(10),
    scaleMatters,
    (candidate, values) => {
      const filled = fillSketch(SKETCH, candidate.trees, 'x');
      const parameters = candidate.coefficients.map(({ name, start }) => ({
        name: { name },
        default: num(start),
      }));
      const named = Object.fromEntries(candidate.coefficients.map(({ name }, i) => [name, values[i]!]));
      const numeric = numericCandidate(
        { loss: { ...filled, parameters }, library: [] },
        'classification',
        named,
      );
      return (...batch) => numeric.evaluate(...batch).gradient;
    },
  );
  return printExpr(trees[0]!);
}

tuning('a coefficient at every node, constants as coefficients', () => {
  const { trees, coefficients } = withCoefficients([tree('log(prediction) - 2.5 * target')]);
  assert.is(printExpr(trees[0]!), 'c1 * (c2 * log(c3 * prediction) - c4 * (c5 * (c6 * target)))');
  assert.equal(
    coefficients.map(({ start }) => start),
    [1, 1, 1, 1, 2.5, 1],
  );
});

// What is left: the number of directions in which the gradient can change.
for (const [text, matched, raw] of [
  ['target * log(prediction)', 'target * log(prediction)', 'c1 * (target * log(prediction))'],
  [
    'log(prediction) - target / prediction',
    'c1 * log(prediction) - target / prediction',
    'c1 * (c2 * log(prediction) - target / prediction)',
  ],
  ['3 * target * log(prediction)', '3 * target * log(prediction)', 'c1 * target * log(prediction)'],
  [
    'square(target - 0.9) * log(prediction + 0.1)',
    'square(target - c1) * log(prediction + c2)',
    'c1 * (square(target - c2) * log(prediction + c3))',
  ],
] as const) {
  tuning(`independent coefficients of ${text}`, () => {
    const count = (shown: string): number => (shown.match(/c\d/g) ?? []).length;
    assert.is(count(kept(text, false)), count(matched), kept(text, false));
    assert.is(count(kept(text, true)), count(raw), kept(text, true));
  });
}

tuning('tuned numbers take the place of coefficients', () => {
  const with3 = withCoefficients([tree('log(prediction) - target')], (node) => node === 1 || node === 3);
  assert.is(
    printExpr(fillCoefficients(with3, [2, -0.123456789])[0]!),
    '2 * log(prediction) - -0.123457 * target',
  );
});

/** Score 1 at a = 3, b = -2, with noise that depends on the seed alone. */
const answers = (noise: number, count?: (job: TrainingJob) => void): Evaluator => ({
  analyse: async () => [],
  probe: async () => [],
  train: async (jobs) =>
    jobs.map((job) => {
      count?.(job);
      const { a, b } = job.parameters as { a: number; b: number };
      const luck = ((hash32(job.seed) / 2 ** 32) * 2 - 1) * noise;
      const score = 1 / (1 + (a - 3) ** 2 + (b + 2) ** 2) + luck;
      return { end: 'finished' as const, score, steps: 10, curve: [], milliseconds: 0 };
    }),
});

const options = (evaluator: Evaluator, more: Partial<TuneOptions> = {}): TuneOptions => ({
  label: 'test',
  seed: 's',
  variables: variablesOf(
    loss(`loss l(${signature}; a = 1, b = 1) = -sum(target * log(a * prediction) * b, class)`),
  ),
  settings: { losses: 1, evaluations: 250, sigma: 0.5, mostEvaluations: 1 },
  job: (parameters, seed, replicate) => ({ genome: [], parameters, seed, replicate, steps: 10, gates: [] }),
  evaluator,
  saved: undefined,
  save: () => {},
  ...more,
});

tuning('finds the best parameters and confirms them with fresh seeds', async () => {
  const result = await tune(options(answers(0)));
  assert.ok(result!.best.score > 0.999, JSON.stringify(result!.best));
  assert.ok(result!.start.score < 0.1);
  assert.is(result!.best.scores.length, 3);
});

tuning('it counts its trainings and steps, and says of each generation what it has seen', async () => {
  const { train, ...others } = answers(0);
  const batches: number[][] = [];
  const evaluator: Evaluator = {
    ...others,
    train: async (jobs) => {
      const reports = await train(jobs);
      batches.push(reports.map(({ score }) => score!));
      return reports;
    },
  };
  const result = (await tune(options(evaluator)))!;
  // The last batch confirms start, centre and the three best of all, three times each.
  const generations = batches.slice(0, -1);
  assert.is(batches.at(-1)!.length, 15);
  assert.is(result.trainings, batches.flat().length);
  assert.is(result.steps, 10 * batches.flat().length);
  assert.is(result.restarts, 0);
  assert.equal(
    result.history.map(({ trainings }) => trainings),
    generations.map((_, i) => generations.slice(0, i + 1).flat().length),
  );
  assert.equal(
    result.history.map(({ best }) => best),
    generations.map((_, i) => Math.max(...generations.slice(0, i + 1).flat())),
  );
  // As many are at least as good as not.
  for (const [i, { median }] of result.history.entries()) {
    const scores = generations[i]!;
    assert.ok(scores.filter((score) => score >= median).length >= scores.length / 2);
    assert.ok(scores.filter((score) => score <= median).length >= scores.length / 2);
  }
  assert.ok(generations.flat().length >= 250 && generations.slice(0, -1).flat().length < 250);
});

tuning('noise is met with repeated trainings, and a lucky one does not win', async () => {
  const settings = { losses: 1, evaluations: 800, sigma: 1, mostEvaluations: 6 };
  let most = 0;
  const result = await tune(
    options(
      answers(0.1, (job) => (most = Math.max(most, job.replicate))),
      { settings },
    ),
  );
  assert.ok(most > 1, 'repeated');
  const { a, b } = result!.best.parameters as { a: number; b: number };
  assert.ok(1 / (1 + (a - 3) ** 2 + (b + 2) ** 2) > 0.8, `${a}, ${b}`);
});

tuning('interrupted and resumed from JSON, it asks for the same trainings', async () => {
  const seeds: string[] = [];
  const whole = await tune(options(answers(0.1, (job) => seeds.push(job.seed))));
  const again: string[] = [];
  const controller = new AbortController();
  let saved: TuneState | undefined;
  const random = createRandom('stop');
  const stop = 4 + random.int(5);
  const first = await tune(
    options(
      answers(0.1, (job) => again.push(job.seed)),
      {
        signal: controller.signal,
        save: (state) => {
          saved = JSON.parse(JSON.stringify(state)) as TuneState;
          if (state.history.length === stop) controller.abort();
        },
      },
    ),
  );
  assert.is(first, undefined);
  const second = await tune(
    options(
      answers(0.1, (job) => again.push(job.seed)),
      { saved },
    ),
  );
  assert.is(again.join('\n') === seeds.join('\n'), true, 'the same trainings');
  assert.equal(second, whole);
});

tuning.run();
