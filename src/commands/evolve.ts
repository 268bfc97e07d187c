import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { sketchesOf } from '../../compiler/resolve/program.js';
import { Exit, UsageError } from '../errors.js';
import { fitnessOf } from '../evolve/model/individual.js';
import type { Budget } from '../evolve/model/run-settings.js';
import { GENERATIONS, PRESETS, populationOf, type SearchSettings } from '../evolve/model/settings.js';
import type { NamedSources } from '../evolve/model/sources.js';
import { nothingFound } from '../evolve/run/inspect.js';
import type { RunOutcome } from '../evolve/run/run-phases.js';
import { resumeSearch, runSearch } from '../evolve/run/run-search.js';
import { readRunSettings } from '../evolve/store/read-settings.js';
import { endingOf } from '../report/ending.js';
import { folderSource } from '../report/live/folder-source.js';
import { fitnessText } from '../report/sections/task.js';
import { createProgress, print, printJson } from '../terminal.js';
import { askedText } from './ask.js';
import { openQuestions } from './asked.js';
import type { Define } from './command.js';
import { type LossOfProgram, readLosses } from './comparison-losses.js';
import { checkProposer, trainerOf } from './evaluator-options.js';
import { EVOLVE_ROWS, type EvolveOptions } from './evolve-options.js';
import { genomeText, progressReporter } from './evolve-progress.js';
import { finalComparison } from './final-comparison.js';
import { chooseSketch, entryParts, noneOf, openChecked } from './load.js';
import { type Asked, addOptions, askedOf, storedOptions } from './option-table.js';
import { queueRunning, recordedCommand } from './queue-options.js';
import { checkResume } from './resume.js';
import { interruptible } from './run-options.js';
import { serving } from './serving.js';
import { readSources } from './sources.js';
import { freeFolder, limitsOf, taskFrom } from './task-options.js';
import { scalarsFor } from './tensorboard.js';

/** `lossc evolve`: a search for the expression that fills a sketch's holes, or for what losses may become. */
export const define: Define = (command) => {
  addOptions(command, EVOLVE_ROWS)
    .argument('[files...]', 'a .loss file with a sketch, losses to start from, or both')
    .action(evolve);
};

async function evolve(files: readonly string[], options: EvolveOptions, command: Command): Promise<void> {
  const asked = askedOf(command);
  const start =
    options.resume === undefined ? begin(files, options, asked) : await goOn(options.resume, asked);
  const interrupt = interruptible();
  const progress = createProgress();
  const scalars = await scalarsFor(options);
  const endServing = await serving(options, folderSource(start.directory), progress.log);
  const running = {
    signal: interrupt.signal,
    ...(options.workers !== undefined && { workers: options.workers }),
    ...queueRunning(options, progress.log),
    onWarning: progress.log,
    onProgress: progressReporter({
      update: progress.update,
      log: options.json === true ? () => {} : progress.log,
      scalars,
    }),
  };
  try {
    const outcome = await start.run(running);
    progress.end();
    const interrupted = (): Exit => {
      progress.log(`interrupted; nothing is lost: lossc evolve --resume ${outcome.directory}`);
      return new Exit(130);
    };
    const open = openQuestions(outcome.directory);
    if (outcome.stopped === 'interrupted' && open.length > 0) {
      if (options.json) printJson({ directory: outcome.directory, open });
      else print(askedText(outcome.directory, open.length, undefined));
      return;
    }
    if (outcome.stopped === 'interrupted') {
      showBest(outcome, options);
      throw interrupted();
    }
    if (outcome.bestFile === undefined) {
      const { directory, state } = outcome;
      throw nothingFound(
        directory,
        state.spent.candidates,
        `the ledger in ${directory} has the reason for each`,
      );
    }
    const comparison = await finalComparison(outcome, {
      signal: interrupt.signal,
      progress,
      workers: options.workers,
    });
    progress.end();
    const [{ program, decl }] = readLosses([outcome.bestFile]) as [LossOfProgram];
    const ending = endingOf({ program, loss: decl }, comparison?.report);
    if (options.json) printJson({ ...asJson(outcome, comparison?.report), ending });
    else {
      showBest(outcome, options);
      if (comparison !== undefined) print(`\n${comparison.text}`);
      if (ending.sentences.length > 0) print(`\n${ending.sentences.join('\n')}`);
      print(`\nfiles in ${outcome.directory}: losses/*.loss, ledger.sqlite, settings.json`);
    }
    if (comparison?.report.interrupted) throw interrupted();
  } finally {
    progress.end();
    interrupt.done();
    scalars.close();
    await endServing();
  }
}

