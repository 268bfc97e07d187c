import { type AxisSet, axisIndices } from '../graph/axes.js';
import { isElementwise } from '../graph/elementwise.js';
import { constantOf, multiplyConstants, powerConstant } from '../graph/exact.js';
import type { Graph, Node } from '../graph/graph.js';
import { factorsOf } from '../graph/node-range.js';
import type { LoweredLoss, ParameterValue } from '../lower/lowered.js';
import { normalise } from '../simplify.js';
import { ELEMENTWISE_PRINTS, exponential, HALF, logSoftmaxPrint, termsOf } from './elementwise.js';
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
  printText,
  subtractPrints,
  ZERO,
} from './fingerprint.js';
import { commonScale, type Direction, UNIT } from './scale.js';

/**
 * Hashes of expressions that do not change when terms, factors, or arguments of `max` and `min` change places, when sums are nested
 * or multiplied out differently, or when inputs, parameters, lets and axes get other names. They depend on nothing but the
 * expression, so they are the same in every process and every version of Node.
 */

/** The hash of an expression in simplified form, 21 hexadecimal digits. */
export function canonicalHash(graph: Graph, root: Node): string {
  return printText(new Printer(graph).print(root));
}

/** The hash of a loss: its simplified value with the domains and defaults of its signature. */
export function lossHash(loss: LoweredLoss): string {
  const value = normalise(loss.graph, [loss.value]).roots[0]!;
  const signature = [...loss.inputs, ...loss.parameters].map(
    (item) => `${item.domain} ${'items' in item ? `${item.items} ${item.data}` : valueText(item.default)}`,
  );
  return printText(mixPrints(signature.join(';'), [new Printer(loss.graph).print(value)]));
}

const valueText = (value: ParameterValue | undefined): string => JSON.stringify(value ?? null);

/**
 * The hash of a simplified gradient up to a positive constant factor: losses with one hash train alike when the learning rate is
 * scaled to match.
 */
export function gradientHash(graph: Graph, gradient: Node): string {
  return printText(new Printer(graph, true).direction(gradient, 0).print);
}

/** For each axis, its root and which of the copies of that root it is called here. */
type Names = readonly number[];
interface Part {
  readonly node: Node;
  readonly names: Names;
}
interface Combination {
  readonly parts: readonly Part[];
  readonly label: string;
}

const COPIES = 64;
/** Deeper than this the positive factor of a gradient is left where it is. */
const MAX_DEPTH = 200;

class Printer {
  readonly #plain: Names;
  readonly #known = new Map<Node, Fingerprint>();
  readonly #renamed = new Map<string, Fingerprint>();

