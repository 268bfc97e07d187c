/** Fixed inputs that losses are probed on, for each task: the same in every process and every run. */
import { expm1 } from '../../../compiler/elementary/exponential.js';
import { log } from '../../../compiler/elementary/logarithm.js';
import { createRandom, type Random } from '../../random.js';
import type { Learning, TaskKind } from '../../runtime/tasks/learning.js';

export interface ProbeBatch {
  /** Row-major `[batch, outputs]`, as are all of these: one-hot rows of classes, 0 and 1 of labels, numbers around 0 in a regression; the same number for all outputs that say its distribution. */
  readonly target: Float64Array;
  /** Outputs of a network: logits, or numbers in the units of the targets. */
  readonly output: Float64Array;
  /** Where a step should move an output that knows nothing: above 0 up, below 0 down; 0 where it does not say. */
  readonly toward: Float64Array;
  readonly batch: number;
  readonly outputs: number;
}

/** Standard deviation of random outputs: predictions from nearly uniform to nearly certain, errors from small to large. */
const OUTPUT_SPREAD = 2;

/** Outputs that take turns as the target where one item for each of thousands would cost too much. */
export const MOST_TARGETS = 20;

interface Inputs {
  /** Targets of a batch of which the outputs are drawn. */
  readonly drawn: (batch: number, outputs: number, random: Random) => Float64Array;
  /** Targets beside outputs of 0, as they are of a network that knows nothing. */
  readonly first: (outputs: number) => Float64Array;
  readonly toward: (target: number, output: number) => number;
}

/** Targets of a regression at the start: both signs, of everyday sizes. */
const FIRST_TARGETS = [-2, -1, -0.5, -0.25, 0.25, 0.5, 1, 2];

/** One target for all outputs of an item. */
const OF_ONE_TARGET = {
  drawn: (batch, outputs, random) => {
    const targets = Array.from({ length: batch }, () => random.normal());
    return Float64Array.from({ length: batch * outputs }, (_, i) => targets[Math.floor(i / outputs)]!);
  },
  first: (outputs) =>
    Float64Array.from(
      { length: FIRST_TARGETS.length * outputs },
      (_, i) => FIRST_TARGETS[Math.floor(i / outputs)]!,
    ),
} satisfies Partial<Inputs>;

const INPUTS: { readonly [K in TaskKind]: Inputs } = {
  classification: {
    drawn: (batch, classes) => oneHot(batch, classes),
    first: (classes) => oneHot(Math.min(classes, MOST_TARGETS), classes),
    toward: (target) => target,
  },
  regression: {
    drawn: (batch, outputs, random) => Float64Array.from({ length: batch * outputs }, () => random.normal()),
    first: (outputs) =>
      Float64Array.from(
        { length: FIRST_TARGETS.length * outputs },
        (_, i) => FIRST_TARGETS[(Math.floor(i / outputs) + (i % outputs)) % FIRST_TARGETS.length]!,
      ),
    toward: (target) => target,
  },
  'multi-label': {
    drawn: (batch, outputs, random) =>
      Float64Array.from({ length: batch * outputs }, () => (random.next() < 0.5 ? 1 : 0)),
    first: (outputs) =>
      Float64Array.from({ length: 2 * outputs }, (_, i) => (Math.floor(i / outputs) + (i % outputs)) % 2),
    toward: (target) => 2 * target - 1,
  },
  quantiles: { ...OF_ONE_TARGET, toward: (target) => target },
  // Whether a variance is too large or too small one target does not say.
  'mean-and-variance': { ...OF_ONE_TARGET, toward: (target, output) => (output === 0 ? target : 0) },
};

const towardTargets = (target: Float64Array, { task, outputs }: Learning): Float64Array =>
  target.map((value, i) => INPUTS[task].toward(value, i % outputs));

/** Targets that take turns. */
function oneHot(batch: number, classes: number): Float64Array {
  const target = new Float64Array(batch * classes);
  for (let i = 0; i < batch; i++) target[i * classes + (i % classes)] = 1;
  return target;
}

/** Random outputs. */
export function randomBatch(batch: number, learning: Learning, label: string): ProbeBatch {
  const { task, outputs } = learning;
  const kind = task === 'classification' ? '' : `/${task}`;
  const random = createRandom(`lossc probe/${label}/${batch}/${outputs}${kind}`);
  const output = Float64Array.from({ length: batch * outputs }, () => OUTPUT_SPREAD * random.normal());
  const target = INPUTS[task].drawn(batch, outputs, random);
  return { target, output, toward: towardTargets(target, learning), batch, outputs };
}

/** Outputs of 0: the prediction of a network that knows nothing. */
export function uniformBatch(learning: Learning): ProbeBatch {
  const { task, outputs } = learning;
  const target = INPUTS[task].first(outputs);
  return {
    target,
    output: new Float64Array(target.length),
    toward: towardTargets(target, learning),
    batch: target.length / outputs,
    outputs,
  };
}

/** One item for each probability of the target's class; the other classes share the rest equally. */
export function targetProbabilityBatch(probabilities: readonly number[], classes: number): ProbeBatch {
  const batch = probabilities.length;
  const target = new Float64Array(batch * classes);
  const output = new Float64Array(batch * classes);
  for (const [i, p] of probabilities.entries()) {
    target[i * classes] = 1;
    output[i * classes] = log((p * (classes - 1)) / (1 - p));
  }
  return { target, output, toward: target, batch, outputs: classes };
}

/** The output that softplus makes a variance of 1. */
const OF_VARIANCE_1 = log(expm1(1));

/** One item for each pair of a target and an output, the same for all outputs of the item; beside a mean the variance is 1. */
export function pairBatch(
  pairs: readonly { readonly target: number; readonly output: number }[],
  learning: Learning,
): ProbeBatch {
  const { task, outputs } = learning;
  const spread = (of: 'target' | 'output'): Float64Array =>
    Float64Array.from({ length: pairs.length * outputs }, (_, i) => pairs[Math.floor(i / outputs)]![of]);
  const target = spread('target');
  return {
    target,
    output:
      task === 'mean-and-variance'
        ? spread('output').map((output, i) => (i % 2 === 0 ? output : OF_VARIANCE_1))
        : spread('output'),
    toward: towardTargets(target, learning),
    batch: pairs.length,
    outputs,
  };
}

/** The logit of a label that has this probability, where it holds (1) or does not (0): the probability is that of being right. */
export const logitOf = (probability: number, target: number): number =>
  (target === 1 ? 1 : -1) * log(probability / (1 - probability));

/** Euclidean length; `hypot` takes no more arguments than the stack holds. */
export const lengthOf = (values: Iterable<number>): number => {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
};
