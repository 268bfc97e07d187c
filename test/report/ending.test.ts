import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import type { Seed } from '../../src/evolve/seeds/derive.js';
import { endingOf } from '../../src/report/ending.js';
import type { ComparisonReport, LossReport } from '../../src/runtime/comparison-report.js';
import { METRICS } from '../../src/runtime/tasks/metrics.js';
import { summarise, welchTest } from '../../src/statistics.js';

/** How a search ended, in words. */
const endings = suite('endings');

function winner(body: string, inputs = 'target: onehot[class], prediction: probability[class]'): Seed {
  const program = loadProgram({ name: 'winner.loss', text: `loss winner(${inputs}) = ${body}` });
  return { program, loss: lossesOf(program)[0]! };
}

const IDENTITIES: readonly (readonly [body: string, inputs: string | undefined, sentence: string])[] = [
  ['sum(target * log(prediction), class) * -1', undefined, 'winner is std/cross_entropy'],
  [
    '-mean(target * log(prediction), class)',
    undefined,
    'winner is std/cross_entropy up to a positive factor',
  ],
  ['mean((p - t)^2, k)', 't: onehot[k], p: probability[k]', 'winner is std/brier up to a positive factor'],
  [
    '-sum(target * (1 - prediction)^0.5 * log(prediction), class)',
    undefined,
    'winner is within 0.01 % of std/focal at gamma = 0.5',
  ],
  ['sum(target * sin(9 * prediction), class)', undefined, 'winner is new: the nearest is std/'],
  ['max(0, 1 - target * prediction)', 'target: sign, prediction: real', 'winner is std/hinge'],
];
for (const [body, inputs, sentence] of IDENTITIES)
  endings(`${body}: ${sentence}`, () => {
    const [said] = endingOf(winner(body, inputs), undefined).sentences;
    assert.is(sentence.endsWith('/') ? said!.slice(0, sentence.length) : said, sentence);
  });

/** A comparison in which losses have these test accuracies. */
function comparison(
  accuracies: Readonly<Record<string, readonly number[]>>,
  metric: ComparisonReport['metric'] = METRICS.accuracy,
): ComparisonReport {
  const [first] = Object.values(accuracies);
  const losses = Object.entries(accuracies).map(([name, values], i) => {
    const test = welchTest(values, first!);
    const runs = values.map((testValue) => ({ testValue }));
    return {
      name,
      runs,
      test: summarise(values),
      ...(i > 0 && { versusFirst: { ...test, holm: test.p } }),
    } as unknown as LossReport;
  });
  return { losses, metric } as unknown as ComparisonReport;
}

const OWN = winner('-log(sum(target * prediction^2, class) + 1)');
/** Sentences about its name, which stand in front. */
const NAMED = 1;

endings('better than one, worse than another, and level with a third', () => {
  const { against, sentences } = endingOf(
    OWN,
    comparison({
      cross_entropy: [0.7, 0.71, 0.69, 0.7],
      gce: [0.9, 0.91, 0.89, 0.9],
      sce: [0.8, 0.82, 0.79, 0.81],
      winner: [0.8, 0.8, 0.81, 0.79],
    }),
  );
  assert.equal(
    against.map(({ loss, outcome, by }) => [loss, outcome, Math.round(10 * by) / 10]),
    [
      ['cross_entropy', 'better', 10],
      ['gce', 'worse', -10],
      ['sce', 'level', -0.5],
    ],
  );
  assert.match(sentences[NAMED]!, /^winner is better than cross_entropy by 10\.0 points, p = \d/);
  assert.match(sentences[NAMED + 1]!, /^winner is worse than gce by 10\.0 points, p = \d/);
  assert.match(sentences[NAMED + 2]!, /^winner is no better than sce: 0\.5 points less, p = 0\.\d\d$/);
});

endings('an error that is smaller is better, in its own units', () => {
  const { against, sentences } = endingOf(
    OWN,
    comparison(
      { mse: [3.2, 3.3, 3.1, 3.2], huber: [1.9, 1.94, 1.86, 1.9], winner: [1.9, 1.88, 1.93, 1.91] },
      METRICS.rmse,
    ),
  );
  assert.equal(
    against.map(({ outcome }) => outcome),
    ['better', 'level'],
  );
  assert.ok(Math.abs(against[0]!.by - 1.295) < 1e-9);
  assert.match(sentences[NAMED]!, /^winner is better than mse by 1\.3 RMSE, p = \d/);
  assert.match(sentences[NAMED + 1]!, /^winner is no better than huber: 0\.005 RMSE more, p = 0\.\d\d$/);
});

endings('a lead that may be chance is not called one', () => {
  const { sentences } = endingOf(OWN, comparison({ gce: [0.7, 0.8, 0.6], winner: [0.72, 0.82, 0.62] }));
  assert.match(
    sentences[NAMED]!,
    /^winner is not shown to be better than gce: 2\.0 points more, p = 0\.\d\d$/,
  );
});

endings('one training of each says nothing of chance', () => {
  const { against, sentences } = endingOf(OWN, comparison({ cross_entropy: [0.7], winner: [0.8] }));
  assert.is(against[0]!.p, null);
  assert.equal(sentences.slice(NAMED), [
    'winner has 10.0 points more than cross_entropy, with too few trainings to say more',
  ]);
});

endings('nothing is said of what has not been trained', () => {
  assert.equal(endingOf(OWN, comparison({ cross_entropy: [0.7], winner: [] })).against, []);
});

endings.run();
