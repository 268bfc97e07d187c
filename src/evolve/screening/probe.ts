import { pow } from '../../../compiler/elementary/power.js';
/**
 * Prediction-only optimisation (the rejection protocol of AutoLoss-Zero; EvoMAL's filter): free logits are moved by the
 * loss alone, without a network. A loss that cannot bring a handful of them to the right class will train nothing.
 */

import type { NumericLoss } from '../../../compiler/loss/numeric.js';
import { randomBatch } from './fixed-inputs.js';

const ITEMS = 20;
/** Steps of Adam; EvoMAL takes 100 on MNIST (seen). */
const STEPS = 100;
/** In units of logits: 100 steps can move a logit by 10, from any start to near certainty. */
const LEARNING_RATE = 0.1;
const [BETA1, BETA2, EPSILON] = [0.9, 0.999, 1e-12];

/** Share of the free predictions that name the right class after optimisation; 0 when something is not finite. */
export function optimisePredictions(loss: NumericLoss, classes: number): number {
  const { target, output, batch } = randomBatch(ITEMS, classes, 'probe');
  const logits = Float64Array.from(output);
  const first = new Float64Array(logits.length);
  const second = new Float64Array(logits.length);
  for (let step = 1; step <= STEPS; step++) {
    const { gradient } = loss.evaluate(target, logits, batch, classes);
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
  return share(target, logits, batch, classes);
}

function share(target: Float64Array, logits: Float64Array, batch: number, classes: number): number {
  let right = 0;
  for (let i = 0; i < batch; i++) {
    const row = logits.subarray(i * classes, (i + 1) * classes);
    if (row.some(Number.isNaN)) return 0;
    const best = row.indexOf(Math.max(...row));
    if (target[i * classes + best] === 1) right++;
  }
  return right / batch;
}
