import { type AxisSet, axisCount, axisIndex, axisIndices } from '../graph/axes.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { factorsOf } from '../graph/node-range.js';
import type { AxisOp } from '../operators/axis.js';
import { type ElementwiseOp, isElementwise } from '../operators/elementwise.js';
import { isLeaf } from '../operators/order.js';
import { ELEMENTWISE_PRINTS, exponential, HALF, logarithm, termsOf } from './elementwise.js';
import {
  addPrints,
  constantPrint,
  type Fingerprint,
  mixPrints,
  multiplyPrints,
  negatePrint,
  ONE,
  oddPrint,
  powerPrint,
  subtractPrints,
  wholePrint,
  ZERO,
} from './fingerprint.js';
import { Positions, type PrintTensor, scalarTensor } from './tensor.js';

/**
 * How many positions an axis has here, by the most axes of one value. Sums over them are weighted with arbitrary numbers, so with three
 * positions two expressions that differ collide only where a 4 by 4 Gram determinant of such sums is a part of one.
 */
const POSITIONS: readonly { readonly most: number; readonly count: number }[] = [
  { most: 6, count: 3 },
  { most: 10, count: 2 },
  { most: Number.POSITIVE_INFINITY, count: 1 },
];

/** Axes that something is done along: others need one position only. */
function activeAxes(graph: Graph, order: readonly Node[]): AxisSet {
  const roots = new Set<number>();
  for (const { op, axis, to } of order) {
    if (op === 'size' || op === 'index') continue;
    for (const index of axisIndices(axis | to)) roots.add(graph.axes.get(index).root);
  }
  return graph.axes.all.reduce((mask, { root }, index) => (roots.has(root) ? mask | (1 << index) : mask), 0);
}

/**
 * The value of an expression in a small world: numbers modulo primes, axes of a few positions, inputs that are arbitrary but
 * fixed. Sums over an axis are weighted sums whose weights add up to the size of the axis, so whatever follows from linearity holds; axes
 * that a `rename` made have the positions and weights of the axis they copy.
 */
export class Printer {
  protected readonly positions: Positions;
  readonly #active: AxisSet;
  readonly #prints = new Map<Node, PrintTensor>();
  /** exp of a node, where it is used; for log-sum-exp and log-softmax what is inside the logarithm. */
  readonly #exponentials = new Map<Node, PrintTensor>();
  readonly #weights = new Map<number, readonly Fingerprint[]>();

