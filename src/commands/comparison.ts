import { join } from 'node:path';
import type { Command } from 'commander';
import { Exit, UsageError } from '../errors.js';
import { requireWritable, writeFileSafely } from '../files.js';
import type { ComparisonSource } from '../report/live/comparison-source.js';
import type { ComparedLoss, ComparisonOptions, ComparisonProgress } from '../runtime/comparison-report.js';
import { LEARNING_RATE_GRID } from '../runtime/learning-rate.js';
import { METRICS } from '../runtime/tasks/metrics.js';
import { createProgress, duration, jsonNumber, type Progress, print, printJson } from '../terminal.js';
import { positiveNumber, wholeNumber } from './command.js';
import { type LossOfProgram, readLosses } from './comparison-losses.js';
import type { Asked, Rows } from './option-table.js';
import { interruptible, openWorld, type RunOptions, type RunWorld, runRows } from './run-options.js';
import { type ServeOptions, serving } from './serving.js';
import { requireTrainable } from './trainable.js';

/** What `compare` and `data-curve` share. */
export interface CompareOptions extends RunOptions {
  readonly seeds: number;
  readonly tuneLr?: boolean;
  readonly grid: readonly number[];
  readonly tuneRuns: number;
  readonly scale: 'raw' | 'matched';
  readonly targets?: readonly number[];
  readonly out?: string;
  readonly json?: boolean;
}

const numberList =
  (test: (text: string) => number) =>
  (text: string): readonly number[] =>
    text.split(',').map(test);

const unlessTuned = ({ values }: Asked): string | undefined =>
  values['tuneLr'] === true ? undefined : 'belongs to --tune-lr, which is not given';

export function compareRows(): Rows<CompareOptions> {
  const { lr, ...run } = runRows({ steps: 1000, lr: 0.1 });
  return {
    ...run,
    lr: {
      ...lr,
      unusable: ({ values }) =>
        values['tuneLr'] === true
          ? 'contradicts --tune-lr, which chooses a rate for each loss from --grid'
          : undefined,
    },
    seeds: {
      flags: '--seeds <n>',
      says: 'number of trainings of each loss',
      read: wholeNumber(2),
      byDefault: 5,
    },
    tuneLr: {
      flags: '--tune-lr',
      says: 'give each loss its own best learning rate, chosen on validation data',
    },
    grid: {
      flags: '--grid <rates>',
      says: 'learning rates to choose from',
      read: numberList(positiveNumber),
      byDefault: LEARNING_RATE_GRID,
      defaultText: LEARNING_RATE_GRID.join(','),
      unusable: unlessTuned,
    },
    tuneRuns: {
      flags: '--tune-runs <n>',
      says: 'number of trainings of each loss at each learning rate',
      read: wholeNumber(1),
      byDefault: 2,
      unusable: unlessTuned,
    },
    scale: {
      flags: '--scale <how>',
      says: "matched: scale each loss so that its first gradients are as large as those of the task's baseline; raw: as written",
      choices: ['raw', 'matched'],
      byDefault: 'matched',
    },
    targets: {
      flags: '--targets <list>',
      says: 'report how many steps it takes to reach these validation values (default: 0.8,0.9,0.95 for metrics between 0 and 1)',
      read: numberList(positiveNumber),
    },
    out: { flags: '--out <dir>', says: 'write the report as JSON and SVG into this folder' },
    json: { flags: '--json', says: 'print the report as JSON' },
  };
}

export const addCompareFiles = (command: Command): Command =>
  command.argument(
    '<file...>',
    'losses to compare: FILE, FILE:NAME or std/NAME; the others are tested against the first',
  );

/** Where the work is done, and who is told of what a person should know. */
interface WorkedIn {
  readonly backend: string;
  readonly notice: (text: string) => void;
}

/** A result as it is shown: text for the terminal, JSON, and a picture. */
export interface Shown<T> {
  readonly work: (options: ComparisonOptions, at: WorkedIn) => Promise<T>;
  readonly text: (result: T) => string;
  readonly svg: (result: T) => string;
  /** Whether anything was finished; otherwise no file is written. */
  readonly hasRuns: (result: T) => boolean;
  /** Name of the files that `--out` writes, without the ending. */
  readonly file: string;
  /** What `--serve` shows. */
  readonly live?: ComparisonSource;
  /** Told of what is known after each training that counts. */
  readonly onReport?: ComparisonOptions['onReport'];
}

