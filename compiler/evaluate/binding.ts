import { axisIndices } from '../graph/axes.js';
import type { Graph, Node } from '../graph/graph.js';
import { axesOfLabels, IGNORED_LABEL } from '../lower/labels.js';
import type { LoweredInput, LoweredParameter, ParameterValue } from '../lower/lowered.js';
import { flat, shapeProblem } from '../lower/parameter-value.js';
import type { Values } from './evaluate.js';
import {
  classesOf,
  type Given,
  ignoredWithinItem,
  labelProblem,
  rowsOfLabels,
  shapeOfLabels,
} from './labels.js';

/** Numbers with a shape, row-major: what a tensor is, without a backend. */
export interface NumberArray {
  /** Lengths of its axes, outermost first; empty for one number. */
  readonly shape: readonly number[];
  /** The numbers, row by row: as many as the product of the shape. */
  readonly data: Float64Array;
}

/** Values that do not fit the loss: an input of the wrong shape, a parameter outside its domain. */
export class BindError extends Error {
  /** `subject` is the input or parameter whose value does not fit; `reason` says why, without the name of the loss. */
  constructor(
    readonly reason: string,
    readonly subject: string | undefined,
    loss?: string,
  ) {
    super(loss === undefined ? reason : `${loss}: ${reason}`);
  }
}

/** What binding needs to know of a loss. */
export interface Signature {
  readonly name: string;
  readonly inputs: readonly LoweredInput[];
  readonly parameters: readonly LoweredParameter[];
  readonly graph: Graph;
  /** Whether an ignored label of an input leaves its item out. */
  readonly ignores: (input: LoweredInput) => boolean;
}

const shapeText = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

/** Values for the inputs and parameters of a loss, checked against its signature. Throws `BindError` when they do not fit. */
export class Binding {
  readonly sizes: number[] = [];
  items: readonly number[] = [];
  count = 1;
  /** For each item 1, or 0 where an ignored label leaves it out. */
  readonly counts: Float64Array;
  readonly #arrays = new Map<string, NumberArray>();
  readonly #parameters = new Map<string, ParameterValue>();

  constructor(
    private readonly loss: Signature,
    given: ReadonlyMap<string, NumberArray>,
    parameters: ReadonlyMap<string, ParameterValue>,
    /** Whether parameters have to be in their domains. */
    private readonly strict = true,
  ) {
    for (const name of given.keys()) this.#known(name, loss.inputs);
    for (const name of parameters.keys()) this.#known(name, loss.parameters);
    for (const parameter of loss.parameters) this.#readParameter(parameter, parameters.get(parameter.name));
    this.#readItems(given);
    for (const input of loss.inputs) this.#readInput(input, given.get(input.name)!);
    this.counts = new Float64Array(this.count).fill(1);
    for (const input of loss.inputs) this.#expandLabels(input);
  }

