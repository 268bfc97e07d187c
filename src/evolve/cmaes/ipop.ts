import { pow } from '../../../compiler/elementary/power.js';
/**
 * CMA-ES with restarts and doubled population (IPOP: A. Auger and N. Hansen, CEC 2005) and, if asked for, noise
 * handling by re-evaluation. Ask and tell like the plain strategy: the caller evaluates each asked point
 * `evaluations()` times and tells the mean. State is plain data and restores exactly.
 */
import { invariant } from '../../../grammar/invariant.js';
import { createRandom } from '../../random.js';
import { type Cma, type CmaOptions, type CmaState, createCma, restoreCma } from './cmaes.js';
import { NOISY_SIGMA_GROWTH, nextEffort, rankUncertainty, reevaluations } from './noise.js';
import { defaultLambda } from './parameters.js';
import { type CmaHistory, EMPTY_HISTORY, remember, type StopReason, stopReason } from './stop.js';

export interface MinimiserOptions extends CmaOptions {
  /** Factor on the population size at each restart; 2 in the paper. */
  readonly growth?: number;
  /** The most evaluations of one point that are averaged; 1 (no noise handling) by default. */
  readonly mostEvaluations?: number;
  /** Start points of restarts are drawn uniformly from this box; without it every restart begins at `mean`. */
  readonly restartBox?: { readonly lower: readonly number[]; readonly upper: readonly number[] };
}

interface Restart {
  readonly reason: StopReason;
  readonly lambda: number;
  readonly evaluations: number;
}

export interface MinimiserState {
  readonly options: MinimiserOptions;
  readonly seed: string;
  readonly strategy: CmaState;
  readonly history: CmaHistory;
  readonly restarts: readonly Restart[];
  /** Evaluations by strategies before the current one, and by repeated and second evaluations. */
  readonly spent: number;
  /** Evaluations per point, before rounding. */
  readonly effort: number;
  readonly best?: { readonly point: readonly number[]; readonly value: number };
}

export interface Minimiser {
  ask(): number[][];
  /** How often each asked point is to be evaluated; `tell` takes the means. */
  evaluations(): number;
  /** How many of the asked points, from the first on, are to be evaluated a second time (0 without noise handling). */
  reevaluate(): number;
  /** `again` holds the second values of the first `reevaluate()` points. */
  tell(values: readonly number[], again?: readonly number[]): void;
  /** Best point told so far with its value. With noise, rather re-evaluate `mean()`. */
  best(): MinimiserState['best'];
  /** Centre of the current distribution, inside the bounds. */
  mean(): readonly number[];
  state(): MinimiserState;
}

/** A fresh minimiser; equal options and seed give equal paths. */
export function createMinimiser(options: MinimiserOptions, seed: string): Minimiser {
  const strategy = startStrategy(options, seed, 0).state();
  return restoreMinimiser({
    options,
    seed,
    strategy,
    history: EMPTY_HISTORY,
    restarts: [],
    spent: 0,
    effort: 1,
  });
}

function startStrategy(options: MinimiserOptions, seed: string, restart: number): Cma {
  const label = `${seed}/restart/${restart}`;
  const random = createRandom(label);
  const box = restart === 0 ? undefined : options.restartBox;
  const mean = options.mean.map((start, i) =>
    box === undefined ? start : box.lower[i]! + random.next() * (box.upper[i]! - box.lower[i]!),
  );
  const first = options.lambda ?? defaultLambda(options.mean.length);
  const lambda = Math.round(first * pow(options.growth ?? 2, restart));
  const { bounds, active, sigma } = options;
  return createCma(
    { mean, sigma, lambda, ...(bounds && { bounds }), ...(active !== undefined && { active }) },
    random,
    label,
  );
}

/** Continues from a saved state: the path is the one that would have been taken without the stop. */
export function restoreMinimiser(saved: MinimiserState): Minimiser {
  let state = saved;
  let strategy = restoreCma(saved.strategy);
  const most = saved.options.mostEvaluations ?? 1;
  const evaluations = (): number => Math.round(state.effort);
  const reevaluate = (): number => (most > 1 ? reevaluations(strategy.parameters.lambda) : 0);

  const handleNoise = (values: readonly number[], again: readonly number[]) => {
    const second = values.map((value, i) => again[i] ?? value);
    const uncertainty = rankUncertainty(values, second, again.length);
    const before = state.effort;
    state = {
      ...state,
      effort: nextEffort(before, uncertainty, most),
      spent: state.spent + again.length * Math.round(before),
    };
    return {
      averaged: values.map((value, i) => (value + second[i]!) / 2),
      widen: uncertainty > 0 && before >= most,
    };
  };

  return {
    ask: () => strategy.ask(),
    evaluations,
    reevaluate,
    tell(values, again = []) {
      invariant(again.length === reevaluate(), 'tell needs the second values that were asked for');
      const points = strategy.ask();
      const repeats = (evaluations() - 1) * values.length;
      const { averaged, widen } =
        again.length > 0 ? handleNoise(values, again) : { averaged: values, widen: false };
      strategy.tell(averaged);
      if (widen) strategy = restoreCma(widened(strategy.state()));
      const history = remember(state.history, averaged);
      const best = better(state.best, points, averaged);
      state = { ...state, history, spent: state.spent + repeats, ...(best && { best }) };
      const reason = stopReason(strategy.state(), history, strategy.parameters.lambda);
      if (reason !== undefined) restart(reason);
    },
    best: () => state.best,
    mean: () => strategy.centre(),
    state: () => ({ ...state, strategy: strategy.state() }),
  };

  function restart(reason: StopReason): void {
    const { evaluations: used } = strategy.state();
    const { lambda } = strategy.parameters;
    const restarts = [...state.restarts, { reason, lambda, evaluations: used }];
    state = { ...state, restarts, spent: state.spent + used, history: EMPTY_HISTORY };
    strategy = startStrategy(state.options, state.seed, restarts.length);
  }
}

function widened(state: CmaState): CmaState {
  return { ...state, sigma: state.sigma * NOISY_SIGMA_GROWTH };
}

function better(
  best: MinimiserState['best'],
  points: readonly (readonly number[])[],
  values: readonly number[],
): MinimiserState['best'] {
  let winner = best;
  for (const [i, value] of values.entries()) {
    if (value < (winner?.value ?? Number.POSITIVE_INFINITY)) winner = { point: points[i]!, value };
  }
  return winner;
}
