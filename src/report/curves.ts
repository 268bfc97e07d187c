/** The winner and cross-entropy as curves over the probability of the target, each scaled to the same first slope. */

import type { NumericLoss } from '../../compiler/loss/numeric.js';
import { numericCandidate } from '../evolve/losses/compiler.js';
import { readLoss } from '../evolve/losses/subject.js';
import type { Candidate } from '../evolve/model/candidate.js';
import { targetProbabilityBatch, uniformBatch } from '../evolve/screening/fixed-inputs.js';

export interface LossCurve {
  readonly name: string;
  readonly points: readonly {
    readonly probability: number;
    /** Value less its smallest on the curve. */
    readonly value: number;
    /** Size of the push that raises the target's logit. */
    readonly push: number;
  }[];
}

const CROSS_ENTROPY = `loss cross_entropy(target: onehot[class], prediction: probability[class]) =
  -sum(target * log(prediction), class)`;
const POINTS = 120;

/** Curves of a loss and of cross-entropy for a number of classes. Empty where the loss cannot be evaluated so. */
export function lossCurves(name: string, candidate: Candidate, classes: number): LossCurve[] {
  const reference = readLoss({ source: { name: 'cross_entropy.loss', text: CROSS_ENTROPY }, imports: [] });
  try {
    return [
      curveOf(name, numericCandidate(candidate), classes),
      curveOf('cross_entropy', numericCandidate(reference), classes),
    ];
  } catch {
    return [];
  }
}

function curveOf(name: string, loss: NumericLoss, classes: number): LossCurve {
  const probabilities = Array.from({ length: POINTS }, (_, i) => 0.005 + (0.99 * i) / (POINTS - 1));
  const { target, output, batch } = targetProbabilityBatch(probabilities, classes);
  const scale = firstSlope(loss, classes);
  const { values, gradient } = loss.evaluate(target, output, batch, classes);
  const least = Math.min(...values);
  return {
    name,
    points: probabilities.map((probability, i) => ({
      probability,
      value: (values[i]! - least) / scale,
      push: -gradient[i * classes]! / scale,
    })),
  };
}

/** The push on the target at the uniform prediction: what matching of scales makes equal. */
function firstSlope(loss: NumericLoss, classes: number): number {
  const { target, output, batch } = uniformBatch(classes);
  const push = Math.abs(loss.evaluate(target, output, batch, classes).gradient[0]!);
  return push > 0 ? push : 1;
}