  #fail(reason: string, subject: string): never {
    throw new BindError(reason, subject, this.loss.name);
  }

  #known(name: string, list: readonly { readonly name: string }[]): void {
    if (list.some((entry) => entry.name === name)) return;
    const what = list === this.loss.inputs ? 'input' : 'parameter';
    const names = list.map((entry) => `"${entry.name}"`).join(', ');
    this.#fail(`there is no ${what} "${name}"${names === '' ? '' : `; it has ${names}`}`, name);
  }

  #readParameter(parameter: LoweredParameter, given: ParameterValue | undefined): void {
    const value = given ?? parameter.default;
    const { name } = parameter;
    if (value === undefined) this.#fail(`the parameter "${name}" has no default and must be given`, name);
    const infos = parameter.axes.map((axis) => this.loss.graph.axes.get(axis));
    const problem = shapeProblem(value, infos);
    if (problem !== undefined) this.#fail(`the parameter "${name}" does not fit: ${problem}`, name);
    const { lo, hi, integer, nonzero } = parameter.range;
    for (const x of flat(value)) {
      const inside =
        Number.isFinite(x) &&
        x >= lo &&
        x <= hi &&
        (!integer || Number.isInteger(x)) &&
        (!nonzero || x !== 0);
      if (this.strict && !inside)
        this.#fail(`the parameter "${name}" is ${parameter.domain}, and ${x} is not`, name);
    }
    this.#parameters.set(parameter.name, value);
    let level: ParameterValue = value;
    for (const axis of parameter.axes) {
      if (typeof level === 'number') break;
      this.#learn(axis, level.length, parameter.name);
      level = level[0]!;
    }
  }

  #learn(axis: number, size: number, name: string): void {
    const info = this.loss.graph.axes.get(axis);
    const known = info.size ?? this.sizes[axis];
    if (known !== undefined && known !== size) {
      this.#fail(`"${name}" has ${size} entries along "${info.name}", which has ${known}`, name);
    }
    this.sizes[axis] = size;
  }

  /** The dimensions of the items when the input has this many axes of its own. */
  #itemShape(input: LoweredInput, shape: readonly number[], axes: number): readonly number[] | undefined {
    if (input.items === 'any') return shape;
    if (input.items === 'rest') return shape.length >= axes ? shape.slice(0, shape.length - axes) : undefined;
    const fits = input.many === undefined ? shape.length === axes + 1 : shape.length > axes;
    return fits ? shape.slice(0, 1) : undefined;
  }

  /** Of inputs that are given by labels, the shape of the labels. */
  readonly #labels = new Map<string, readonly number[]>();

  /** The inputs that were given by labels instead of rows. */
  get labelled(): ReadonlySet<string> {
    return new Set(this.#labels.keys());
  }

  #readItems(given: ReadonlyMap<string, NumberArray>): void {
    const shapes = this.loss.inputs.map((input): Given => {
      const array = given.get(input.name);
      if (array === undefined) this.#fail(`the input "${input.name}" is missing`, input.name);
      return { input, shape: array.shape };
    });
    const all = shapes.map((one) => {
      const { input, shape } = one;
      const classes = input.labelAxis && classesOf(input, this.loss.graph.axes, this.sizes, shapes);
      const labels = shapeOfLabels(one, classes, shapes);
      if (labels === undefined) return this.#itemShape(input, shape, input.axes.length);
      this.#labels.set(input.name, labels);
      return this.#itemShape(input, labels, input.axes.length - 1);
    });
    for (const [i, shape] of all.entries()) if (shape === undefined) this.#failOwnAxes(shapes[i]!);
    const known = all.filter((shape) => shape !== undefined);
    const shortest = known.reduce((a, b) => (b.length < a.length ? b : a), known[0] ?? []);
    const fits = (shape: readonly number[]): boolean =>
      shape.join() === shortest.join() || shape.join() === [...shortest, 1].join();
    const wrong = known.findIndex((shape) => !fits(shape));
    if (wrong >= 0) {
      const [first, second] = [known.indexOf(shortest), wrong].sort((a, b) => a - b);
      const [one, other] = [shapes[first!]!, shapes[second!]!];
      const both = `"${other.input.name}" has shape ${shapeText(other.shape)} and "${one.input.name}" ${shapeText(one.shape)}`;
      const items = `their items are ${shapeText(known[second!]!)} and ${shapeText(known[first!]!)}`;
      this.#fail(`${both}: ${items}, and have to be the same`, other.input.name);
    }
    this.items = shortest;
    this.count = shortest.reduce((a, b) => a * b, 1);
    this.sizes[0] = this.count;
  }

  #failOwnAxes({ input, shape }: Given): never {
    const axes = input.axes.map((axis) => {
      const { name } = this.loss.graph.axes.get(axis);
      return axis === input.many ? `${name}...` : name;
    });
    const wanted = [input.items === 'rest' ? '...' : 'batch', ...axes].join(', ');
    this.#fail(`"${input.name}" has shape ${shapeText(shape)}, but takes [${wanted}]`, input.name);
  }

  #readInput(input: LoweredInput, array: NumberArray): void {
    const labels = this.#labels.get(input.name);
    const axes = labels === undefined ? input.axes : axesOfLabels(input);
    const shape = labels ?? array.shape;
    const start =
      input.items === 'any' ? shape.length : input.items === 'exact' ? 1 : shape.length - axes.length;
    let rest = shape.slice(start);
    const extra = rest.length - axes.length;
    if (input.many !== undefined && extra > 0) {
      const at = axes.indexOf(input.many);
      const merged = rest.slice(at, at + extra + 1).reduce((a, b) => a * b, 1);
      rest = [...rest.slice(0, at), merged, ...rest.slice(at + extra + 1)];
    }
    for (const [k, axis] of axes.entries()) this.#learn(axis, rest[k]!, input.name);
    this.#arrays.set(input.name, { shape: [this.count, ...rest], data: array.data });
  }

  /** Labels are checked, and those that stand for rows made rows; an item that is left out counts 0 from here on. */
  #expandLabels(input: LoweredInput): void {
    const axis = this.#labels.has(input.name) ? input.labelAxis : input.indexAxis;
    if (axis === undefined) return;
    const { shape, data } = this.#arrays.get(input.name)!;
    const classes = this.#size(axis);
    const ignores = this.loss.ignores(input);
    const { axes } = this.loss.graph;
    const { name } = axes.get(axes.get(axis).root);
    for (const [i, label] of data.entries()) {
      if (label !== IGNORED_LABEL) {
        const problem = labelProblem(input.name, label, i, name, classes, ignores);
        if (problem !== undefined) this.#fail(problem, input.name);
      } else if (ignores) this.counts[i] = 0;
      else this.#unused ??= { input: input.name, entry: i };
    }
    if (input.labelAxis === undefined) return;
    const place = 1 + input.axes.indexOf(axis);
    this.#arrays.set(input.name, rowsOfLabels(data, shape, place, classes, ignores));
  }

  /** The first ignored label where no item can be left out. */
  #unused: { readonly input: string; readonly entry: number } | undefined;

  /** Fails where numbers that were worked out hold NaN, and an ignored label that no condition leaves out is why. */
  checkUsed(results: Iterable<Values>): void {
    if (this.#unused === undefined) return;
    for (const { data } of results) {
      if (data.some(Number.isNaN))
        this.#fail(ignoredWithinItem(this.#unused.input, this.#unused.entry), this.#unused.input);
    }
  }

  #size(axis: number): number {
    const info = this.loss.graph.axes.get(axis);
    return info.size ?? this.sizes[axis] ?? this.sizes[info.root] ?? 1;
  }

  /** `seeds` is how much each item counts. */
  leaf(node: Node, seeds: Float64Array): Values {
    const { kind, position, name } = node.leaf!;
    if (kind === 'seed') return { axes: node.axes, data: seeds };
    if (node.op === 'parameter') return this.#parameterValues(node, this.#parameters.get(name)!);
    const input = this.loss.inputs[position]!;
    return { axes: node.axes, data: this.#ascending(this.#arrays.get(input.name)!.data, [0, ...input.axes]) };
  }

  #parameterValues(node: Node, value: ParameterValue): Values {
    const parameter = this.loss.parameters[node.leaf!.position]!;
    const count = parameter.axes.reduce((total, axis) => total * this.#size(axis), 1);
    if (typeof value === 'number') return { axes: node.axes, data: new Float64Array(count).fill(value) };
    return { axes: node.axes, data: this.#ascending(Float64Array.from(flat(value)), parameter.axes) };
  }

  /** Row-major data over `axes`, reordered so that the axes ascend. */
  #ascending(data: Float64Array, axes: readonly number[]): Float64Array {
    const sorted = [...axes].sort((a, b) => a - b);
    return this.#reordered(data, axes, sorted);
  }

  #reordered(data: Float64Array, from: readonly number[], to: readonly number[]): Float64Array {
    if (from.every((axis, i) => axis === to[i])) return data;
    const strides = new Map<number, number>();
    let stride = 1;
    for (const axis of [...from].reverse()) {
      strides.set(axis, stride);
      stride *= this.#size(axis);
    }
    return data.map((_, k) => {
      let left = k;
      let offset = 0;
      for (const axis of [...to].reverse()) {
        const size = this.#size(axis);
        offset += (left % size) * strides.get(axis)!;
        left = Math.floor(left / size);
      }
      return data[offset]!;
    });
  }

  /** A derivative in the shape of its input or parameter. */
  shaped(name: string, values: Values): NumberArray {
    const input = this.loss.inputs.find((entry) => entry.name === name);
    const parameter = this.loss.parameters.find((entry) => entry.name === name);
    const declared = input === undefined ? parameter!.axes : [0, ...input.axes];
    const sorted = [...declared].sort((a, b) => a - b);
    const present = axisIndices(values.axes);
    const full = sorted.reduce((total, axis) => total * this.#size(axis), 1);
    const spread = new Float64Array(full);
    for (let k = 0; k < full; k++) {
      let left = k;
      let offset = 0;
      let stride = 1;
      for (const axis of [...sorted].reverse()) {
        const size = this.#size(axis);
        if (present.includes(axis)) {
          offset += (left % size) * stride;
          stride *= size;
        }
        left = Math.floor(left / size);
      }
      spread[k] = values.data[offset]!;
    }
    const data = this.#reordered(spread, sorted, declared);
    if (input !== undefined) {
      return { shape: [...this.items, ...input.axes.map((axis) => this.#size(axis))], data };
    }
    const given = this.#parameters.get(name)!;
    if (typeof given === 'number')
      return { shape: [], data: Float64Array.of(data.reduce((a, b) => a + b, 0)) };
    return { shape: declared.map((axis) => this.#size(axis)), data };
  }
}