  constructor(
    protected readonly graph: Graph,
    protected readonly root: Node,
    /** Whether `<` and `<=` of values that vary smoothly are one: they differ on a set of measure zero. */
    private readonly almostEverywhere = false,
  ) {
    const order = reachable([root]);
    this.#active = activeAxes(graph, order);
    const widest = order.reduce((most, { axes }) => Math.max(most, axisCount(axes & this.#active)), 0);
    this.positions = new Positions(POSITIONS.find(({ most }) => widest <= most)!.count);
    for (const node of order) this.#prints.set(node, this.#make(node));
  }

  result(): Fingerprint {
    return this.entry(this.print(this.root));
  }

  /** One entry: the n-th copy of an axis is at the n-th position. */
  protected entry(tensor: PrintTensor): Fingerprint {
    const copies = new Map<number, number>();
    const offset = axisIndices(tensor.axes).reduce((sum, index) => {
      const { root } = this.graph.axes.get(index);
      const copy = copies.get(root) ?? 0;
      copies.set(root, copy + 1);
      return sum * this.positions.count + (copy % this.positions.count);
    }, 0);
    return tensor.data[offset]!;
  }

  print(node: Node): PrintTensor {
    return this.#prints.get(node)!;
  }

  #root(mask: AxisSet): number {
    return this.graph.axes.get(axisIndex(mask)).root;
  }

  #make(node: Node): PrintTensor {
    const { op } = node;
    const [x] = node.args;
    if (op === 'const') return scalarTensor(constantPrint(node));
    if (op === 'size') return scalarTensor(this.#sizePrint(this.#root(node.axis)));
    if (isLeaf(op)) return this.#leaf(node);
    if (op === 'exp') return this.#exponential(x!);
    return isElementwise(op) ? this.#elementwise(op, node) : this.#along(op, node, x!);
  }

  #along(op: AxisOp, node: Node, x: Node): PrintTensor {
    const { positions } = this;
    switch (op) {
      case 'sum':
        return this.sum(this.print(x), node.axis);
      case 'prod':
        return this.#product(this.print(x), node.axis);
      case 'reduceMax':
        return this.#largest(this.print(x), node.axis);
      case 'reduceMin': {
        const negative = positions.map([this.print(x)], ([y]) => negatePrint(y!));
        return positions.map([this.#largest(negative, node.axis)], ([y]) => negatePrint(y!));
      }
      case 'logsumexp':
        return positions.map([this.#partition(node)], ([total]) => logarithm(total!));
      case 'logSoftmax':
        return positions.map([this.print(x), this.#partition(node)], ([y, total]) =>
          subtractPrints(y!, logarithm(total!)),
        );
      case 'softmax':
        return this.#quotient(this.#exponential(x), this.#partition(node));
      case 'at':
        return this.#entryAt(this.print(x), this.print(node.args[1]!), axisIndex(node.axis));
      case 'rename':
        return positions.rename(this.print(x), axisIndex(node.axis), axisIndex(node.to));
    }
  }

  #elementwise(op: ElementwiseOp, node: Node): PrintTensor {
    const args = node.op === 'max' || node.op === 'min' ? flattened(node) : node.args;
    const prints = args.map((arg) => this.print(arg));
    if (this.almostEverywhere && (node.op === 'lt' || node.op === 'le')) {
      const whole = node.args.every((arg) => arg.range.integer);
      if (!whole)
        return this.positions.map(prints, ([x, y]) =>
          addPrints(HALF, oddPrint('lt', subtractPrints(y!, x!))),
        );
    }
    const make = ELEMENTWISE_PRINTS[op];
    return this.positions.map(prints, (entries) => make(entries, node));
  }

  #sizePrint(root: number): Fingerprint {
    const { size } = this.graph.axes.get(root);
    return size === undefined ? mixPrints(`size ${root}`, []) : wholePrint(size);
  }

  /** Weights of the positions of an axis, which add up to its size. */
  #weightsOf(root: number): readonly Fingerprint[] {
    let found = this.#weights.get(root);
    if (found === undefined) {
      const free = Array.from({ length: this.positions.count - 1 }, (_, k) =>
        mixPrints(`weight ${root} ${k}`, []),
      );
      found = [...free, free.reduce(subtractPrints, this.#sizePrint(root))];
      this.#weights.set(root, found);
    }
    return found;
  }

  #weight(axes: readonly number[], at: readonly number[]): Fingerprint {
    return axes
      .map((axis) => this.#weightsOf(this.graph.axes.get(axis).root)[at[axis]!]!)
      .reduce(multiplyPrints, ONE);
  }

  /** Along an axis that the tensor lacks, it counts as often as the axis is long. */
  sum(tensor: PrintTensor, over: AxisSet): PrintTensor {
    const present = axisIndices(over & tensor.axes);
    const missing = axisIndices(over & ~tensor.axes)
      .map((axis) => this.#sizePrint(this.graph.axes.get(axis).root))
      .reduce(multiplyPrints, ONE);
    return this.positions.gather(tensor, over & tensor.axes, (prints, places) => {
      const parts = prints.map((print, k) => multiplyPrints(this.#weight(present, places[k]!), print));
      return multiplyPrints(missing, parts.reduce(addPrints));
    });
  }

  /** Something that does not see in which order the axes come. */
  #largest(tensor: PrintTensor, over: AxisSet): PrintTensor {
    const marked = this.positions.map([tensor], (x) => mixPrints('entry', x));
    return this.positions.map([this.sum(marked, over)], (x) => mixPrints(`max ${this.#roots(over)}`, x));
  }

  #product(tensor: PrintTensor, over: AxisSet): PrintTensor {
    const powers = this.positions.gather(tensor, over, (prints, places) =>
      prints
        .map((print, k) =>
          powerPrint(
            print,
            places[k]!.reduce((power, at) => power * (2 * at + 3), 1),
          ),
        )
        .reduce(multiplyPrints),
    );
    return this.positions.map([powers], (x) => mixPrints(`prod ${this.#roots(over)}`, x));
  }

  #roots(axes: AxisSet): string {
    return axisIndices(axes)
      .map((index) => this.graph.axes.get(index).root)
      .sort((a, b) => a - b)
      .join();
  }

  /** The sum of exponentials, which is inside the logarithm of log-sum-exp. */
  #partition(node: Node): PrintTensor {
    const exponential = this.#exponential(node.args[0]!);
    const total = this.sum(exponential, node.axis);
    if (node.op === 'logsumexp') this.#exponentials.set(node, total);
    if (node.op === 'logSoftmax') this.#exponentials.set(node, this.#quotient(exponential, total));
    return total;
  }

  #quotient(x: PrintTensor, y: PrintTensor): PrintTensor {
    return this.positions.map([x, y], ([a, b]) => multiplyPrints(a!, powerPrint(b!, -1)));
  }

  /** exp of a sum is a product, exp(2 * x) the square of exp(x), and exp of a logarithm what is inside. */
  #exponential(x: Node): PrintTensor {
    const known = this.#exponentials.get(x);
    if (known !== undefined) return known;
    const parts = termsOf(x).map((term) => {
      const [number, ...rest] = factorsOf(term);
      if (number!.op !== 'const' || !Number.isInteger(number!.value) || number!.value === 0)
        return this.#exponentialOf(term);
      const one =
        rest.length === 1
          ? this.#exponentialOf(rest[0]!)
          : this.positions.map(
              rest.map((factor) => this.print(factor)),
              (prints) => exponential(prints.reduce(multiplyPrints, ONE)),
            );
      return this.positions.map([one], ([y]) => powerPrint(y!, number!.value));
    });
    const product =
      parts.length === 1 ? parts[0]! : this.positions.map(parts, (prints) => prints.reduce(multiplyPrints));
    this.#exponentials.set(x, product);
    return product;
  }

  #exponentialOf(term: Node): PrintTensor {
    const known = this.#exponentials.get(term);
    if (known !== undefined) return known;
    if (term.op === 'log') return this.print(term.args[0]!);
    return this.positions.map([this.print(term)], ([x]) => exponential(x!));
  }

  /** Linear in the value, as a look-up is. */
  #entryAt(value: PrintTensor, position: PrintTensor, axis: number): PrintTensor {
    const { root } = this.graph.axes.get(axis);
    const { positions } = this;
    const label = `at ${root}`;
    // The axis of the value is not the axis that the positions may have along the same name.
    const entries = Array.from({ length: positions.count }, (_, k) => {
      const entry = positions.gather(value, 1 << axis, (prints) => prints[k]!);
      return positions.map([entry, position], ([x, at]) =>
        multiplyPrints(x!, mixPrints(label, [at!, wholePrint(k)])),
      );
    });
    return positions.map(entries, (prints) => prints.reduce(addPrints));
  }

