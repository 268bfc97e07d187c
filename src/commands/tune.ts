import { readFileSync } from 'node:fs';
import { resumeTuning, type TuneOutcome, tuneLoss } from '../evolve/tuning/run-tuning.js';
import { createProgress, print, printJson } from '../terminal.js';
import { type Define, Exit, positiveNumber, UsageError, wholeNumber } from './command.js';
import { entryParts, openLoss } from './load.js';
import { addParameterOption, addRunOptions, interruptible } from './run-options.js';
import { readSources } from './sources.js';
import { addTaskOptions, freeFolder, type TaskOptions, taskFrom } from './task-options.js';
import { readValues } from './values.js';

interface TuneCommandOptions extends TaskOptions {
  readonly loss?: string;
  readonly evaluations?: number;
  readonly sigma?: number;
  readonly out?: string;
  readonly resume?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** `lossc tune FILE`: CMA-ES over the parameters of a loss. */
export const define: Define = (command) => {
  addTaskOptions(addParameterOption(addRunOptions(command, { steps: 300, lr: 0.1 })))
    .argument('[file]', 'a .loss file or FILE:NAME, std/NAME for a standard loss (not needed with --resume)')
    .option('--loss <name>', 'which loss, when the file has several')
    .option('--evaluations <n>', 'trainings in all (default 300)', wholeNumber(1))
    .option('--sigma <x>', 'first step size, relative to the start (default 0.5)', positiveNumber)
    .option('--out <dir>', 'folder of the run (default: a new one under runs/)')
    .option('--resume <dir>', 'go on with a tuning, exactly')
    .option('--workers <n>', 'worker processes (default: one per core)', wholeNumber(1))
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      '\nTaylorGLO is the tuning of the third-order Taylor loss:\n  lossc tune std/taylor3 --dataset digits --steps 200',
    )
    .action(tune);
};

async function tune(file: string | undefined, options: TuneCommandOptions): Promise<void> {
  const interrupt = interruptible();
  const progress = createProgress();
  const running = {
    signal: interrupt.signal,
    ...(options.workers !== undefined && { workers: options.workers }),
    onProgress: (at: { trainings: number; of: number; best: number; trainingsPerMinute: number }) =>
      progress.update(
        `tuning  ${at.trainings}/${at.of} trainings  best ${at.best.toFixed(4)}  ${at.trainingsPerMinute.toFixed(0)} trainings/min`,
      ),
  };
  try {
    const outcome =
      options.resume === undefined
        ? await begin(file, options, running)
        : await resumeTuning(options.resume, running);
    progress.end();
    if (outcome.stopped === 'interrupted') {
      progress.log(`interrupted; nothing is lost: lossc tune --resume ${outcome.directory}`);
      throw new Exit(130);
    }
    report(outcome, options.json === true);
  } finally {
    progress.end();
    interrupt.done();
  }
}

type Running = NonNullable<Parameters<typeof tuneLoss>[0]['running']>;

function begin(
  file: string | undefined,
  options: TuneCommandOptions,
  running: Running,
): Promise<TuneOutcome> {
  if (file === undefined) throw new UsageError('which loss? Give a .loss file', 'lossc tune std/taylor3');
  const { name } = openLoss(file, options.loss).decl.name;
  return tuneLoss({
    directory: options.out ?? freeFolder(`tune-${name}`),
    command: `lossc ${process.argv.slice(2).join(' ')}`,
    loss: { sources: readSources(entryParts(file).path), name },
    task: taskFrom(options),
    seed: options.seed,
    start: Object.fromEntries(readValues(options.param, 'param')) as NonNullable<
      Parameters<typeof tuneLoss>[0]['start']
    >,
    tuning: {
      ...(options.evaluations !== undefined && { evaluations: options.evaluations }),
      ...(options.sigma !== undefined && { sigma: options.sigma }),
    },
    ...(options.backend !== undefined && { backend: options.backend }),
    running,
  });
}

function report({ directory, result, file }: TuneOutcome, json: boolean): void {
  if (json) printJson({ directory, file, ...result });
  else if (result !== undefined && file !== undefined) {
    print(
      `start  ${result.start.score.toFixed(4)} (mean of ${result.start.scores.length} trainings with fresh seeds)`,
    );
    print(
      `tuned  ${result.best.score.toFixed(4)} after ${result.trainings} trainings, ${result.restarts} restarts`,
    );
    print(`\n${file}\n${readFileSync(file, 'utf8').trimEnd()}`);
  }
}
