import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { METRIC_NAMES, METRICS, type MetricName } from '../../src/runtime/tasks/metrics.js';
import { metricFor } from '../../src/runtime/tasks/tasks.js';

const metrics = suite('metrics');

function measure(
  name: MetricName,
  outputs: readonly (readonly number[])[],
  labels: readonly (number | readonly number[])[],
): number {
  return METRICS[name].measure({
    count: outputs.length,
    width: outputs[0]!.length,
    outputs: Float32Array.from(outputs.flat()),
    labels: labels.flat(),
  });
}

const column = (values: readonly number[]): number[][] => values.map((value) => [value]);

/** Examples of scikit-learn's documentation, with the digits that it prints before it cuts off. */
const DOCUMENTED: readonly (readonly [
  MetricName,
  number[][],
  (number | number[])[],
  number,
  digits: number,
])[] = [
  [
    'accuracy',
    [
      [2, 1, 0, 0],
      [0, 0, 1, 0],
      [0, 2, 1, 0],
      [0, 0, 0, 3],
    ],
    [0, 1, 2, 3],
    0.5,
    12,
  ],
  ['r2', column([2.5, 0, 2, 8]), column([3, -0.5, 2, 7]), 0.948, 3],
  ['rmse', column([2.5, 0, 2, 8]), column([3, -0.5, 2, 7]), 0.612, 3],
  ['mae', column([2.5, 0, 2, 8]), column([3, -0.5, 2, 7]), 0.5, 12],
  [
    'rmse',
    [
      [0, 2],
      [-1, 2],
      [8, -5],
    ],
    [
      [0.5, 1],
      [-1, 1],
      [7, -6],
    ],
    0.822,
    3,
  ],
  [
    'mae',
    [
      [0, 2],
      [-1, 2],
      [8, -5],
    ],
    [
      [0.5, 1],
      [-1, 1],
      [7, -6],
    ],
    0.75,
    12,
  ],
  ['map', column([0.1, 0.4, 0.35, 0.8]), column([0, 0, 1, 1]), 0.83, 2],
];
for (const [name, outputs, labels, expected, digits] of DOCUMENTED)
  metrics(`${name} of ${JSON.stringify(labels)} is ${expected}`, () => {
    // Outputs are float32.
    const more = measure(name, outputs, labels) - expected;
    assert.ok(more > -1e-6 && more < Math.max(1e-6, 10 ** -digits), String(more));
  });

metrics('the pinball loss is the mean over the quantiles 0.1, 0.5 and 0.9', () => {
  // scikit-learn documents mean_pinball_loss([1, 2, 3], [1, 2, 4], alpha=0.1) as 0.3 and with alpha=0.9 as 0.0333; with 0.5 it is half the MAE.
  const outputs = [1, 2, 4].map((value) => [value, value, value]);
  const value = measure('pinball', outputs, [1, 2, 3]);
  assert.ok(Math.abs(value - (0.3 + 0.1 / 3 + 0.5 / 3) / 3) < 1e-12, String(value));
});

/** From mpmath in 30 digits: minus the logarithm of the density, and the integral of (Phi((x - m) / s) - (x >= y))^2 over x. */
const NORMALS: readonly (readonly [
  mean: number,
  variance: number,
  target: number,
  nll: number,
  crps: number,
])[] = [
  [0, 1, 0, 0.91893853320467, 0.23369497725511],
  [1, 4, -2, 2.7370857137646, 1.9888480079549],
  [0.5, 0.25, 3, 12.725791352645, 2.2179052616878],
];
for (const [mean, variance, target, nll, crps] of NORMALS)
  metrics(`the scores of ${target} under a mean of ${mean} and a variance of ${variance}`, () => {
    const found = (name: MetricName): number => measure(name, [[mean, variance]], [target]);
    assert.ok(Math.abs(found('nll') - nll) < 1e-6, String(found('nll')));
    assert.ok(Math.abs(found('crps') - crps) < 1e-6, String(found('crps')));
  });

/** Worked out by hand; the last label is nowhere. */
const LOGITS = [
  [0.75, 0.5, -1],
  [1, 0.5, 2],
  [1, -0.5, -0.1],
  [-1, -2, -0.1],
];
const LABELS = [
  [1, 0, 0],
  [0, 1, 0],
  [1, 1, 0],
  [0, 1, 0],
];
metrics('macro F1 counts a label that is nowhere, and average precision takes equal logits together', () => {
  assert.ok(Math.abs(measure('f1', LOGITS, LABELS) - (0.8 + 0.4 + 0) / 3) < 1e-12);
  // The first label: thresholds 1 (one of two) and 0.75 (two of three); the second: 0.5 (one of two), -0.5 (two of three), -2 (three of four).
  const first = (1 / 2) * (1 / 2) + (1 / 2) * (2 / 3);
  const second = (1 / 3) * (1 / 2 + 2 / 3 + 3 / 4);
  assert.ok(Math.abs(measure('map', LOGITS, LABELS) - (first + second) / 2) < 1e-12);
});

metrics('a target that does not vary is met exactly or not at all', () => {
  assert.is(measure('r2', column([2, 2]), column([2, 2])), 1);
  assert.is(measure('r2', column([2, 3]), column([2, 2])), 0);
});

metrics('a score is in [0, 1], and better values score more', () => {
  for (const name of METRIC_NAMES) {
    const { goal, score } = METRICS[name];
    const values = [0, 0.1, 0.5, 0.9, 1].map((value) => score(value, 2));
    assert.ok(
      values.every((value) => value >= 0 && value <= 1),
      name,
    );
    const sorted = values.toSorted((a, b) => (goal === 'higher' ? a - b : b - a));
    assert.equal(values, sorted, name);
  }
  assert.is(METRICS.rmse.score(2, 2), 0.5);
  assert.is(METRICS.rmse.score(0, 0), 1);
  assert.is(METRICS.nll.score(1.5, 1.5), 0.5);
});

metrics('a task has its own metrics, and no others', () => {
  assert.is(metricFor('regression', undefined), 'rmse');
  assert.is(metricFor('multi-label', 'f1'), 'f1');
  assert.throws(() => metricFor('classification', 'rmse'), /"rmse" is not a metric for classification/);
});

metrics.run();
