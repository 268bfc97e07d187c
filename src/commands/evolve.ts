import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { Exit, RunError } from '../errors.js';
import { fitnessOf } from '../evolve/model/individual.js';
import type { Budget } from '../evolve/model/run-settings.js';
import { PRESETS, type PresetName, type SearchSettings } from '../evolve/model/settings.js';
import type { NamedSources } from '../evolve/model/sources.js';
import { defaultSketch } from '../evolve/run/default-sketch.js';
import { commonReason } from '../evolve/run/inspect.js';
import type { RunOutcome } from '../evolve/run/run-phases.js';
import { resumeSearch, runSearch } from '../evolve/run/run-search.js';
import { readRunSettings } from '../evolve/store/read-settings.js';
import { createProgress, print, printJson } from '../terminal.js';
import type { Define } from './command.js';
import { readLosses } from './comparison-losses.js';
import { evaluatorOf } from './evaluator-options.js';
import { EVOLVE_ROWS, type EvolveOptions } from './evolve-options.js';
import { genomeText, progressReporter } from './evolve-progress.js';
import { finalComparison } from './final-comparison.js';
import { chooseSketch, entryParts, openChecked } from './load.js';
import { type Asked, addOptions, askedOf, storedOptions } from './option-table.js';
import { checkResume } from './resume.js';
import { interruptible } from './run-options.js';
import { readSources } from './sources.js';
import { freeFolder, limitsOf, taskFrom } from './task-options.js';

/** `lossc evolve FILE`: a search for the expression that fills a sketch's holes. */
export const define: Define = (command) => {
  addOptions(command, EVOLVE_ROWS)
    .argument('[file]', 'a .loss file with a sketch (default: the sketch of the preset)')
    .action(evolve);
};

async function evolve(file: string | undefined, options: EvolveOptions, command: Command): Promise<void> {
  const asked = askedOf(command);
  const start =
    options.resume === undefined ? begin(file, options, asked) : await goOn(options.resume, asked);
  const interrupt = interruptible();
  const progress = createProgress();
  const running = {
    signal: interrupt.signal,
    ...(options.workers !== undefined && { workers: options.workers }),
    onProgress: progressReporter(progress.update, options.json === true ? () => {} : progress.log),
  };
  try {
    const outcome = await start(running);
    progress.end();
    const interrupted = (): Exit => {
      progress.log(`interrupted; nothing is lost: lossc evolve --resume ${outcome.directory}`);
      return new Exit(130);
    };
    if (outcome.stopped === 'interrupted') {
      showBest(outcome, options);
      throw interrupted();
    }
    if (outcome.bestFile === undefined) throw nothingFound(outcome);
    const comparison = await finalComparison(outcome, { signal: interrupt.signal, progress });
    progress.end();
    if (options.json) printJson(asJson(outcome, comparison?.report));
    else {
      showBest(outcome, options);
      if (comparison !== undefined) print(`\n${comparison.text}`);
      print(`\nfiles in ${outcome.directory}: losses/*.loss, ledger.sqlite, settings.json`);
    }
    if (comparison?.report.interrupted) throw interrupted();
  } finally {
    progress.end();
    interrupt.done();
  }
}

type Running = NonNullable<Parameters<typeof runSearch>[0]['running']>;
type Start = (running: Running) => Promise<RunOutcome>;

async function goOn(directory: string, asked: Asked): Promise<Start> {
  await checkResume(EVOLVE_ROWS, asked, directory, readRunSettings(directory));
  const budget = budgetOf(asked.values as Partial<EvolveOptions>, undefined);
  return (running) => resumeSearch({ directory, budget, running });
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

/** A mistake in any of the files must not come to light after the search. */
function begin(file: string | undefined, options: EvolveOptions, asked: Asked): Start {
  const sketch = sketchOf(file, options);
  const { preset } = options;
  const evaluator = evaluatorOf(options, asked);
  const settings = {
    directory: options.out ?? freeFolder(sketch.name ?? preset),
    command: `lossc ${process.argv.slice(2).join(' ')}`,
    asked: storedOptions(EVOLVE_ROWS, asked),
    task: taskFrom(options),
    ...(evaluator !== undefined && { evaluator }),
    limits: limitsOf(options),
    sketch,
    seedLosses: options.seedFrom.flatMap(lossesIn),
    seed: options.seed,
    preset,
    settings: populationOf(options.population, preset),
    budget: budgetOf(options, GENERATIONS[preset]),
    comparison: {
      seeds: options.finalSeeds,
      ...(options.finalSteps !== undefined && { steps: options.finalSteps }),
      against: options.against.flatMap(lossesIn),
    },
    knownRuns: options.known,
    ...(options.tuneEvaluations !== undefined && {
      tuning: options.tuneEvaluations === 0 ? { losses: 0 } : { evaluations: options.tuneEvaluations },
    }),
    ...(options.backend !== undefined && { backend: options.backend }),
  };
  return (running) => runSearch({ ...settings, running });
}

/** `FILE:NAME`, or every loss of a file. */
const lossesIn = (entry: string): NamedSources[] =>
  readLosses([entry]).map(({ decl }) => ({
    sources: readSources(entryParts(entry).path),
    name: decl.name.name,
  }));

/** The sketch of a file, or without one the sketch of the preset. */
function sketchOf(file: string | undefined, { preset, sketch }: EvolveOptions): NamedSources {
  if (file === undefined) return { sources: defaultSketch(preset) };
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

function budgetOf(options: Partial<EvolveOptions>, generations: number | undefined): Budget {
  const given = {
    ...(options.generations !== undefined && { generations: options.generations }),
    ...(options.evaluations !== undefined && { evaluations: options.evaluations }),
    ...(options.maxSteps !== undefined && { steps: options.maxSteps }),
    ...(options.minutes !== undefined && { seconds: options.minutes * 60 }),
  };
  return Object.keys(given).length > 0 || generations === undefined ? given : { generations };
}

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
