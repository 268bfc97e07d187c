import { invariant } from '../../grammar/invariant.js';
import { type AxisSet, axisIndex, axisIndices } from '../graph/axes.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { type AlongOp, along, isReduction, type ReduceOp, reduction } from '../operators/axis.js';
import { type ElementwiseOp, elementwise, isElementwise } from '../operators/elementwise.js';

/** Numbers along axes: row-major, axes in ascending order. */
export interface Values {
  readonly axes: AxisSet;
  readonly data: Float64Array;
}

/** What a graph is evaluated on. */
export interface Bindings {
  /** Length of each axis, by index; copies made by `rename` have the length of their root. */
  readonly sizes: readonly number[];
  /** Values of inputs and parameters. Must have exactly the axes of the leaf. */
  readonly leaf: (node: Node) => Values;
  /** What is kept of a node's numbers, such as their float32; all of them by default. */
  readonly kept?: (node: Node, values: Values) => Values;
}

/**
 * The reference interpreter: every operator in float64, one node at a time, with the meaning that the operator table gives it.
 * Slow and plain; emitted code is tested against it, and test blocks run on it.
 */
export function evaluate(graph: Graph, roots: readonly Node[], bindings: Bindings): Map<Node, Values> {
  const interpreter = new Interpreter(graph, bindings);
  const results = new Map<Node, Values>();
  const { kept = (_, values) => values } = bindings;
  for (const node of reachable(roots)) results.set(node, kept(node, interpreter.node(node, results)));
  return results;
}

/** One node at a time. Bounds are evaluated with two of these, one for each end. */
export class Interpreter {
  readonly #maps = new Map<string, Int32Array | undefined>();

  constructor(
    private readonly graph: Graph,
    private readonly bindings: Bindings,
  ) {}

  size(axis: number): number {
    const info = this.graph.axes.get(axis);
    return info.size ?? this.bindings.sizes[info.root] ?? this.bindings.sizes[axis] ?? 1;
  }

  count(axes: AxisSet): number {
    return axisIndices(axes).reduce((total, axis) => total * this.size(axis), 1);
  }

  node(node: Node, results: ReadonlyMap<Node, Values>): Values {
    const args = node.args.map((arg) => results.get(arg)!);
    if (node.op === 'mul' && node.args.length === 2 && node.args.some(isReciprocal))
      return this.#quotient(node, results);
    if (isElementwise(node.op)) return this.#elementwise(node.op, node, args);
    switch (node.op) {
      case 'const':
        return { axes: 0, data: Float64Array.of(node.value) };
      case 'literal':
        return { axes: node.axes, data: Float64Array.from(node.data!) };
      case 'input':
      case 'parameter': {
        const value = this.bindings.leaf(node);
        invariant(
          value.axes === node.axes && value.data.length === this.count(node.axes),
          `shape of ${node.leaf?.name}`,
        );
        return value;
      }
      case 'size':
        return { axes: 0, data: Float64Array.of(this.size(axisIndex(node.axis))) };
      case 'index': {
        const length = this.size(axisIndex(node.axis));
        return { axes: node.axes, data: Float64Array.from({ length }, (_, i) => i) };
      }
      case 'rename':
        return this.#rename(node, args[0]!);
      case 'at':
        return this.#at(node, args[0]!, args[1]!);
      default:
        return isReduction(node.op)
          ? this.#reduce(node.op, node, args[0]!)
          : this.#along(node.op, node, args[0]!);
    }
  }

