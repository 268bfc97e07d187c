/** Calling an emitted module as a case for it says, and judging what it gives. */
import * as tf from '@tensorflow/tfjs-core';
import type { CompiledLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import type { NumberArray } from '../../compiler/evaluate/bind.js';
import { type LoadedModule, loadModule } from '../../src/runtime/load.js';
import type { PythonCase } from '../helpers/python-cases.js';
import { compiledStandard } from './library.js';

export interface Emitted {
  readonly compiled: CompiledLoss;
  readonly module: LoadedModule;
  /** What a parameter or prediction is called in the module. */
  readonly property: (name: string) => string;
}

export function emitted(name: string, fromLogits: boolean): Emitted {
  const compiled = compiledStandard(name, fromLogits);
  const module = emitModule(compiled);
  return { compiled, module: loadModule(tf, module), property: (own) => module.properties.get(own)! };
}

const tensorOf = ({ data, shape }: NumberArray): tf.Tensor =>
  tf.tensor(Float32Array.from(data), [...shape], 'float32');

/** Value and gradients; the options of Python by their names in TypeScript. */
export function call(
  { module, property }: Emitted,
  { compiled, inputs, parameters, options = {} }: PythonCase,
): ReturnType<LoadedModule['valueAndGradients']> {
  const { sample_weight: weights, ...rest } = options;
  const own = [...parameters].map(([name, value]) => [property(name), value] as const);
  return module.valueAndGradients(
    compiled.inputs.map(({ name }) => tensorOf(inputs.get(name)!)),
    {
      ...Object.fromEntries(own),
      ...rest,
      ...(weights !== undefined && { sampleWeight: tf.tensor1d(weights as number[]) }),
    },
  );
}

/** What is larger stands for what float32 does not hold: a slope at a point that has none, kept finite by a guard. */
const BEYOND = 1e30;
/** Of the largest entry, since sums cancel. */
const RELATIVE = 1e-3;
/** Entries below are rounding errors of terms around 1. */
const SMALLEST = 1e-3;

/** Where float32 is not what float64 says, in words; undefined if it is nowhere. */
export function difference(found: ArrayLike<number>, right: ArrayLike<number>): string | undefined {
  if (found.length !== right.length) return `${found.length} numbers, and ${right.length} are right`;
  const size = Array.from(right)
    .map(Math.abs)
    .reduce((most, x) => (x < BEYOND ? Math.max(most, x) : most), SMALLEST);
  const fits = (a: number, b: number): boolean => {
    if (Number.isNaN(b)) return Number.isNaN(a);
    if (Math.abs(b) < BEYOND) return Math.abs(a - b) <= RELATIVE * size;
    return Math.sign(a) === Math.sign(b) && Math.abs(a) > BEYOND;
  };
  const at = Array.from(right).findIndex((b, i) => !fits(found[i]!, b));
  return at < 0 ? undefined : `entry ${at} is ${found[at]}, and ${right[at]} is right`;
}

/** Wrong shapes that people give; undefined where a shape cannot be made so. */
export const SLIPS: Readonly<Record<string, (shape: readonly number[]) => readonly number[] | undefined>> = {
  'one item more': ([first, ...rest]) => [first! + 1, ...rest],
  'one item': ([, ...rest]) => [1, ...rest],
  'turned round': (shape) => shape.toReversed(),
  'last axis of 1': (shape) => [...shape.slice(0, -1), 1],
  'last axis longer': (shape) => [...shape.slice(0, -1), shape.at(-1)! + 1],
  'without the last axis': (shape) => (shape.length > 1 ? shape.slice(0, -1) : undefined),
  'without the first axis': (shape) => (shape.length > 1 ? shape.slice(1) : undefined),
  'an axis in front': (shape) => [1, ...shape],
  'an axis behind': (shape) => [...shape, 2],
};

/** The numbers of an array in another shape, over and over. */
export function reshaped({ data }: NumberArray, shape: readonly number[]): NumberArray {
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: Float64Array.from({ length: size }, (_, i) => data[i % data.length]!) };
}

const FLOOR =
  'it is a difference of sums of log(p / floor), in which log(floor) cancels and where probabilities are alike leaves its rounding';

/** Derivatives and values that float32 cannot give, by loss and name, and why. */
export const UNRELIABLE: Readonly<Record<string, { readonly of: string; readonly why: string }>> = {
  gaussian_nll: {
    of: 'variance epsilon',
    why: 'at the corner both are 1e-6, one in float32 and one in float64',
  },
  sparse_cross_entropy_weighted: {
    of: 'weight',
    why: 'what each item adds is rounded, and of items of one class the sum is 0',
  },
  nnfl: { of: 'floor', why: FLOOR },
  anl_fl: { of: 'floor', why: FLOOR },
};