/** Opens data and backend for the work, which may be long. */
export async function runComparison<T extends { readonly interrupted: boolean }>(
  files: readonly string[],
  options: CompareOptions,
  shown: Shown<T>,
): Promise<void> {
  if (options.out !== undefined) requireWritable(options.out);
  const losses = readLosses(files);
  const world = await openWorld(options);
  try {
    await show(options, shown, ({ signal, progress }) =>
      shown.work(
        {
          ...comparisonOptions(losses, options, world),
          signal,
          onReport: shown.onReport,
          onProgress: showProgress(progress),
        },
        { backend: world.backend.name, notice: progress.log },
      ),
    );
  } finally {
    world.close();
  }
}

/** Does the work with progress and Ctrl-C, and prints or writes what came of it. */
export async function show<T extends { readonly interrupted: boolean }>(
  options: Pick<CompareOptions, 'out' | 'json'> & ServeOptions,
  { text, svg, hasRuns, file, live }: Omit<Shown<T>, 'work'>,
  work: (at: { readonly signal: AbortSignal; readonly progress: Progress }) => Promise<T>,
): Promise<void> {
  if (options.out !== undefined) requireWritable(options.out);
  const interrupt = interruptible();
  const progress = createProgress();
  const endServing = live === undefined ? undefined : await serving(options, live, progress.log);
  try {
    const result = await work({ signal: interrupt.signal, progress });
    progress.end();
    if (options.json) printJson(result);
    else print(text(result));
    if (options.out !== undefined && hasRuns(result)) {
      const written = writeReport(options.out, {
        [`${file}.json`]: `${JSON.stringify(result, jsonNumber, 2)}\n`,
        [`${file}.svg`]: svg(result),
      });
      if (!options.json) for (const path of written) print(`wrote ${path}`);
    }
    if (result.interrupted) throw new Exit(130);
  } finally {
    progress.end();
    interrupt.done();
    await endServing?.();
  }
}

/** What `compareLosses` is asked, but for who is told how far it is. */
export function comparisonOptions(
  given: readonly LossOfProgram[],
  options: CompareOptions,
  world: RunWorld,
): Omit<ComparisonOptions, 'signal' | 'onProgress'> {
  const { isShare, label } = METRICS[world.metric];
  const beyond = isShare ? options.targets?.find((target) => target >= 1) : undefined;
  if (beyond !== undefined)
    throw new UsageError(
      `--targets: ${beyond} is not ${label === 'accuracy' ? 'an' : 'a'} ${label} between 0 and 1`,
      'leave --targets out',
    );
  for (const loss of given) requireTrainable(loss, world.dataset);
  const losses = given.map(
    ({ program, decl }): ComparedLoss => ({ name: decl.name.name, loss: () => world.compile(program, decl) }),
  );
  return {
    losses,
    dataset: world.dataset,
    split: world.split,
    metric: world.metric,
    seed: options.seed,
    model: world.createModel,
    runs: options.seeds,
    steps: options.steps,
    batchSize: options.batch,
    optimizer: world.optimizer,
    augmentation: world.augmentation,
    scale: options.scale,
    tuning: options.tuneLr ? { grid: options.grid, runs: options.tuneRuns } : undefined,
    evaluateEvery: Math.max(1, Math.round(options.steps / 20)),
    targets: options.targets,
  };
}

export function showProgress(progress: Progress): (at: ComparisonProgress) => void {
  const started = performance.now();
  return (at) => {
    const seconds = (performance.now() - started) / 1000;
    const left = at.step === 0 ? '' : `  ${duration((seconds / at.step) * (at.steps - at.step))} left`;
    progress.update(
      `${at.phase} ${at.loss} at ${at.learningRate}  step ${at.step}/${at.steps}  ${at.stepsPerSecond.toFixed(0)} steps/s${left}`,
    );
  };
}

/** Writes the files of a report whole, and says where. */
function writeReport(folder: string, files: Readonly<Record<string, string>>): string[] {
  return Object.entries(files).map(([name, text]) => {
    const path = join(folder, name);
    writeFileSafely(path, text);
    return path;
  });
}
