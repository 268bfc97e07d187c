import { invariant } from '../../../grammar/invariant.js';
import { type AxisSet, axisIndex, axisIndices } from '../../graph/axes.js';
import { isElementwise } from '../../graph/elementwise.js';
import type { Node } from '../../graph/graph.js';
import type { Guard } from '../../guard.js';
import { isNumberAt, type Schedule, schedule } from '../../schedule.js';
import { atom, InfixPrinter, LEVEL, type Printed, within } from '../infix.js';
import { findMatrixProduct, type MatrixProduct } from '../matrix-product.js';
import type { Names } from '../names.js';
import { type Framework, type FunctionOp, NUMBERS } from './framework.js';

/** What leaves are called. */
export interface PythonNames {
  readonly input: (node: Node) => string;
  readonly parameter: (node: Node) => string;
  readonly parameterTensor: (node: Node) => string;
  readonly size: (axis: number) => string;
}

export interface PythonBody {
  readonly lines: readonly string[];
  readonly result: Printed;
  readonly helpers: ReadonlySet<string>;
}

/** A number as Python. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "float('nan')";
  if (!Number.isFinite(value)) return value > 0 ? "float('inf')" : "-float('inf')";
  return String(value);
}

/** An expression longer than this gets a variable of its own. */
const MAX_LENGTH = 60;

/** Statements for one value, in the operators of a framework. Tensors have a dimension for each slot. */
export function pythonBody(
  root: Node,
  slots: readonly number[],
  framework: Framework,
  leaves: PythonNames,
  guards: readonly Guard[],
  names: Names,
): PythonBody {
  return new PythonEmitter(schedule([root]), slots, framework, leaves, guards, names).emit(root);
}

class PythonEmitter {
  readonly #bound = new Map<Node, string>();
  readonly #lines: string[] = [];
  readonly #helpers = new Set<string>();
  readonly #printer: InfixPrinter;
  readonly #products = new Map<Node, MatrixProduct>();
  /** Products that only a matrix product takes apart. */
  readonly #absorbed = new Set<Node>();

