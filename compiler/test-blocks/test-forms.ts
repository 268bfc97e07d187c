import { log, log1p } from '../elementary/logarithm.js';
import { arrayOf } from '../evaluate/bind.js';
import type { NumberArray } from '../evaluate/binding.js';
import { classesOf, type Given, rowSums, rowsOfLabels, shapeOfLabels, strideOf } from '../evaluate/labels.js';
import { dimensionOf } from '../lower/labels.js';
import type { LoweredInput, LoweredLoss } from '../lower/lowered.js';
import { sigmoid } from '../operators/special.js';
import type { Comparison, TestBlock } from './test-blocks.js';

export type FormName = 'as written' | 'from logits' | 'with labels' | 'with one-hot rows';

/** The values of a test block said in another way, and what is then expected. */
export interface TestForm {
  readonly name: FormName;
  readonly fromLogits: boolean;
  readonly inputs: ReadonlyMap<string, NumberArray>;
  readonly expected: (comparison: Comparison) => NumberArray;
}

/** The forms in which a test block can be run: as written, and where the values allow it from logits and with labels. */
export function formsOf(loss: LoweredLoss, block: TestBlock): TestForm[] {
  const inputs = new Map([...block.inputs].map(([name, value]) => [name, arrayOf(value)]));
  const expected = (comparison: Comparison): NumberArray => arrayOf(comparison.expected);
  const written: TestForm = { name: 'as written', fromLogits: false, inputs, expected };
  const others = [otherLabels(loss, written), logits(loss, written)];
  return [written, ...others.filter((form) => form !== undefined)];
}

/** One-hot rows as labels, or labels as one-hot rows. */
function otherLabels(loss: LoweredLoss, written: TestForm): TestForm | undefined {
  const inputs = new Map(written.inputs);
  const given = loss.inputs.map((input): Given => ({ input, shape: inputs.get(input.name)!.shape }));
  let name: FormName | undefined;
  for (const one of given) {
    const { input } = one;
    const array = inputs.get(input.name)!;
    if (input.labelAxis === undefined) continue;
    const classes = classesOf(input, loss.graph.axes, [], given);
    if (classes === undefined) continue;
    const labels = shapeOfLabels(one, classes, given);
    const changed =
      labels === undefined
        ? toLabels(input, array)
        : toRows(input, { shape: labels, data: array.data }, classes);
    if (changed === undefined) continue;
    name = labels === undefined ? 'with labels' : 'with one-hot rows';
    inputs.set(input.name, changed);
  }
  return name && { ...written, name, inputs };
}

function toLabels(input: LoweredInput, { shape, data }: NumberArray): NumberArray | undefined {
  const { length, inner } = strideOf(input, input.labelAxis!, shape);
  const labels = new Float64Array(data.length / length);
  for (let i = 0; i < labels.length; i++) {
    const start = Math.floor(i / inner) * length * inner + (i % inner);
    const row = Array.from({ length }, (_, k) => data[start + k * inner]!);
    const label = row.indexOf(1);
    if (label < 0 || row.some((x, k) => x !== (k === label ? 1 : 0))) return undefined;
    labels[i] = label;
  }
  return { shape: shape.toSpliced(placeOf(input, shape.length), 1), data: labels };
}

/** Undefined where some label is none of the classes: no row says the same. */
function toRows(input: LoweredInput, { shape, data }: NumberArray, classes: number): NumberArray | undefined {
  if (!data.every((label) => Number.isInteger(label) && label >= 0 && label < classes)) return undefined;
  return rowsOfLabels(data, shape, placeOf(input, shape.length + 1), classes, false);
}

/** The dimension of the classes in rows of a rank. */
function placeOf(input: LoweredInput, rank: number): number {
  const at = dimensionOf(input, input.labelAxis!);
  return at < 0 ? rank + at : at;
}

/** Probabilities as logits, where all of them can be: none is 0, those of a sigmoid are not 1, rows add up. */
function logits(loss: LoweredLoss, written: TestForm): TestForm | undefined {
  const inputs = new Map(written.inputs);
  const activations = new Map<string, LoweredInput>();
  for (const input of loss.inputs) {
    if (input.activation === undefined) continue;
    const array = inputs.get(input.name)!;
    const inverse = input.activation === 'softmax' ? logOfRows(input, array) : logitOf(array);
    if (inverse === undefined) return undefined;
    activations.set(input.name, input);
    inputs.set(input.name, inverse);
  }
  if (activations.size === 0) return undefined;
  const expected = (comparison: Comparison): NumberArray => {
    const plain = written.expected(comparison);
    const name = comparison.gradientOf;
    const input = name === undefined ? undefined : activations.get(name);
    if (input === undefined) return plain;
    return throughActivation(input, inputs.get(name!)!, written.inputs.get(name!)!, plain);
  };
  return { name: 'from logits', fromLogits: true, inputs, expected };
}

/** What the sum of a row may be off 1 by: the digits that people write. */
const ROW_TOLERANCE = 1e-9;

function logOfRows(input: LoweredInput, { shape, data }: NumberArray): NumberArray | undefined {
  const sums = rowSums(input, shape, data);
  if (sums.some((sum) => Math.abs(sum - 1) > ROW_TOLERANCE)) return undefined;
  return data.every((p) => p > 0) ? { shape, data: data.map(log) } : undefined;
}

function logitOf({ shape, data }: NumberArray): NumberArray | undefined {
  if (!data.every((p) => p > 0 && p < 1)) return undefined;
  return { shape, data: data.map((p) => log(p) - log1p(-p)) };
}

/** The chain rule: the gradient by probabilities as the gradient by logits. */
function throughActivation(
  input: LoweredInput,
  { data: x }: NumberArray,
  { shape, data: p }: NumberArray,
  gradient: NumberArray,
): NumberArray {
  if (gradient.data.length !== p.length) return gradient;
  if (input.activation === 'sigmoid')
    return { shape, data: gradient.data.map((g, k) => g * p[k]! * sigmoid(-x[k]!)) };
  const { length, inner } = strideOf(input, input.simplexAxis!, shape);
  const means = rowSums(
    input,
    shape,
    gradient.data.map((g, k) => g * p[k]!),
  );
  const rowOf = (k: number): number => Math.floor(k / (length * inner)) * inner + (k % inner);
  return { shape, data: gradient.data.map((g, k) => p[k]! * (g - means[rowOf(k)]!)) };
}
