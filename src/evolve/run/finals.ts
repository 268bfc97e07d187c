/** Full training for the survivors: fresh seeds, all steps, no gates. The winner is the best mean. */

import {
  type CurvePoint,
  type Evaluator,
  meanScore,
  scoresOf,
  type TrainingJob,
} from '../model/evaluator.js';
import type { Finals } from '../model/run-settings.js';

/** A loss that is trained in the finals. */
export interface Finalist {
  /** Unique among the finalists, and the name of its loss. */
  readonly name: string;
  /** The candidate it is, or comes from. */
  readonly id: number;
  readonly genome: readonly string[];
  /** From tuning the coefficients of a candidate. */
  readonly tuned: boolean;
}

/** How a finalist did. */
export interface FinalResult extends Finalist {
  readonly score: number;
  readonly scores: readonly number[];
  readonly steps: number;
  /** Learning curve of each training. */
  readonly curves: readonly (readonly CurvePoint[])[];
}

/** Looks at the validation score in a full training. */
const LOOKS = 40;

/** Results, best first. Equal scores keep the order of the finalists. One whose trainings all failed is no finalist. */
export async function finalRound(
  finalists: readonly Finalist[],
  settings: Finals,
  seed: string,
  evaluator: Evaluator,
): Promise<FinalResult[]> {
  const { replicates, steps } = settings;
  const looks = Math.max(1, Math.ceil(steps / LOOKS));
  const jobs = finalists.flatMap(({ name, genome }) =>
    Array.from(
      { length: replicates },
      (_, replicate): TrainingJob => ({
        genome,
        replicate,
        seed: `${seed}/finals/${name}/${replicate}`,
        steps,
        gates: [],
        looks,
      }),
    ),
  );
  const reports = await evaluator.train(jobs);
  const results = finalists.flatMap((finalist, i): FinalResult[] => {
    const mine = reports.slice(i * replicates, (i + 1) * replicates);
    const score = meanScore(mine);
    if (score === undefined) return [];
    return [
      {
        ...finalist,
        score,
        scores: scoresOf(mine),
        steps: mine.reduce((sum, report) => sum + report.steps, 0),
        curves: mine.filter((report) => report.score !== null).map((report) => report.curve),
      },
    ];
  });
  return results.toSorted((a, b) => b.score - a.score);
}
