import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ComparisonReport, LossReport } from '../../src/runtime/comparison-report.js';
import { summarise } from '../../src/statistics.js';
import type { StudyReport, Way } from '../../src/study/report.js';
import { sentencesOf } from '../../src/study/words.js';

const words = suite('what a study has found, in words');

interface Found {
  readonly difference: number;
  readonly p: number;
}

const FIRST: Pick<LossReport, 'learningRate' | 'scale' | 'curve'> = {
  learningRate: 0.1,
  scale: 1,
  curve: [],
};

function lossReport(name: string, steps: number, reached: number, found?: Found): LossReport {
  const runs = [1, 2].map((n) => ({
    ...{ seed: String(n), validationValue: 0.5, testValue: 0.5, curve: [], stepsPerSecond: 1 },
  }));
  return {
    ...FIRST,
    ...{ name, runs, test: summarise([0.5]), validation: summarise([0.5]) },
    stepsTo: [
      { value: 0.8, reached: 2, steps: steps / 2 },
      { value: 0.9, reached, steps },
    ],
    ...(found !== undefined && {
      versusFirst: { difference: found.difference, t: 0, degreesOfFreedom: 2, p: found.p, holm: found.p },
    }),
  };
}

function report(found: Found, goal: 'higher' | 'lower' = 'higher', reached = 2): ComparisonReport {
  return {
    metric: { label: goal === 'higher' ? 'accuracy' : 'RMSE', goal, isShare: goal === 'higher' },
    ...{
      dataset: 'digits',
      model: 'mlp',
      split: { seed: '1' },
      trainExamples: 10,
      testExamples: 10,
      steps: 9,
    },
    ...{ batchSize: 1, optimizer: { kind: 'sgd', learningRate: 0.1 }, scale: 'raw', interrupted: false },
    losses: [lossReport('ce', 400, 2), lossReport('new', 300, reached, found)],
  };
}

const studied = (
  kind: StudyReport['kind'],
  reports: { readonly [K in Way]?: ComparisonReport },
  unchanged?: true,
): StudyReport => ({
  ...{ kind, losses: ['ce', 'new'], interrupted: false },
  conditions: [{ condition: { name: 'here', ...(unchanged && { unchanged }) }, reports }],
});

const BETTER: Found = { difference: 0.031, p: 0.001 };
const WORSE: Found = { difference: -0.02, p: 0.01 };
const LEVEL: Found = { difference: 0.03, p: 0.3 };

for (const [written, own, expected] of [
  [BETTER, BETTER, /^new is 3\.1 points better than ce, .* \(p = 0\.0010\); .*the gain is one of shape\.$/],
  [
    BETTER,
    LEVEL,
    /^no difference between new and ce is shown, .*the size of its gradients, not its shape\.$/,
  ],
  [BETTER, WORSE, /^new is 2\.0 points worse than ce, .*the size of its gradients, and its shape costs\.$/],
  [LEVEL, BETTER, /^new is 3\.1 points better .*its shape helps once the learning rate suits it\.$/],
  [WORSE, LEVEL, /^no difference .*as written it is worse: that is the size of its gradients alone\.$/],
  [WORSE, WORSE, /^new is 2\.0 points worse .*as written it is worse, too: its shape costs\.$/],
] as const)
  words(`as written ${written.difference}, at its own rate ${own.difference} (p = ${own.p})`, () => {
    const found = studied('data', { 'own rate': report(own), 'as written': report(written) });
    assert.equal(sentencesOf(found).length, 1);
    assert.match(sentencesOf(found)[0]!, expected);
  });

words('trainings that diverged are told', () => {
  const own = report(LEVEL);
  const [first, loss] = own.losses;
  const [run, ...runs] = loss!.runs;
  const broken = { ...run!, stoppedAt: { step: 7, reason: 'not a number' as const } };
  const [sentence] = sentencesOf(
    studied('data', { 'own rate': { ...own, losses: [first!, { ...loss!, runs: [broken, ...runs] }] } }),
  );
  assert.match(sentence!, /p = 0\.30\); 1 of the 2 trainings of new diverged\.$/);
});

words('where less is better, less is better', () => {
  const [sentence] = sentencesOf(studied('data', { 'own rate': report(WORSE, 'lower') }));
  assert.is(sentence, 'new is 0.020 better than ce, each at its own learning rate (p = 0.010).');
});

words('a transfer speaks of the rates of home, and not of scale', () => {
  const [sentence] = sentencesOf(
    studied('transfer', { 'own rate': report(BETTER), 'as written': report(BETTER) }, true),
  );
  assert.is(sentence, 'new is 3.1 points better than ce, at the rates chosen before (p = 0.0010).');
});

words('speed is that of the hardest target which all trainings of both reach', () => {
  const all = sentencesOf(studied('speed', { 'own rate': report(LEVEL) }));
  assert.is(all.at(-1), 'new reaches 90 % in 0.75 times the steps of ce: 300 against 400.');
  const some = sentencesOf(studied('speed', { 'own rate': report(LEVEL, 'higher', 1) }));
  assert.is(some.at(-1), 'new reaches 80 % in 0.75 times the steps of ce: 150 against 200.');
});

words.run();
