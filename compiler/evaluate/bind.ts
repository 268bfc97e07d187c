import type { CompiledLoss } from '../compile.js';
import { ignoresItems } from '../lower/labels.js';
import type { ParameterValue } from '../lower/lowered.js';
import { flat } from '../lower/parameter-value.js';
import { BindError, Binding, type NumberArray, type Signature } from './binding.js';
import { evaluate } from './evaluate.js';
import { type Reduction, sharesOf, weightsOfItems } from './reduction.js';

export { BindError, type NumberArray } from './binding.js';

export { REDUCTIONS, type Reduction } from './reduction.js';

/** What `evaluateLoss` takes besides inputs, parameters and reduction. */
export interface EvaluateOptions {
  /** Whether parameters have to be in their domains; they have to, unless a test says otherwise. */
  readonly strict?: boolean;
  /** A weight for each item, in the items' shape or that of its first axes. */
  readonly sampleWeight?: NumberArray | undefined;
}

/** Value and derivatives of a loss at some inputs, in float64. */
export interface Evaluated {
  /** The reduced value; per item, in the shape of the items, where `reduction` is none. */
  readonly value: number | NumberArray;
  /** Value of each item without its weight, in the shape of the items; one number for a loss that reduces the batch itself. */
  readonly items: NumberArray;
  /** The derivative of the reduced value (of the sum, for none) by prediction and parameter. */
  readonly gradient: ReadonlyMap<string, NumberArray>;
}

/** The lengths of nested lists, outermost first; undefined for lists whose rows differ in length. */
export function shapeOf(value: ParameterValue): readonly number[] | undefined {
  const shape: number[] = [];
  let level: ParameterValue | undefined = value;
  while (level !== undefined && typeof level !== 'number') {
    shape.push(level.length);
    level = level[0];
  }
  const isRegular = (part: ParameterValue, depth: number): boolean =>
    typeof part === 'number'
      ? depth === shape.length
      : part.length === shape[depth] && part.every((item) => isRegular(item, depth + 1));
  return isRegular(value, 0) ? shape : undefined;
}

/** Nested lists of numbers as an array; throws `BindError` for ragged lists. */
export function arrayOf(value: ParameterValue): NumberArray {
  const shape = shapeOf(value);
  if (shape === undefined) throw new BindError('rows of different lengths', undefined);
  return { shape, data: Float64Array.from(flat(value)) };
}

/** An array as nested lists, a number for an array without dimensions. */
export function nested(array: NumberArray): ParameterValue {
  const build = (depth: number, start: number, length: number): ParameterValue => {
    if (depth === array.shape.length) return array.data[start]!;
    const count = array.shape[depth]!;
    const step = count === 0 ? 0 : length / count;
    return Array.from({ length: count }, (_, i) => build(depth + 1, start + i * step, step));
  };
  return build(0, 0, array.data.length);
}

/** What binding needs to know of a compiled loss. */
export const signatureOf = ({ name, lowered, inputs, parameters }: CompiledLoss): Signature => ({
  name,
  inputs,
  parameters,
  graph: lowered.graph,
  ignores: (input) => ignoresItems(lowered, input),
});

/** The reference evaluation of a compiled loss in float64: value, items and gradients. */
export function evaluateLoss(
  compiled: CompiledLoss,
  inputs: ReadonlyMap<string, NumberArray>,
  parameters: ReadonlyMap<string, ParameterValue>,
  reduction: Reduction = 'mean',
  { strict = true, sampleWeight }: EvaluateOptions = {},
): Evaluated {
  const { graph } = compiled.lowered;
  const bound = new Binding(signatureOf(compiled), inputs, parameters, strict);
  if (compiled.scalar && sampleWeight !== undefined)
    throw new BindError(
      'it reduces the batch itself, so sample weights have no meaning',
      'sampleWeight',
      compiled.name,
    );
  const given = weightsOfItems(compiled.name, sampleWeight, bound.items, bound.count);
  const { weights, divisor } = compiled.scalar
    ? { weights: bound.counts, divisor: 1 }
    : sharesOf(reduction, bound.counts, given);
  const seeds = weights.map((weight) => weight / divisor);
  const results = evaluate(graph, [compiled.value, ...compiled.gradients.values()], {
    sizes: bound.sizes,
    leaf: (node) => bound.leaf(node, seeds),
  });
  bound.checkUsed([compiled.value, ...compiled.gradients.values()].map((node) => results.get(node)!));
  const plain = results.get(compiled.value)!.data;
  // An item that is left out is 0, whatever the prediction holds there.
  const data = compiled.scalar ? plain : plain.map((x, i) => (bound.counts[i] === 0 ? 0 : x));
  const items = { shape: compiled.scalar ? [] : bound.items, data };
  // A weight of 0 leaves its item out, be it infinite.
  const weighted = given === undefined ? data : data.map((x, i) => (weights[i] === 0 ? 0 : x * weights[i]!));
  const total = weighted.reduce((a, b) => a + b, 0);
  const gradient = new Map<string, NumberArray>();
  for (const [name, node] of compiled.gradients) gradient.set(name, bound.shaped(name, results.get(node)!));
  const value = compiled.scalar
    ? data[0]!
    : reduction === 'none'
      ? { ...items, data: weighted }
      : total / divisor;
  return { value, items, gradient };
}
