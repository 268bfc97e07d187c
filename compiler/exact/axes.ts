/** Axes by identity, and where entries lie along them. */

/** An axis is itself, not its name: what a callee makes by `rename` may be called like one of the caller's. */
export interface Axis {
  readonly name: string;
  readonly size: number;
  /** Rank in row-major order. */
  readonly id: number;
}

/** Numbers with a shape, row by row: what a tensor is, without a backend. */
export interface Numbers<N> {
  readonly shape: readonly number[];
  readonly data: ArrayLike<N>;
}

export const product = (sizes: readonly number[]): number => sizes.reduce((total, size) => total * size, 1);
export const countOf = (axes: readonly Axis[]): number => product(axes.map(({ size }) => size));
export const byRank = (axes: readonly Axis[]): readonly Axis[] => [...axes].sort((a, b) => a.id - b.id);
export const union = (...lists: readonly (readonly Axis[])[]): readonly Axis[] =>
  byRank([...new Set(lists.flat())]);

/**
 * For each entry along `to`, the place of the entry along `from`, whose axes are among them. `place` says which axis of `to` an
 * axis of `from` runs along, if not itself.
 */
export function places(
  from: readonly Axis[],
  to: readonly Axis[],
  place: (axis: Axis) => Axis = (axis) => axis,
): Int32Array {
  const steps = to.map(() => 0);
  let step = 1;
  for (const axis of from.toReversed()) {
    const at = to.indexOf(place(axis));
    steps[at] = steps[at]! + step;
    step *= axis.size;
  }
  const result = new Int32Array(countOf(to));
  let block = 1;
  for (let i = to.length - 1; i >= 0; i--) {
    const { size } = to[i]!;
    for (let k = block; k < block * size; k++) result[k] = result[k - block]! + steps[i]!;
    // What is filled so far repeats along the axes in front.
    block *= size;
  }
  return result;
}
