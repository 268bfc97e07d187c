/** `lossc tune`: CMA-ES over the parameters of one loss, in a run folder that survives everything a search survives. */

import { join } from 'node:path';
import { programOf } from '../../../compiler/resolve/program.js';
import { RunError } from '../../errors.js';
import { writeFileSafely } from '../../files.js';
import { checkTrainable } from '../../runtime/feeding/trainable.js';
import { type Executor, Interrupted, untilAborted } from '../executors/executor.js';
import type { QueueRunning } from '../executors/queue-executor.js';
import { readLoss } from '../losses/subject.js';
import type { Candidate, ParameterValues } from '../model/candidate.js';
import type { CommonSettings, EvaluatorSettings, Tuning, TuningSettings } from '../model/run-settings.js';
import type { NamedSources } from '../model/sources.js';
import { readTask, type TaskInput } from '../model/task.js';
import type { Ledger } from '../store/ledger.js';
import { readTuningSettings } from '../store/read-settings.js';
import { recordingEvaluators } from '../store/recording-evaluator.js';
import { type StoredTuning, storedTuning, tuneState } from '../tuning/schemas.js';
import { type Variable, variablesOf } from '../tuning/tunable.js';
import { type TuneResult, tune } from '../tuning/tune.js';
import { tunedText } from '../tuning/tuned-text.js';
import { beginRun, goOnWithRun, type OpenFolder } from './run-folder.js';

/** Names of the results in the ledger. */
export const TUNED_KEY = 'tuned';
export const TUNING_STATE_KEY = 'tuning';

/** How far a tuning is. */
export interface TuningProgress {
  readonly trainings: number;
  readonly of: number;
  /** Best score told so far; 0 before the first generation. */
  readonly best: number;
  readonly trainingsPerMinute: number;
}

/** What may differ from one sitting of a tuning to the next without changing the result. */
export interface TuningRunning {
  readonly workers?: number;
  /** See `RunningOptions`. */
  readonly queue?: QueueRunning;
  readonly onProgress?: (progress: TuningProgress) => void;
  readonly signal?: AbortSignal;
}

/** What `tuneLoss` takes. */
export interface TuneLossOptions {
  /** Folder of the run; must not exist or be empty. */
  readonly directory: string;
  readonly command: string;
  /** See `CommonSettings`. */
  readonly asked?: CommonSettings['asked'];
  readonly loss: NamedSources;
  readonly task: TaskInput;
  /** A script that trains in our place; the task then has no cases. */
  readonly evaluator?: EvaluatorSettings;
  readonly seed: string;
  readonly start?: ParameterValues;
  readonly tuning?: Partial<Omit<Tuning, 'losses'>>;
  readonly backend?: string;
  readonly limits?: Partial<TuningSettings['limits']>;
  readonly running?: TuningRunning;
}

/** How a sitting of a tuning ended. */
export interface TuneOutcome {
  /** The folder of the tuning. */
  readonly directory: string;
  /** `interrupted` where a signal ended it; `resumeTuning` goes on. */
  readonly stopped: 'finished' | 'interrupted';
  /** What it found; undefined where it was interrupted. */
  readonly result: TuneResult | undefined;
  /** The loss with the tuned values as its defaults. */
  readonly file: string | undefined;
}

/** TaylorGLO begins with sigma 1.2 around zeros (seen); here steps are relative to the start, which is smaller. */
export const FIRST_STEP = 0.5;
const DEFAULTS = { evaluations: 300, sigma: FIRST_STEP, mostEvaluations: 4 };

/** Tunes from the beginning. Throws a RunError or LossError for mistakes; the folder is then not touched. */
export async function tuneLoss(options: TuneLossOptions): Promise<TuneOutcome> {
  const { start = {}, running = {}, evaluator } = options;
  const task = readTask(options.task, { evaluator: evaluator !== undefined });
  const candidate = readLoss(options.loss.sources, options.loss.name);
  requireTunable(candidate, start);
  return beginRun({
    directory: options.directory,
    setup: { task, evaluator, subject: { kind: 'loss', ...options.loss } },
    backend: options.backend,
    limits: options.limits,
    running,
    settings: ({ learning, ...found }): TuningSettings => {
      const program = programOf([candidate.loss], candidate.library);
      if (learning !== undefined)
        checkTrainable(program, candidate.loss, learning, { parameters: start, tuned: true });
      return {
        format: 'tuning 2',
        command: options.command,
        asked: options.asked ?? {},
        seed: options.seed,
        task,
        ...(evaluator !== undefined && { evaluator }),
        loss: options.loss,
        start,
        ...(learning !== undefined && { learning }),
        tuning: { ...DEFAULTS, ...options.tuning },
        ...found,
      };
    },
    work: (folder) => tuneIn(folder, candidate, running),
  });
}

