/** The doors for the command line: begin a search, go on with one. Both end with the same result for the same seed. */

import { join } from 'node:path';
import { writeFileSafely } from '../../files.js';
import { taskOfDataset } from '../../runtime/data/load-dataset.js';
import type { TaskKind } from '../../runtime/tasks/learning.js';
import {
  createProposerScript,
  PROPOSER_LIMITS,
  type ProposerScript,
} from '../executors/proposer/proposer-script.js';
import {
  readSketch,
  requireCompared,
  requireFed,
  type SketchSubject,
  taskOfLosses,
} from '../losses/subject.js';
import type { Proposer } from '../model/proposer.js';
import type {
  Budget,
  Comparison,
  EvaluatorSettings,
  Finals,
  RunSettings,
  Tuning,
} from '../model/run-settings.js';
import type { PresetName, SearchSettings } from '../model/settings.js';
import type { NamedSources } from '../model/sources.js';
import { readTask, type TaskInput, type TrainingCase } from '../model/task.js';
import { beginning } from '../seeds/begin.js';
import type { Ledger } from '../store/ledger.js';
import { readRunSettings } from '../store/read-settings.js';
import { createWorld } from './create-world.js';
import { knownLosses } from './known-runs.js';
import { recordingProposer } from './proposing.js';
import type { RunningOptions } from './run-context.js';
import { beginRun, goOnWithRun, type OpenFolder } from './run-folder.js';
import { type RunOutcome, runPhases } from './run-phases.js';
import { type PlanOptions, planSearch } from './search-plan.js';

