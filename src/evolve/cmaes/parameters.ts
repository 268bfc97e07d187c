/**
 * Strategy parameters of the (mu/mu_w, lambda)-CMA-ES: the defaults of N. Hansen, "The CMA Evolution Strategy:
 * A Tutorial", arXiv:1604.00772, table 1 and equations 46 to 58; the damping is that of Hansen's short reference
 * implementation, which is close to the tutorial's for the default population and smaller for large ones.
 */
import { log } from '../../../compiler/elementary/logarithm.js';
import { pow } from '../../../compiler/elementary/power.js';
export interface CmaParameters {
  readonly dimension: number;
  /** Points per generation. */
  readonly lambda: number;
  /** Points with positive weight. */
  readonly mu: number;
  /** Variance-effective number of positive weights. */
  readonly muEff: number;
  /** One weight per rank, best first: the first `mu` are positive and sum to 1, the others are negative or 0. */
  readonly weights: readonly number[];
  /** Learning rates of the evolution paths, of the rank-one and of the rank-mu update. */
  readonly cc: number;
  readonly cs: number;
  readonly c1: number;
  readonly cmu: number;
  /** Damping of the step size. */
  readonly damps: number;
  /** Expected length of a standard normal vector. */
  readonly chiN: number;
}

/** 4 + floor(3 ln n): eq. 48. */
export function defaultLambda(dimension: number): number {
  return 4 + Math.floor(3 * log(dimension));
}

/** Parameters for a dimension and a population size. `active` gives the worse half negative weights (eq. 51 to 53). */
export function cmaParameters(
  dimension: number,
  lambda = defaultLambda(dimension),
  active = true,
): CmaParameters {
  const n = dimension;
  const raw = Array.from({ length: lambda }, (_, i) => log((lambda + 1) / 2) - log(i + 1));
  const mu = raw.filter((weight) => weight > 0).length;
  const positive = raw.slice(0, mu);
  const negative = raw.slice(mu);
  const muEff = effective(positive);
  const c1 = 2 / (pow(n + 1.3, 2) + muEff);
  const cmu = Math.min(1 - c1, (2 * (muEff - 2 + 1 / muEff)) / (pow(n + 2, 2) + muEff));
  const cs = (muEff + 2) / (n + muEff + 5);
  const negativeSum = active ? negativeMass(n, c1, cmu, muEff, effective(negative)) : 0;
  return {
    dimension,
    lambda,
    mu,
    muEff,
    weights: [...scaled(positive, 1), ...scaled(negative, -negativeSum)],
    cc: (4 + muEff / n) / (n + 4 + (2 * muEff) / n),
    cs,
    c1,
    cmu,
    damps: 0.3 + cs + (2 * muEff) / lambda,
    chiN: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

/** How much the negative weights may sum to: no decay of C, no more than their own effect, C stays positive definite. */
function negativeMass(n: number, c1: number, cmu: number, muEff: number, muEffMinus: number): number {
  if (cmu <= 0) return 0;
  return Math.min(1 + c1 / cmu, 1 + (2 * muEffMinus) / (muEff + 2), (1 - c1 - cmu) / (n * cmu));
}

function effective(weights: readonly number[]): number {
  const total = sum(weights);
  return (total * total) / sum(weights.map((weight) => weight * weight));
}

function scaled(weights: readonly number[], to: number): number[] {
  const total = sum(weights);
  return weights.map((weight) => (total === 0 ? 0 : (weight / total) * to));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
