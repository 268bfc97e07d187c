/** What a ledger holds of tunings as JSON, as schemas. */
import * as v from 'valibot';
import type { Schema } from '../../read-json.js';
import type { CmaOptions, CmaState } from '../cmaes/cmaes.js';
import type { MinimiserState } from '../cmaes/ipop.js';
import { STOP_REASONS } from '../cmaes/stop.js';
import { count, genome, number, numbers, parameterValues } from '../model/schemas.js';
import type { TunedLoss, TunedPoint, TuneResult, TuneState } from './tune.js';

const limits = v.array(v.nullable(number));
const cmaOptions = {
  mean: numbers,
  sigma: number,
  lambda: v.exactOptional(count),
  bounds: v.exactOptional(v.object({ lower: limits, upper: limits })),
  active: v.exactOptional(v.boolean()),
};

const strategy: Schema<CmaState> = v.object({
  options: v.object(cmaOptions) satisfies Schema<CmaOptions>,
  mean: numbers,
  sigma: number,
  covariance: numbers,
  root: numbers,
  axisLengths: numbers,
  pathC: numbers,
  pathSigma: numbers,
  generation: count,
  evaluations: count,
  rootAt: number,
  pending: v.exactOptional(v.array(numbers)),
  random: v.tuple([number, number, number, number]),
  randomLabel: v.string(),
});

const minimiser: Schema<MinimiserState> = v.object({
  options: v.object({
    ...cmaOptions,
    growth: v.exactOptional(number),
    mostEvaluations: v.exactOptional(number),
    restartBox: v.exactOptional(v.object({ lower: numbers, upper: numbers })),
  }),
  seed: v.string(),
  strategy,
  history: v.object({ best: numbers, median: numbers }),
  restarts: v.array(v.object({ reason: v.picklist(STOP_REASONS), lambda: count, evaluations: count })),
  spent: count,
  effort: number,
  best: v.exactOptional(v.object({ point: numbers, value: number })),
});

const history = v.array(v.object({ trainings: count, best: number, median: number }));

export const tuneState: Schema<TuneState> = v.object({
  minimiser,
  trainings: count,
  steps: count,
  leaders: v.array(v.object({ point: numbers, score: number })),
  history,
});
const tunedPoint: Schema<TunedPoint> = v.object({
  parameters: parameterValues,
  score: number,
  scores: numbers,
});

const tuneResult: Schema<TuneResult> = v.object({
  start: tunedPoint,
  best: tunedPoint,
  trainings: count,
  steps: count,
  restarts: count,
  history,
});

/** The result of a tuning belongs to its budget: with a larger one it goes on. */
export interface StoredTuning {
  readonly evaluations: number;
  readonly result: TuneResult;
}

export const storedTuning: Schema<StoredTuning> = v.object({ evaluations: count, result: tuneResult });

export const tunedLoss: Schema<TunedLoss> = v.object({
  id: count,
  genome,
  from: genome,
  coefficients: v.array(v.string()),
  result: tuneResult,
});
