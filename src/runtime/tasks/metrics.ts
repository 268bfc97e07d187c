import { exp } from '../../../compiler/elementary/exponential.js';
import { log } from '../../../compiler/elementary/logarithm.js';
import { erf } from '../../../compiler/operators/error-function.js';
import { QUANTILES } from './learning.js';

/**
 * What a model is judged by, as scikit-learn defines it where it does: plain arithmetic over the outputs for all examples. A row for each metric; which
 * of them a task has is said in `tasks.ts`.
 */

export const METRIC_NAMES = [
  'accuracy',
  'error',
  'rmse',
  'mae',
  'r2',
  'f1',
  'map',
  'pinball',
  'nll',
  'crps',
] as const;
/**
 * What can be measured: accuracy and error of a classification; root-mean-square error, mean absolute error and R² of a regression; F1 and mean
 * average precision of labels; pinball loss of quantiles; negative log-likelihood and continuous ranked probability score of a mean and a variance.
 */
export type MetricName = (typeof METRIC_NAMES)[number];

/** The outputs of a model and what they should be, example by example. */
interface Answers {
  readonly count: number;
  /** Numbers that the model gives for each example. */
  readonly width: number;
  /** `count * width`: logits of classes or labels, numbers in the units of the targets, or means and variances in those. */
  readonly outputs: Float32Array;
  /** A class number for each example, or `width` numbers; of a distribution the number that it is of. */
  readonly labels: ArrayLike<number>;
}

export interface MetricRow {
  /** As it is written in tables and sentences. */
  readonly label: string;
  readonly goal: 'higher' | 'lower';
  readonly measure: (answers: Answers) => number;
  /**
   * What selection works with, in [0, 1], more is better. `nothing` is the value of always answering with the middle of the training
   * targets, which makes errors free of their unit.
   */
  readonly score: (value: number, nothing: number) => number;
  /** The score in words. */
  readonly scoreText: string;
  /** What a training that ended in numbers that are not finite counts as. */
  readonly broken: number | 'nothing';
  /** Values that comparisons report the steps to by default. */
  readonly targets: readonly number[];
  /** Whether its values are shares, in [0, 1]. */
  readonly isShare: boolean;
}

const SHARES: readonly number[] = [0.8, 0.9, 0.95];
const itself = (value: number): number => value;

/** An error of 0 scores 1, that of knowing nothing 1/2. */
const relative = (value: number, nothing: number): number => (value === 0 ? 1 : 1 / (1 + value / nothing));

export const METRICS: { readonly [M in MetricName]: MetricRow } = {
  accuracy: {
    label: 'accuracy',
    goal: 'higher',
    measure: accuracy,
    score: itself,
    scoreText: 'accuracy',
    broken: 0,
    targets: SHARES,
    isShare: true,
  },
  error: {
    label: 'error',
    goal: 'lower',
    measure: (answers) => 1 - accuracy(answers),
    score: (value) => 1 - value,
    scoreText: '1 - error',
    broken: 1,
    targets: [0.2, 0.1, 0.05],
    isShare: true,
  },
  rmse: {
    label: 'RMSE',
    goal: 'lower',
    measure: (answers) => meanOver(answers, (column) => Math.sqrt(squares(column) / answers.count)),
    score: relative,
    scoreText: '1 / (1 + RMSE / that of the median)',
    broken: 'nothing',
    targets: [],
    isShare: false,
  },
  mae: {
    label: 'MAE',
    goal: 'lower',
    measure: (answers) =>
      meanOver(answers, (column) => total(column, (x, y) => Math.abs(x - y)) / answers.count),
    score: relative,
    scoreText: '1 / (1 + MAE / that of the median)',
    broken: 'nothing',
    targets: [],
    isShare: false,
  },
  r2: {
    label: 'R²',
    goal: 'higher',
    measure: (answers) => meanOver(answers, determination),
    score: (value) => Math.max(0, value),
    scoreText: 'R²',
    broken: 'nothing',
    targets: SHARES,
    isShare: false,
  },
  f1: {
    label: 'macro F1',
    goal: 'higher',
    measure: (answers) => meanOver(answers, f1),
    score: itself,
    scoreText: 'macro F1',
    broken: 0,
    targets: SHARES,
    isShare: true,
  },
  map: {
    label: 'mean average precision',
    goal: 'higher',
    measure: meanAveragePrecision,
    score: itself,
    scoreText: 'mean average precision',
    broken: 0,
    targets: SHARES,
    isShare: true,
  },
  pinball: {
    label: 'pinball loss',
    goal: 'lower',
    measure: pinball,
    score: relative,
    scoreText: '1 / (1 + pinball loss / that of the median)',
    broken: 'nothing',
    targets: [],
    isShare: false,
  },
  nll: {
    label: 'negative log-likelihood',
    goal: 'lower',
    measure: (answers) => meanOfMoments(answers, negativeLogLikelihood),
    // The likelihood of an example beside that of knowing nothing, which scores 1/2.
    score: (value, nothing) => 1 / (1 + exp(value - nothing)),
    scoreText: 'likelihood / (likelihood + that of a constant prediction)',
    broken: 'nothing',
    targets: [],
    isShare: false,
  },
  crps: {
    label: 'CRPS',
    goal: 'lower',
    measure: (answers) => meanOfMoments(answers, rankedProbabilityScore),
    score: relative,
    scoreText: '1 / (1 + CRPS / that of a constant prediction)',
    broken: 'nothing',
    targets: [],
    isShare: false,
  },
};

