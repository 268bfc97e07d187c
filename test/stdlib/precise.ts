import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import type { CompiledLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { type LoadedModule, loadModule } from '../../src/runtime/load.js';
import type { Nested } from './cases.js';
import { flat } from './cases.js';
import { compiledStandard } from './library.js';

/** Decimal numbers, many of them beyond a double; null at a kink. */
type Decimals = string | null | readonly Decimals[];

/** One point of a loss with value and gradients in arbitrary precision: see reference/precise.py. */
export interface Point {
  readonly loss: string;
  /** `logits`: predictions that are probabilities are given before softmax or sigmoid. */
  readonly form: 'logits' | 'plain';
  readonly note: string;
  readonly inputs: Readonly<Record<string, Nested>>;
  readonly parameters: Readonly<Record<string, Nested>>;
  readonly perItem: readonly Decimals[] | null;
  readonly value: string;
  readonly gradients: Readonly<Record<string, Decimals>>;
}

export const POINTS: readonly Point[] = readFileSync(new URL('precise.jsonl', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Point);

/** Beyond this a float32 is infinite. */
export const LARGEST = 3.4e38;
/** Below this float32 has no normal numbers. */
export const SMALLEST = 1.2e-38;
/** What stands for a number beyond float32 has to be large. */
export const BEYOND = 1e30;

/** An exact number beside the one that came out, and the largest exact number of its group. */
export interface Pair {
  readonly what: string;
  readonly found: number;
  readonly exact: number;
  /** Values stand alone; the entries of a gradient are measured by the largest of their item. */
  readonly size: number;
}

export interface Measured {
  readonly values: readonly Pair[];
  readonly gradients: readonly Pair[];
}

const modules = new Map<string, LoadedModule>();

function moduleOf(point: Point): LoadedModule {
  const key = `${point.loss} ${point.form}`;
  const known = modules.get(key);
  if (known !== undefined) return known;
  const made = loadModule(tf, emitModule(compiledStandard(point.loss, point.form === 'logits')));
  modules.set(key, made);
  return made;
}

const numbers = (value: Decimals): (number | null)[] =>
  Array.isArray(value) ? value.flatMap(numbers) : [value === null ? null : Number(value)];

const measurements = new Map<Point, Measured>();

/** What the emitted module of a standard loss gives at a point in float32, beside the exact numbers. */
export function measure(point: Point): Measured {
  const known = measurements.get(point);
  if (known !== undefined) return known;
  const measured = measureBy(compiledStandard(point.loss, point.form === 'logits'), moduleOf(point), point);
  measurements.set(point, measured);
  return measured;
}

/** The same of a loss that takes what the point has. */
export function measureBy(loss: CompiledLoss, module: LoadedModule, point: Point): Measured {
  let measured: Measured = { values: [], gradients: [] };
  tf.tidy(() => {
    const given = loss.inputs.map((input) =>
      tf.tensor(flat(point.inputs[input.name]!) as number[], shapeOf(point.inputs[input.name]!), 'float32'),
    );
    const items = module.lossValue(given, { ...point.parameters, reduction: 'none' }).dataSync();
    const { gradients } = module.valueAndGradients(given, point.parameters);
    const exact = numbers(point.perItem ?? point.value) as number[];
    const rows = point.perItem !== null && !loss.coupled ? exact : [Math.max(...exact)];
    measured = {
      values: exact.map((value, i) => ({
        what: `value of item ${i}`,
        found: items[i]!,
        exact: value,
        size: Math.abs(value),
      })),
      gradients: Object.entries(point.gradients).flatMap(([name, expected]) =>
        gradientPairs(name, gradients[name]!.dataSync(), numbers(expected), rows),
      ),
    };
  });
  return measured;
}

/** Gradients of items whose own value is beyond float32 have no exact counterpart: they only have to be finite. */
function gradientPairs(
  name: string,
  found: ArrayLike<number>,
  exact: readonly (number | null)[],
  values: readonly number[],
): Pair[] {
  const width = exact.length / values.length;
  return values.flatMap((value, row) => {
    const own = exact.slice(row * width, (row + 1) * width);
    const size = Math.max(0, ...own.map((x) => Math.abs(x ?? 0)));
    const beyond = Math.abs(value) > LARGEST || size > LARGEST;
    return own.flatMap((x, k) => {
      const at = row * width + k;
      if (x === null) return [];
      const what = `gradient of ${name}, entry ${at}`;
      return [{ what, found: found[at]!, exact: beyond ? Number.NaN : x, size: beyond ? 0 : size }];
    });
  });
}

const shapeOf = (value: Nested): number[] =>
  typeof value === 'number' ? [] : [value.length, ...shapeOf(value[0]!)];
