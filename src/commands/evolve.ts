import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { Option } from 'commander';
import { lossesOf } from '../../compiler/lower/program.js';
import { defaultSketch } from '../evolve/run/default-sketch.js';
import { commonReason } from '../evolve/run/inspect.js';
import type { SearchProgress } from '../evolve/run/progress.js';
import type { RunOutcome } from '../evolve/run/run-phases.js';
import { resumeSearch, runSearch } from '../evolve/run/run-search.js';
import { fitnessOf, type Individual } from '../evolve/search/individual.js';
import { PRESETS, type PresetName, type SearchSettings } from '../evolve/settings.js';
import type { Budget } from '../evolve/store/run-settings.js';
import type { Sources } from '../evolve/subject.js';
import { RunError } from '../runtime/run-error.js';
import { createProgress, duration, painted, print, printJson } from '../terminal.js';
import { collect, type Define, Exit, positiveNumber, UsageError, wholeNumber } from './command.js';
import { readLosses } from './comparison-losses.js';
import { finalComparison } from './final-comparison.js';
import { chooseSketch, openChecked } from './load.js';
import { addRunOptions, interruptible } from './run-options.js';
import { readSources } from './sources.js';
import { addTaskOptions, freeFolder, type TaskOptions, taskFrom } from './task-options.js';

