/** A user's own data: `--dataset ./my-data.mjs`. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, RunError } from '../../errors.js';
import {
  classification,
  type Learning,
  labelsOfExample,
  outputsOfDistribution,
  TASK_KINDS,
  type TaskKind,
} from '../tasks/learning.js';
import type { Dataset } from './dataset.js';
import type { ExampleSet, Normalisation } from './examples.js';

/** Labelled examples as a user's module gives them. */
export interface UserExamples {
  /** All inputs one after another, each of the size of `inputShape`, row by row. */
  readonly inputs: Uint8Array | Float32Array;
  /** A class number from 0 for each input; of a distribution one number; in other tasks as many as there are outputs, row by row. */
  readonly labels: ArrayLike<number>;
}

/** What a data module answers. */
export interface UserData {
  readonly name?: string;
  /** Of one example: `[height, width, channels]` for images, `[size]` for plain vectors. */
  readonly inputShape: readonly number[];
  /** What is learnt; a classification by default. */
  readonly task?: TaskKind;
  /** Of a classification. */
  readonly classes?: number;
  /** Of a regression the targets of each example, and of multi-label the labels that may hold. */
  readonly outputs?: number;
  readonly train: UserExamples;
  readonly test: UserExamples;
  /** What a model sees: `value * scale[channel] + offset[channel]`. Bytes become 0 to 1 by default, floats stay. */
  readonly normalisation?: Normalisation;
  /** Training examples kept for validation by default otherwise on the command line; a sixth if left out. */
  readonly validationExamples?: number;
}

/** A data module exports this function. */
export type LoadData = () => UserData | Promise<UserData>;

/** Loads `loadData` from a module and checks what it answers. */
export async function readUserData(path: string): Promise<Dataset> {
  const data = await callModule<UserData>(path, 'loadData', 'data', []);
  return checkUserData(data, path);
}

/** Imports a user's module and calls one of its functions; every failure is one RunError that names the module. */
export async function callModule<T>(
  path: string,
  name: string,
  what: string,
  args: readonly unknown[],
): Promise<T> {
  let loaded: Readonly<Record<string, unknown>>;
  try {
    loaded = await import(pathToFileURL(resolve(path)).href);
  } catch (thrown) {
    throw new RunError(`the ${what} module ${path} cannot be loaded: ${messageOf(thrown)}`, undefined, {
      cause: thrown,
    });
  }
  const target = loaded[name] ?? loaded['default'];
  if (typeof target !== 'function') {
    throw new RunError(`the ${what} module ${path} exports no function "${name}"`);
  }
  try {
    return (await target(...args)) as T;
  } catch (thrown) {
    throw new RunError(`the ${what} module ${path} failed: ${messageOf(thrown)}`, undefined, {
      cause: thrown,
    });
  }
}

function checkUserData(data: UserData, path: string): Dataset {
  const fail = (message: string): never => {
    throw new RunError(`the data module ${path} ${message}`);
  };
  if (typeof data !== 'object' || data === null) return fail('does not return an object');
  const { inputShape } = data;
  const wholeFrom = (low: number, value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= low;
  if (!Array.isArray(inputShape) || inputShape.length === 0 || !inputShape.every((n) => wholeFrom(1, n))) {
    fail('gives no inputShape of whole numbers');
  }
  const learning = learningOf(data, fail);
  const width = labelsOfExample(learning);
  const size = inputShape.reduce((product, length) => product * length, 1);
  const convert = (part: 'train' | 'test'): ExampleSet => {
    const examples = data[part];
    const { inputs, labels } = examples ?? {};
    if (!(inputs instanceof Uint8Array || inputs instanceof Float32Array)) {
      return fail(`gives ${part} inputs that are neither a Uint8Array nor a Float32Array`);
    }
    if (labels === undefined || !wholeFrom(1, labels.length)) return fail(`gives no ${part} labels`);
    const count = labels.length / width;
    if (!Number.isInteger(count)) return fail(`gives ${labels.length} ${part} labels for ${width} outputs`);
    if (inputs.length !== count * size) {
      return fail(`gives ${inputs.length} ${part} numbers for ${count} labels of ${size} numbers each`);
    }
    const bad = Array.from(labels).findIndex((label) => !LABELS[learning.task].fits(label, learning));
    if (bad >= 0) {
      const example = Math.floor(bad / width);
      return fail(
        `gives ${part} example ${example} the label ${labels[bad]}; ${LABELS[learning.task].says(learning)}`,
      );
    }
    const broken = inputs instanceof Uint8Array ? -1 : inputs.findIndex((x) => !Number.isFinite(x));
    if (broken >= 0) {
      const example = Math.floor(broken / size);
      return fail(`gives ${part} example ${example} the number ${inputs[broken]} at ${broken % size}`);
    }
    const kept = learning.task === 'classification' ? Int32Array.from(labels) : Float32Array.from(labels);
    return { count, pixels: inputs, labels: kept };
  };
  const train = convert('train');
  const { validationExamples, normalisation } = data;
  if (validationExamples !== undefined && !wholeFrom(1, validationExamples))
    fail(`gives ${validationExamples} as validationExamples, which is not a whole number of at least 1`);
  if (normalisation !== undefined && !isNormalisation(normalisation))
    fail('gives a normalisation that is not { scale: [numbers], offset: [numbers] }');
  const bytes = data.train.inputs instanceof Uint8Array;
  return {
    name: data.name ?? path,
    inputShape,
    ...learning,
    train,
    test: convert('test'),
    normalisation: normalisation ?? { scale: [bytes ? 1 / 255 : 1], offset: [0] },
    validationExamples: validationExamples ?? Math.max(1, Math.round(train.count / 6)),
  };
}

const FINITE = {
  fits: (label: unknown): boolean => Number.isFinite(label),
  says: (): string => 'targets are finite numbers',
};

/** What a label may be. */
const LABELS: {
  readonly [K in TaskKind]: {
    readonly fits: (label: unknown, learning: Learning) => boolean;
    readonly says: (learning: Learning) => string;
  };
} = {
  classification: {
    fits: (label, { outputs }) =>
      Number.isInteger(label) && (label as number) >= 0 && (label as number) < outputs,
    says: ({ outputs }) => `classes are 0 to ${outputs - 1}`,
  },
  regression: FINITE,
  'multi-label': { fits: (label) => label === 0 || label === 1, says: () => 'labels are 0 or 1' },
  quantiles: FINITE,
  'mean-and-variance': FINITE,
};

function learningOf(
  { task = 'classification', classes, outputs }: UserData,
  fail: (message: string) => never,
): Learning {
  if (!TASK_KINDS.includes(task))
    return fail(`gives the task "${task}"; the tasks are ${TASK_KINDS.join(', ')}`);
  const isWhole = (value: unknown, low: number): value is number =>
    Number.isInteger(value) && (value as number) >= low;
  if (task === 'classification')
    return isWhole(classes, 2)
      ? classification(classes)
      : fail('gives no "classes" of at least 2; for other tasks than classification, set "task"');
  const ofDistribution = outputsOfDistribution(task);
  if (ofDistribution !== undefined)
    return outputs === undefined
      ? { task, outputs: ofDistribution }
      : fail(`gives "outputs", which follows from the task "${task}": leave it out`);
  return isWhole(outputs, 1) ? { task, outputs } : fail(`gives no "outputs" of at least 1 for its ${task}`);
}

function isNormalisation({ scale, offset }: Partial<Normalisation>): boolean {
  const numbers = (list: unknown): boolean =>
    Array.isArray(list) && list.length > 0 && list.every((x) => Number.isFinite(x));
  return numbers(scale) && numbers(offset);
}
