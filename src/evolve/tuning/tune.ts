/** CMA-ES over the parameters of a loss, by the same short trainings that the search uses. Resumes exactly. */
import { RunError } from '../../errors.js';
import { createMinimiser, type Minimiser, type MinimiserState, restoreMinimiser } from '../cmaes/ipop.js';
import type { ParameterValues } from '../model/candidate.js';
import {
  type Evaluator,
  meanScore,
  scoresOf,
  type TrainingJob,
  type TrainingReport,
} from '../model/evaluator.js';
import type { Tuning } from '../model/run-settings.js';
import { parametersAt, type Variable } from './tunable.js';

export interface TuneOptions {
  /** Names this tuning: its seeds and its saved state depend on it. */
  readonly label: string;
  readonly seed: string;
  readonly variables: readonly Variable[];
  readonly settings: Tuning;
  /** The training of the loss with these parameters; the tuning adds the seed. */
  readonly job: (parameters: ParameterValues, seed: string, replicate: number) => TrainingJob;
  readonly evaluator: Evaluator;
  readonly saved: TuneState | undefined;
  /** Called after every generation of CMA-ES. */
  readonly save: (state: TuneState) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface TuneState {
  readonly minimiser: MinimiserState;
  readonly trainings: number;
  readonly steps: number;
  /** The best points told, best first. */
  readonly leaders: readonly { readonly point: readonly number[]; readonly score: number }[];
  readonly history: readonly { readonly trainings: number; readonly best: number; readonly median: number }[];
}

/** Values of the parameters with the scores that confirm them. */
export interface TunedPoint {
  /** By name. */
  readonly parameters: ParameterValues;
  /** Mean of the confirming trainings, and each of them. */
  readonly score: number;
  readonly scores: readonly number[];
}

/** What a tuning has found. */
export interface TuneResult {
  /** Where it began. */
  readonly start: TunedPoint;
  /** The point of the highest confirmed score; the start where nothing is better. */
  readonly best: TunedPoint;
  /** Trainings that it took, confirmations counted. */
  readonly trainings: number;
  /** Steps of these trainings. */
  readonly steps: number;
  /** How often CMA-ES began anew. */
  readonly restarts: number;
  /** Best and median score after each generation. */
  readonly history: TuneState['history'];
}

/** Points kept for the confirmation at the end. */
const LEADERS = 3;
/** Trainings of start, centre and leaders with seeds that the tuning has not used: the best of many is partly luck. */
const CONFIRMATIONS = 3;

/** Undefined when interrupted; calling it again with the saved state goes on. */
export async function tune(options: TuneOptions): Promise<TuneResult | undefined> {
  const { variables, settings, saved } = options;
  const minimiser =
    saved === undefined
      ? createMinimiser(minimiserOptions(variables, settings), `${options.seed}/${options.label}`)
      : restoreMinimiser(saved.minimiser);
  let state: TuneState = saved ?? {
    minimiser: minimiser.state(),
    trainings: 0,
    steps: 0,
    leaders: [],
    history: [],
  };
  while (variables.length > 0 && state.trainings < settings.evaluations) {
    if (options.signal?.aborted) return undefined;
    state = await generation(options, minimiser, state);
    options.save(state);
  }
  if (options.signal?.aborted) return undefined;
  return confirm(options, minimiser, state);
}

/** The optimiser works around 0 in units of each variable's scale. */
export function minimiserOptions(
  variables: readonly Variable[],
  settings: Pick<Tuning, 'sigma' | 'mostEvaluations'>,
) {
  const local = (value: number, { start, scale }: Variable): number | null =>
    Number.isFinite(value) ? (value - start) / scale : null;
  return {
    mean: variables.length === 0 ? [0] : variables.map(() => 0),
    sigma: settings.sigma,
    mostEvaluations: settings.mostEvaluations,
    bounds: {
      lower: variables.length === 0 ? [0] : variables.map((variable) => local(variable.lower, variable)),
      upper: variables.length === 0 ? [0] : variables.map((variable) => local(variable.upper, variable)),
    },
  };
}

/** From the optimiser's units to values of the parameters. */
export function pointOf(variables: readonly Variable[], local: readonly number[]): number[] {
  return variables.map(({ start, scale }, i) => start + scale * local[i]!);
}

function jobFor(options: TuneOptions, point: readonly number[], replicate: number, use: string): TrainingJob {
  const parameters = parametersAt(options.variables, pointOf(options.variables, point));
  const seed = `${options.seed}/${options.label}/${JSON.stringify(parameters)}/${use}/${replicate}`;
  return options.job(parameters, seed, replicate);
}

async function generation(options: TuneOptions, minimiser: Minimiser, state: TuneState): Promise<TuneState> {
  const points = minimiser.ask();
  const repeats = minimiser.evaluations();
  const again = minimiser.reevaluate();
  const wanted = points.flatMap((point, i) =>
    Array.from({ length: i < again ? 2 * repeats : repeats }, (_, k) => ({ i, k, point })),
  );
  const use = `generation ${state.history.length}`;
  const reports = await options.evaluator.train(wanted.map(({ point, k }) => jobFor(options, point, k, use)));
  const mean = (i: number, second: boolean): number | undefined =>
    meanScore(reports.filter((_, w) => wanted[w]!.i === i && wanted[w]!.k >= repeats === second));
  const means = points.map((_, i) => mean(i, false));
  const known = means.filter((score) => score !== undefined);
  if (known.length === 0) throw noneTrained(reports);
  // Where the loss could not be trained is not better than anywhere else.
  const worst = Math.min(...known);
  const scores = means.map((score) => score ?? worst);
  minimiser.tell(
    scores.map((score) => -score),
    Array.from({ length: again }, (_, i) => -(mean(i, true) ?? scores[i]!)),
  );
  const found = points.flatMap((point, i) => {
    const score = means[i];
    return score === undefined ? [] : [{ point, score }];
  });
  const leaders = [...state.leaders, ...found].sort((a, b) => b.score - a.score).slice(0, LEADERS);
  const trainings = state.trainings + reports.length;
  const sorted = known.toSorted((a, b) => a - b);
  const median = sorted[sorted.length >> 1]!;
  return {
    minimiser: minimiser.state(),
    trainings,
    steps: state.steps + stepsOf(reports),
    leaders,
    history: [...state.history, { trainings, best: leaders[0]!.score, median }],
  };
}

function stepsOf(reports: readonly TrainingReport[]): number {
  return reports.reduce((sum, report) => sum + report.steps, 0);
}

function noneTrained(reports: readonly TrainingReport[]): RunError {
  const detail = reports.flatMap((report) => (report.score === null ? [report.detail] : []))[0];
  return new RunError(`all ${reports.length} trainings failed: ${detail}`);
}

async function confirm(options: TuneOptions, minimiser: Minimiser, state: TuneState): Promise<TuneResult> {
  const { variables } = options;
  const start = variables.map(() => 0);
  const points = [
    start,
    ...(variables.length === 0 ? [] : [minimiser.mean(), ...state.leaders.map((leader) => leader.point)]),
  ];
  const jobs = points.flatMap((point) =>
    Array.from({ length: CONFIRMATIONS }, (_, k) => jobFor(options, point, k, 'confirmation')),
  );
  const reports = await options.evaluator.train(jobs);
  const confirmed = points.flatMap((point, i): TunedPoint[] => {
    const mine = reports.slice(i * CONFIRMATIONS, (i + 1) * CONFIRMATIONS);
    const score = meanScore(mine);
    // Nothing can be compared with a start that cannot be trained.
    if (score === undefined && i === 0) throw noneTrained(mine);
    if (score === undefined) return [];
    const parameters = parametersAt(variables, pointOf(variables, point));
    return [{ parameters, score, scores: scoresOf(mine) }];
  });
  return {
    start: confirmed[0]!,
    best: confirmed.reduce((best, point) => (point.score > best.score ? point : best)),
    trainings: state.trainings + reports.length,
    steps: state.steps + stepsOf(reports),
    restarts: state.minimiser.restarts.length,
    history: state.history,
  };
}

/** One loss after tuning, as the ledger keeps it. */
export interface TunedLoss {
  readonly id: number;
  /** The genome with the tuned numbers, and the one it was made of. */
  readonly genome: readonly string[];
  readonly from: readonly string[];
  readonly coefficients: readonly string[];
  readonly result: TuneResult;
}
