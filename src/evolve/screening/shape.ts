/**
 * Two cheap tests of what a loss teaches. Null epoch: at the prediction of a network that knows nothing a step must go towards the
 * target (TaylorGLO's invariant, here for any loss by its gradient). Shape: the value against the probability of the target must not
 * have its minimum at chance, nor long flat parts, nor many turns (after NeuroLoss); of a regression, the value against the error must
 * be least near 0. A test for monotonicity would be wrong: Baikal has its minimum at 1/sqrt(n), and robust losses are flat far out.
 */

import type { NumericLoss } from '../../../compiler/loss/numeric.js';
import type { Learning, TaskKind } from '../../runtime/tasks/learning.js';
import {
  logitOf,
  MOST_TARGETS,
  type ProbeBatch,
  pairBatch,
  randomBatch,
  targetProbabilityBatch,
  uniformBatch,
} from './fixed-inputs.js';

/** The target's share of the largest gradient entry below which it counts as no push at all. */
const NO_PUSH = 1e-6;

/** A gradient this much smaller than elsewhere is rounding. */
const NOTHING = 1e-3;

/** Largest entry of the gradient at random predictions. */
function usualSize(loss: NumericLoss, learning: Learning): number {
  const { target, output, batch, outputs } = randomBatch(
    Math.min(learning.outputs, MOST_TARGETS),
    learning,
    'size',
  );
  const { gradient } = loss.evaluate(target, output, batch, outputs);
  return gradient.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
}

/** `raises`: a step goes towards the targets; `lowers`: the loss is upside down; `neither`: it teaches nothing there. */
export function nullEpoch(loss: NumericLoss, learning: Learning): 'raises' | 'lowers' | 'neither' {
  const { target, output, toward, batch, outputs } = uniformBatch(learning);
  const { gradient } = loss.evaluate(target, output, batch, outputs);
  let [push, largest] = [0, 0];
  for (const [i, entry] of gradient.entries()) {
    if (!Number.isFinite(entry)) return 'neither';
    push -= (entry / batch) * toward[i]!;
    largest = Math.max(largest, Math.abs(entry));
  }
  if (Math.abs(push) <= NO_PUSH * Math.max(largest, NOTHING * usualSize(loss, learning))) return 'neither';
  return push > 0 ? 'raises' : 'lowers';
}

/** Points of the curve, even in probability. */
const POINTS = 120;
/** Probabilities at both ends of the curve; at 0 and 1 themselves guards decide. */
const ENDS = { lowest: 0.004, highest: 0.996 };
/** Share of the points between chance and the minimum that may have no slope. */
const PLATEAU = 0.1;
/** The same of labels and errors: asymmetric loss hardly moves a label that is right, epsilon-insensitive loss no small error. */
const WIDE_PLATEAU = 0.5;
/** A change between neighbours below this share of the curve's range is no slope. */
const FLAT = 1e-6;
/** Turns from falling to rising or back. Baikal has one; two are already odd. */
const MOST_TURNS = 2;

/** Why the curve of the loss makes it useless, or undefined. */
export const shapeProblem = (loss: NumericLoss, learning: Learning): string | undefined =>
  SHAPES[learning.task](loss, learning);