type Running = NonNullable<Parameters<typeof runSearch>[0]['running']>;
/** A run that has been checked and can begin, or go on. */
interface Start {
  readonly directory: string;
  readonly run: (running: Running) => Promise<RunOutcome>;
}

async function goOn(directory: string, asked: Asked): Promise<Start> {
  const stored = readRunSettings(directory);
  await checkResume(EVOLVE_ROWS, asked, directory, stored);
  checkProposer(stored, asked, directory);
  const budget = budgetOf(asked.values as Partial<EvolveOptions>, undefined);
  return { directory, run: (running) => resumeSearch({ directory, budget, running }) };
}

/** Workers of a queue are many, and of different speed: see `npm run bench:lag` for what that saves and costs. */
const QUEUE_LAG = 2;

/** A mistake in any of the files must not come to light after the search. */
function begin(files: readonly string[], options: EvolveOptions, asked: Asked): Start {
  const { preset, lag = options.queue === undefined ? 0 : QUEUE_LAG } = options;
  const evaluator = trainerOf(options, asked);
  const { sketch, losses } = beginningOf(files, options);
  const seedLosses = [...losses, ...options.seedFrom].flatMap(lossesIn);
  if (sketch === undefined && options.widen === true)
    throw new UsageError('--widen needs a file with a sketch', 'leave --widen out');
  const settings = {
    directory: options.out ?? freeFolder(sketch?.name ?? seedLosses[0]?.name ?? preset),
    command: recordedCommand(),
    asked: { ...storedOptions(EVOLVE_ROWS, asked), lag },
    task: taskFrom(options),
    ...(evaluator !== undefined && { evaluator }),
    limits: limitsOf(options),
    ...(sketch !== undefined && { sketch }),
    seedLosses,
    ...(options.widen !== undefined && { widen: options.widen }),
    ...(options.propose !== undefined && { propose: options.propose }),
    seed: options.seed,
    preset,
    settings: { ...populationOf(options.population, preset), ...treeLimits(options), lag },
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
  return { directory: settings.directory, run: (running) => runSearch({ ...settings, running }) };
}

/** `FILE:NAME`, or every loss of a file. */
const lossesIn = (entry: string): NamedSources[] =>
  readLosses([entry]).map(({ decl }) => ({
    sources: readSources(entryParts(entry).path),
    name: decl.name.name,
  }));

/** The sketch of the files, if one has one; the others have losses to begin with. */
function beginningOf(
  files: readonly string[],
  { sketch: wanted }: EvolveOptions,
): { readonly sketch: NamedSources | undefined; readonly losses: readonly string[] } {
  const found = files.map((file) => ({ file, program: openChecked(entryParts(file).path) }));
  const withSketch = found.filter(
    ({ file, program }) => entryParts(file).name === undefined && sketchesOf(program).length > 0,
  );
  const [first, second] = withSketch;
  if (second !== undefined)
    throw new UsageError(
      `${first!.file} and ${second.file} both have a sketch, but a search uses only one`,
      'for a file with a sketch, name its losses one by one as FILE:NAME',
    );
  const losses = found.filter(({ program }) => program !== first?.program).map(({ file }) => file);
  if (first === undefined && wanted !== undefined) {
    const { program } = found[0]!;
    throw noneOf('sketch', program);
  }
  if (first === undefined) return { sketch: undefined, losses };
  const { name } = chooseSketch(first.program, wanted).name;
  return { sketch: { sources: readSources(first.file), name }, losses };
}

/** Limits that are asked for, in place of those of the preset. */
function treeLimits({ preset, maxNodes, maxDepth, maxNesting }: EvolveOptions): Partial<SearchSettings> {
  if (maxNodes === undefined && maxDepth === undefined && maxNesting === undefined) return {};
  const { limits } = PRESETS[preset];
  return {
    limits: {
      nodes: maxNodes ?? limits.nodes,
      depth: maxDepth ?? limits.depth,
      ...(maxNesting !== undefined && { nesting: maxNesting }),
    },
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
  print(`\nbest of each size (${fitnessText(readRunSettings(outcome.directory))}, nodes, expression)`);
  for (const individual of outcome.front) {
    print(
      `  ${fitnessOf(individual).toFixed(4)}  ${String(individual.size).padStart(3)}  ${genomeText(individual)}`,
    );
  }
  print(`\n${basename(outcome.bestFile)}\n${readFileSync(outcome.bestFile, 'utf8').trimEnd()}`);
}

function asJson(outcome: RunOutcome, comparison: unknown): object {
  return {
    directory: outcome.directory,
    spent: outcome.state.spent,
    fitness: { is: fitnessText(readRunSettings(outcome.directory)), goal: 'higher' },
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
