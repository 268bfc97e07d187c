/** The doors for the command line: begin a search, go on with one. Both end with the same result for the same seed. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RunError } from '../../errors.js';
import { createPoolExecutor, type PoolExecutor } from '../executors/pool-executor.js';
import { GENOME_CODEC } from '../gp/genome.js';
import { matchSeed } from '../gp/seed.js';
import { simplifierFor } from '../gp/simplify-tree.js';
import { searchSpace } from '../gp/space.js';
import { arityWith } from '../losses/compiler.js';
import { readLoss, readSketch, requireCompared, requireFed, type SketchSubject } from '../losses/subject.js';
import type { Trees } from '../model/genome.js';
import type { Budget, Comparison, Finals, RunSettings, Tuning } from '../model/run-settings.js';
import { PRESETS, type PresetName, type SearchSettings } from '../model/settings.js';
import type { NamedSources, Sources } from '../model/sources.js';
import { readTask, type TaskInput } from '../model/task.js';
import type { SearchWorld } from '../search/search-world.js';
import { makeRunFolder, requireFreeFolder } from '../store/folder.js';
import { createLedger, openLedger } from '../store/ledger.js';
import { readRunSettings, requireUnchanged } from '../store/read-settings.js';
import { lockRun } from '../store/run-lock.js';
import { requireSameEnvironment, writeSettings } from '../store/run-settings.js';
import { environmentOf, machineOf } from './environment.js';
import { knownLosses } from './known-runs.js';
import type { RunningOptions } from './run-context.js';
import { type RunOutcome, runPhases } from './run-phases.js';

export interface SearchOptions {
  /** Folder of the run; must not exist or be empty. */
  readonly directory: string;
  /** The command line, for the record. */
  readonly command: string;
  /** See `CommonSettings`. */
  readonly asked?: RunSettings['asked'];
  readonly task: TaskInput;
  readonly sketch: NamedSources;
  /** Losses that the search begins with. */
  readonly seedLosses?: readonly NamedSources[];
  readonly seed: string;
  readonly preset?: PresetName;
  /** Replaces settings of the preset. */
  readonly settings?: Partial<SearchSettings>;
  readonly budget: Budget;
  readonly tuning?: Partial<Tuning>;
  readonly finals?: Partial<Finals>;
  /** What follows the run; kept here so that a resume does the same. */
  readonly comparison?: Comparison;
  /** Folders of earlier runs of the same task whose trainings are known. */
  readonly knownRuns?: readonly string[];
  readonly backend?: string;
  readonly limits?: Partial<RunSettings['limits']>;
  readonly running?: RunningOptions;
}

/** Losses of the front that are tuned, and what each gets; GLO tunes the best with a first step of 1.5 (as we understand the paper). */
const DEFAULT_TUNING: Readonly<Record<PresetName, Tuning>> = {
  default: { losses: 1, evaluations: 120, sigma: 0.4, mostEvaluations: 4 },
  glo: { losses: 1, evaluations: 400, sigma: 1.5, mostEvaluations: 1 },
};
/** Ten fresh seeds decide between the last few: the spread of one training is larger than their differences. */
const DEFAULT_FINALS = { losses: 4, replicates: 5 };
/** A short training takes seconds; ten minutes are for models and machines that are a hundred times slower. */
const DEFAULT_LIMITS = { taskSeconds: 600, memoryMiB: 2048 };

/** Runs a search from the beginning. Throws a RunError or LossError for mistakes; the folder is then not touched. */
export async function runSearch(options: SearchOptions): Promise<RunOutcome> {
  const preset = options.preset ?? 'default';
  // Before the workers start: that takes a while.
  requireFreeFolder(options.directory);
  const task = readTask(options.task);
  const search: SearchSettings = { ...PRESETS[preset], ...options.settings };
  const subject = readSketch(options.sketch.sources, options.sketch.name);
  for (const { sources, name } of options.seedLosses ?? []) requireSeed(subject, sources, name);
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const executor = createPoolExecutor(
    {
      task,
      subject: { kind: 'sketch', ...options.sketch },
      repairSign: search.stages['null-epoch'],
      ...(options.backend !== undefined && { backend: options.backend }),
    },
    { ...limits, ...workersOf(options.running) },
  );
  try {
    const description = await executor.describe();
    requireFed(subject, description.classes);
    for (const { sources, name } of options.comparison?.against ?? [])
      requireCompared(sources, name, description.classes);
    const settings: RunSettings = {
      format: 2,
      command: options.command,
      asked: options.asked ?? {},
      seed: options.seed,
      preset,
      task,
      sketch: options.sketch,
      seedLosses: options.seedLosses ?? [],
      search,
      budget: options.budget,
      tuning: { ...DEFAULT_TUNING[preset], ...options.tuning },
      finals: { ...DEFAULT_FINALS, steps: task.steps, ...options.finals },
      comparison: options.comparison ?? { seeds: 0, against: [] },
      knownRuns: options.knownRuns ?? [],
      limits,
      classes: description.classes,
      environment: environmentOf(description),
      machine: machineOf(description),
    };
    const known = knownLosses(settings);
    makeRunFolder(options.directory);
    const unlock = lockRun(options.directory);
    try {
      writeSettings(options.directory, settings);
      return await continueRun(options.directory, settings, subject, executor, options.running ?? {}, known);
    } finally {
      unlock();
    }
  } finally {
    await executor.close();
  }
}

