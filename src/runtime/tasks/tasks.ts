/**
 * The tasks that our own trainer knows, a row for each: what a loss can be given, what a model is judged by, what a new loss has to
 * beat, and how data and outputs are called in messages.
 */
import type { DomainName } from '../../../compiler/resolve/domains.js';
import { RunError } from '../../errors.js';
import { QUANTILES, type TaskKind } from './learning.js';
import type { MetricName } from './metrics.js';

/**
 * What a target is given. `rows`: a number for each output; of classes 1 for the label's and 0 elsewhere, of labels 1 for those
 * that hold. `signs`: 1 and -1 in their place. `labels`: the number of the class. `numbers`: the one number whose distribution is learnt.
 */
export type TargetForm = 'rows' | 'signs' | 'labels' | 'numbers';

export interface TaskRow {
  /** The form of a target on a domain, where it has a number for each output; undefined for what the task cannot give. */
  readonly targets: { readonly [D in DomainName]: TargetForm | undefined };
  /** Domains of a prediction, which is the output of a network, through the activation that the domain asks for. */
  readonly predictions: readonly DomainName[];
  /** Numbers that targets of a form consist of. */
  readonly numbers: { readonly [F in TargetForm]: readonly [number, number] };
  /** The first is what is measured by default. */
  readonly metrics: readonly [MetricName, ...MetricName[]];
  /** The standard loss that a new one has to beat, and whose first gradients are the measure of `--scale matched`. */
  readonly baseline: string;
  /** Inputs of a sketch, in the language. */
  readonly signature: string;
  /** In refusals: what each of the numbers that a network gives belongs to. */
  readonly output: string;
  readonly outputs: string;
  /** What becomes of the targets, and the domains that a target may have. */
  readonly given: string;
  readonly domains: string;
}

const NO_FORMS: TaskRow['targets'] = {
  real: undefined,
  nonnegative: undefined,
  positive: undefined,
  unit: undefined,
  between: undefined,
  binary: undefined,
  sign: undefined,
  integer: undefined,
  probability: undefined,
  onehot: undefined,
  logits: undefined,
};

/** Targets of 0 and 1 are these, too. */
const SHARES = {
  ...NO_FORMS,
  real: 'rows',
  nonnegative: 'rows',
  unit: 'rows',
  between: 'rows',
  binary: 'rows',
  integer: 'rows',
  sign: 'signs',
} as const satisfies TaskRow['targets'];

const NUMBERS = { rows: [0, 1], signs: [-1, 1], labels: [0, 1], numbers: [0, 1] } as const;
const ANY = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
const ALL = { rows: ANY, signs: ANY, labels: ANY, numbers: ANY } as const;

export const TASKS: { readonly [K in TaskKind]: TaskRow } = {
  classification: {
    targets: { ...SHARES, probability: 'rows', onehot: 'rows' },
    predictions: ['real', 'logits', 'unit', 'probability'],
    numbers: NUMBERS,
    metrics: ['accuracy', 'error'],
    baseline: 'cross_entropy',
    signature: 'target: onehot[class], prediction: probability[class]',
    output: 'class',
    outputs: 'classes',
    given: 'labels become rows of 0 and 1',
    domains: 'onehot, probability, unit, binary, sign, integer or real',
  },
  regression: {
    targets: { ...NO_FORMS, real: 'rows' },
    predictions: ['real'],
    numbers: ALL,
    metrics: ['rmse', 'mae', 'r2'],
    baseline: 'mse',
    signature: 'target: real, prediction: real',
    output: 'target',
    outputs: 'targets',
    given: 'targets become numbers around 0',
    domains: 'real',
  },
  'multi-label': {
    targets: SHARES,
    predictions: ['real', 'logits', 'unit'],
    numbers: NUMBERS,
    metrics: ['map', 'f1'],
    baseline: 'bce',
    signature: 'target: binary, prediction: unit',
    output: 'label',
    outputs: 'labels',
    given: 'any number of labels can hold at once',
    domains: 'binary, unit, sign or real',
  },
  quantiles: {
    targets: { ...NO_FORMS, real: 'numbers' },
    predictions: ['real'],
    numbers: ALL,
    metrics: ['pinball'],
    baseline: 'quantiles',
    signature: `target: real, prediction: real[quantile]; tau: unit[quantile] = [${QUANTILES.join(', ')}]`,
    output: 'quantile',
    outputs: 'quantiles',
    given: 'targets become numbers around 0',
    domains: 'real, without an axis',
  },
  'mean-and-variance': {
    targets: { ...NO_FORMS, real: 'numbers' },
    predictions: ['real'],
    numbers: ALL,
    metrics: ['nll', 'crps'],
    baseline: 'gaussian_nll',
    signature: 'target: real, center: real, variance: positive',
    output: 'part',
    outputs: 'parts, the mean and the variance',
    given: 'targets become numbers around 0',
    domains: 'real, without an axis',
  },
};

/** The metric that was asked for, or the task's usual one. Throws a RunError for one that the task does not have. */
export function metricFor(task: TaskKind, asked: MetricName | undefined): MetricName {
  const { metrics } = TASKS[task];
  const found = asked === undefined ? metrics[0] : metrics.find((name) => name === asked);
  if (found !== undefined) return found;
  throw new RunError(
    `"${asked}" is not a metric for ${task}`,
    `the metrics are ${metrics.join(', ')}; the first is the default`,
  );
}
