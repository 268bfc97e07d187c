import { pow } from '../../../compiler/elementary/power.js';
/**
 * When a run of CMA-ES has nothing left to find: the criteria of N. Hansen, arXiv:1604.00772, appendix B.3,
 * each named, so that a restart can say why it happened.
 */
import type { CmaState } from './cmaes.js';

export const STOP_REASONS = [
  'values flat',
  'steps tiny',
  'condition too high',
  'no effect',
  'stagnation',
  'too many generations',
  'step size exploded',
] as const;
export type StopReason = (typeof STOP_REASONS)[number];

/** What is remembered of the generations, newest last. */
export interface CmaHistory {
  readonly best: readonly number[];
  readonly median: readonly number[];
}

/** Differences of values below this do not matter, nor steps below this share of the first step size. */
const TOLERANCE = 1e-12;
/** More than this and the axes of C differ by more than rounding can carry. */
const MAX_CONDITION = 1e14;
/** The step size may not outgrow the first one by more than this: the function has no minimum or sigma was too small. */
const MAX_GROWTH = 1e4;

const CHECKS: {
  readonly [R in StopReason]: (state: CmaState, history: CmaHistory, lambda: number) => boolean;
} = {
  'values flat': ({ options }, { best }, lambda) => {
    const window = 10 + Math.ceil((30 * options.mean.length) / lambda);
    const recent = best.slice(-window);
    return recent.length === window && Math.max(...recent) - Math.min(...recent) < TOLERANCE;
  },
  'steps tiny': ({ sigma, options, pathC, covariance }) =>
    pathC.every((p, i) => {
      const deviation = Math.sqrt(covariance[i * pathC.length + i]!);
      return sigma * Math.max(Math.abs(p), deviation) < TOLERANCE * options.sigma;
    }),
  'condition too high': ({ axisLengths }) =>
    pow(Math.max(...axisLengths) / Math.min(...axisLengths), 2) > MAX_CONDITION,
  'no effect': ({ mean, sigma, covariance }) =>
    mean.every((m, i) => m === m + 0.2 * sigma * Math.sqrt(covariance[i * mean.length + i]!)),
  stagnation: ({ generation, options }, { best, median }, lambda) => {
    const window = Math.floor(120 + (30 * options.mean.length) / lambda + 0.2 * generation);
    return best.length >= window && worsened(best.slice(-window)) && worsened(median.slice(-window));
  },
  'too many generations': ({ generation, options }, _, lambda) =>
    generation >= 100 + (150 * pow(options.mean.length + 3, 2)) / Math.sqrt(lambda),
  'step size exploded': ({ sigma, axisLengths, options }) =>
    sigma * Math.max(...axisLengths) > MAX_GROWTH * options.sigma,
};

/** The median of the last 30 % of a window is no better than that of its first 30 %. */
function worsened(values: readonly number[]): boolean {
  const part = Math.ceil(values.length * 0.3);
  return medianOf(values.slice(-part)) >= medianOf(values.slice(0, part));
}

export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** The first criterion that holds, if any. `lambda` is the population size. */
export function stopReason(state: CmaState, history: CmaHistory, lambda: number): StopReason | undefined {
  return (Object.keys(CHECKS) as StopReason[]).find((name) => CHECKS[name](state, history, lambda));
}

/** Longest window that a criterion looks at, plus a little: what is older is forgotten. */
const KEPT_GENERATIONS = 20_000;

/** The history with the values of one more generation. */
export function remember(history: CmaHistory, values: readonly number[]): CmaHistory {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    best: [...history.best, sorted[0]!].slice(-KEPT_GENERATIONS),
    median: [...history.median, medianOf(sorted)].slice(-KEPT_GENERATIONS),
  };
}

export const EMPTY_HISTORY: CmaHistory = { best: [], median: [] };
