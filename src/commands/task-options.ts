import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { readTask, type TaskInput } from '../evolve/task.js';
import { parseAugmentation } from '../runtime/data/augment.js';
import { parseDecay } from '../runtime/learning-rate.js';
import { RunError, readProblem } from '../runtime/run-error.js';
import { UsageError } from './command.js';
import type { RunOptions } from './run-options.js';

/** What `evolve` and `tune` share: the task that candidates are judged by. */
export interface TaskOptions extends RunOptions {
  readonly scale: 'matched' | 'raw';
  readonly task?: string;
}

export const addTaskOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        '--scale <how>',
        'matched: search for shape, gradients scaled to those of cross-entropy; raw: as written',
      )
        .choices(['matched', 'raw'])
        .default('matched'),
    )
    .option(
      '--task <file>',
      'the task as a JSON file, instead of the options about data, model and training',
    );

/** The task from its file, or from the options. */
export const taskFrom = (options: TaskOptions): TaskInput =>
  options.task === undefined ? taskOf(options) : readTaskFile(options.task);

type TaskDecay = NonNullable<NonNullable<TaskInput['cases'][number]['optimizer']>['decay']>;

/** The schedule as the task stores it: with lists that are its own. */
function decayOf(text: string, steps: number): TaskDecay {
  const decay = parseDecay(text, steps);
  return decay.kind === 'steps' ? { ...decay, at: [...decay.at] } : decay;
}

function taskOf(options: TaskOptions): TaskInput {
  if (options.normalise !== undefined)
    throw new UsageError('--normalise is not part of a task: a search sees the data as they are');
  const data = options.data ?? process.env['LOSSC_DATA'];
  return {
    cases: [
      {
        dataset: options.dataset,
        ...(data !== undefined && { data }),
        ...(options.trainExamples !== undefined && { trainExamples: options.trainExamples }),
        ...(options.validationExamples !== undefined && { validationExamples: options.validationExamples }),
        ...(options.labelNoise !== undefined && { labelNoise: options.labelNoise }),
        model: options.model,
        ...(options.hidden !== undefined && { hidden: [...options.hidden] }),
        batchSize: options.batch,
        optimizer: {
          kind: options.optimizer,
          learningRate: options.lr,
          ...(options.decay !== undefined && { decay: decayOf(options.decay, options.steps) }),
          ...(options.momentum !== undefined && { momentum: options.momentum }),
          ...(options.weightDecay !== undefined && { weightDecay: options.weightDecay }),
        },
        ...(options.augment !== undefined && { augmentation: { ...parseAugmentation(options.augment) } }),
      },
    ],
    steps: options.steps,
    scale: options.scale,
    dataSeed: options.seed,
  };
}

function readTaskFile(path: string): TaskInput {
  let document: unknown;
  try {
    document = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const problem = error instanceof SyntaxError ? `it is not JSON: ${error.message}` : readProblem(error);
    throw new RunError(`cannot read the task ${path}: ${problem}`);
  }
  // Mistakes are told of with the name of the file.
  readTask(document, path);
  return document as TaskInput;
}

/** A new folder under runs/. */
export function freeFolder(name: string): string {
  for (let i = 1; ; i++) {
    const folder = join('runs', `${name}-${i}`);
    if (!existsSync(folder)) return folder;
  }
}
