/**
 * Two cheap tests of what a loss teaches. Null epoch: at the uniform prediction a step must raise the target
 * (TaylorGLO's invariant, here for any loss by its gradient). Shape: the value against the probability of the target
 * must not have its minimum at chance, nor long flat parts, nor many turns (after NeuroLoss). A test for monotonicity
 * would be wrong: Baikal has its minimum at 1/sqrt(n).
 */

import type { NumericLoss } from '../../../compiler/loss/numeric.js';
import { MOST_TARGETS, randomBatch, targetProbabilityBatch, uniformBatch } from './fixed-inputs.js';

/** The target's share of the largest gradient entry below which it counts as no push at all. */
const NO_PUSH = 1e-6;

/** A gradient this much smaller than elsewhere is rounding. */
const NOTHING = 1e-3;

/** Largest entry of the gradient at random predictions. */
function usualSize(loss: NumericLoss, classes: number): number {
  const { target, output, batch } = randomBatch(Math.min(classes, MOST_TARGETS), classes, 'size');
  const { gradient } = loss.evaluate(target, output, batch, classes);
  return gradient.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
}

/** `raises`: a step raises the target's logit; `lowers`: the loss is upside down; `neither`: it teaches nothing there. */
export function nullEpoch(loss: NumericLoss, classes: number): 'raises' | 'lowers' | 'neither' {
  const { target, output, batch } = uniformBatch(classes);
  const { gradient } = loss.evaluate(target, output, batch, classes);
  let [push, largest] = [0, 0];
  for (let i = 0; i < batch; i++) {
    for (let k = 0; k < classes; k++) {
      const entry = gradient[i * classes + k]!;
      if (!Number.isFinite(entry)) return 'neither';
      if (k === i) push -= entry / batch;
      largest = Math.max(largest, Math.abs(entry));
    }
  }
  if (Math.abs(push) <= NO_PUSH * Math.max(largest, NOTHING * usualSize(loss, classes))) return 'neither';
  return push > 0 ? 'raises' : 'lowers';
}

/** Points of the curve, even in probability. */
const POINTS = 120;
/** Probabilities at both ends of the curve; at 0 and 1 themselves guards decide. */
const ENDS = { lowest: 0.004, highest: 0.996 };
/** Share of the points between chance and the minimum that may have no slope. */
const PLATEAU = 0.1;
/** A change between neighbours below this share of the curve's range is no slope. */
const FLAT = 1e-6;
/** Turns from falling to rising or back. Baikal has one; two are already odd. */
const MOST_TURNS = 2;

/** Why the curve of the loss over the target's probability makes it useless, or undefined. */
export function shapeProblem(loss: NumericLoss, classes: number): string | undefined {
  const { lowest, highest } = ENDS;
  const probabilities = Array.from(
    { length: POINTS },
    (_, i) => lowest + ((highest - lowest) * i) / (POINTS - 1),
  );
  const { target, output, batch } = targetProbabilityBatch(probabilities, classes);
  const values = [...loss.evaluate(target, output, batch, classes).values];
  // A loss that reduces the batch has no curve of single examples.
  if (values.length !== batch) return undefined;
  if (values.some((value) => !Number.isFinite(value)))
    return 'not finite on the curve of the target probability';
  const best = values.indexOf(Math.min(...values));
  const chance = 1 / classes;
  const margin = 0.25 * Math.min(chance, 1 - chance);
  if (probabilities[best]! <= chance + margin) {
    return `least at a target probability of ${probabilities[best]!.toFixed(3)}, chance is ${chance.toFixed(3)}`;
  }
  const range = Math.max(...values) - Math.min(...values);
  const slopes = values.slice(1).map((value, i) => value - values[i]!);
  const between = slopes.filter((_, i) => probabilities[i]! >= chance && i < best);
  const flat = between.filter((slope) => Math.abs(slope) < FLAT * range).length;
  if (flat > PLATEAU * between.length) return 'flat between chance and its minimum';
  const signs = slopes.filter((slope) => Math.abs(slope) >= FLAT * range).map(Math.sign);
  const turns = signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length;
  return turns > MOST_TURNS ? `it turns ${turns} times over the target probability` : undefined;
}
