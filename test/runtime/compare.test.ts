import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { comparisonSvg, comparisonText, dataCurveSvg, dataCurveText } from '../../src/report/compared.js';
import { openBackend } from '../../src/runtime/backend.js';
import { compareLosses } from '../../src/runtime/compare.js';
import { summariseLoss } from '../../src/runtime/compare-summary.js';
import { type ComparisonOptions, hasRuns } from '../../src/runtime/comparison-report.js';
import { drawDigits } from '../../src/runtime/data/digits.js';
import { dataCurve } from '../../src/runtime/data-curve.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import { scaledLoss } from '../../src/runtime/scaled-loss.js';
import { assertClose } from '../helpers/close.js';
import { crossEntropy, meanSquaredError, scriptedLoss } from '../helpers/losses.js';

const backend = await openBackend({ name: 'wasm' });
const OPTIONS: ComparisonOptions = {
  losses: [
    { name: 'cross-entropy', loss: crossEntropy },
    { name: 'mse', loss: meanSquaredError },
  ],
  dataset: drawDigits({ train: 900, test: 300 }),
  split: { validationExamples: 200 },
  seed: 1,
  model: (request) => createMlp(request, [16]),
  runs: 3,
  steps: 120,
  batchSize: 50,
  optimizer: { kind: 'sgd', learningRate: 0.3 },
  scale: 'raw',
  evaluateEvery: 30,
  targets: [0.3, 0.999],
};

const comparing = suite('comparing losses');

comparing('gives the same numbers for the same seed, and leaves nothing behind', async () => {
  const before = tf.memory().numTensors;
  const timeless = (key: string, value: unknown): unknown => (key === 'stepsPerSecond' ? undefined : value);
  const [one, same] = [await compareLosses(OPTIONS), await compareLosses(OPTIONS)];
  assert.is(JSON.stringify(one, timeless), JSON.stringify(same, timeless));
  assert.is(tf.memory().numTensors, before);
  const [first, second] = one.losses;
  assert.is(first!.runs.length, 3);
  assert.is(new Set(first!.runs.map((run) => run.testValue)).size > 1, true);
  assert.equal(
    first!.curve.map(({ step }) => step),
    [30, 60, 90, 120],
  );
  assert.is(first!.versusFirst, undefined);
  assertClose(second!.versusFirst!.difference, second!.test.mean - first!.test.mean, 1e-12);
  assert.is(first!.stepsTo[0]!.reached, 3);
  assert.is(first!.stepsTo[1]!.reached, 0);
});

comparing('matched scale cancels a factor on the loss, raw does not', async () => {
  const losses = [
    { name: 'plain', loss: crossEntropy },
    { name: 'hundredfold', loss: () => scaledLoss(crossEntropy(), 100) },
  ];
  const matched = await compareLosses({ ...OPTIONS, losses, runs: 1, scale: 'matched' });
  assertClose(matched.losses[0]!.scale, 1, 1e-4);
  assertClose(matched.losses[1]!.scale, 0.01, 1e-4);
  assert.is(matched.losses[1]!.runs[0]!.testValue, matched.losses[0]!.runs[0]!.testValue);
  const raw = await compareLosses({ ...OPTIONS, losses, runs: 1 });
  assert.not.equal(raw.losses[1]!.runs[0]!.testValue, raw.losses[0]!.runs[0]!.testValue);
});

comparing('tuning chooses a rate from the grid on validation data, for each loss by itself', async () => {
  const report = await compareLosses({
    ...OPTIONS,
    losses: [...OPTIONS.losses, { name: 'hundredth', loss: () => scaledLoss(crossEntropy(), 0.01) }],
    runs: 1,
    tuning: { grid: [1e-6, 0.3, 30], runs: 1 },
  });
  assert.is(report.losses[0]!.learningRate, 0.3);
  assert.is(report.losses[2]!.learningRate, 30);
  assert.is(report.losses[0]!.tuning!.rates.length, 3);
  assert.is(report.losses[2]!.tuning!.atEdge, true);
  assert.match(comparisonText(report), /hundredth: the best learning rate is at the edge/);
});

