import { pow } from '../../../compiler/elementary/power.js';
/**
 * Prediction-only optimisation (the rejection protocol of AutoLoss-Zero; EvoMAL's filter): free logits are moved by the
 * loss alone, without a network. A loss that cannot bring a handful of them to their targets will train nothing.
 */

import type { NumericLoss } from '../../../compiler/loss/numeric.js';
import type { Learning, TaskKind } from '../../runtime/tasks/learning.js';
import { type ProbeBatch, randomBatch } from './fixed-inputs.js';

const ITEMS = 20;
/** Steps of Adam; EvoMAL takes 100 on MNIST (seen). */
const STEPS = 100;
/** In units of logits: 100 steps can move a logit by 10, from any start to near certainty. */
const LEARNING_RATE = 0.1;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-12];

/** Share of the free predictions that are right after optimisation; 0 when something is not finite. */
export function optimisePredictions(loss: NumericLoss, learning: Learning): number {
  const made = randomBatch(ITEMS, learning, 'probe');
  const { target, output, batch, outputs } = made;
  const logits = Float64Array.from(output);
  const first = new Float64Array(logits.length);
  const second = new Float64Array(logits.length);
  for (let step = 1; step <= STEPS; step++) {
    const { gradient } = loss.evaluate(target, logits, batch, outputs);
    // Adam does not feel scale, but its epsilon does.
    const largest = gradient.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
    if (!Number.isFinite(largest)) return 0;
    if (largest === 0) break;
    for (let i = 0; i < logits.length; i++) {
      const entry = gradient[i]! / largest;
      first[i] = BETA1 * first[i]! + (1 - BETA1) * entry;
      second[i] = BETA2 * second[i]! + (1 - BETA2) * entry * entry;
      const mean = first[i]! / (1 - pow(BETA1, step));
      const spread = Math.sqrt(second[i]! / (1 - pow(BETA2, step)));
      logits[i] = logits[i]! - (LEARNING_RATE * mean) / (spread + EPSILON);
    }
  }
  return logits.some(Number.isNaN) ? 0 : RIGHT[learning.task](made, logits);
}

/** A prediction of a regression is right where it is nearer to its target than most targets are to each other. */
const NEAR = 0.5;

/** Share of the outputs, `every`th by `every`th, that are near their targets. */
const near = ({ target }: ProbeBatch, found: Float64Array, every = 1): number => {
  const asked = target.filter((_, i) => i % every === 0);
  return asked.filter((value, i) => Math.abs(found[i * every]! - value) <= NEAR).length / asked.length;
};

/** Share of the predictions that are right. */
const RIGHT: { readonly [K in TaskKind]: (batch: ProbeBatch, logits: Float64Array) => number } = {
  classification: ({ target, batch, outputs }, logits) => {
    let right = 0;
    for (let i = 0; i < batch; i++) {
      const row = logits.subarray(i * outputs, (i + 1) * outputs);
      const best = row.indexOf(Math.max(...row));
      if (target[i * outputs + best] === 1) right++;
    }
    return right / batch;
  },
  regression: near,
  'multi-label': ({ target }, found) =>
    target.filter((value, i) => (value === 1 ? found[i]! > 0 : found[i]! < 0)).length / target.length,
  // Of one number all quantiles are that number.
  quantiles: near,
  'mean-and-variance': (batch, found) => near(batch, found, batch.outputs),
};

/** The share that a loss has to make right: of twenty free predictions two are right by chance among ten classes, of labels half. */
export const LEAST_RIGHT: { readonly [K in TaskKind]: number } = {
  classification: 0.6,
  regression: 0.6,
  'multi-label': 0.8,
  quantiles: 0.6,
  'mean-and-variance': 0.6,
};
