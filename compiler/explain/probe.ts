import type { CompiledLoss } from '../compile.js';
import { evaluateLoss, type NumberArray } from '../evaluate/bind.js';
import { axisIndices, BATCH } from '../graph/axes.js';
import { type Node, reachable } from '../graph/graph.js';
import { fillerOf, type World } from './world.js';

/** Values of items, and the derivative of each item's own value by each prediction. */
export interface Readings {
  readonly values: Float64Array;
  readonly gradients: ReadonlyMap<string, Float64Array>;
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
  ) {
    const predictions = compiled.inputs.filter((input) => !input.data).map((input) => input.name);
    const gradients = predictions.map((name) => [name, compiled.gradients.get(name)!] as const);
    // Derivatives by parameters are not asked for here.
    this.#compiled = { ...compiled, gradients: new Map(gradients) };
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
    const inputs = new Map<string, NumberArray>();
    for (const input of this.#compiled.inputs) {
      const data = given.get(input.name) ?? fillerOf(input, this.world.sizes, count);
      const shape = [count, ...input.axes.map((axis) => this.world.sizes[axis]!)];
      inputs.set(input.name, { shape, data: Float64Array.from(data) });
    }
    const { items, gradient } = evaluateLoss(this.#compiled, inputs, this.world.parameters, 'sum');
    const gradients = new Map([...gradient].map(([name, array]) => [name, array.data] as const));
    return { values: items.data, gradients };
  }
}
