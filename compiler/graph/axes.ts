/** Axes of one loss. A set of axes is a bit mask, so that unions and tests are single instructions. */

/** A set of axes, one bit each; bit 0 is `batch`. */
export type AxisSet = number;

/** Most axes one loss may have: masks are 31-bit integers. */
export const MAX_AXES = 30;

/** The items. */
export const BATCH: AxisSet = 1;

export interface AxisInfo {
  readonly name: string;
  /** The axis whose length this one shares: itself, or the source of the `rename` that made it. */
  readonly root: number;
  /** Length where the signature fixes it (`box = 4`). */
  readonly size: number | undefined;
}

/** The axes that a loss declares or makes by `rename`, in order of first use. */
export class AxisTable {
  readonly all: AxisInfo[] = [{ name: 'batch', root: 0, size: undefined }];
  readonly #byName = new Map<string, number>([['batch', 0]]);

  /** Index of the axis with this name, or undefined. */
  find(name: string): number | undefined {
    return this.#byName.get(name);
  }

  declare(name: string, size?: number): number {
    const index = this.all.length;
    this.all.push({ name, root: index, size });
    this.#byName.set(name, index);
    return index;
  }

  /** A second axis as long as `source`. */
  copyOf(source: number, name: string): number {
    const index = this.all.length;
    const original = this.all[source]!;
    this.all.push({ name, root: original.root, size: original.size });
    this.#byName.set(name, index);
    return index;
  }

  /** Gives a length to an axis that has none yet. */
  fix(index: number, size: number): void {
    const info = this.all[index]!;
    if (info.size === undefined) this.all[index] = { ...info, size };
  }

  get(index: number): AxisInfo {
    return this.all[index]!;
  }
}

/** The mask of one axis. */
export const axisBit = (index: number): AxisSet => 1 << index;

/** The index of the only axis in a mask of one. */
export const axisIndex = (mask: AxisSet): number => 31 - Math.clz32(mask);

/** The indices in a mask, ascending. */
export function axisIndices(mask: AxisSet): number[] {
  const indices: number[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) indices.push(axisIndex(rest & -rest));
  return indices;
}

export const axisCount = (mask: AxisSet): number => axisIndices(mask).length;
