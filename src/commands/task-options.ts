import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RunError, readProblem } from '../errors.js';
import { readTask, type TaskInput } from '../evolve/model/task.js';
import { parseAugmentation } from '../runtime/data/augment.js';
import { parseDecay } from '../runtime/learning-rate.js';
import { positiveNumber } from './command.js';
import { ASK_ROWS, type AskOptions, leftToEvaluator, mapRows, unlessEvaluator } from './evaluator-options.js';
import { never, type OptionRow, type Rows } from './option-table.js';
import { type RunDefaults, type RunOptions, runRows } from './run-options.js';

/** What `evolve` and `tune` share: the task that candidates are judged by. */
export interface TaskOptions extends RunOptions, AskOptions {
  readonly scale: 'matched' | 'raw';
  readonly task?: string;
  readonly timeLimit?: number;
}

/** Limits that were asked for. */
export const limitsOf = ({ timeLimit }: Pick<TaskOptions, 'timeLimit'>): { readonly taskSeconds?: number } =>
  timeLimit === undefined ? {} : { taskSeconds: timeLimit * 60 };

/** The options about the task, with the defaults of the command. A task file takes the place of all but seed and backend. */
export function taskRows(defaults: RunDefaults): Rows<TaskOptions> {
  const { seed, backend, normalise, ...run } = runRows(defaults);
  const scale: OptionRow = {
    flags: '--scale <how>',
    says: "matched: scale each loss so that its first gradients are as large as those of the task's baseline; raw: as written",
    choices: ['matched', 'raw'],
    byDefault: 'matched',
  };
  return {
    ...unlessEvaluator(mapRows({ ...run, scale }, unlessTask)),
    ...ASK_ROWS,
    seed: { ...seed, says: 'seed for everything random in the run' },
    backend: { ...backend, unusable: leftToEvaluator },
    normalise: never(normalise, 'is not part of a task: a search uses the data as they are'),
    task: {
      flags: '--task <file>',
      says: 'read the task from a JSON file instead of the options for data, model and training',
      resumed: 'at the beginning',
      unusable: ({ given }) =>
        given.has('evaluator') || given.has('ask')
          ? `contradicts --${given.has('ask') ? 'ask' : 'evaluator'}`
          : undefined,
    },
    timeLimit: {
      flags: '--time-limit <minutes>',
      says: 'stop a training that takes longer (default: 10)',
      read: positiveNumber,
    },
  };
}

const unlessTask = (row: OptionRow): OptionRow => ({
  ...row,
  unusable: (asked) =>
    asked.given.has('task') ? 'contradicts --task, whose file sets it' : row.unusable?.(asked),
});

/** The task from its file, or from the options; where a script trains, only what it is asked for. */
export function taskFrom(options: TaskOptions): TaskInput {
  const { evaluator, ask, steps, scale, seed } = options;
  if (evaluator !== undefined || ask !== undefined) return { cases: [], steps, scale, dataSeed: seed };
  return options.task === undefined ? taskOf(options) : readTaskFile(options.task);
}

type TaskDecay = NonNullable<NonNullable<TaskInput['cases'][number]['optimizer']>['decay']>;

/** The schedule as the task stores it: with lists that are its own. */
function decayOf(text: string, steps: number): TaskDecay {
  const decay = parseDecay(text, steps);
  return decay.kind === 'steps' ? { ...decay, at: [...decay.at] } : decay;
}

/** A task of one case, from the options about it. */
export function taskOf(options: RunOptions & Pick<TaskOptions, 'scale'>): TaskInput {
  const data = options.data ?? process.env['LOSSC_DATA'];
  return {
    cases: [
      {
        dataset: options.dataset,
        ...(data !== undefined && { data }),
        ...(options.predict !== undefined && { predict: [...options.predict] }),
        ...(options.learn !== undefined && { learn: options.learn }),
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
    ...(options.metric !== undefined && { metric: options.metric }),
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
  readTask(document, { file: path });
  return document as TaskInput;
}

/** A new folder under runs/. */
export function freeFolder(name: string): string {
  for (let i = 1; ; i++) {
    const folder = join('runs', `${name}-${i}`);
    if (!existsSync(folder)) return folder;
  }
}