/** Over the error; of several outputs of one target over that which all have. */
function regressionProblem(loss: NumericLoss, learning: Learning): string | undefined {
  const errors = between(-FARTHEST, FARTHEST);
  for (const target of [-1, 0, 1]) {
    const pairs = errors.map((error) => ({ target, output: target + error }));
    const values = valuesOn(loss, pairBatch(pairs, learning));
    const problem = values && errorProblem(errors, values);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

const SHAPES: {
  readonly [K in TaskKind]: (loss: NumericLoss, learning: Learning) => string | undefined;
} = {
  classification: (loss, { outputs }) => {
    const { lowest, highest } = ENDS;
    const probabilities = between(lowest, highest);
    const values = valuesOn(loss, targetProbabilityBatch(probabilities, outputs));
    return values && probabilityProblem(probabilities, values, 1 / outputs);
  },
  // The worse of the two: of labels that hold and of those that do not.
  'multi-label': (loss, learning) => {
    const probabilities = between(ENDS.lowest, ENDS.highest);
    for (const target of [1, 0]) {
      const pairs = probabilities.map((p) => ({ target, output: logitOf(p, target) }));
      const values = valuesOn(loss, pairBatch(pairs, learning));
      // A loss that ranks the labels of an example says nothing of labels that are alike.
      if (values === undefined || new Set(values).size === 1) continue;
      const problem = probabilityProblem(probabilities, values, 0.5, WIDE_PLATEAU);
      if (problem !== undefined) return problem;
    }
    return undefined;
  },
  regression: regressionProblem,
  quantiles: regressionProblem,
  'mean-and-variance': regressionProblem,
};

const between = (lowest: number, highest: number): number[] =>
  Array.from({ length: POINTS }, (_, i) => lowest + ((highest - lowest) * i) / (POINTS - 1));

/** One value for each item; undefined for a loss that reduces the batch, which has no curve of single examples. */
function valuesOn(
  loss: NumericLoss,
  { target, output, batch, outputs }: ProbeBatch,
): readonly number[] | undefined {
  const { values } = loss.evaluate(target, output, batch, outputs);
  if (values.length === batch) return [...values];
  if (values.length !== batch * outputs) return undefined;
  // One for each number: all outputs of an item are alike.
  return Array.from({ length: batch }, (_, i) => values[i * outputs]!);
}

/** Over the probability that is given to what is right. */
function probabilityProblem(
  probabilities: readonly number[],
  values: readonly number[],
  chance: number,
  plateau = PLATEAU,
): string | undefined {
  if (values.some((value) => !Number.isFinite(value)))
    return 'not finite on the curve of the target probability';
  const best = values.indexOf(Math.min(...values));
  const margin = 0.25 * Math.min(chance, 1 - chance);
  if (probabilities[best]! <= chance + margin) {
    return `least at a target probability of ${probabilities[best]!.toFixed(3)}, chance is ${chance.toFixed(3)}`;
  }
  const slopes = slopesOf(values);
  const isBetween = (i: number): boolean => probabilities[i]! >= chance && i < best;
  if (flatShare(slopes, isBetween) > plateau) return 'flat between chance and its minimum';
  const turns = turnsOf(slopes);
  return turns > MOST_TURNS ? `it turns ${turns} times over the target probability` : undefined;
}

/** Errors in units of the spread of the targets: the farthest looked at, and where the minimum and slopes are asked for. */
const FARTHEST = 4;
const NEAR = 1;
/** Slopes are asked for where the error is between `NEAR` and this. */
const FAR = 2;

/** Over the error. */
function errorProblem(errors: readonly number[], values: readonly number[]): string | undefined {
  if (values.some((value) => !Number.isFinite(value))) return 'not finite on the curve of the error';
  const best = errors[values.indexOf(Math.min(...values))]!;
  if (Math.abs(best) > NEAR) return `least at an error of ${best.toFixed(2)}`;
  const slopes = slopesOf(values);
  for (const [side, sign] of [
    ['below', -1],
    ['above', 1],
  ] as const) {
    const isAsked = (i: number): boolean => sign * errors[i]! >= NEAR && sign * errors[i]! <= FAR;
    if (flatShare(slopes, isAsked) > WIDE_PLATEAU) return `flat where the prediction is ${side} the target`;
  }
  const turns = turnsOf(slopes);
  return turns > MOST_TURNS ? `it turns ${turns} times over the error` : undefined;
}

/** Differences between neighbours, as shares of the range of the values; those that are no slope are 0. */
function slopesOf(values: readonly number[]): readonly number[] {
  const range = Math.max(...values) - Math.min(...values);
  return values.slice(1).map((value, i) => {
    const slope = value - values[i]!;
    return Math.abs(slope) < FLAT * range ? 0 : slope;
  });
}

function flatShare(slopes: readonly number[], isAsked: (i: number) => boolean): number {
  const asked = slopes.filter((_, i) => isAsked(i));
  return asked.length === 0 ? 0 : asked.filter((slope) => slope === 0).length / asked.length;
}

function turnsOf(slopes: readonly number[]): number {
  const signs = slopes.filter((slope) => slope !== 0).map(Math.sign);
  return signs.filter((sign, i) => i > 0 && sign !== signs[i - 1]).length;
}
