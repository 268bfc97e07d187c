/** What the trained losses whose gradients are most alike say of a new one. */

import type { EvaluationRow } from '../model/evaluation.js';
import { lengthOf } from './fixed-inputs.js';

export interface Neighbour {
  readonly row: Pick<EvaluationRow, 'id' | 'features' | 'scores' | 'complete'>;
  /** Between the features, as a share of the length of those asked about. */
  readonly distance: number;
}

/** Neighbours asked. Three to five rank equally well; eight a little worse. */
const COUNT = 5;
/** Within this distance two losses count as one: in the median their scores differ as two trainings of one loss do. */
const SAME = 0.01;
/** Trained losses from which on neighbours are asked. */
export const ENOUGH = 8;
/** Keeps the weight of one that is very close finite. */
const SOFTENING = 0.05;

/** Whether there are so many that neighbours mean something. */
export function enoughTrained(count: number): boolean {
  return count >= ENOUGH;
}

/** The nearest first. None where too little is known, or nothing of the loss. */
export function neighboursOf(
  features: readonly number[],
  trained: readonly Neighbour['row'][],
): readonly Neighbour[] {
  const length = lengthOf(features);
  if (length === 0 || !enoughTrained(trained.length)) return [];
  let nearest: Neighbour[] = [];
  for (const row of trained) {
    const bound = nearest.length < COUNT ? Number.POSITIVE_INFINITY : nearest.at(-1)!.distance;
    const distance = distanceBelow(features, row.features, bound * length) / length;
    if (distance >= bound) continue;
    nearest = [...nearest, { row, distance }].toSorted((a, b) => a.distance - b.distance).slice(0, COUNT);
  }
  return nearest;
}

/** The trained loss that this one cannot be told from, if there is one. */
export function twinOf(neighbours: readonly Neighbour[]): Neighbour['row'] | undefined {
  const [nearest] = neighbours;
  return nearest !== undefined && nearest.distance < SAME ? nearest.row : undefined;
}

/** The score to expect: the mean of the neighbours', closer ones counting more. Undefined without neighbours. */
export function expectedScore(neighbours: readonly Neighbour[]): number | undefined {
  if (neighbours.length === 0) return undefined;
  const weights = neighbours.map(({ distance }) => 1 / (distance + SOFTENING));
  const sum = weights.reduce((a, b) => a + b);
  return neighbours.reduce((total, { row }, i) => total + (weights[i]! / sum) * (row.scores[0] ?? 0), 0);
}

export function alike(a: readonly number[], b: readonly number[]): boolean {
  const limit = SAME * lengthOf(a);
  return distanceBelow(a, b, limit) < limit;
}

/** Euclidean distance; infinite as soon as it is no less than `bound`. */
function distanceBelow(a: readonly number[], b: readonly number[], bound: number): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = a[i]! - b[i]!;
    sum += difference * difference;
    if (sum >= bound * bound) return Number.POSITIVE_INFINITY;
  }
  return Math.sqrt(sum);
}
