/** A user's own data: `--dataset ./my-data.mjs`. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, RunError } from '../../errors.js';
import type { Dataset, ExampleSet, Normalisation } from './dataset.js';

/** Labelled examples as a user's module gives them. */
export interface UserExamples {
  /** All inputs one after another, each of the size of `inputShape`, row by row. */
  readonly inputs: Uint8Array | Float32Array;
  /** One class number from 0 for each input. */
  readonly labels: ArrayLike<number>;
}

/** What a data module answers. */
export interface UserData {
  readonly name?: string;
  /** Of one example: `[height, width, channels]` for images, `[size]` for plain vectors. */
  readonly inputShape: readonly number[];
  readonly classes: number;
  readonly train: UserExamples;
  readonly test: UserExamples;
  /** What a model sees: `value * scale[channel] + offset[channel]`. Bytes become 0 to 1 unless told, floats stay. */
  readonly normalisation?: Normalisation;
  /** Training examples kept for validation unless told otherwise on the command line; a sixth if left out. */
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
  if (typeof data !== 'object' || data === null) return fail('answers no object');
  const { inputShape, classes } = data;
  const wholeFrom = (low: number, value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= low;
  if (!Array.isArray(inputShape) || inputShape.length === 0 || !inputShape.every((n) => wholeFrom(1, n))) {
    fail('gives no inputShape of whole numbers');
  }
  if (!wholeFrom(2, classes)) fail('gives no number of classes from 2: what is trained here are classifiers');
  const size = inputShape.reduce((product, length) => product * length, 1);
  const convert = (part: 'train' | 'test'): ExampleSet => {
    const examples = data[part];
    const { inputs, labels } = examples ?? {};
    if (!(inputs instanceof Uint8Array || inputs instanceof Float32Array)) {
      return fail(`gives ${part} inputs that are neither a Uint8Array nor a Float32Array`);
    }
    if (labels === undefined || !wholeFrom(1, labels.length)) return fail(`gives no ${part} labels`);
    if (inputs.length !== labels.length * size) {
      return fail(
        `gives ${inputs.length} ${part} numbers for ${labels.length} labels of ${size} numbers each`,
      );
    }
    const bad = Array.from(labels).findIndex((label) => !wholeFrom(0, label) || label >= classes);
    if (bad >= 0)
      return fail(`gives ${part} example ${bad} the label ${labels[bad]}; classes go to ${classes - 1}`);
    const broken = inputs instanceof Uint8Array ? -1 : inputs.findIndex((x) => !Number.isFinite(x));
    if (broken >= 0) {
      const example = Math.floor(broken / size);
      return fail(`gives ${part} example ${example} the number ${inputs[broken]} at ${broken % size}`);
    }
    return { count: labels.length, pixels: inputs, labels: Int32Array.from(labels) };
  };
  const train = convert('train');
  const { validationExamples, normalisation } = data;
  if (validationExamples !== undefined && !wholeFrom(1, validationExamples))
    fail(`gives ${validationExamples} as validationExamples, which is no whole number from 1`);
  if (normalisation !== undefined && !isNormalisation(normalisation))
    fail('gives a normalisation that is not { scale: [numbers], offset: [numbers] }');
  const bytes = data.train.inputs instanceof Uint8Array;
  return {
    name: data.name ?? path,
    inputShape,
    classes,
    train,
    test: convert('test'),
    normalisation: normalisation ?? { scale: [bytes ? 1 / 255 : 1], offset: [0] },
    validationExamples: validationExamples ?? Math.max(1, Math.round(train.count / 6)),
  };
}

function isNormalisation({ scale, offset }: Partial<Normalisation>): boolean {
  const numbers = (list: unknown): boolean =>
    Array.isArray(list) && list.length > 0 && list.every((x) => Number.isFinite(x));
  return numbers(scale) && numbers(offset);
}
