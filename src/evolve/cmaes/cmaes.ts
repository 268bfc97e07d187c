/**
 * (mu/mu_w, lambda)-CMA-ES with rank-one and rank-mu update, active update and cumulative step-size adaptation
 * (N. Hansen, arXiv:1604.00772), as ask and tell. Points are drawn with the symmetric root of C, so that turning the
 * problem and the normal vectors together turns the whole path; only ranks are used, so a monotone transform of the
 * objective changes nothing. All state is plain data: a strategy restored from it goes on exactly.
 */
import { exp } from '../../../compiler/elementary/exponential.js';
import { hypot } from '../../../compiler/elementary/hyperbolic.js';
import { pow } from '../../../compiler/elementary/power.js';
import { invariant } from '../../../grammar/invariant.js';
import { type Random, type RandomState, restoreRandom } from '../../random.js';
import { type Bounds, reflect } from './bounds.js';
import { eigenSymmetric, identity } from './eigen.js';
import { type CmaParameters, cmaParameters } from './parameters.js';

export interface CmaOptions {
  /** Start point. */
  readonly mean: readonly number[];
  /** Initial standard deviation, in the units of the coordinates. */
  readonly sigma: number;
  /** Points per generation; 4 + floor(3 ln n) when absent. */
  readonly lambda?: number;
  readonly bounds?: Bounds;
  /** Negative weights for the worse half. On by default. */
  readonly active?: boolean;
}

/** Everything that the next generation depends on. Matrices are row-major `[n, n]`. */
export interface CmaState {
  readonly options: CmaOptions;
  readonly mean: readonly number[];
  readonly sigma: number;
  readonly covariance: readonly number[];
  readonly root: readonly number[];
  readonly axisLengths: readonly number[];
  readonly pathC: readonly number[];
  readonly pathSigma: readonly number[];
  readonly generation: number;
  readonly evaluations: number;
  /** Evaluations when the root was last computed. */
  readonly rootAt: number;
  /** The normal vectors of the generation that was asked for and not yet told. */
  readonly pending?: readonly (readonly number[])[];
  readonly random: RandomState;
  readonly randomLabel: string;
}

export interface Cma {
  readonly parameters: CmaParameters;
  /** The points to evaluate, inside the bounds. Asking again before `tell` gives the same points. */
  ask(): number[][];
  /** Values of the asked points, smaller is better; NaN counts as worse than everything. */
  tell(values: readonly number[]): void;
  /** The mean of the distribution, inside the bounds. */
  centre(): number[];
  state(): CmaState;
}

/** Where standard normal vectors come from; replaced in the test of rotation invariance. */
export type NormalVector = (random: Random, n: number) => number[];

const drawNormal: NormalVector = (random, n) => Array.from({ length: n }, () => random.normal());

/** A fresh strategy. `random` belongs to it from here on; `label` is what its forks would depend on. */
export function createCma(
  options: CmaOptions,
  random: Random,
  label = '',
  normal: NormalVector = drawNormal,
): Cma {
  const n = options.mean.length;
  invariant(n > 0 && options.sigma > 0, 'CMA-ES needs a dimension and a positive step size');
  const unit = [...identity(n)];
  return restoreCma(
    {
      options,
      mean: options.mean,
      sigma: options.sigma,
      covariance: unit,
      root: unit,
      axisLengths: Array(n).fill(1),
      pathC: Array(n).fill(0),
      pathSigma: Array(n).fill(0),
      generation: 0,
      evaluations: 0,
      rootAt: 0,
      random: random.save(),
      randomLabel: label,
    },
    normal,
  );
}

/** Continues from a saved state. */
export function restoreCma(saved: CmaState, normal: NormalVector = drawNormal): Cma {
  const { options } = saved;
  const n = options.mean.length;
  const parameters = cmaParameters(n, options.lambda, options.active);
  const random = restoreRandom(saved.random, saved.randomLabel);
  let state = saved;
  return {
    parameters,
    ask() {
      const pending = state.pending ?? Array.from({ length: parameters.lambda }, () => normal(random, n));
      state = { ...state, pending };
      return pending.map((z) => reflect(pointOf(state, multiply(state.root, z, n)), options.bounds));
    },
    tell(values) {
      invariant(state.pending?.length === values.length, 'tell needs one value for each asked point');
      state = update(state, parameters, values);
    },
    centre: () => reflect(state.mean, options.bounds),
    state: () => ({ ...state, random: random.save() }),
  };
}

function pointOf(state: CmaState, step: readonly number[]): number[] {
  return state.mean.map((m, i) => m + state.sigma * step[i]!);
}