export interface ResumeOptions {
  readonly directory: string;
  /** Another budget than the run has, which it keeps; the rest of it stays. */
  readonly budget?: Budget;
  readonly running?: RunningOptions;
}

/** Goes on with a run exactly, or throws a RunError that says why it cannot. */
export async function resumeSearch(options: ResumeOptions): Promise<RunOutcome> {
  const stored = readRunSettings(options.directory);
  const settings: RunSettings = { ...stored, budget: { ...stored.budget, ...options.budget } };
  const newBudget = JSON.stringify(settings.budget) !== JSON.stringify(stored.budget);
  const unlock = lockRun(options.directory);
  try {
    const subject = readSketch(settings.sketch.sources, settings.sketch.name);
    const executor = createPoolExecutor(
      {
        task: settings.task,
        subject: { kind: 'sketch', ...settings.sketch },
        repairSign: settings.search.stages['null-epoch'],
        backend: settings.environment.backend,
      },
      { ...settings.limits, ...workersOf(options.running) },
    );
    try {
      requireSameEnvironment(settings.environment, environmentOf(await executor.describe()));
      if (newBudget) writeSettings(options.directory, settings);
      const begun = existsSync(join(options.directory, 'ledger.sqlite'));
      const known = begun ? [] : knownLosses(settings);
      return await continueRun(options.directory, settings, subject, executor, options.running ?? {}, known);
    } finally {
      await executor.close();
    }
  } finally {
    unlock();
  }
}

function workersOf(running: RunningOptions | undefined): { workers?: number } {
  return running?.workers === undefined ? {} : { workers: running.workers };
}

async function continueRun(
  directory: string,
  settings: RunSettings,
  subject: SketchSubject,
  executor: PoolExecutor,
  running: RunningOptions,
  known: ReturnType<typeof knownLosses>,
): Promise<RunOutcome> {
  const file = join(directory, 'ledger.sqlite');
  const fresh = !existsSync(file);
  const ledger = fresh ? createLedger(file, { settings: JSON.stringify(settings) }) : openLedger(file);
  try {
    requireUnchanged(directory, settings, ledger);
    if (fresh) ledger.addImported(known);
    const world = createWorld(settings, subject);
    return await runPhases({ directory, settings, subject, world, ledger, executor, running });
  } finally {
    ledger.close();
  }
}

function createWorld(
  settings: RunSettings,
  subject: SketchSubject,
): Omit<SearchWorld, 'evaluator' | 'memory'> {
  const { search, seed, task } = settings;
  const arity = arityWith(subject.library);
  const space = searchSpace(subject.sketch, { arity, weights: search.drawWeights });
  if (space.operators.length === 0)
    throw new RunError('the sketch has no operator that can be searched with');
  return {
    settings: search,
    seed,
    steps: task.steps,
    variation: {
      space,
      subtreeDepth: search.subtreeDepth,
      limits: search.limits,
      simplify: simplifierFor(subject, space),
    },
    codec: GENOME_CODEC,
    seeds: settings.seedLosses.map(({ sources, name }) => requireSeed(subject, sources, name)),
  };
}

/** The genome of a loss, or a RunError that says why the sketch cannot be that loss. */
function requireSeed(subject: SketchSubject, sources: Sources, name: string | undefined): Trees {
  const { loss } = readLoss(sources, name);
  const space = searchSpace(subject.sketch, { arity: arityWith(subject.library), weights: {} });
  const match = matchSeed(subject.sketch, loss, space);
  if ('trees' in match) return match.trees;
  throw new RunError(
    `the search cannot begin with ${loss.name.name}: ${match.problem}`,
    'the sketch says which operators and leaves there are',
  );
}