/** Share of examples whose largest output is that of their class; the first of equal ones counts, and a NaN is wrong. */
function accuracy({ count, width, outputs, labels }: Answers): number {
  let right = 0;
  for (let row = 0; row < count; row++) {
    const first = row * width;
    let best = 0;
    for (let k = 0; k < width; k++) if (outputs[first + k]! > outputs[first + best]!) best = k;
    if (best === labels[row] && !Number.isNaN(outputs[first + best])) right++;
  }
  return count === 0 ? 0 : right / count;
}

/** One output over all examples. */
interface Column {
  readonly count: number;
  readonly output: (row: number) => number;
  readonly label: (row: number) => number;
}

const columnsOf = ({ count, width, outputs, labels }: Answers): Column[] =>
  Array.from({ length: width }, (_, k) => ({
    count,
    output: (row) => outputs[row * width + k]!,
    label: (row) => labels[row * width + k]!,
  }));

function meanOver(answers: Answers, of: (column: Column) => number): number {
  return columnsOf(answers).reduce((sum, column) => sum + of(column), 0) / answers.width;
}

function total({ count, output, label }: Column, term: (output: number, label: number) => number): number {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += term(output(row), label(row));
  return sum;
}

const square = (x: number): number => x * x;
const squares = (column: Column): number => total(column, (x, y) => square(x - y));

/** The coefficient of determination; of targets that are all alike 1 if they are met exactly, otherwise 0. */
function determination(column: Column): number {
  const mean = total(column, (_, y) => y) / column.count;
  const spread = total(column, (_, y) => square(y - mean));
  const left = squares(column);
  if (spread === 0) return left === 0 ? 1 : 0;
  return 1 - left / spread;
}

/** Of one label, which is predicted where its logit is above 0; 0 where it is neither there nor predicted. */
function f1(column: Column): number {
  const hits = total(column, (x, y) => (x > 0 && y === 1 ? 1 : 0));
  const found = total(column, (x) => (x > 0 ? 1 : 0));
  const there = total(column, (_, y) => y);
  return found + there === 0 ? 0 : (2 * hits) / (found + there);
}

/** The mean over the labels that some example has. */
function meanAveragePrecision(answers: Answers): number {
  const found = columnsOf(answers).flatMap((column) => averagePrecision(column) ?? []);
  return found.length === 0 ? 0 : found.reduce((sum, one) => sum + one, 0) / found.length;
}

/** Sum of the precision at each threshold, weighted by what the recall gains there; examples of equal logits enter together. */
function averagePrecision({ count, output, label }: Column): number | undefined {
  const order = Array.from({ length: count }, (_, row) => row).sort((a, b) => output(b) - output(a));
  const there = order.reduce((sum, row) => sum + label(row), 0);
  if (there === 0) return undefined;
  let [sum, hits, counted] = [0, 0, 0];
  for (const [place, row] of order.entries()) {
    hits += label(row);
    const next = order[place + 1];
    if (next !== undefined && output(next) === output(row)) continue;
    sum += ((hits - counted) / there) * (hits / (place + 1));
    counted = hits;
  }
  return sum;
}

/** The mean over examples and `QUANTILES` (Koenker and Bassett 1978), as `mean_pinball_loss` with one `alpha` after the other. */
function pinball({ count, width, outputs, labels }: Answers): number {
  let sum = 0;
  for (let row = 0; row < count; row++)
    for (const [k, tau] of QUANTILES.entries()) {
      const error = labels[row]! - outputs[row * width + k]!;
      sum += Math.max(tau * error, (tau - 1) * error);
    }
  return sum / (count * QUANTILES.length);
}

/** Of a target under the normal distribution that is predicted for it. */
type OfNormal = (target: number, mean: number, variance: number) => number;

function meanOfMoments({ count, outputs, labels }: Answers, of: OfNormal): number {
  let sum = 0;
  for (let row = 0; row < count; row++) sum += of(labels[row]!, outputs[2 * row]!, outputs[2 * row + 1]!);
  return sum / count;
}

/** The logarithmic score, in nats and with its constant (Gneiting and Raftery 2007, section 4.1). */
const negativeLogLikelihood: OfNormal = (target, mean, variance) =>
  (log(2 * Math.PI * variance) + square(target - mean) / variance) / 2;

/** The continuous ranked probability score, in units of the target (Gneiting et al. 2005, equation 5). */
const rankedProbabilityScore: OfNormal = (target, mean, variance) => {
  const scale = Math.sqrt(variance);
  const z = (target - mean) / scale;
  const density = exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return scale * (z * erf(z / Math.SQRT2) + 2 * density - 1 / Math.sqrt(Math.PI));
};
