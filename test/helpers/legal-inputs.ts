/** Random inputs and parameters that a compiled loss may legally be given. */

import type { CompiledLoss } from '../../compiler/compile.js';
import type { NumberArray } from '../../compiler/evaluate/bind.js';
import type { LoweredInput, ParameterValue } from '../../compiler/lower/lowered.js';
import type { DomainName } from '../../compiler/resolve/domains.js';
import type { Random } from '../../src/random.js';

/** Lengths of axes by name; others have 3. */
const LENGTHS: Readonly<Record<string, number>> = {
  batch: 4,
  feature: 5,
  label: 4,
  pixel: 6,
  item: 4,
  height: 3,
  width: 4,
  box: 4,
  part: 2,
  component: 2,
  term: 6,
};

export interface LegalInputs {
  readonly inputs: ReadonlyMap<string, NumberArray>;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
}

/** Values for every input, representable in float32, and for parameters without a default. `batch` counts the items. */
export function legalInputs(compiled: CompiledLoss, random: Random, batch = 4): LegalInputs {
  const { axes } = compiled.lowered.graph;
  const length = (axis: number): number => axes.get(axis).size ?? LENGTHS[axes.get(axis).name] ?? 3;
  const inputs = new Map<string, NumberArray>();
  for (const input of compiled.inputs) {
    const shape = [batch, ...input.axes.map(length)];
    const data = values(compiled.name, input, shape, random).map(Math.fround);
    inputs.set(input.name, { shape, data: Float64Array.from(data) });
  }
  const parameters = new Map<string, ParameterValue>();
  for (const parameter of compiled.parameters) {
    if (parameter.default !== undefined) continue;
    const list = ([axis, ...rest]: readonly number[]): ParameterValue =>
      axis === undefined
        ? Math.fround(0.3 + 0.3 * random.next())
        : Array.from({ length: length(axis) }, () => list(rest));
    parameters.set(parameter.name, list(parameter.axes));
  }
  return { inputs, parameters };
}

/** Inputs at the edges of their domains: certain predictions, equal points, saturated logits. */
export function cornerInputs(compiled: CompiledLoss, random: Random): LegalInputs {
  const { inputs, parameters } = legalInputs(compiled, random);
  const corners = new Map<string, NumberArray>();
  for (const input of compiled.inputs) {
    const { shape, data } = inputs.get(input.name)!;
    const last = shape.at(-1)!;
    // A box without an area divides zero by zero in the definition itself.
    const box = input.axes.some((axis) => compiled.lowered.graph.axes.get(axis).name === 'box');
    const edge = data.map((x) => (box ? x : (CORNERS[input.domain]?.(x) ?? x)));
    const certain = rows([...data], last, () => {
      const label = random.int(last);
      return Array.from({ length: last }, (_, i) => (i === label ? 1 : 0));
    });
    corners.set(input.name, {
      shape,
      data: input.domain === 'probability' ? Float64Array.from(certain) : edge,
    });
  }
  return { inputs: corners, parameters };
}

const CORNERS: { readonly [K in DomainName]?: (x: number) => number } = {
  real: () => 0,
  positive: () => Math.fround(1e-6),
  nonnegative: () => 0,
  unit: (x) => (x < 0.5 ? 0 : 1),
  between: (x) => Math.sign(x),
  logits: (x) => 100 * Math.sign(x),
};

function values(loss: string, input: LoweredInput, shape: readonly number[], random: Random): number[] {
  const size = shape.reduce((a, b) => a * b, 1);
  const last = shape.at(-1)!;
  const normal = Array.from({ length: size }, () => random.normal());
  // Boxes are corners: left, top, right, bottom.
  if (last === 4 && /iou|box|cse_a_regression/.test(loss))
    return normal.map((_, k) => (k % 4 < 2 ? random.next() : 1 + random.next()));
  switch (input.domain) {
    case 'positive':
    case 'nonnegative':
      return normal.map((x) => Math.abs(x) + 0.1);
    case 'unit':
      return normal.map((x) => 1 / (1 + Math.exp(-x)));
    case 'binary':
      return normal.map((x) => (x > 0 ? 1 : 0));
    case 'sign':
      return normal.map((x) => (x > 0 ? 1 : -1));
    case 'between':
      return normal.map((x) => 0.8 * Math.tanh(x));
    case 'integer':
      return normal.map(() => random.int(3));
    case 'onehot':
      return rows(normal, last, () => {
        const label = random.int(last);
        return Array.from({ length: last }, (_, i) => (i === label ? 1 : 0));
      });
    case 'probability':
      return rows(normal, last, (row) => {
        const exps = row.map(Math.exp);
        const total = exps.reduce((a, b) => a + b, 0);
        return exps.map((x) => x / total);
      });
    default:
      return normal;
  }
}

function rows(data: readonly number[], length: number, make: (row: readonly number[]) => number[]): number[] {
  return Array.from({ length: data.length / length }, (_, i) =>
    make(data.slice(i * length, (i + 1) * length)),
  ).flat();
}