  /** x / y as one division: 3 times 1/3 is not always 1, and 3 / 3 is. */
  #quotient({ axes, args }: Node, results: ReadonlyMap<Node, Values>): Values {
    const [below, above] = isReciprocal(args[0]!) ? args : args.toReversed();
    const parts = [results.get(above!)!, results.get(below!.args[0]!)!];
    return this.#entries(axes, parts, ([x, y]) => x! / y!);
  }

  #elementwise(op: ElementwiseOp, node: Node, args: readonly Values[]): Values {
    const { evaluate } = elementwise(op);
    return this.#entries(node.axes, args, (point) => evaluate(point, node.value));
  }

  #entries(axes: AxisSet, args: readonly Values[], f: (point: readonly number[]) => number): Values {
    const length = this.count(axes);
    const data = new Float64Array(length);
    const maps = args.map((arg) => this.map(arg.axes, axes));
    const point = args.map(() => 0);
    for (let k = 0; k < length; k++) {
      for (let i = 0; i < args.length; i++) {
        const map = maps[i];
        point[i] = args[i]!.data[map === undefined ? k : map[k]!]!;
      }
      data[k] = f(point);
    }
    return { axes, data };
  }

  /** For each position of a value with axes `to`, the position of the value with fewer axes `from`; undefined when equal. */
  map(
    from: AxisSet,
    to: AxisSet,
    swap: readonly [number, number] | undefined = undefined,
  ): Int32Array | undefined {
    if (from === to && swap === undefined) return undefined;
    const key = `${from} ${to} ${swap}`;
    const known = this.#maps.get(key);
    if (known !== undefined) return known;
    const strides = new Map<number, number>();
    let stride = 1;
    for (const axis of axisIndices(from).reverse()) {
      strides.set(swap !== undefined && axis === swap[0] ? swap[1] : axis, stride);
      stride *= this.size(axis);
    }
    const axes = axisIndices(to);
    const map = new Int32Array(this.count(to));
    const position = axes.map(() => 0);
    let offset = 0;
    for (let k = 0; k < map.length; k++) {
      map[k] = offset;
      for (let i = axes.length - 1; i >= 0; i--) {
        const step = strides.get(axes[i]!) ?? 0;
        position[i] = position[i]! + 1;
        offset += step;
        if (position[i]! < this.size(axes[i]!)) break;
        offset -= step * position[i]!;
        position[i] = 0;
      }
    }
    this.#maps.set(key, map);
    return map;
  }

  #rename(node: Node, value: Values): Values {
    const map = this.map(value.axes, node.axes, [axisIndex(node.axis), axisIndex(node.to)])!;
    return { axes: node.axes, data: Float64Array.from(map, (at) => value.data[at]!) };
  }

  #at(node: Node, value: Values, position: Values): Values {
    const axis = axisIndex(node.axis);
    const length = this.size(axis);
    let stride = 1;
    for (const other of axisIndices(value.axes)) if (other > axis) stride *= this.size(other);
    // Where entry 0 along the axis lies, for each entry of the result; then step along the axis.
    const rest = value.axes & ~node.axis;
    const start = this.#starts(value.axes, rest, node.axes);
    const where = this.map(position.axes, node.axes);
    const data = new Float64Array(this.count(node.axes));
    for (let k = 0; k < data.length; k++) {
      const i = position.data[where === undefined ? k : where[k]!]!;
      data[k] = i >= 0 && i < length ? value.data[start[k]! + i * stride]! : 0;
    }
    return { axes: node.axes, data };
  }

  #starts(full: AxisSet, rest: AxisSet, to: AxisSet): Int32Array {
    const strides = new Map<number, number>();
    let stride = 1;
    for (const axis of axisIndices(full).reverse()) {
      strides.set(axis, stride);
      stride *= this.size(axis);
    }
    const axes = axisIndices(to);
    const starts = new Int32Array(this.count(to));
    for (let k = 0; k < starts.length; k++) {
      let left = k;
      let offset = 0;
      for (let i = axes.length - 1; i >= 0; i--) {
        const axis = axes[i]!;
        const length = this.size(axis);
        if ((rest & (1 << axis)) !== 0) offset += (left % length) * strides.get(axis)!;
        left = Math.floor(left / length);
      }
      starts[k] = offset;
    }
    return starts;
  }

  /** Positions of the reduced value for each entry of the full one. */
  groups(node: Node, value: Values): Int32Array {
    const rest = value.axes & ~node.axis;
    return this.map(rest, value.axes) ?? Int32Array.from(value.data, (_, k) => k);
  }

  /** The entries of each group, in order. */
  #grouped(node: Node, value: Values, into: Int32Array): readonly Float64Array[] {
    const groups = this.count(value.axes & ~node.axis);
    const length = groups === 0 ? 0 : value.data.length / groups;
    const entries = Array.from({ length: groups }, () => new Float64Array(length));
    const filled = new Int32Array(groups);
    for (const [k, group] of into.entries()) entries[group]![filled[group]!++] = value.data[k]!;
    return entries;
  }

  #reduce(op: ReduceOp, node: Node, value: Values): Values {
    const { evaluate: of } = reduction(op);
    const data = Float64Array.from(this.#grouped(node, value, this.groups(node, value)), of);
    return { axes: node.axes, data };
  }

  #along(op: AlongOp, node: Node, value: Values): Values {
    const into = this.groups(node, value);
    const results = this.#grouped(node, value, into).map(along(op).evaluate);
    const taken = new Int32Array(results.length);
    return { axes: node.axes, data: value.data.map((_, k) => results[into[k]!]![taken[into[k]!]!++]!) };
  }
}

const isReciprocal = ({ op, args }: Node): boolean =>
  op === 'pow' && args[1]!.op === 'const' && args[1]!.value === -1;
