import { Interpreter, MeaninglessError, scopeIn } from '../../../compiler/exact/interpreter.js';
import type { LossDecl } from '../../../grammar/tree/ast.js';
import { reduce } from './along.js';
import { BOUNDED } from './arithmetic.js';
import { bind, type Given } from './bind.js';
import { apply, RULES } from './elementwise.js';

import type { Library } from './library.js';
import { blank, copyEntry, DOUBT, type Numbers, OVER_NOTHING, ordered, scalar, type Value } from './value.js';

export type { Given } from './bind.js';
export { type Library, libraryOf } from './library.js';
export type { Numbers } from './value.js';
export { DOUBLE, DOUBT, PRINTED, SINGLE, withPrecision } from './value.js';

export type Reduction = 'mean' | 'sum' | 'none' | 'weightedMean';

/** Numbers with how far off each may be, and why it should not be compared, as bits of `DOUBT`. */
export interface Found {
  readonly shape: readonly number[];
  readonly data: Float64Array;
  readonly error: Float64Array;
  readonly doubt: Uint8Array;
}

export interface Outcome {
  /** One number for a loss that reduces the batch itself; then no reduction has an effect. */
  readonly isScalar: boolean;
  readonly items: Found;
  /** The reduced value; the items, weighted, for `none`. */
  readonly value: Found;
  /** The derivative of the reduced value (of the sum, for `none`) by prediction and parameter. */
  readonly gradients: ReadonlyMap<string, Found>;
}

/** Value and gradient of a loss by the definition of the language, in float64. */
export function evaluateByDefinition(
  library: Library,
  name: string,
  given: Given,
  reduction: Reduction = 'mean',
  weights?: Numbers,
): Outcome {
  const found = library.callables.get(name);
  if (found?.decl.kind !== 'loss') throw new MeaninglessError(`no loss "${name}"`);
  const decl: LossDecl = found.decl;
  const interpreter = new Interpreter(BOUNDED);
  const scope = scopeIn<Value>(found.module);
  const { items: shape, batch, variables, width, left } = bind(decl, given, interpreter, scope);
  const result = interpreter.body(decl.body, scope);
  const isScalar = result.axes.length === 0;
  if (!isScalar && (result.axes.length > 1 || result.axes[0] !== batch))
    throw new MeaninglessError('an axis is left');

  // Every item gets all derivatives, also where there are none. What is left out is 0.
  const items = blank(result.axes, width);
  for (let k = 0; k < items.data.length; k++) if (!left.has(k)) copyEntry(result, k, items, k);
  let weighted = items;
  let total = items;
  if (!isScalar) {
    const weight = weights === undefined ? scalar(1) : spreadWeights(weights, shape, batch);
    weighted = withoutWeightless(apply(RULES['*'], items, weight), weight);
    const sum = reduce('sum', weighted, [batch], undefined);
    const shares = counted(reduction === 'weightedMean' ? weight : scalar(1), batch, left);
    const divisor = reduction === 'mean' || reduction === 'weightedMean' ? shares : scalar(1);
    total = apply(RULES['/'], sum, divisor);
  }
  const isPerItem = reduction === 'none' && !isScalar;
  const gradients = new Map<string, Found>();
  const doubt = total.doubt[0]! & ~OVER_NOTHING;
  for (const variable of variables) {
    const count = variable.shape.reduce((a, b) => a * b, 1);
    const range = [variable.start, variable.start + count] as const;
    const data = total.slope!.slice(...range);
    gradients.set(variable.name, {
      shape: variable.shape,
      data,
      error: total.slopeError!.slice(...range),
      doubt: Uint8Array.from(data, (x) => (Number.isFinite(x) ? doubt : doubt | DOUBT.slope)),
    });
  }
  return {
    isScalar,
    items: plain(items, isScalar ? [] : shape),
    value: isPerItem ? plain(weighted, shape) : plain(total, []),
    gradients,
  };
}

/** A weight for each item: weights in the shape of the first axes of the items are repeated along the others. */
function spreadWeights(weights: Numbers, items: readonly number[], batch: Value['axes'][number]): Value {
  const repeat = items.slice(weights.shape.length).reduce((a, b) => a * b, 1);
  return ordered(
    [batch],
    Float64Array.from({ length: batch.size }, (_, k) => weights.data[Math.floor(k / repeat)]!),
  );
}

/** What has the weight 0 is left out, whatever its value is. */
function withoutWeightless(weighted: Value, weight: Value): Value {
  if (weight.axes.length === 0) return weighted;
  const result = blank(weighted.axes, weighted.slope && weighted.slope.length / weighted.data.length);
  for (const [k, x] of weight.data.entries()) if (x !== 0) copyEntry(weighted, k, result, k);
  return result;
}

/** What the items weigh together, without those that are left out; 1 if that is nothing, for then the mean is 0. */
function counted(weight: Value, batch: Value['axes'][number], left: ReadonlySet<number>): Value {
  let total = 0;
  for (let k = 0; k < batch.size; k++)
    if (!left.has(k)) total += weight.data[weight.axes.length === 0 ? 0 : k]!;
  return scalar(total === 0 ? 1 : total);
}

/** The value without its derivatives: a kink is no reason to doubt it. */
function plain({ data, error, doubt }: Value, shape: readonly number[]): Found {
  return { shape, data, error, doubt: doubt.map((bits) => bits & ~(DOUBT.slope | OVER_NOTHING)) };
}