  constructor(
    private readonly plan: Schedule,
    private readonly slots: readonly number[],
    private readonly framework: Framework,
    private readonly leaves: PythonNames,
    private readonly guards: readonly Guard[],
    private readonly names: Names,
  ) {
    this.#printer = new InfixPrinter({
      bound: (node) => this.#bound.get(node),
      number: numberText,
      signed: LEVEL.sign,
      power: (base, exponent) => this.#power(base, exponent),
      other: (node) => this.#other(node),
    });
  }

  emit(root: Node): PythonBody {
    for (const node of this.plan.order) {
      const product = findMatrixProduct(node);
      if (product === undefined) continue;
      this.#products.set(node, product);
      if (this.plan.uses.get(node.args[0]!) === 1) this.#absorbed.add(node.args[0]!);
    }
    for (const node of this.plan.order) {
      if (node === root || node.args.length === 0 || this.#absorbed.has(node)) continue;
      const printed = this.#printer.make(node);
      const shared = this.plan.uses.get(node)! > 1 && printed.text.length > 6;
      if (!shared && printed.text.length <= MAX_LENGTH) continue;
      const name = this.names.takeNumbered(HINTS[node.op] ?? 'value');
      this.#lines.push(`${name} = ${printed.text}`);
      this.#bound.set(node, name);
    }
    const result = this.#printer.print(root);
    return { lines: this.#lines, result, helpers: this.#helpers };
  }

  #text(node: Node): string {
    return this.#printer.text(node);
  }

  /** As an argument of an infix operator. */
  #inner(node: Node, level: number): string {
    return within(this.#printer.print(node), level);
  }

  #help(name: string): string {
    this.#helpers.add(name);
    return name;
  }

  #slot(axis: AxisSet): number {
    return this.slots.indexOf(axisIndex(axis));
  }

  #dims(axes: AxisSet): number[] {
    return axisIndices(axes).map((index) => this.slots.indexOf(index));
  }

  #shape(axes: AxisSet): string {
    const sizes = this.slots.map((index) => ((axes >> index) & 1 ? this.leaves.size(index) : '1'));
    return sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`;
  }

  #power(base: Node, exponent: Node | number): Printed {
    const host = this.plan.host.has(base);
    if (exponent === 0.5)
      return atom(host ? `math.sqrt(${this.#text(base)})` : `${this.#rootOf(base)}(${this.#text(base)})`);
    const plain = host || (typeof exponent === 'number' && (Number.isInteger(exponent) || base.range.lo > 0));
    const right = typeof exponent === 'number' ? numberText(exponent) : this.#text(exponent);
    if (plain) {
      const shown = typeof exponent === 'number' ? right : this.#inner(exponent, LEVEL.power);
      return { text: `${this.#inner(base, LEVEL.atom)} ** ${shown}`, level: LEVEL.power };
    }
    const number = typeof exponent === 'number' || this.plan.host.has(exponent);
    return atom(`${this.#help(number ? '_power' : '_powers')}(${this.#text(base)}, ${right})`);
  }

  #rootOf(base: Node): string {
    return base.range.lo > 0 ? this.framework.sqrt('').replace(/\(\)$/, '') : this.#help('_sqrt');
  }

  #other(node: Node): Printed {
    const { framework } = this;
    if (this.plan.host.has(node)) return this.#number(node);
    const product = this.#products.get(node);
    if (product !== undefined) return this.#matrixProduct(node, product);
    const x = (): string => this.#text(node.args[0]!);
    switch (node.op) {
      case 'input':
        return atom(this.leaves.input(node));
      case 'parameter':
        return atom(this.leaves.parameterTensor(node));
      case 'literal': {
        const like = this.#anyInput();
        return atom(
          framework.reshape(framework.cast(JSON.stringify(node.data), like), this.#shape(node.axes)),
        );
      }
      case 'index': {
        const range = framework.arange(this.leaves.size(axisIndex(node.axis)), this.#anyInput());
        return atom(framework.reshape(range, this.#shape(node.axes)));
      }
      case 'sum':
      case 'prod':
        return atom(framework.reduce(node.op, x(), this.#dims(node.axis)));
      case 'reduceMax':
      case 'reduceMin':
        return atom(framework.reduce(node.op === 'reduceMax' ? 'max' : 'min', x(), this.#dims(node.axis)));
      case 'logsumexp':
        return atom(`${this.#help('_logsumexp')}(${x()}, [${this.#dims(node.axis).join(', ')}])`);
      case 'logSoftmax':
      case 'softmax':
        return atom(framework.softmax(x(), this.#slot(node.axis), node.op === 'logSoftmax'));
      case 'at': {
        const length = this.leaves.size(axisIndex(node.axis));
        const args = [x(), this.#slot(node.axis), length, this.#text(node.args[1]!)];
        return atom(`${this.#help('_at')}(${args.join(', ')})`);
      }
      case 'rename':
        return this.#rename(node);
      case 'select':
        return this.#select(node);
      default:
        return this.#operator(node);
    }
  }

  #anyInput(): string {
    const input = this.plan.order.find((node) => node.op === 'input');
    return input === undefined ? 'prediction' : this.leaves.input(input);
  }

  #operator(node: Node): Printed {
    invariant(isElementwise(node.op), `${node.op} has a form of its own`);
    const op = node.op as FunctionOp;
    const bound = this.#guard(node);
    if (bound !== undefined) return bound;
    for (const helper of this.framework.helpers[op] ?? []) this.#help(helper);
    const args = node.args.map((arg) =>
      op === 'lt' || op === 'le' || op === 'eq' ? this.#inner(arg, LEVEL.sum) : this.#text(arg),
    );
    if (op === 'stop') args[0] = this.#inner(node.args[0]!, LEVEL.atom);
    return atom(this.framework.operators[op](args, node.value));
  }

  /** A bound that the compiler put there to guard a domain: its slope must not become zero. */
  #guard(node: Node): Printed | undefined {
    if (node.op !== 'max' && node.op !== 'min') return undefined;
    const [x, bound] = [node.args[0]!, node.args[1]!];
    if (bound.op !== 'const') return undefined;
    const words = `${node.op === 'max' ? 'at least' : 'at most'} ${bound.value}`;
    if (!this.guards.some((guard) => guard.argument === x && guard.kept === words)) return undefined;
    const helper = this.#help(node.op === 'max' ? '_at_least' : '_at_most');
    return atom(`${helper}(${this.#text(x)}, ${numberText(bound.value)})`);
  }

  #select(node: Node): Printed {
    const [condition, yes, no] = [node.args[0]!, node.args[1]!, node.args[2]!];
    if (this.plan.host.has(condition)) {
      const text = `${this.#text(yes)} if ${this.#text(condition)} else ${this.#inner(no, LEVEL.or)}`;
      return { text, level: LEVEL.choice };
    }
    return atom(this.framework.where(this.#text(condition), this.#text(yes), this.#text(no)));
  }

  #number(node: Node): Printed {
    switch (node.op) {
      case 'size':
        return atom(this.leaves.size(axisIndex(node.axis)));
      case 'parameter':
        return atom(this.leaves.parameter(node));
      case 'at':
        invariant(isNumberAt(node), 'a number of a list');
        return atom(
          `${this.#help('_entry')}(${this.leaves.parameter(node.args[0]!)}, ${this.#text(node.args[1]!)})`,
        );
      case 'select': {
        const [condition, yes, no] = node.args.map((arg) => this.#inner(arg, LEVEL.or));
        return { text: `${yes} if ${condition} else ${no}`, level: LEVEL.choice };
      }
      default: {
        if (node.op === 'polygamma') this.#help('_polygamma_number');
        const infixed = ['lt', 'le', 'eq', 'and', 'or', 'not'].includes(node.op);
        const args = node.args.map((arg) => (infixed ? this.#inner(arg, LEVEL.sum) : this.#text(arg)));
        return atom(NUMBERS[node.op as FunctionOp](args, node.value));
      }
    }
  }

  #rename(node: Node): Printed {
    const value = node.args[0]!;
    const [from, to] = [this.#slot(node.axis), this.#slot(node.to)];
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    const between = this.slots.slice(low + 1, high).some((index) => ((value.axes >> index) & 1) === 1);
    if (!between) return atom(this.framework.reshape(this.#text(value), this.#shape(node.axes)));
    const order = this.slots.map((_, i) => (i === from ? to : i === to ? from : i));
    return atom(this.framework.transpose(this.#text(value), order));
  }

  /** A sum of products as an einsum, so that the product with all axes is never made. */
  #matrixProduct(node: Node, product: MatrixProduct): Printed {
    const { framework } = this;
    const side = (factors: readonly Node[]): { letters: string; text: string } => {
      const axes = factors.reduce((mask, factor) => mask | factor.axes, 0);
      const text = this.#printer.product({ value: 1, factors }).text;
      const sizes = axisIndices(axes).map((index) => this.leaves.size(index));
      const shape = sizes.length === 1 ? `(${sizes[0]},)` : `(${sizes.join(', ')})`;
      return { letters: lettersOf(axes), text: framework.reshape(text, shape) };
    };
    const [a, b] = [side(product.leftFactors), side(product.rightFactors)];
    const formula = `${a.letters},${b.letters}->${lettersOf(node.axes)}`;
    return atom(framework.reshape(framework.einsum(formula, a.text, b.text), this.#shape(node.axes)));
  }
}

const lettersOf = (axes: AxisSet): string =>
  axisIndices(axes)
    .map((index) => String.fromCharCode(97 + (index % 26)))
    .join('');

const HINTS: Readonly<Record<string, string>> = {
  sum: 'total',
  add: 'sum_',
  mul: 'product',
  pow: 'power',
  logSoftmax: 'log_p',
  softmax: 'p',
  exp: 'exp',
  log: 'log',
  select: 'chosen',
  abs: 'size',
  lt: 'below',
  le: 'at_most',
  eq: 'equal',
};