comparing('a loss that breaks down counts as 0', async () => {
  const losses = [OPTIONS.losses[0]!, { name: 'broken', loss: () => scriptedLoss([1, Number.NaN]) }];
  const report = await compareLosses({ ...OPTIONS, losses, runs: 2 });
  assert.is(report.losses[1]!.test.mean, 0);
  assert.equal(report.losses[1]!.runs[0]!.stoppedAt, { step: 2, reason: 'not a number' });
  assert.ok(report.losses[1]!.versusFirst!.p < 0.05);
});

comparing('an abort ends it with the finished runs', async () => {
  const controller = new AbortController();
  let trainings = 0;
  const report = await compareLosses({
    ...OPTIONS,
    signal: controller.signal,
    losses: OPTIONS.losses.map(({ name, loss }) => ({
      name,
      loss: () => {
        trainings++;
        if (trainings === 4) controller.abort();
        return loss();
      },
    })),
  });
  assert.is(report.interrupted, true);
  assert.equal(
    report.losses.map((loss) => loss.runs.length),
    [2, 1],
  );
  assert.match(comparisonText(report), /interrupted/);
});

comparing('an abort before the first training has ended leaves nothing to report', async () => {
  const signal = AbortSignal.abort();
  const report = await compareLosses({ ...OPTIONS, signal });
  assert.is(hasRuns(report), false);
  assert.is(
    comparisonText(report),
    'interrupted before the first training finished: there is nothing to compare yet',
  );
  const curve = await dataCurve({ ...OPTIONS, signal }, [50, 100]);
  assert.equal(curve, { sizes: [], interrupted: true });
  assert.is(dataCurveText(curve), comparisonText(report));
});

comparing('the report names every loss, with intervals and tests', async () => {
  const report = await compareLosses({ ...OPTIONS, steps: 30, runs: 2 });
  const text = comparisonText(report);
  assert.match(
    text,
    /mlp on digits: 700 training examples, 30 steps of 50, sgd, scale raw, 300 test examples/,
  );
  assert.match(text, /\ncross-entropy +0\.3 +2 +0\.\d{4} +0\.\d{4} +-?\d\.\d{4} to \d\.\d{4} +- +- /);
  assert.match(text, /never/);
  const svg = comparisonSvg(report);
  assert.match(svg, /^<svg /);
  assert.match(svg, />mse<\/text>/);
});

comparing('an interval of shares ends at 0 and 1, one of errors where it ends', () => {
  const run = (testValue: number) => ({
    seed: '',
    validationValue: 0.5,
    testValue,
    curve: [],
    stepsPerSecond: 1,
  });
  const interval = (isShare: boolean): readonly number[] => {
    const { test } = summariseLoss({
      ...{ name: 'mse', learningRate: 1, scale: 1, targets: [], metric: { goal: 'higher', isShare } },
      runs: [run(0.2), run(0.9)],
    });
    return [test.low, test.mean, test.high];
  };
  assert.equal(interval(true), [0, 0.55, 1]);
  const [low, , high] = interval(false);
  assert.ok(low! < -3 && high! > 4);
});

comparing('a data curve has nested training sets and a row for each size', async () => {
  const curve = await dataCurve(
    { ...OPTIONS, steps: 40, runs: 2, split: { validationExamples: 100 } },
    [50, 400],
  );
  assert.equal(
    curve.sizes.map(({ report }) => report.trainExamples),
    [50, 400],
  );
  assert.is(curve.interrupted, false);
  assert.match(dataCurveText(curve), /\n +400 +0\.\d{4} +0\.\d{4} \(/);
  assert.match(dataCurveSvg(curve), /training examples/);
});

comparing('no losses, no comparison', async () => {
  try {
    await compareLosses({ ...OPTIONS, losses: [] });
    assert.unreachable();
  } catch (thrown) {
    assert.match((thrown as Error).message, 'no loss to compare');
  }
});

comparing.after(() => backend.release());
comparing.run();