  #leaf(node: Node): PrintTensor {
    const { leaf } = node;
    const axes = axisIndices(node.axes);
    const { lo, hi, integer, nonzero } = node.range;
    const simplex = leaf?.simplex;
    const about =
      leaf === undefined
        ? `${node.op} ${node.data ?? ''}`
        : `${node.op} ${leaf.position} ${leaf.data} ${lo} ${hi} ${integer} ${nonzero} ${simplex && `${this.#root(simplex.axis)} ${simplex.onehot}`}`;
    const roots = axes.map((axis) => this.graph.axes.get(axis).root);
    const tensor = this.positions.make(node.axes & this.#active, (at) =>
      mixPrints(
        `${about} ${roots}`,
        axes.map((axis) => wholePrint(at[axis] ?? 0)),
      ),
    );
    const isTarget = simplex !== undefined && leaf!.data && (simplex.axis & tensor.axes) !== 0;
    return isTarget ? this.#onSimplex(tensor, simplex.axis) : tensor;
  }

  /** The last entry along the axis is such that they add up to 1. */
  #onSimplex(tensor: PrintTensor, axis: AxisSet): PrintTensor {
    const { positions } = this;
    const [index, last] = [axisIndex(axis), positions.count - 1];
    const weights = this.#weightsOf(this.#root(axis));
    const missing = positions.map([this.sum(tensor, axis)], ([x]) => subtractPrints(ONE, x!));
    const share = positions.make(axis, (at) => (at[index] === last ? powerPrint(weights[last]!, -1) : ZERO));
    return positions.map([tensor, missing, share], ([x, rest, part]) =>
      addPrints(x!, multiplyPrints(rest!, part!)),
    );
  }
}

/** Arguments of nested `max` or `min`, each once. */
function flattened(node: Node): Node[] {
  const found = new Set<Node>();
  const stack = [...node.args];
  for (let arg = stack.pop(); arg !== undefined; arg = stack.pop()) {
    if (arg.op !== node.op) found.add(arg);
    else for (const inner of arg.args) stack.push(inner);
  }
  return [...found];
}
