import { arrayOf } from '../evaluate/bind.js';
import type { NumberArray } from '../evaluate/binding.js';
import { sigmoid } from '../graph/special.js';
import type { LoweredInput, LoweredLoss } from '../lower/lowered.js';
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
  let name: FormName | undefined;
  for (const input of loss.inputs) {
    const array = inputs.get(input.name)!;
    const classes = input.labelAxis === undefined ? undefined : classCount(loss, input, inputs);
    if (classes === undefined) continue;
    const isRows = array.shape.length === rankOfRows(loss, input, inputs);
    const changed = isRows ? toLabels(array) : toRows(array, classes);
    if (changed === undefined) continue;
    name = isRows ? 'with labels' : 'with one-hot rows';
    inputs.set(input.name, changed);
  }
  return name && { ...written, name, inputs };
}

/** How long the label axis is, from another input that has it. */
function classCount(loss: LoweredLoss, input: LoweredInput, inputs: TestForm['inputs']): number | undefined {
  const other = loss.inputs.find(
    (candidate) => candidate.labelAxis === undefined && candidate.axes.at(-1) === input.labelAxis,
  );
  return other && inputs.get(other.name)!.shape.at(-1);
}

/** How many axes the input has when it is given by rows; what its brackets leave open, an input that is not given by labels tells. */
function rankOfRows(loss: LoweredLoss, input: LoweredInput, inputs: TestForm['inputs']): number {
  if (input.items !== 'rest' && input.many === undefined) return input.axes.length + 1;
  const other = loss.inputs.find(
    (candidate) => candidate.labelAxis === undefined && candidate.axes.at(-1) === input.labelAxis,
  )!;
  return inputs.get(other.name)!.shape.length - other.axes.length + input.axes.length;
}

function toLabels({ shape, data }: NumberArray): NumberArray | undefined {
  const classes = shape.at(-1)!;
  const labels = new Float64Array(data.length / classes);
  for (let i = 0; i < labels.length; i++) {
    const row = data.subarray(i * classes, (i + 1) * classes);
    const label = row.indexOf(1);
    if (label < 0 || row.some((x, k) => x !== (k === label ? 1 : 0))) return undefined;
    labels[i] = label;
  }
  return { shape: shape.slice(0, -1), data: labels };
}

function toRows({ shape, data }: NumberArray, classes: number): NumberArray {
  const rows = new Float64Array(data.length * classes);
  for (const [i, label] of data.entries()) if (label >= 0 && label < classes) rows[i * classes + label] = 1;
  return { shape: [...shape, classes], data: rows };
}

/** Probabilities as logits, where all of them can be: none is 0, those of a sigmoid are not 1, rows add up. */
function logits(loss: LoweredLoss, written: TestForm): TestForm | undefined {
  const inputs = new Map(written.inputs);
  const activations = new Map<string, 'softmax' | 'sigmoid'>();
  for (const input of loss.inputs) {
    if (input.activation === undefined) continue;
    const array = inputs.get(input.name)!;
    const inverse = input.activation === 'softmax' ? logOfRows(array) : logitOf(array);
    if (inverse === undefined) return undefined;
    activations.set(input.name, input.activation);
    inputs.set(input.name, inverse);
  }
  if (activations.size === 0) return undefined;
  const expected = (comparison: Comparison): NumberArray => {
    const plain = written.expected(comparison);
    const name = comparison.gradientOf;
    const activation = name === undefined ? undefined : activations.get(name);
    if (activation === undefined) return plain;
    return throughActivation(activation, inputs.get(name!)!, written.inputs.get(name!)!, plain);
  };
  return { name: 'from logits', fromLogits: true, inputs, expected };
}

/** What the sum of a row may be off 1 by: the digits that people write. */
const ROW_TOLERANCE = 1e-9;

function logOfRows({ shape, data }: NumberArray): NumberArray | undefined {
  const classes = shape.at(-1)!;
  for (let i = 0; i < data.length; i += classes) {
    const sum = data.subarray(i, i + classes).reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 1) > ROW_TOLERANCE) return undefined;
  }
  return data.every((p) => p > 0) ? { shape, data: data.map(Math.log) } : undefined;
}

function logitOf({ shape, data }: NumberArray): NumberArray | undefined {
  if (!data.every((p) => p > 0 && p < 1)) return undefined;
  return { shape, data: data.map((p) => Math.log(p) - Math.log1p(-p)) };
}

/** The chain rule: the gradient by probabilities as the gradient by logits. */
function throughActivation(
  activation: 'softmax' | 'sigmoid',
  { data: x }: NumberArray,
  { shape, data: p }: NumberArray,
  gradient: NumberArray,
): NumberArray {
  if (gradient.data.length !== p.length) return gradient;
  if (activation === 'sigmoid')
    return { shape, data: gradient.data.map((g, k) => g * p[k]! * sigmoid(-x[k]!)) };
  const classes = shape.at(-1)!;
  const data = gradient.data.map((g, k) => {
    const row = k - (k % classes);
    let mean = 0;
    for (let j = row; j < row + classes; j++) mean += p[j]! * gradient.data[j]!;
    return p[k]! * (g - mean);
  });
  return { shape, data };
}
