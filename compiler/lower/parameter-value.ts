import type { Range } from '../operators/range.js';
import type { ParameterValue } from './lowered.js';

/** All numbers of a value, in order. */
export function flat(value: ParameterValue): number[] {
  return typeof value === 'number' ? [value] : value.flatMap(flat);
}

/** Whether a number is one of a range. */
export function contains(r: Range, x: number): boolean {
  return x >= r.lo && x <= r.hi && (!r.integer || Number.isInteger(x)) && (!r.nonzero || x !== 0);
}

/** Why a value does not fit axes, in plain words; undefined if it does. One number fits any axes. */
export function shapeProblem(
  value: ParameterValue,
  axes: readonly { readonly name: string; readonly size: number | undefined }[],
): string | undefined {
  if (typeof value === 'number') return undefined;
  const axis = axes[0];
  if (axis === undefined) return 'a list where a number is expected';
  if (value.length === 0) return 'an empty list';
  if (axis.size !== undefined && value.length !== axis.size) {
    return `${value.length} entries along "${axis.name}", which has ${axis.size}`;
  }
  const lists = value.filter((item) => typeof item !== 'number');
  if (axes.length > 1 && lists.length !== value.length)
    return `a number where a list along "${axes[1]!.name}" is expected`;
  const lengths = new Set(lists.map((item) => (item as readonly unknown[]).length));
  if (lengths.size > 1) return 'rows of different lengths';
  for (const item of value) {
    const problem = shapeProblem(item, axes.slice(1));
    if (problem !== undefined) return problem;
  }
  return undefined;
}
