/** What is learnt from a data set, as far as losses, models and screening have to know it. */

export const TASK_KINDS = [
  'classification',
  'regression',
  'multi-label',
  'quantiles',
  'mean-and-variance',
] as const;
/**
 * A kind of task: one class of several for each example; numbers; labels, any number of which may hold; quantiles of a number; or its mean
 * and variance.
 */
export type TaskKind = (typeof TASK_KINDS)[number];

/** What a network learns: the task, and how many numbers it gives. */
export interface Learning {
  /** Which kind of task it is. */
  readonly task: TaskKind;
  /** Numbers that a network gives for each example: one for each class, target, label or quantile, or a mean and a variance. */
  readonly outputs: number;
}

/** One of so many classes for each example. */
export const classification = (classes: number): Learning => ({ task: 'classification', outputs: classes });

/** The quantiles of a target that are learnt, the defaults of std/quantiles. */
export const QUANTILES = [0.1, 0.5, 0.9] as const;

/** How the distribution of one target is learnt, and how many numbers say it. */
const DISTRIBUTIONS: { readonly [K in TaskKind]: number | undefined } = {
  classification: undefined,
  regression: undefined,
  'multi-label': undefined,
  quantiles: QUANTILES.length,
  'mean-and-variance': 2,
};

/** Numbers that a network gives where the distribution of one target is learnt; undefined for other tasks. */
export const outputsOfDistribution = (task: TaskKind): number | undefined => DISTRIBUTIONS[task];

/** Numbers that the data has for each example. */
export const labelsOfExample = ({ task, outputs }: Learning): number =>
  task === 'classification' || outputsOfDistribution(task) !== undefined ? 1 : outputs;
