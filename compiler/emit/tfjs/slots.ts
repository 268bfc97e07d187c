import { type AxisSet, axisIndex, axisIndices } from '../../graph/axes.js';

/** The dimensions of the tensors inside a module: one for each axis of the loss, of length 1 where a tensor lacks the axis. */
export class Slots {
  constructor(
    /** Axes that have a dimension, ascending. */
    readonly axes: readonly number[],
    /** Expression of the length of an axis. */
    readonly size: (axis: number) => string,
  ) {}

  /** The dimension of an axis. */
  of(axis: AxisSet): number {
    return this.axes.indexOf(axisIndex(axis));
  }

  /** The dimensions of some axes, as a list in emitted code. */
  list(axes: AxisSet): string {
    return `[${axisIndices(axes)
      .map((index) => this.axes.indexOf(index))
      .join(', ')}]`;
  }

  /** The shape of a tensor of some axes, as a list in emitted code. */
  shape(axes: AxisSet): string {
    return `[${this.axes.map((index) => ((axes >> index) & 1 ? this.size(index) : '1')).join(', ')}]`;
  }

  /** The order of dimensions in which two have changed places; undefined if no axis of the tensor stands between them. */
  swapped(axes: AxisSet, from: number, to: number): string | undefined {
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    const between = this.axes.slice(low + 1, high).some((index) => ((axes >> index) & 1) === 1);
    if (!between) return undefined;
    return `[${this.axes.map((_, i) => (i === from ? to : i === to ? from : i)).join(', ')}]`;
  }
}
