/** The life of a run folder: made, locked, worked in, left, gone on with. A search and a tuning live alike. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../../errors.js';
import type { Learning } from '../../runtime/tasks/learning.js';
import { TASKS } from '../../runtime/tasks/tasks.js';
import type { Executor } from '../executors/executor.js';
import { type ExecutorSetup, openExecutor } from '../executors/open-executor.js';
import { joinQueue, overQueue, type QueueRunning } from '../executors/queue-executor.js';
import type { CommonSettings, Environment, RunSettings, TuningSettings } from '../model/run-settings.js';
import { makeRunFolder, requireFreeFolder } from '../store/folder.js';
import { createLedger, type Ledger, openLedger } from '../store/ledger.js';
import { requireUnchanged } from '../store/read-settings.js';
import { TRAINER_KEY } from '../store/recording-evaluator.js';
import { lockRun } from '../store/run-lock.js';
import { requireSameEnvironment, writeSettings } from '../store/run-settings.js';
import { environmentOf, machineOf } from './environment.js';

type Settings = RunSettings | TuningSettings;

/** A folder that this process has for itself. */
export interface OpenFolder<S extends Settings> {
  readonly directory: string;
  readonly settings: S;
  readonly ledger: Ledger;
  /** Whether the ledger was made just now. */
  readonly fresh: boolean;
  readonly executor: Executor;
}

type Work<S extends Settings, T> = (folder: OpenFolder<S>) => Promise<T>;

/** What is known when the workers have started. */
interface Found extends Pick<CommonSettings, 'limits' | 'environment' | 'machine' | 'hello'> {
  /** What the data has to learn; undefined where an evaluator trains something else than a classifier. */
  readonly learning: Learning | undefined;
}

/** Who works, which changes nothing about the result. */
interface Running {
  readonly workers?: number;
  readonly queue?: QueueRunning;
}

/** Of one training, by default. A short one takes seconds; ten minutes are for models and machines that are a hundred times slower. */
export const LIMITS: CommonSettings['limits'] = { taskSeconds: 600, memoryMiB: 2048 };

export interface BeginOptions<S extends Settings, T> {
  /** Must not exist or be empty. */
  readonly directory: string;
  readonly setup: Omit<ExecutorSetup, 'backend'>;
  readonly backend: string | undefined;
  readonly limits: Partial<CommonSettings['limits']> | undefined;
  readonly running: Running;
  /** The settings to store. Where it throws, the folder is not touched. */
  readonly settings: (found: Found) => S;
  readonly work: Work<S, T>;
}

/** Works in a new folder. */
export async function beginRun<S extends Settings, T>(options: BeginOptions<S, T>): Promise<T> {
  const { directory, backend } = options;
  // Before the workers start: that takes a while.
  requireFreeFolder(directory);
  const limits = { ...LIMITS, ...options.limits };
  const setup = { ...options.setup, ...(backend !== undefined && { backend }) };
  return withExecutor(setup, limits, options.running, async (local, executorIn) => {
    const description = await local.describe();
    const { learning, hello } = description;
    const environment = environmentOf(description);
    const executor = executorIn(environment);
    const machine = machineOf(description);
    const said = hello === undefined ? {} : { hello };
    const settings = options.settings({ limits, learning, environment, machine, ...said });
    makeRunFolder(directory);
    return locked(directory, () => {
      writeSettings(directory, settings);
      return inFolder(directory, settings, executor, options.work);
    });
  });
}

export interface GoOnOptions<S extends Settings, T> {
  readonly directory: string;
  /** As they are stored, but for the budget. */
  readonly settings: S;
  /** Whether the budget is another one than is stored; then it is kept. */
  readonly changed: boolean;
  readonly setup: Pick<ExecutorSetup, 'subject' | 'repairSign'>;
  readonly running: Running;
  readonly work: Work<S, T>;
}

/** Works on in a folder, exactly, or throws a RunError that says why that cannot be. */
export function goOnWithRun<S extends Settings, T>(options: GoOnOptions<S, T>): Promise<T> {
  const { directory, settings } = options;
  const { task, evaluator, hello, environment, limits } = settings;
  return locked(directory, () => {
    const setup = { ...options.setup, task, evaluator, hello, backend: environment.backend };
    return withExecutor(setup, limits, options.running, async (local, executorIn) => {
      const description = await local.describe();
      requireSameEnvironment(environment, environmentOf(description));
      requireSameLearning(directory, settings.learning, description.learning);
      if (options.changed) writeSettings(directory, settings);
      return inFolder(directory, settings, executorIn(environment), options.work);
    });
  });
}

/** Data of one's own may have changed since; scores of another task would stand beside those of this one. */
function requireSameLearning(directory: string, then: Learning | undefined, now: Learning | undefined): void {
  if (then === undefined || now === undefined || JSON.stringify(then) === JSON.stringify(now)) return;
  const text = ({ task, outputs }: Learning): string => `a ${task} of ${outputs} ${TASKS[task].outputs}`;
  throw new RunError(`the run in ${directory} started with ${text(then)}, and its data now has ${text(now)}`);
}

async function locked<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const unlock = lockRun(directory);
  try {
    return await work();
  } finally {
    unlock();
  }
}

/** The work gets the processes of this machine, and who trains once the environment is known. */
async function withExecutor<T>(
  setup: ExecutorSetup,
  limits: CommonSettings['limits'],
  { workers, queue }: Running,
  work: (local: Executor, executorIn: (environment: Environment) => Executor) => Promise<T>,
): Promise<T> {
  // Before the workers start: that takes a while.
  const joined = queue === undefined ? undefined : await joinQueue(queue);
  const local = openExecutor(setup, limits, workers);
  let executor = local;
  try {
    return await work(local, (environment) => {
      if (joined !== undefined) executor = overQueue(local, joined, { ...setup, environment, limits });
      return executor;
    });
  } finally {
    await executor.close();
    await joined?.end.close();
  }
}

async function inFolder<S extends Settings, T>(
  directory: string,
  settings: S,
  executor: Executor,
  work: Work<S, T>,
): Promise<T> {
  executor.inFolder?.(directory);
  const file = join(directory, 'ledger.sqlite');
  const fresh = !existsSync(file);
  const { evaluator } = settings.environment;
  const meta = {
    settings: JSON.stringify(settings),
    ...(evaluator !== undefined && { [TRAINER_KEY]: evaluator }),
  };
  const ledger = fresh ? createLedger(file, meta) : openLedger(file);
  try {
    requireUnchanged(directory, settings, ledger);
    return await work({ directory, settings, ledger, fresh, executor });
  } finally {
    ledger.close();
  }
}
