import { pow } from '../elementary/power.js';
import { type AxisSet, axisCount, axisIndices } from '../graph/axes.js';
import type { Fingerprint } from './fingerprint.js';

/** Fingerprints for each position along some axes, the last axis fastest. */
export interface PrintTensor {
  readonly axes: AxisSet;
  readonly data: readonly Fingerprint[];
}

export const scalarTensor = (print: Fingerprint): PrintTensor => ({ axes: 0, data: [print] });

/** Tensors whose axes all have the same small number of positions. */
export class Positions {
  /** For axes of a result and of an argument: which entry of the argument each entry of the result reads. */
  readonly #maps = new Map<string, readonly number[]>();

  constructor(readonly count: number) {}

  entries(axes: AxisSet): number {
    return pow(this.count, axisCount(axes));
  }

  /** One entry for each combination of positions, given by axis index. */
  make(axes: AxisSet, entry: (at: readonly number[]) => Fingerprint): PrintTensor {
    const indices = axisIndices(axes);
    const at: number[] = [];
    const data = Array.from({ length: this.entries(axes) }, (_, k) => {
      this.#place(k, indices, at);
      return entry(at);
    });
    return { axes, data };
  }

  /** Position along each axis of entry `k`. */
  #place(k: number, indices: readonly number[], at: number[]): void {
    let rest = k;
    for (let i = indices.length - 1; i >= 0; i--) {
      at[indices[i]!] = rest % this.count;
      rest = Math.floor(rest / this.count);
    }
  }

  /** A function of the entries of some tensors, each repeated along the axes that it lacks. */
  map(tensors: readonly PrintTensor[], f: (prints: readonly Fingerprint[]) => Fingerprint): PrintTensor {
    const axes = tensors.reduce((all, tensor) => all | tensor.axes, 0);
    if (axes === 0) return scalarTensor(f(tensors.map(({ data }) => data[0]!)));
    const maps = tensors.map((tensor) => (tensor.axes === axes ? undefined : this.#map(axes, tensor.axes)));
    const data: Fingerprint[] = [];
    for (let k = 0, length = this.entries(axes); k < length; k++)
      data.push(f(tensors.map((tensor, i) => tensor.data[maps[i]?.[k] ?? k]!)));
    return { axes, data };
  }

  #map(axes: AxisSet, argument: AxisSet): readonly number[] {
    const key = `${axes} ${argument}`;
    let found = this.#maps.get(key);
    if (found === undefined) {
      const [outer, inner] = [axisIndices(axes), axisIndices(argument)];
      const at: number[] = [];
      found = Array.from({ length: this.entries(axes) }, (_, k) => {
        this.#place(k, outer, at);
        return inner.reduce((offset, axis) => offset * this.count + at[axis]!, 0);
      });
      this.#maps.set(key, found);
    }
    return found;
  }

  /** The entries along some axes brought together, for each position along the others. */
  gather(
    tensor: PrintTensor,
    over: AxisSet,
    f: (prints: readonly Fingerprint[], at: readonly (readonly number[])[]) => Fingerprint,
  ): PrintTensor {
    const kept = tensor.axes & ~over;
    const inner = axisIndices(over);
    const places = Array.from({ length: this.entries(over) }, (_, k) => {
      const at: number[] = [];
      this.#place(k, inner, at);
      return at;
    });
    const order = axisIndices(tensor.axes);
    return this.make(kept, (at) => {
      const prints = places.map((place) => {
        const offset = order.reduce((sum, axis) => sum * this.count + (place[axis] ?? at[axis]!), 0);
        return tensor.data[offset]!;
      });
      return f(prints, places);
    });
  }

  /** The same entries with one axis called another. */
  rename(tensor: PrintTensor, from: number, to: number): PrintTensor {
    const order = axisIndices(tensor.axes);
    if (!order.includes(from)) return tensor;
    const axes = (tensor.axes & ~(1 << from)) | (1 << to);
    return this.make(axes, (at) => {
      const offset = order.reduce((sum, axis) => sum * this.count + at[axis === from ? to : axis]!, 0);
      return tensor.data[offset]!;
    });
  }
}
