/** Fixed inputs that losses are probed on: the same in every process and every run. */
import { log } from '../../../compiler/elementary/logarithm.js';
import { createRandom } from '../../random.js';

export interface ProbeBatch {
  /** One-hot, row-major `[batch, classes]`. */
  readonly target: Float64Array;
  /** Logits, row-major `[batch, classes]`. */
  readonly output: Float64Array;
  readonly batch: number;
  readonly classes: number;
}

/** Standard deviation of random logits: predictions from nearly uniform to nearly certain. */
const LOGIT_SPREAD = 2;

/** Random logits with targets that take turns. */
export function randomBatch(batch: number, classes: number, label: string): ProbeBatch {
  const random = createRandom(`lossc probe/${label}/${batch}/${classes}`);
  const target = new Float64Array(batch * classes);
  for (let i = 0; i < batch; i++) target[i * classes + (i % classes)] = 1;
  const output = Float64Array.from({ length: batch * classes }, () => LOGIT_SPREAD * random.normal());
  return { target, output, batch, classes };
}

/** Classes that take turns as the target where one item for each of thousands would cost too much. */
export const MOST_TARGETS = 20;

/** Logits of 0, one item for each of the first classes as the target: the prediction of a network that knows nothing. */
export function uniformBatch(classes: number): ProbeBatch {
  const batch = Math.min(classes, MOST_TARGETS);
  const target = new Float64Array(batch * classes);
  for (let i = 0; i < batch; i++) target[i * classes + i] = 1;
  return { target, output: new Float64Array(batch * classes), batch, classes };
}

/** One item for each probability of the target; the other classes share the rest equally. */
export function targetProbabilityBatch(probabilities: readonly number[], classes: number): ProbeBatch {
  const batch = probabilities.length;
  const target = new Float64Array(batch * classes);
  const output = new Float64Array(batch * classes);
  for (const [i, p] of probabilities.entries()) {
    target[i * classes] = 1;
    output[i * classes] = log((p * (classes - 1)) / (1 - p));
  }
  return { target, output, batch, classes };
}

/** Euclidean length; `hypot` takes no more arguments than the stack holds. */
export const lengthOf = (values: Iterable<number>): number => {
  let squares = 0;
  for (const value of values) squares += value * value;
  return Math.sqrt(squares);
};
