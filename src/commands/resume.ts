/** Going on with a run: what may be asked for, and what a folder may not do unasked. */
import { statSync } from 'node:fs';
import { UsageError } from '../errors.js';
import type { CommonSettings } from '../evolve/model/run-settings.js';
import type { Task } from '../evolve/model/task.js';
import { wholeNumber } from './command.js';
import { checkCommand } from './evaluator-options.js';
import { type AnyRows, type Asked, type Rows, refuseContradictions } from './option-table.js';
import { type QueueOptions, TRAINING_QUEUE_ROW } from './queue-options.js';
import { SERVE_ROW, type ServeOptions } from './serving.js';
import { TENSORBOARD_ROW, type TensorBoardOptions } from './tensorboard.js';

/** Options of commands that make run folders. */
export interface ResumeOptions extends QueueOptions, ServeOptions, TensorBoardOptions {
  readonly out?: string;
  readonly resume?: string;
  readonly trustModules?: boolean;
  readonly workers?: number;
  readonly json?: boolean;
}

export const resumeRows = (what: string): Rows<ResumeOptions> => ({
  out: {
    flags: '--out <dir>',
    says: 'folder of the run (default: a new one under runs/)',
    resumed: 'at the beginning',
  },
  resume: {
    flags: '--resume <dir>',
    says: `continue a ${what} exactly as it was started; only its budget may be changed`,
    resumed: 'this sitting',
  },
  trustModules: {
    flags: '--trust-modules',
    says: 'with --resume: load the data and model modules that the folder names',
    resumed: 'this sitting',
    unusable: ({ given }) => (given.has('resume') ? undefined : 'belongs to --resume'),
  },
  workers: {
    flags: '--workers <n>',
    says: 'worker processes on this machine (default: one per core; one with --evaluator)',
    read: wholeNumber(1),
    resumed: 'this sitting',
  },
  ...TRAINING_QUEUE_ROW,
  ...SERVE_ROW,
  ...TENSORBOARD_ROW,
  json: { flags: '--json', says: 'print the result as JSON', resumed: 'this sitting' },
});

/** Refuses options that contradict the run in a folder, and a folder that would run code that nobody has named here. */
export async function checkResume(
  rows: AnyRows,
  asked: Asked,
  directory: string,
  settings: CommonSettings,
): Promise<void> {
  const { asked: stored, task, environment } = settings;
  const [first, ...more] = task.cases;
  const fromTask =
    first !== undefined && more.length === 0 ? { dataset: first.dataset, model: first.model } : {};
  refuseContradictions(rows, asked, directory, { ...stored, ...fromTask, backend: environment.backend });
  checkCommand(settings, asked, directory);
  if (settings.evaluator !== undefined && asked.given.has('queue'))
    throw new UsageError(
      `--queue cannot be given with --resume ${directory}: the trainings of that run are done by a script or by hand`,
      'leave --queue out',
    );
  if (asked.values['trustModules'] === true) return;
  for (const { option, path } of await modulesOf(task)) {
    if (asked.values[option] === path && asked.given.has(option)) continue;
    throw new UsageError(
      `the run in ${directory} loads the module ${path}, and a module can run any code`,
      more.length === 0
        ? `if you trust it, name it again: --${option} ${path}`
        : 'if you trust the modules that its settings.json names, add --trust-modules',
    );
  }
}

/** What the task of a run would import. */
async function modulesOf({
  cases,
}: Task): Promise<{ readonly option: 'dataset' | 'model'; readonly path: string }[]> {
  const [{ DATASETS }, { isTable }, { isModelName }] = await Promise.all([
    import('../runtime/data/load-dataset.js'),
    import('../runtime/data/table.js'),
    import('../runtime/models/known-models.js'),
  ]);
  return cases.flatMap(({ dataset, model }) => [
    ...(Object.hasOwn(DATASETS, dataset) || isFolder(dataset) || isTable(dataset)
      ? []
      : [{ option: 'dataset' as const, path: dataset }]),
    ...(isModelName(model) ? [] : [{ option: 'model' as const, path: model }]),
  ]);
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