interface EvolveOptions extends TaskOptions {
  readonly sketch?: string;
  readonly seedFrom: readonly string[];
  readonly preset: PresetName;
  readonly population?: number;
  readonly generations?: number;
  readonly evaluations?: number;
  readonly maxSteps?: number;
  readonly minutes?: number;
  readonly tuneEvaluations?: number;
  readonly finalSeeds: number;
  readonly finalSteps?: number;
  readonly against: readonly string[];
  readonly known: readonly string[];
  readonly out?: string;
  readonly resume?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** `lossc evolve FILE`: a search for the expression that fills a sketch's holes. */
export const define: Define = (command) => {
  addTaskOptions(addRunOptions(command, { steps: 300, lr: 0.1 }))
    .argument('[file]', 'a .loss file with a sketch (default: the sketch of the preset)')
    .option('--sketch <name>', 'which sketch, when the file has several')
    .option('--seed-from <file>', 'begin with the losses of this file (repeat for each)', collect, [])
    .addOption(
      new Option('--preset <name>', 'glo: the published search; default: what measured better')
        .choices(['default', 'glo'])
        .default('default'),
    )
    .option('--population <n>', 'individuals, over all islands', wholeNumber(2))
    .option(
      '--generations <n>',
      'stop after so many generations (default 30 without another budget, 10 with --preset glo)',
      wholeNumber(1),
    )
    .option('--evaluations <n>', 'stop after so many trained candidates', wholeNumber(1))
    .option('--max-steps <n>', 'stop after so many training steps in all', wholeNumber(1))
    .option('--minutes <x>', 'stop after so much time', positiveNumber)
    .option(
      '--tune-evaluations <n>',
      'trainings to tune the coefficients of the best loss with, 0 for none',
      wholeNumber(0),
    )
    .option(
      '--final-seeds <n>',
      'trainings of the winner and of cross-entropy on the test split, 0 for none',
      wholeNumber(0),
      5,
    )
    .option('--final-steps <n>', 'steps of those trainings (default: as many as --steps)', wholeNumber(1))
    .option('--against <file>', 'compare the winner with these losses too (repeat for each)', collect, [])
    .option(
      '--known <dir>',
      'use the trainings of an earlier run of the same task (repeat for each)',
      collect,
      [],
    )
    .option('--out <dir>', 'folder of the run (default: a new one under runs/)')
    .option('--resume <dir>', 'go on with a run, exactly')
    .option('--workers <n>', 'worker processes (default: one per core)', wholeNumber(1))
    .option('--json', 'print the result as JSON')
    .action(evolve);
};

async function evolve(file: string | undefined, options: EvolveOptions): Promise<void> {
  // A mistake in these must not come to light after the search.
  const others = readLosses(options.against);
  const interrupt = interruptible();
  const progress = createProgress();
  const running = {
    signal: interrupt.signal,
    ...(options.workers !== undefined && { workers: options.workers }),
    onProgress: progressReporter(progress.update, options.json === true ? () => {} : progress.log),
  };
  try {
    const outcome =
      options.resume === undefined
        ? await begin(file, options, running)
        : await resumeSearch({ directory: options.resume, budget: budgetOf(options, undefined), running });
    progress.end();
    if (outcome.stopped === 'interrupted') {
      progress.log(`interrupted; nothing is lost: lossc evolve --resume ${outcome.directory}`);
      showBest(outcome, options);
      throw new Exit(130);
    }
    if (outcome.bestFile === undefined) throw nothingFound(outcome);
    const comparison =
      options.finalSeeds === 0
        ? undefined
        : await finalComparison(outcome, {
            seeds: options.finalSeeds,
            steps: options.finalSteps,
            others,
            signal: interrupt.signal,
            progress,
          });
    progress.end();
    if (options.json) printJson(asJson(outcome, comparison?.report));
    else {
      showBest(outcome, options);
      if (comparison !== undefined) print(`\n${comparison.text}`);
      print(`\nfiles in ${outcome.directory}: losses/*.loss, ledger.sqlite, settings.json`);
    }
  } finally {
    progress.end();
    interrupt.done();
  }
}

function nothingFound({ directory, state }: RunOutcome): RunError {
  const reason = commonReason(directory);
  return new RunError(
    `no candidate of ${state.spent.candidates} could be trained${reason === undefined ? '' : `; most often because of ${reason}`}`,
    `the ledger in ${directory} has the reason for each`,
  );
}

/** Without a budget: about six hundred trainings of the default, eight hundred of GLO. */
const GENERATIONS: Readonly<Record<PresetName, number>> = { default: 30, glo: 10 };

type Running = NonNullable<Parameters<typeof runSearch>[0]['running']>;

async function begin(
  file: string | undefined,
  options: EvolveOptions,
  running: Running,
): Promise<RunOutcome> {
  const sketch = sketchOf(file, options);
  const seedLosses = options.seedFrom.flatMap((path) => {
    const sources = readSources(path);
    return lossesOf(openChecked(path)).map((decl) => ({ sources, name: decl.name.name }));
  });
  const preset = options.preset;
  return runSearch({
    directory: options.out ?? freeFolder(sketch.name ?? preset),
    command: `lossc ${process.argv.slice(2).join(' ')}`,
    task: taskFrom(options),
    sketch,
    seedLosses,
    seed: options.seed,
    preset,
    settings: populationOf(options.population, preset),
    budget: budgetOf(options, GENERATIONS[preset]),
    knownRuns: options.known,
    ...(options.tuneEvaluations !== undefined && {
      tuning: options.tuneEvaluations === 0 ? { losses: 0 } : { evaluations: options.tuneEvaluations },
    }),
    ...(options.backend !== undefined && { backend: options.backend }),
    running,
  });
}

/** The sketch of a file, or without one the sketch of the preset. */
function sketchOf(
  file: string | undefined,
  { preset, sketch }: EvolveOptions,
): { readonly sources: Sources; readonly name?: string } {
  if (file === undefined) {
    if (sketch !== undefined)
      throw new UsageError('--sketch names a sketch of a file', 'give the file, or leave --sketch out');
    return { sources: defaultSketch(preset) };
  }
  const { name } = chooseSketch(openChecked(file), sketch).name;
  return { sources: readSources(file), name };
}

/** A population over fewer islands than the preset's when it is small: islands of fewer than eight only drift. */
function populationOf(total: number | undefined, preset: PresetName): Partial<SearchSettings> {
  if (total === undefined) return {};
  const islands = Math.max(1, Math.min(PRESETS[preset].islands, Math.floor(total / 8)));
  const population = Math.max(2, Math.round(total / islands));
  return {
    islands,
    population,
    elites: Math.min(PRESETS[preset].elites, Math.max(1, Math.floor(population / 4))),
  };
}

function budgetOf(options: EvolveOptions, generations: number | undefined): Budget {
  const given = {
    ...(options.generations !== undefined && { generations: options.generations }),
    ...(options.evaluations !== undefined && { evaluations: options.evaluations }),
    ...(options.maxSteps !== undefined && { steps: options.maxSteps }),
    ...(options.minutes !== undefined && { seconds: options.minutes * 60 }),
  };
  return Object.keys(given).length > 0 || generations === undefined ? given : { generations };
}

/** One line that is written over, and one that stays for each generation. */
function progressReporter(
  update: (line: string) => void,
  log: (line: string) => void,
): (progress: SearchProgress) => void {
  let generation = -2;
  return (at) => {
    const left = at.secondsLeft === undefined ? '' : `  ${duration(at.secondsLeft)} left`;
    const rate = `${at.evaluationsPerMinute.toFixed(0)} trainings/min`;
    if (at.phase === 'search' && at.generation > generation && at.generation >= 0) {
      generation = at.generation;
      const best = at.bestIndividual === undefined ? '' : painted('cyan', genomeText(at.bestIndividual));
      log(
        `generation ${at.generation + 1}  best ${at.best.toFixed(4)}  median ${at.median.toFixed(4)}  ${rate}  ${shares(at.rejected)}${left}  ${best}`,
      );
      return;
    }
    update(`${at.phase}  best ${at.best.toFixed(4)}  ${at.trainingsRunning} trainings  ${rate}${left}`);
  };
}

/** Of all candidates, in percent: those that were not trained, and the stages that kept at least one in a hundred from it. */
function shares(rejected: SearchProgress['rejected']): string {
  const percent = (share: number): string => (100 * share).toFixed(0);
  const total = Object.values(rejected).reduce((a, b) => a + b, 0);
  const stages = Object.entries(rejected).filter(([, share]) => share >= 0.01);
  const listed = stages.map(([stage, share]) => `${stage} ${percent(share)}`).join(', ');
  return `${percent(total)} % not trained${listed === '' ? '' : ` (${listed})`}`;
}

const genomeText = (individual: Individual): string => individual.genome.join(' ; ');

function showBest(outcome: RunOutcome, options: EvolveOptions): void {
  if (options.json) return;
  const best = outcome.front.at(-1);
  if (best === undefined || outcome.bestFile === undefined) return;
  print(`\nbest of each size (validation accuracy, nodes, expression)`);
  for (const individual of outcome.front) {
    print(
      `  ${fitnessOf(individual).toFixed(4)}  ${String(individual.size).padStart(3)}  ${genomeText(individual)}`,
    );
  }
  print(`\n${basename(outcome.bestFile)}\n${readFileSync(outcome.bestFile, 'utf8').trimEnd()}`);
}

function asJson(outcome: RunOutcome, comparison: unknown): unknown {
  return {
    directory: outcome.directory,
    spent: outcome.state.spent,
    front: outcome.front.map((individual) => ({
      fitness: fitnessOf(individual),
      nodes: individual.size,
      expression: genomeText(individual),
    })),
    finals: outcome.finals,
    bestFile: outcome.bestFile,
    loss: outcome.bestFile === undefined ? undefined : readFileSync(outcome.bestFile, 'utf8'),
    comparison,
  };
}
