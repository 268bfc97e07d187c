/** From what was seen in training to the one number that selection works with, in [0, 1], more is better. */

import type { CurvePoint } from '../model/evaluator.js';
import type { Task } from '../model/task.js';

/**
 * `score`: the last score, whatever it measures. `steps`: above 1/2 for a run that reached it, more the earlier; below 1/2, in
 * proportion to the best score, for one that did not.
 */
export function scoreOfCurve(fitness: Task['fitness'], curve: readonly CurvePoint[], steps: number): number {
  if (fitness.kind === 'score') return curve.at(-1)?.score ?? 0;
  const reached = curve.find((point) => point.score >= fitness.score);
  if (reached !== undefined) return 1 - reached.step / (2 * steps);
  return Math.max(0, ...curve.map((point) => point.score)) / fitness.score / 2;
}

export function combineScores(over: Task['over'], scores: readonly number[]): number {
  if (over === 'worst') return Math.min(...scores);
  return scores.reduce((sum, score) => sum + score, 0) / scores.length;
}