/** What `runSearch` takes. */
export interface SearchOptions extends PlanOptions {
  /** Folder of the run; must not exist or be empty. */
  readonly directory: string;
  /** The command line, for the record. */
  readonly command: string;
  /** See `CommonSettings`. */
  readonly asked?: RunSettings['asked'];
  readonly task: TaskInput;
  /** A script that trains in our place; the task then has no cases. */
  readonly evaluator?: EvaluatorSettings;
  /** A command that proposes expressions, asked once a generation. */
  readonly propose?: string;
  readonly seed: string;
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

/** Runs a search from the beginning. Throws a RunError or LossError for mistakes; the folder is then not touched. */
export async function runSearch(options: SearchOptions): Promise<RunOutcome> {
  const { preset = 'default', running = {}, evaluator } = options;
  const task = readTask(options.task, { evaluator: evaluator !== undefined });
  const seedLosses = options.seedLosses ?? [];
  const first = task.cases[0];
  // A script does not say what it learns, but the losses to begin with do.
  const kind = first === undefined ? taskOfLosses(seedLosses) : await taskOfCase(first);
  const plan = planSearch(options, kind);
  const { sketch, genomes, search, subject } = plan;
  const against = options.comparison?.against ?? [];
  // Read before the folder is made: a run that is not there is a mistake too.
  let known: ReturnType<typeof knownLosses> = [];
  return withProposer(options.propose, (proposer) =>
    beginRun({
      directory: options.directory,
      setup: { task, evaluator, ...setupOf(sketch, search) },
      backend: options.backend,
      limits: options.limits,
      running,
      settings: ({ learning, ...found }) => {
        if (learning !== undefined) {
          if (plan.derived)
            for (const { sources, name } of seedLosses) requireCompared(sources, name, learning);
          requireFed(subject, learning);
          for (const { sources, name } of against) requireCompared(sources, name, learning);
        }
        const settings: RunSettings = {
          format: 2,
          command: options.command,
          asked: options.asked ?? {},
          seed: options.seed,
          preset,
          task,
          ...(evaluator !== undefined && { evaluator }),
          sketch,
          seedLosses,
          ...(genomes.length > 0 && { seedGenomes: genomes }),
          ...(options.propose !== undefined && { proposer: { command: options.propose } }),
          search,
          budget: options.budget,
          tuning: { ...DEFAULT_TUNING[preset], ...options.tuning },
          finals: { ...DEFAULT_FINALS, steps: task.steps, ...options.finals },
          comparison: options.comparison ?? { seeds: 0, against: [] },
          knownRuns: options.knownRuns ?? [],
          ...(learning !== undefined && { learning }),
          ...found,
        };
        known = knownLosses(settings);
        return settings;
      },
      work: (folder) => {
        // What was made for this run can be read, changed and searched again.
        if (plan.made) writeFileSafely(join(folder.directory, 'sketch.loss'), sketch.sources.source.text);
        return searchIn(folder, subject, running, proposer, () => known);
      },
    }),
  );
}

const taskOfCase = ({ dataset, data, predict, learn }: TrainingCase): Promise<TaskKind> =>
  taskOfDataset(dataset, { folder: data, predict, learn });

/** What `resumeSearch` takes. */
export interface ResumeOptions {
  readonly directory: string;
  /** Another budget than the run has, which it keeps; the rest of it stays. */
  readonly budget?: Budget;
  readonly running?: RunningOptions;
}

/** Goes on with a run exactly, or throws a RunError that says why it cannot. */
export async function resumeSearch({ directory, budget, running = {} }: ResumeOptions): Promise<RunOutcome> {
  const stored = readRunSettings(directory);
  const settings: RunSettings = { ...stored, budget: { ...stored.budget, ...budget } };
  const subject = readSketch(settings.sketch.sources, settings.sketch.name);
  return withProposer(settings.proposer?.command, (proposer) =>
    goOnWithRun({
      directory,
      settings,
      changed: JSON.stringify(settings.budget) !== JSON.stringify(stored.budget),
      setup: setupOf(settings.sketch, settings.search),
      running,
      work: (folder) => searchIn(folder, subject, running, proposer, () => knownLosses(settings)),
    }),
  );
}

const setupOf = (sketch: NamedSources, search: SearchSettings) => ({
  subject: { kind: 'sketch' as const, ...sketch },
  repairSign: search.stages['null-epoch'],
});

/** Greets the proposer, if there is one, before anything else begins, and ends it after. */
async function withProposer<T>(
  command: string | undefined,
  work: (proposer: ProposerScript | undefined) => Promise<T>,
): Promise<T> {
  if (command === undefined) return work(undefined);
  const proposer = createProposerScript(command, PROPOSER_LIMITS);
  try {
    await proposer.greet();
    return await work(proposer);
  } finally {
    await proposer.close();
  }
}

/** `known` gives what earlier runs have trained: a ledger that is new takes it in. */
function searchIn(
  { directory, settings, ledger, fresh, executor }: OpenFolder<RunSettings>,
  subject: SketchSubject,
  running: RunningOptions,
  script: ProposerScript | undefined,
  known: () => ReturnType<typeof knownLosses>,
): Promise<RunOutcome> {
  if (fresh) ledger.addImported(known());
  const bred = worldOf(settings, subject);
  const world =
    script === undefined
      ? bred
      : { ...bred, proposer: proposerOf(script, { directory, ledger, subject, bred, running }) };
  return runPhases({ directory, settings, subject, world, ledger, executor, running });
}

function proposerOf(
  script: ProposerScript,
  {
    directory,
    ledger,
    subject,
    bred,
    running,
  }: {
    readonly directory: string;
    readonly ledger: Ledger;
    readonly subject: SketchSubject;
    readonly bred: ReturnType<typeof createWorld>;
    readonly running: RunningOptions;
  },
): Proposer {
  script.logInto(join(directory, 'proposer.log'));
  return recordingProposer({
    script,
    ledger,
    subject,
    space: bred.variation.space,
    limits: bred.settings.limits,
    onProblem: (problem) => running.onWarning?.(`${problem}; this generation continues without it`),
  });
}

function worldOf(settings: RunSettings, subject: SketchSubject): ReturnType<typeof createWorld> {
  const { search, seed, task, sketch, seedLosses } = settings;
  const { seedGenomes = beginning({ sketch, base: sketch, seeds: seedLosses }).genomes } = settings;
  return createWorld(subject, { settings: search, seed, steps: task.steps, genomes: seedGenomes });
}
