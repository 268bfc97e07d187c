import { pow } from '../../../compiler/elementary/power.js';
/**
 * Does noise decide the ranking? Re-evaluate a few points of a generation and see how far their ranks move
 * (UH-CMA-ES: N. Hansen, A. Niederberger, L. Guzzella, P. Koumoutsakos, IEEE TEC 13(1), 2009, section III).
 * The answer is to average over more evaluations, and where that is not allowed any more, to take larger steps.
 */
import { ranking } from './cmaes.js';

/** Rank changes up to this share of the largest possible one are tolerated: theta in the paper. */
const TOLERATED_SHARE = 0.2;
/** Factor on the number of evaluations per point when noise decides; its inverse, more slowly, when it does not. */
const GROWTH = 1.5;
const SHRINK = pow(1.5, -0.25);
/** Factor on the step size when more evaluations are not allowed. */
export const NOISY_SIGMA_GROWTH = 1 + 2 / 12;

/** How many points of a generation are evaluated again: 10 % of them, at least two. */
export function reevaluations(lambda: number): number {
  return Math.min(lambda, Math.max(2, Math.round(lambda * 0.1)));
}

/**
 * The uncertainty of a ranking: above 0 means that noise decides. `first` and `second` are the values of all points;
 * those from index `again` on were not evaluated a second time and are the same in both.
 */
export function rankUncertainty(first: readonly number[], second: readonly number[], again: number): number {
  const all = [...first, ...second];
  const position = Array<number>(all.length);
  for (const [rank, i] of ranking(all).entries()) position[i] = rank;
  const lambda = first.length;
  let sum = 0;
  for (let i = 0; i < again; i++) {
    const a = position[i]!;
    const b = position[lambda + i]!;
    const moved = Math.abs(a - b) - 1;
    sum += 2 * moved - tolerated(b - (b > a ? 1 : 0), lambda) - tolerated(a - (a > b ? 1 : 0), lambda);
  }
  return sum / again;
}

/** The `TOLERATED_SHARE` / 2 quantile of the rank changes that a uniformly random new rank would cause. */
function tolerated(rank: number, lambda: number): number {
  const changes = Array.from({ length: 2 * lambda - 1 }, (_, other) => Math.abs(other - rank)).sort(
    (x, y) => x - y,
  );
  const at = (changes.length - 1) * (TOLERATED_SHARE / 2);
  const low = Math.floor(at);
  return changes[low]! + (at - low) * ((changes[low + 1] ?? changes[low]!) - changes[low]!);
}

/** Evaluations per point for the next generation, as a real number between 1 and `most`: round it for use. */
export function nextEffort(effort: number, uncertainty: number, most: number): number {
  return Math.min(most, Math.max(1, effort * (uncertainty > 0 ? GROWTH : SHRINK)));
}
