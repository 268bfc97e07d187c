/** The doors for the command line: begin a search, go on with one. Both end with the same result for the same seed. */

import { RunError } from '../../errors.js';
import { GENOME_CODEC } from '../gp/genome.js';
import { matchSeed } from '../gp/seed.js';
import { simplifierFor } from '../gp/simplify-tree.js';
import { searchSpace } from '../gp/space.js';
import { spaceContext } from '../losses/compiler.js';
import { readLoss, readSketch, requireCompared, requireFed, type SketchSubject } from '../losses/subject.js';
import type { Trees } from '../model/genome.js';
import type {
  Budget,
  Comparison,
  EvaluatorSettings,
  Finals,
  RunSettings,
  Tuning,
} from '../model/run-settings.js';
import { PRESETS, type PresetName, type SearchSettings } from '../model/settings.js';
import type { NamedSources, Sources } from '../model/sources.js';
import { readTask, type TaskInput } from '../model/task.js';
import type { SearchWorld } from '../search/search-world.js';
import { readRunSettings } from '../store/read-settings.js';
import { knownLosses } from './known-runs.js';
import type { RunningOptions } from './run-context.js';
import { beginRun, goOnWithRun, type OpenFolder } from './run-folder.js';
import { type RunOutcome, runPhases } from './run-phases.js';

export interface SearchOptions {
  /** Folder of the run; must not exist or be empty. */
  readonly directory: string;
  /** The command line, for the record. */
  readonly command: string;
  /** See `CommonSettings`. */
  readonly asked?: RunSettings['asked'];
  readonly task: TaskInput;
  /** A script that trains in our place; the task then has no cases. */
  readonly evaluator?: EvaluatorSettings;
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

/** Runs a search from the beginning. Throws a RunError or LossError for mistakes; the folder is then not touched. */
export async function runSearch(options: SearchOptions): Promise<RunOutcome> {
  const { preset = 'default', running = {}, evaluator } = options;
  const task = readTask(options.task, { evaluator: evaluator !== undefined });
  const search: SearchSettings = { ...PRESETS[preset], ...options.settings };
  const subject = readSketch(options.sketch.sources, options.sketch.name);
  for (const { sources, name } of options.seedLosses ?? []) requireSeed(subject, sources, name);
  const against = options.comparison?.against ?? [];
  // Read before the folder is made: a run that is not there is a mistake too.
  let known: ReturnType<typeof knownLosses> = [];
  return beginRun({
    directory: options.directory,
    setup: { task, evaluator, ...setupOf(options.sketch, search) },
    backend: options.backend,
    limits: options.limits,
    workers: running.workers,
    settings: ({ classes, ...found }) => {
      if (classes !== undefined) {
        requireFed(subject, classes);
        for (const { sources, name } of against) requireCompared(sources, name, classes);
      }
      const settings: RunSettings = {
        format: 2,
        command: options.command,
        asked: options.asked ?? {},
        seed: options.seed,
        preset,
        task,
        ...(evaluator !== undefined && { evaluator }),
        sketch: options.sketch,
        seedLosses: options.seedLosses ?? [],
        search,
        budget: options.budget,
        tuning: { ...DEFAULT_TUNING[preset], ...options.tuning },
        finals: { ...DEFAULT_FINALS, steps: task.steps, ...options.finals },
        comparison: options.comparison ?? { seeds: 0, against: [] },
        knownRuns: options.knownRuns ?? [],
        ...(classes !== undefined && { classes }),
        ...found,
      };
      known = knownLosses(settings);
      return settings;
    },
    work: (folder) => searchIn(folder, subject, running, () => known),
  });
}

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
  return goOnWithRun({
    directory,
    settings,
    changed: JSON.stringify(settings.budget) !== JSON.stringify(stored.budget),
    setup: setupOf(settings.sketch, settings.search),
    workers: running.workers,
    work: (folder) => searchIn(folder, subject, running, () => knownLosses(settings)),
  });
}

const setupOf = (sketch: NamedSources, search: SearchSettings) => ({
  subject: { kind: 'sketch' as const, ...sketch },
  repairSign: search.stages['null-epoch'],
});

/** `known` gives what earlier runs have trained: a ledger that is new takes it in. */
function searchIn(
  { directory, settings, ledger, fresh, executor }: OpenFolder<RunSettings>,
  subject: SketchSubject,
  running: RunningOptions,
  known: () => ReturnType<typeof knownLosses>,
): Promise<RunOutcome> {
  if (fresh) ledger.addImported(known());
  const world = createWorld(settings, subject);
  return runPhases({ directory, settings, subject, world, ledger, executor, running });
}

function createWorld(
  settings: RunSettings,
  subject: SketchSubject,
): Omit<SearchWorld, 'evaluator' | 'memory'> {
  const { search, seed, task } = settings;
  const space = searchSpace(subject.sketch, spaceContext(subject, search.drawWeights));
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
  const space = searchSpace(subject.sketch, spaceContext(subject));
  const match = matchSeed(subject.sketch, loss, space);
  if ('trees' in match) return match.trees;
  throw new RunError(
    `the search cannot begin with ${loss.name.name}: ${match.problem}`,
    'the sketch says which operators and leaves there are',
  );
}