function multiply(matrix: ArrayLike<number>, vector: readonly number[], n: number): number[] {
  return vector.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j]! * vector[j]!;
    return sum;
  });
}

/** Indices of the values from best to worst; ties keep their order, NaN is last. */
export function ranking(values: readonly number[]): number[] {
  const key = (i: number): number => (Number.isNaN(values[i]) ? Number.POSITIVE_INFINITY : values[i]!);
  return values.map((_, i) => i).sort((i, j) => (key(i) < key(j) ? -1 : key(i) > key(j) ? 1 : 0));
}

function update(state: CmaState, p: CmaParameters, values: readonly number[]): CmaState {
  const n = p.dimension;
  const draws = ranking(values).map((i) => state.pending![i]!);
  const steps = draws.map((z) => multiply(state.root, z, n));
  const drawMean = weightedMean(draws, p, n);
  const stepMean = weightedMean(steps, p, n);
  const evaluations = state.evaluations + p.lambda;
  const pathSigma = state.pathSigma.map(
    (old, i) => (1 - p.cs) * old + Math.sqrt(p.cs * (2 - p.cs) * p.muEff) * drawMean[i]!,
  );
  const length = hypot(...pathSigma);
  // Without this the rank-one update inflates C while the step size is still growing fast (eq. 45, h_sigma).
  const settled = pow(length, 2) / n / (1 - pow(1 - p.cs, 2 * (state.generation + 1))) < 2 + 4 / (n + 1);
  const pathC = state.pathC.map(
    (old, i) => (1 - p.cc) * old + (settled ? Math.sqrt(p.cc * (2 - p.cc) * p.muEff) * stepMean[i]! : 0),
  );
  const covariance = updateCovariance(state.covariance, p, pathC, settled, draws, steps);
  const { pending: _, ...kept } = state;
  const next = {
    ...kept,
    mean: pointOf(state, stepMean),
    sigma: state.sigma * exp(Math.min(1, (p.cs / p.damps) * (length / p.chiN - 1))),
    covariance,
    pathC,
    pathSigma,
    generation: state.generation + 1,
    evaluations,
  };
  const stale = evaluations - state.rootAt > p.lambda / (p.c1 + p.cmu) / n / 10;
  return stale ? { ...next, ...rootOf(covariance, n), rootAt: evaluations } : next;
}

function weightedMean(vectors: readonly (readonly number[])[], p: CmaParameters, n: number): number[] {
  return Array.from({ length: n }, (_, i) => {
    let sum = 0;
    for (let k = 0; k < p.mu; k++) sum += p.weights[k]! * vectors[k]![i]!;
    return sum;
  });
}

function updateCovariance(
  old: readonly number[],
  p: CmaParameters,
  pathC: readonly number[],
  settled: boolean,
  draws: readonly (readonly number[])[],
  steps: readonly (readonly number[])[],
): number[] {
  const n = p.dimension;
  // A negative weight acts on a step of squared Mahalanobis length n, so that C stays positive definite.
  const weights = p.weights.map((w, k) =>
    w >= 0 ? w : (w * n) / Math.max(Number.MIN_VALUE, squaredLength(draws[k]!)),
  );
  const mass = p.weights.reduce((total, w) => total + w, 0);
  const missing = settled ? 0 : p.cc * (2 - p.cc);
  const decay = 1 - p.c1 * (1 - missing) - p.cmu * mass;
  const next = Array<number>(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rankMu = 0;
      for (let k = 0; k < p.lambda; k++) rankMu += weights[k]! * steps[k]![i]! * steps[k]![j]!;
      const value = decay * old[i * n + j]! + p.c1 * pathC[i]! * pathC[j]! + p.cmu * rankMu;
      next[i * n + j] = value;
      next[j * n + i] = value;
    }
  }
  return next;
}

function squaredLength(vector: readonly number[]): number {
  return vector.reduce((sum, x) => sum + x * x, 0);
}

/** The symmetric root of C and the lengths of its axes. Eigenvalues that rounding made negative count as tiny. */
function rootOf(covariance: readonly number[], n: number): Pick<CmaState, 'root' | 'axisLengths'> {
  const { values, vectors } = eigenSymmetric(covariance, n);
  const largest = Math.max(...values);
  const lengths = [...values].map((value) => Math.sqrt(Math.max(value, largest * 1e-20, Number.MIN_VALUE)));
  const root = Array<number>(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += vectors[i * n + k]! * lengths[k]! * vectors[j * n + k]!;
      root[i * n + j] = sum;
      root[j * n + i] = sum;
    }
  }
  return { root, axisLengths: lengths };
}
