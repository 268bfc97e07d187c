import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Exit, UsageError } from '../errors.js';
import type { ParameterValues } from '../evolve/model/candidate.js';
import { resumeTuning, type TuneOutcome, tuneLoss } from '../evolve/run/run-tuning.js';
import { readTuningSettings } from '../evolve/store/read-settings.js';
import { folderSource } from '../report/live/folder-source.js';
import { fitnessText } from '../report/sections/task.js';
import { createProgress, print, printJson } from '../terminal.js';
import { askedText } from './ask.js';
import { openQuestions } from './asked.js';
import { type Define, positiveNumber, wholeNumber } from './command.js';
import { trainerOf } from './evaluator-options.js';
import { entryParts, openLoss } from './load.js';
import { type Asked, addOptions, askedOf, PARAMETER_ROW, type Rows, storedOptions } from './option-table.js';
import { queueRunning, recordedCommand } from './queue-options.js';
import { checkResume, type ResumeOptions, resumeRows } from './resume.js';
import { interruptible } from './run-options.js';
import { serving } from './serving.js';
import { readSources } from './sources.js';
import { freeFolder, limitsOf, type TaskOptions, taskFrom, taskRows } from './task-options.js';
import { scalarsFor } from './tensorboard.js';
import { readValues } from './values.js';

interface TuneCommandOptions extends TaskOptions, ResumeOptions {
  readonly loss?: string;
  readonly param: readonly string[];
  readonly evaluations?: number;
  readonly sigma?: number;
}

const ROWS: Rows<TuneCommandOptions> = {
  ...taskRows({ steps: 300, lr: 0.1 }),
  ...PARAMETER_ROW,
  loss: { flags: '--loss <name>', says: 'which loss, if the file has several' },
  evaluations: {
    flags: '--evaluations <n>',
    says: 'number of trainings before the best values are confirmed (default: 300)',
    read: wholeNumber(1),
    resumed: 'this sitting',
  },
  sigma: {
    flags: '--sigma <x>',
    says: 'initial step size, relative to the starting values (default: 0.5)',
    read: positiveNumber,
  },
  ...resumeRows('tuning'),
};

/** `lossc tune FILE`: CMA-ES over the parameters of a loss. */
export const define: Define = (command) => {
  addOptions(command, ROWS)
    .argument('[file]', 'a .loss file or FILE:NAME, std/NAME for a standard loss (not needed with --resume)')
    .addHelpText(
      'after',
      '\nTaylorGLO is the tuning of the third-order Taylor loss:\n  lossc tune std/taylor3 --dataset digits --steps 200',
    )
    .action(tune);
};

async function tune(file: string | undefined, options: TuneCommandOptions, command: Command): Promise<void> {
  const asked = askedOf(command);
  const start =
    options.resume === undefined ? begin(file, options, asked) : await goOn(options.resume, options, asked);
  const interrupt = interruptible();
  const progress = createProgress();
  const scalars = await scalarsFor(options);
  const endServing = await serving(options, folderSource(start.directory), progress.log);
  const running: Running = {
    signal: interrupt.signal,
    ...(options.workers !== undefined && { workers: options.workers }),
    ...queueRunning(options, progress.log),
    onProgress: ({ trainings, of, best, trainingsPerMinute }) => {
      scalars.scalar('score/best', best, trainings);
      progress.update(
        `tuning  ${trainings}/${of} trainings  best ${best.toFixed(4)}  ${trainingsPerMinute.toFixed(0)} trainings/min`,
      );
    },
  };
  try {
    const outcome = await start.run(running);
    progress.end();
    const open = openQuestions(outcome.directory);
    if (outcome.stopped === 'interrupted' && open.length > 0) {
      if (options.json) printJson({ directory: outcome.directory, open });
      else print(askedText(outcome.directory, open.length, undefined));
      return;
    }
    if (outcome.stopped === 'interrupted') {
      progress.log(`interrupted; nothing is lost: lossc tune --resume ${outcome.directory}`);
      throw new Exit(130);
    }
    report(outcome, options.json === true);
  } finally {
    progress.end();
    interrupt.done();
    scalars.close();
    await endServing();
  }
}

type Running = NonNullable<Parameters<typeof tuneLoss>[0]['running']>;
/** A tuning that has been checked and can begin, or go on. */
interface Start {
  readonly directory: string;
  readonly run: (running: Running) => Promise<TuneOutcome>;
}

async function goOn(directory: string, { evaluations }: TuneCommandOptions, asked: Asked): Promise<Start> {
  await checkResume(ROWS, asked, directory, readTuningSettings(directory));
  const budget = evaluations === undefined ? {} : { evaluations };
  return { directory, run: (running) => resumeTuning({ directory, running, ...budget }) };
}

function begin(file: string | undefined, options: TuneCommandOptions, asked: Asked): Start {
  if (file === undefined) throw new UsageError('which loss? Give a .loss file', 'lossc tune std/taylor3');
  const { name } = openLoss(file, options.loss).decl.name;
  const evaluator = trainerOf(options, asked);
  const settings = {
    directory: options.out ?? freeFolder(`tune-${name}`),
    command: recordedCommand(),
    asked: storedOptions(ROWS, asked),
    loss: { sources: readSources(entryParts(file).path), name },
    task: taskFrom(options),
    ...(evaluator !== undefined && { evaluator }),
    limits: limitsOf(options),
    seed: options.seed,
    start: startOf(options.param),
    tuning: {
      ...(options.evaluations !== undefined && { evaluations: options.evaluations }),
      ...(options.sigma !== undefined && { sigma: options.sigma }),
    },
    ...(options.backend !== undefined && { backend: options.backend }),
  };
  return { directory: settings.directory, run: (running) => tuneLoss({ ...settings, running }) };
}

/** CMA-ES moves numbers and lists of numbers. */
function startOf(entries: readonly string[]): ParameterValues {
  const start: Record<string, number | readonly number[]> = {};
  for (const [name, value] of readValues(entries, 'param')) {
    if (typeof value !== 'number' && !value.every((item) => typeof item === 'number'))
      throw new UsageError(`--param ${name}: only numbers and lists of numbers can be tuned`);
    start[name] = value as number | readonly number[];
  }
  return start;
}

function report({ directory, result, file }: TuneOutcome, json: boolean): void {
  if (json) printJson({ directory, file, ...result });
  else if (result !== undefined && file !== undefined) {
    print(`score: ${fitnessText(readTuningSettings(directory))}; higher is better`);
    print(
      `start  ${result.start.score.toFixed(4)} (mean of ${result.start.scores.length} trainings with fresh seeds)`,
    );
    print(
      `tuned  ${result.best.score.toFixed(4)} after ${result.trainings} trainings, ${result.restarts} restarts`,
    );
    print(`\n${file}\n${readFileSync(file, 'utf8').trimEnd()}`);
  }
}
