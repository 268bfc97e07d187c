import type { CompiledLoss } from '../../compile.js';
import { evaluateLoss, type NumberArray } from '../../evaluate/bind.js';
import { axisIndices, BATCH } from '../../graph/axes.js';
import { type Node, reachable } from '../../graph/graph.js';
import { type ArrayBounds, lossBounds } from '../../interval/loss-bounds.js';
import { fillerOf, type World } from './world.js';

/** Values of items, and the derivative of each item's own value by each prediction. */
export interface Readings {
  readonly values: Float64Array;
  readonly gradients: ReadonlyMap<string, Float64Array>;
}

/** The same between bounds that hold all that rounding can have done. */
export interface Certain {
  readonly values: ArrayBounds;
  readonly gradients: ReadonlyMap<string, ArrayBounds>;
}

/** Nodes times numbers that one reading may cost. */
const WORK = 3_600_000;
/** Nodes of a loss of some size; smaller ones are not read more often. */
const USUAL = 150;
/** Items of a loss that couples them: each is a call of its own. */
const CALLS = 64;
/** Items that no question can do without. */
const FEWEST = 48;

/** A loss that is evaluated in float64 at many items in one call. */
export class Probe {
  readonly #compiled: CompiledLoss;

  constructor(
    compiled: CompiledLoss,
    readonly world: World,
    /** The same loss without guards: what is certain holds for both. */
    private readonly exact?: CompiledLoss,
  ) {
    this.#compiled = byPredictions(compiled);
  }

  get compiled(): CompiledLoss {
    return this.#compiled;
  }

  /** Numbers per item of an input. */
  width(name: string): number {
    const input = this.#compiled.inputs.find((entry) => entry.name === name)!;
    return input.axes.reduce((size, axis) => size * this.world.sizes[axis]!, 1);
  }

  /** Numbers that one item needs where it is widest: pairs of classes, in a loss that compares them. */
  cells(): number {
    const sizes = this.#nodes().map(({ axes }) =>
      axisIndices(axes & ~BATCH).reduce((size, axis) => size * (this.world.sizes[axis] ?? 1), 1),
    );
    return sizes.reduce((most, size) => Math.max(most, size), 1);
  }

  /** Of a number of items that would be good to read in one call, how many are affordable: some ten milliseconds. */
  affordable(items: number): number {
    if (this.#compiled.scalar || this.#compiled.coupled) return Math.min(items, CALLS);
    const work = this.cells() * Math.max(this.#nodes().length, USUAL);
    return Math.min(items, Math.max(Math.floor(WORK / work), FEWEST));
  }

  #nodes(): readonly Node[] {
    return reachable([this.#compiled.value, ...this.#compiled.gradients.values()]);
  }

  /** Evaluates `count` items. Inputs that are not given are filled. Items of a loss that couples them are evaluated alone. */
  at(count: number, given: ReadonlyMap<string, Float64Array>): Readings {
    if (!this.#compiled.coupled && !this.#compiled.scalar) return this.batch(count, given);
    const values = new Float64Array(count);
    const gradients = new Map<string, Float64Array>();
    for (let item = 0; item < count; item++) {
      const one = new Map<string, Float64Array>();
      for (const [name, data] of given) {
        const width = this.width(name);
        one.set(name, data.subarray(item * width, (item + 1) * width));
      }
      const reading = this.batch(1, one);
      values[item] = reading.values[0]!;
      for (const [name, part] of reading.gradients) {
        const all = gradients.get(name) ?? new Float64Array(count * part.length);
        all.set(part, item * part.length);
        gradients.set(name, all);
      }
    }
    return { values, gradients };
  }

  /** Evaluates `count` items as one batch: one value where the loss reduces it, gradients of the sum. */
  batch(count: number, given: ReadonlyMap<string, Float64Array>): Readings {
    const inputs = this.#inputs(count, given);
    const { items, gradient } = evaluateLoss(this.#compiled, inputs, this.world.parameters, 'sum');
    const gradients = new Map([...gradient].map(([name, array]) => [name, array.data] as const));
    return { values: items.data, gradients };
  }

  #inputs(count: number, given: ReadonlyMap<string, Float64Array>): ReadonlyMap<string, NumberArray> {
    const inputs = new Map<string, NumberArray>();
    for (const input of this.#compiled.inputs) {
      const data = given.get(input.name) ?? fillerOf(input, this.world.sizes, count);
      const shape = [count, ...input.axes.map((axis) => this.world.sizes[axis]!)];
      inputs.set(input.name, { shape, data: Float64Array.from(data) });
    }
    return inputs;
  }

  /** Bounds of what `at` reads, for inputs between two ends: what float64 has lost, it knows. */
  certain(count: number, given: ReadonlyMap<string, ArrayBounds>): Certain {
    if (!this.#compiled.coupled && !this.#compiled.scalar) return this.#certainBatch(count, given);
    const items = Array.from({ length: count }, (_, item) => {
      const one = new Map<string, ArrayBounds>();
      for (const [name, { lo, hi }] of given) {
        const [start, end] = [item * this.width(name), (item + 1) * this.width(name)];
        one.set(name, { lo: lo.subarray(start, end), hi: hi.subarray(start, end) });
      }
      return this.#certainBatch(1, one);
    });
    const gradients = [...this.#compiled.gradients.keys()].map((name): [string, ArrayBounds] => [
      name,
      joined(items.map((item) => item.gradients.get(name)!)),
    ]);
    return { values: joined(items.map(({ values }) => values)), gradients: new Map(gradients) };
  }

  #certainBatch(count: number, given: ReadonlyMap<string, ArrayBounds>): Certain {
    const end = (of: (bounds: ArrayBounds) => Float64Array): ReadonlyMap<string, NumberArray> =>
      this.#inputs(count, new Map([...given].map(([name, bounds]) => [name, of(bounds)])));
    const inputs = { lo: end(({ lo }) => lo), hi: end(({ hi }) => hi) };
    const guarded = lossBounds(this.#compiled, inputs, this.world.parameters);
    if (this.exact === undefined) return guarded;
    const exact = lossBounds(byPredictions(this.exact), inputs, this.world.parameters);
    const gradients = [...guarded.gradients].map(([name, bounds]): [string, ArrayBounds] => [
      name,
      hulls(bounds, exact.gradients.get(name)!),
    ]);
    return { values: hulls(guarded.values, exact.values), gradients: new Map(gradients) };
  }
}

/** The loss without derivatives by parameters, which are not asked for here. */
function byPredictions(compiled: CompiledLoss): CompiledLoss {
  const predictions = compiled.inputs.filter((input) => !input.data).map((input) => input.name);
  return {
    ...compiled,
    gradients: new Map(predictions.map((name) => [name, compiled.gradients.get(name)!] as const)),
  };
}

const hulls = (one: ArrayBounds, other: ArrayBounds): ArrayBounds => ({
  lo: one.lo.map((x, i) => Math.min(x, other.lo[i]!)),
  hi: one.hi.map((x, i) => Math.max(x, other.hi[i]!)),
});

const joined = (parts: readonly ArrayBounds[]): ArrayBounds => ({
  lo: Float64Array.from(parts.flatMap(({ lo }) => [...lo])),
  hi: Float64Array.from(parts.flatMap(({ hi }) => [...hi])),
});
