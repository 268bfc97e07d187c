/**
 * Early stops: at each gate a training goes on only if its score is among the better share of the recent ones that got
 * there. The thresholds are fixed when a generation begins, so they do not depend on the order in which trainings end.
 */

import type { TrainingJob, TrainingReport } from '../model/evaluator.js';
import type { Gate } from '../model/settings.js';

/** Scores remembered per gate: a few generations, so that the threshold rises with the population. */
const WINDOW = 128;
/** Scores that a gate needs before it stops anybody. */
const LEAST = 8;

function gateSteps(gates: readonly Gate[], steps: number): number[] {
  return gates.map(({ at }) => Math.max(1, Math.round(at * steps)));
}

/** Thresholds for the next generation. Gates without enough experience are only looked at, with threshold 0. */
export function currentGates(
  gates: readonly Gate[],
  steps: number,
  scores: readonly (readonly number[])[],
): TrainingJob['gates'] {
  const at = gateSteps(gates, steps);
  return gates.map(({ keep }, i) => ({ step: at[i]!, atLeast: quantile(scores[i] ?? [], 1 - keep) }));
}

function quantile(scores: readonly number[], share: number): number {
  if (scores.length < LEAST) return 0;
  return scores.toSorted((a, b) => a - b)[Math.min(scores.length - 1, Math.floor(share * scores.length))]!;
}

/** The scores at the gates after the reports of a generation, in the order of its candidates. */
export function updateGateScores(
  scores: readonly (readonly number[])[],
  gates: readonly Gate[],
  steps: number,
  reports: readonly TrainingReport[],
): number[][] {
  return gateSteps(gates, steps).map((step, i) => {
    const reached = reports.flatMap(({ curve }) => curve.filter((point) => point.step === step));
    return [...(scores[i] ?? []), ...reached.map((point) => point.score)].slice(-WINDOW);
  });
}
