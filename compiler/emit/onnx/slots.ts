import type { AxisSet } from '../../graph/axes.js';
import type { LossScope } from './operators.js';
import type { Value } from './scope.js';

/** The number of a list of one. */
export const only = (scope: LossScope, list: Value): Value => scope.op('Squeeze', [list, scope.list([0])]);

/** 0, 1, 2, … along the slot of an axis, as many as a list of one number says. */
export function positions(scope: LossScope, slots: readonly number[], axis: number, size: Value): Value {
  const numbers = scope.op('Range', [scope.whole(0), only(scope, size), scope.whole(1)]);
  const others = slots.flatMap((slot, i) => (slot === axis ? [] : [i]));
  return others.length === 0 ? numbers : scope.op('Unsqueeze', [numbers, scope.list(others)]);
}

/** The dimensions of the slots whose axes are not among some. */
const lacking = (slots: readonly number[], axes: AxisSet): number[] =>
  slots.flatMap((slot, i) => ((axes >> slot) & 1 ? [] : [i]));

const maskOf = (axes: readonly number[]): AxisSet => axes.reduce((mask, axis) => mask | (1 << axis), 0);
const ascending = (axes: readonly number[]): number[] => axes.toSorted((a, b) => a - b);

/** The dimensions in another order: for each of the result the place where it was. */
export const transposed = (scope: LossScope, x: Value, perm: readonly number[]): Value =>
  perm.every((from, to) => from === to) ? x : scope.op('Transpose', [x], { perm });

/** A tensor whose dimensions are some axes, with a dimension for each slot. */
export function toSlots(
  scope: LossScope,
  slots: readonly number[],
  axes: readonly number[],
  x: Value,
): Value {
  const perm = ascending(axes).map((axis) => axes.indexOf(axis));
  const turned = transposed(scope, x, perm);
  const others = lacking(slots, maskOf(axes));
  return others.length === 0 ? turned : scope.op('Unsqueeze', [turned, scope.list(others)]);
}

/** The way back: a tensor with a dimension for each slot, with those of some axes alone, in their order. */
export function fromSlots(
  scope: LossScope,
  slots: readonly number[],
  axes: readonly number[],
  x: Value,
): Value {
  const others = lacking(slots, maskOf(axes));
  const own = others.length === 0 ? x : scope.op('Squeeze', [x, scope.list(others)]);
  const perm = axes.map((axis) => ascending(axes).indexOf(axis));
  return transposed(scope, own, perm);
}