/** The numbers of a loss that can be tuned, of which there is at least one. */
export function requireTunable({ loss }: Candidate, start: ParameterValues): readonly Variable[] {
  const variables = variablesOf(loss, start);
  if (variables.length === 0) throw new RunError(`${loss.name.name} has no parameter that can be tuned`);
  return variables;
}

/** What `resumeTuning` takes. */
export interface ResumeTuningOptions {
  readonly directory: string;
  /** Another budget than it has, which it keeps. */
  readonly evaluations?: number;
  readonly running?: TuningRunning;
}

/** Goes on with a tuning exactly, or throws a RunError that says why it cannot. */
export async function resumeTuning({
  directory,
  evaluations,
  running = {},
}: ResumeTuningOptions): Promise<TuneOutcome> {
  const stored = readTuningSettings(directory);
  const settings =
    evaluations === undefined ? stored : { ...stored, tuning: { ...stored.tuning, evaluations } };
  const candidate = readLoss(settings.loss.sources, settings.loss.name);
  return goOnWithRun({
    directory,
    settings,
    changed: evaluations !== undefined,
    setup: { subject: { kind: 'loss', ...settings.loss } },
    running,
    work: (folder) => tuneIn(folder, candidate, running),
  });
}

async function tuneIn(
  { directory, settings, ledger, executor }: OpenFolder<TuningSettings>,
  candidate: Candidate,
  running: TuningRunning,
): Promise<TuneOutcome> {
  const stored = ledger.result(TUNED_KEY, storedTuning);
  const { evaluations } = settings.tuning;
  // With a larger budget it goes on from its last state.
  const known = stored?.evaluations === evaluations ? stored.result : undefined;
  const result = known ?? (await tuneWith(settings, candidate, executor, ledger, running));
  if (result === undefined) return { directory, stopped: 'interrupted', result, file: undefined };
  if (known === undefined) ledger.setResult(TUNED_KEY, { evaluations, result } satisfies StoredTuning);
  const tuned = join(directory, 'losses', 'tuned.loss');
  const { start, best } = result;
  const notes = [
    `Tuned by lossc: ${settings.command}`,
    `Validation score ${best.score.toFixed(4)} (mean of ${best.scores.length}); ${start.score.toFixed(4)} before.`,
  ];
  writeFileSafely(tuned, tunedText(candidate, best.parameters, notes));
  return { directory, stopped: 'finished', result, file: tuned };
}

async function tuneWith(
  settings: TuningSettings,
  { loss }: Candidate,
  executor: Executor,
  ledger: Ledger,
  running: TuningRunning,
): Promise<TuneResult | undefined> {
  let trainings = 0;
  let best = 0;
  const begun = performance.now();
  const report = (): void => {
    trainings++;
    const minutes = (performance.now() - begun) / 60_000;
    const trainingsPerMinute = trainings / Math.max(minutes, 1 / 60);
    running.onProgress?.({ trainings, of: settings.tuning.evaluations, best, trainingsPerMinute });
  };
  try {
    return await tune({
      label: 'tuning',
      seed: settings.seed,
      variables: variablesOf(loss, settings.start),
      settings: { losses: 1, ...settings.tuning },
      job: (parameters, seed, replicate) => ({
        genome: [],
        parameters: { ...settings.start, ...parameters },
        seed,
        replicate,
        steps: settings.task.steps,
        gates: [],
      }),
      evaluator: recordingEvaluators(untilAborted(executor, running.signal), ledger, report)(0),
      saved: ledger.result(TUNING_STATE_KEY, tuneState),
      save: (state) => {
        best = state.leaders[0]?.score ?? 0;
        ledger.setResult(TUNING_STATE_KEY, state);
      },
      signal: running.signal,
    });
  } catch (thrown) {
    if (thrown instanceof Interrupted) return undefined;
    throw thrown;
  }
}