  constructor(
    private readonly graph: Graph,
    /** Whether `<` and `<=` of values that vary smoothly are one: they differ on a set of measure zero. */
    private readonly almostEverywhere = false,
  ) {
    const copies = new Map<number, number>();
    this.#plain = graph.axes.all.map(({ root }) => {
      const copy = copies.get(root) ?? 0;
      copies.set(root, copy + 1);
      return root * COPIES + copy;
    });
  }

  /** Walks with a stack, since graphs may be very deep. */
  print(root: Node, names: Names = this.#plain): Fingerprint {
    const stack: Part[] = [{ node: root, names }];
    for (;;) {
      const top = stack.at(-1)!;
      const choices = this.#combinations(top);
      const missing = choices.flatMap(({ parts }) => parts.filter((part) => this.#look(part) === undefined));
      if (missing.length > 0) {
        for (const part of missing) stack.push(part);
        continue;
      }
      const prints = choices.map(({ label, parts }) =>
        this.#combine(
          top,
          label,
          parts.map((part) => this.#look(part)!),
        ),
      );
      const result = prints.length === 1 ? prints[0]! : prints.sort(comparePrints)[0]!;
      this.#keep(top, result);
      stack.pop();
      if (stack.length === 0) return result;
    }
  }

  #isPlain({ node, names }: Part): boolean {
    if (names === this.#plain) return true;
    for (let rest = node.axes; rest !== 0; rest &= rest - 1) {
      const i = 31 - Math.clz32(rest & -rest);
      if (names[i] !== this.#plain[i]) return false;
    }
    return true;
  }

  #key({ node, names }: Part): string {
    return `${node.id}:${axisIndices(node.axes).map((i) => names[i])}`;
  }

  #look(part: Part): Fingerprint | undefined {
    return this.#isPlain(part) ? this.#known.get(part.node) : this.#renamed.get(this.#key(part));
  }

  #keep(part: Part, print: Fingerprint): void {
    if (this.#isPlain(part)) this.#known.set(part.node, print);
    else this.#renamed.set(this.#key(part), print);
  }

  /** The arguments of a node, with the names that axes have in them: several ways where two copies of an axis are bound at once. */
  #combinations({ node, names }: Part): Combination[] {
    const [x] = node.args;
    if (x === undefined) return [{ parts: [], label: '' }];
    const axis = (here: Names, mask: AxisSet): string =>
      `${node.op} ${axisIndices(mask).map((i) => here[i])}`;
    switch (node.op) {
      case 'sum':
      case 'prod':
      case 'reduceMax':
      case 'reduceMin':
      case 'logsumexp':
        return this.#bindings(x, node.axis, names).map((inside) => ({
          parts: [{ node: x, names: inside }],
          label: axis(inside, node.axis),
        }));
      case 'at':
        return this.#bindings(x, node.axis, names).map((inside) => ({
          parts: [
            { node: x, names: inside },
            { node: node.args[1]!, names },
          ],
          label: axis(inside, node.axis),
        }));
      case 'softmax':
      case 'logSoftmax':
        return [{ parts: [{ node: x, names }], label: axis(names, node.axis) }];
      case 'rename': {
        const [from, to] = [31 - Math.clz32(node.axis), 31 - Math.clz32(node.to)];
        return [{ parts: [{ node: x, names: names.with(from, names[to]!) }], label: '' }];
      }
      case 'max':
      case 'min':
        return [{ parts: flattened(node).map((arg) => ({ node: arg, names })), label: '' }];
      case 'exp':
        return [{ parts: termsOf(x).map((arg) => ({ node: arg, names })), label: '' }];
      default:
        return [{ parts: node.args.map((arg) => ({ node: arg, names })), label: '' }];
    }
  }

  /** Names for axes that end here: the first copies that the rest of the value does not use. */
  #bindings(value: Node, bound: AxisSet, names: Names): Names[] {
    const taken = new Set(axisIndices(value.axes & ~bound).map((i) => names[i]!));
    const groups = new Map<number, number[]>();
    for (const i of axisIndices(bound)) {
      const { root } = this.graph.axes.get(i);
      groups.set(root, [...(groups.get(root) ?? []), i]);
    }
    let ways: Names[] = [names];
    for (const [root, axes] of groups) {
      const free: number[] = [];
      for (let copy = 0; free.length < axes.length; copy++) {
        const name = root * COPIES + copy;
        if (!taken.has(name)) free.push(name);
      }
      ways = ways.flatMap((way) =>
        orders(axes).map((order) => order.reduce((now, axis, k) => now.with(axis, free[k]!), way)),
      );
    }
    return ways;
  }

  #combine({ node, names }: Part, label: string, args: readonly Fingerprint[]): Fingerprint {
    if ((node.op === 'lt' || node.op === 'le') && this.almostEverywhere) {
      const whole = node.args.every((arg) => arg.range.integer);
      if (!whole) return addPrints(HALF, oddPrint('lt', subtractPrints(args[1]!, args[0]!)));
    }
    if (isElementwise(node.op)) return ELEMENTWISE_PRINTS[node.op](args, node);
    const [x] = args;
    switch (node.op) {
      case 'const':
        return constantPrint(node);
      case 'sum':
        return oddPrint(label, x!);
      case 'reduceMin':
        return negatePrint(mixPrints(label.replace('reduceMin', 'reduceMax'), [negatePrint(x!)]));
      case 'at':
        return multiplyPrints(x!, mixPrints(label, [multiplyPrints(x!, x!), args[1]!]));
      case 'logSoftmax':
        return logSoftmaxPrint(label, x!);
      case 'softmax':
        return exponential(logSoftmaxPrint(label.replace('softmax', 'logSoftmax'), x!));
      case 'rename':
        return x!;
      case 'prod':
      case 'reduceMax':
      case 'logsumexp':
        return mixPrints(label, args);
      default:
        return mixPrints(this.#leaf(node, names), []);
    }
  }

  #leaf(node: Node, names: Names): string {
    const axes = axisIndices(node.axes).map((i) => names[i]);
    const { lo, hi, integer, nonzero } = node.range;
    const { leaf } = node;
    if (leaf === undefined) {
      const axis = node.op === 'size' ? node.axis : axes;
      return `${node.op} ${axis} ${node.data ?? ''}`;
    }
    const simplex = leaf.simplex && `${names[31 - Math.clz32(leaf.simplex.axis)]} ${leaf.simplex.onehot}`;
    return `${node.op} ${leaf.position} ${leaf.data} ${axes} ${lo} ${hi} ${integer} ${nonzero} ${simplex}`;
  }

  /** A value as a positive constant times a rest that is the same for all its positive multiples. */
  direction(node: Node, depth: number, names: Names = this.#plain): Direction {
    const opaque = (): Direction => ({ scale: UNIT, sizes: ONE, print: this.print(node, names) });
    if (depth > MAX_DEPTH) return opaque();
    const of = (arg: Node, inside = names): Direction => this.direction(arg, depth + 1, inside);
    switch (node.op) {
      case 'const': {
        if (node.value === 0) return { scale: UNIT, sizes: ONE, print: ZERO };
        const [scale, sign] = node.value < 0 ? [multiplyConstants(constantOf(-1), node), -1] : [node, 1];
        return { scale, sizes: ONE, print: sign < 0 ? negatePrint(ONE) : ONE };
      }
      case 'size':
        return { scale: UNIT, sizes: this.print(node, names), print: ONE };
      case 'mul': {
        const parts = factorsOf(node).map((factor) => of(factor));
        return {
          scale: parts.map((part) => part.scale).reduce(multiplyConstants),
          sizes: parts.map((part) => part.sizes).reduce(multiplyPrints),
          print: parts.map((part) => part.print).reduce(multiplyPrints),
        };
      }
      case 'add':
        return commonScale(node.args.map((term) => of(term)));
      case 'pow': {
        const exponent = node.args[1]!;
        if (exponent.op !== 'const' || !Number.isInteger(exponent.value)) return opaque();
        const base = of(node.args[0]!);
        return {
          scale: powerConstant(base.scale, exponent.value),
          sizes: powerPrint(base.sizes, exponent.value),
          print: powerPrint(base.print, exponent.value),
        };
      }
      case 'sum': {
        const inside = this.#bindings(node.args[0]!, node.axis, names);
        if (inside.length > 1) return opaque();
        const value = of(node.args[0]!, inside[0]!);
        const label = `sum ${axisIndices(node.axis).map((i) => inside[0]![i])}`;
        return { ...value, print: oddPrint(label, value.print) };
      }
      case 'select': {
        const [yes, no] = [of(node.args[1]!), of(node.args[2]!)];
        const indicator = this.print(node.args[0]!, names);
        return commonScale([
          { ...yes, print: multiplyPrints(indicator, yes.print) },
          { ...no, print: multiplyPrints(subtractPrints(ONE, indicator), no.print) },
        ]);
      }
      default:
        return opaque();
    }
  }
}

const comparePrints = (a: Fingerprint, b: Fingerprint): number => (printText(a) < printText(b) ? -1 : 1);

/** Arguments of nested `max` or `min`, each once. */
function flattened(node: Node): Node[] {
  const found = new Set<Node>();
  const stack = [...node.args];
  for (let arg = stack.pop(); arg !== undefined; arg = stack.pop()) {
    if (arg.op === node.op) stack.push(...arg.args);
    else found.add(arg);
  }
  return [...found];
}

/** All orders of up to three axes; of more, the one they have. */
function orders(axes: readonly number[]): number[][] {
  if (axes.length > 3 || axes.length < 2) return [[...axes]];
  return axes.flatMap((first, i) => orders(axes.toSpliced(i, 1)).map((rest) => [first, ...rest]));
}
