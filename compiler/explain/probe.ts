import { axisIndices, BATCH } from '../axes.js';
import { evaluateLoss, type NumberArray } from '../bind.js';
import type { CompiledLoss } from '../compile.js';
import { reachable } from '../graph.js';
import { fillerOf, type World } from './world.js';

/** Values of items, and the derivative of each item's own value by each prediction. */
export interface Readings {
  readonly values: Float64Array;
  readonly gradients: ReadonlyMap<string, Float64Array>;
}

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
    const roots = [this.#compiled.value, ...this.#compiled.gradients.values()];
    const sizes = reachable(roots).map(({ axes }) =>
      axisIndices(axes & ~BATCH).reduce((size, axis) => size * (this.world.sizes[axis] ?? 1), 1),
    );
    return Math.max(1, ...sizes);
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
