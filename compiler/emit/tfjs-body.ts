import { invariant } from '../../grammar/invariant.js';
import { type AxisSet, axisIndex, axisIndices } from '../axes.js';
import { isElementwise } from '../elementwise.js';
import type { Node } from '../graph.js';
import { isNumberAt, type Schedule, schedule } from '../schedule.js';
import { findMatrixProduct, type MatrixProduct } from './matrix-product.js';
import { type CallOp, TFJS } from './tfjs-ops.js';

/** Statements that compute some nodes, and the expressions that hold them afterwards. */
export interface EmittedBody {
  readonly lines: readonly string[];
  /** One expression per root: a tensor with a dimension per slot, or a number for host nodes. */
  readonly results: readonly { readonly text: string; readonly host: boolean }[];
  readonly helpers: ReadonlySet<string>;
}

/** What leaves are called in the emitted code. */
export interface LeafNames {
  /** Expression of an input's tensor, in slot form. */
  readonly input: (node: Node) => string;
  /** Expression of a parameter as number or list. */
  readonly parameter: (node: Node) => string;
  /** Expression of a parameter's tensor, in slot form. */
  readonly parameterTensor: (node: Node) => string;
  /** Expression of the length of an axis. */
  readonly size: (axis: number) => string;
}

/** Statements for the roots: each node once, in order, matrix products where a sum of products is one. */
export function emitBody(roots: readonly Node[], slots: readonly number[], names: LeafNames): EmittedBody {
  return new BodyEmitter(schedule(roots), slots, names).emit(roots);
}

class BodyEmitter {
  readonly #lines: string[] = [];
  readonly #text = new Map<Node, string>();
  readonly #helpers = new Set<string>();
  /** Nodes that a user takes apart, so that they need no statement of their own. */
  readonly #absorbed = new Set<Node>();
  readonly #products = new Map<Node, MatrixProduct>();

  constructor(
    private readonly plan: Schedule,
    private readonly slots: readonly number[],
    private readonly names: LeafNames,
  ) {}

  emit(roots: readonly Node[]): EmittedBody {
    this.#absorb(roots);
    for (const node of this.plan.order) {
      if (this.#absorbed.has(node)) continue;
      const host = this.plan.host.has(node);
      const text = host ? this.#number(node) : this.#tensor(node);
      const plain = /^-?[\w.]+$/.test(text);
      if (plain) this.#text.set(node, text);
      else if (host && this.plan.uses.get(node)! <= 1) this.#text.set(node, text);
      else {
        const name = `v${this.#lines.length + 1}`;
        this.#lines.push(`const ${name} = ${text};`);
        this.#text.set(node, name);
      }
    }
    const results = roots.map((root) => ({ text: this.#text.get(root)!, host: this.plan.host.has(root) }));
    return { lines: this.#lines, results, helpers: this.#helpers };
  }

  /** Finds products that end in a sum or a quotient and are used nowhere else. */
  #absorb(roots: readonly Node[]): void {
    const kept = new Set(roots);
    const once = (node: Node): boolean =>
      this.plan.uses.get(node) === 1 && !kept.has(node) && !this.plan.host.has(node);
    for (const node of this.plan.order) {
      if (this.plan.host.has(node)) continue;
      const product = findMatrixProduct(node);
      if (product !== undefined) {
        this.#products.set(node, product);
        if (once(node.args[0]!)) this.#absorbed.add(node.args[0]!);
      }
      if (node.op === 'add')
        for (const arg of node.args) if (isNegated(arg) && once(arg)) this.#absorbed.add(arg);
      if (node.op === 'mul') {
        for (const arg of node.args)
          if (isDivisor(arg) && this.#onlyInProducts(arg, kept)) this.#absorbed.add(arg);
      }
      if (isIndicator(node)) for (const arg of node.args.slice(1)) this.#absorbed.add(arg);
    }
    // An absorbed product or divisor of an absorbed one is written by whoever absorbs it.
    for (const node of this.plan.order) if (node.op === 'const' && !kept.has(node)) this.#absorbed.add(node);
    for (const node of this.#absorbed) if (node.op === 'const') this.#text.set(node, numberText(node.value));
  }

  /** A divisor is written below the line of each product that has it, when that repeats no work. */
  #onlyInProducts(node: Node, kept: ReadonlySet<Node>): boolean {
    if (kept.has(node) || this.plan.host.has(node)) return false;
    if (node.args[1]!.value !== -1 && this.plan.uses.get(node)! > 1) return false;
    return this.plan.usersOf(node).every((user) => user.op === 'mul');
  }

  #get(node: Node): string {
    const known = this.#text.get(node);
    if (known !== undefined) return known;
    if (node.op === 'const') return numberText(node.value);
    invariant(this.#absorbed.has(node), `${node.op} is computed before it is used`);
    return this.plan.host.has(node) ? this.#number(node) : this.#tensor(node);
  }

  #use(helper: string): void {
    this.#helpers.add(helper);
  }

  // ---------------------------------------------------------------- numbers

  #number(node: Node): string {
    const args = node.args.map((arg) => this.#get(arg));
    switch (node.op) {
      case 'const':
        return numberText(node.value);
      case 'size':
        return this.names.size(axisIndex(node.axis));
      case 'parameter':
        return this.names.parameter(node);
      case 'add':
        return `(${args.join(' + ')})`;
      case 'mul':
        return `(${args.join(' * ')})`;
      case 'pow': {
        const exponent = node.args[1]!;
        if (exponent.op === 'const' && exponent.value === -1) return `(1 / ${args[0]})`;
        if (exponent.op === 'const' && exponent.value === 0.5) return `Math.sqrt(${args[0]})`;
        return `(${parenthesised(args[0]!)} ** ${parenthesised(args[1]!)})`;
      }
      case 'select':
        return `(${args[0]} ? ${args[1]} : ${args[2]})`;
      case 'at':
        invariant(isNumberAt(node), 'a number of a list');
        return `entry(${this.names.parameter(node.args[0]!)}, ${args[1]})`;
      default: {
        const row = TFJS[node.op as CallOp];
        for (const name of row.helpers ?? []) if (name.endsWith('Of')) this.#use(name);
        return row.number(args, node.value);
      }
    }
  }

  // ---------------------------------------------------------------- tensors

  #slot(axis: AxisSet): number {
    return this.slots.indexOf(axisIndex(axis));
  }

  #slotList(axes: AxisSet): string {
    return `[${axisIndices(axes)
      .map((index) => this.slots.indexOf(index))
      .join(', ')}]`;
  }

  #shape(axes: AxisSet): string {
    return `[${this.slots.map((index) => ((axes >> index) & 1 ? this.names.size(index) : '1')).join(', ')}]`;
  }

  #tensor(node: Node): string {
    const product = this.#products.get(node);
    if (product !== undefined) return this.#matrixProduct(node, product);
    switch (node.op) {
      case 'input':
        return this.names.input(node);
      case 'parameter':
        return this.names.parameterTensor(node);
      case 'literal':
        return `tf.tensor(${JSON.stringify(node.data)}, ${this.#shape(node.axes)})`;
      case 'index':
        return `tf.reshape(tf.range(0, ${this.names.size(axisIndex(node.axis))}, 1, 'float32'), ${this.#shape(node.axes)})`;
      case 'add':
        return this.#sum(node);
      case 'mul':
        return this.#quotient(node.args, 1);
      case 'pow':
        return this.#power(node);
      case 'select':
        return this.#select(node);
      case 'sum':
      case 'prod':
        return `tf.${node.op}(${this.#get(node.args[0]!)}, ${this.#slotList(node.axis)}, true)`;
      case 'reduceMax':
      case 'reduceMin':
        return `tf.${node.op === 'reduceMax' ? 'max' : 'min'}(${this.#get(node.args[0]!)}, ${this.#slotList(node.axis)}, true)`;
      case 'logsumexp':
        this.#use('logSumExp');
        return `logSumExp(${this.#get(node.args[0]!)}, ${this.#slotList(node.axis)})`;
      case 'logSoftmax':
        this.#use('logSoftmax');
        return `logSoftmax(${this.#get(node.args[0]!)}, ${this.#slot(node.axis)})`;
      case 'softmax':
        this.#use('logSoftmax');
        return `tf.exp(logSoftmax(${this.#get(node.args[0]!)}, ${this.#slot(node.axis)}))`;
      case 'at':
        return this.#at(node);
      case 'rename':
        return this.#rename(node);
      default:
        return this.#call(node);
    }
  }

  #call(node: Node): string {
    invariant(isElementwise(node.op), `${node.op} has a form of its own`);
    const row = TFJS[node.op as CallOp];
    for (const name of row.helpers ?? []) if (!name.endsWith('Of')) this.#use(name);
    return row.tensor(
      node.args.map((arg) => this.#get(arg)),
      node.value,
    );
  }

  #sum(node: Node): string {
    const numbers = node.args.filter((arg) => this.plan.host.has(arg)).map((arg) => this.#get(arg));
    const terms = node.args
      .filter((arg) => !this.plan.host.has(arg))
      .map((arg) =>
        this.#absorbed.has(arg)
          ? { sign: '-', text: this.#quotient(arg.args, -1) }
          : { sign: '+', text: this.#get(arg) },
      );
    const lead = terms.findIndex((term) => term.sign === '+');
    let sum: string;
    if (lead >= 0) sum = terms.splice(lead, 1)[0]!.text;
    else if (numbers.length > 0) sum = `tf.sub(${joined(numbers.splice(0), '+')}, ${terms.shift()!.text})`;
    else sum = `tf.neg(${terms.shift()!.text})`;
    for (const term of terms) sum = `tf.${term.sign === '+' ? 'add' : 'sub'}(${sum}, ${term.text})`;
    return numbers.length === 0 ? sum : `tf.add(${sum}, ${joined(numbers, '+')})`;
  }

  /** A product as numerator over denominator; numbers are multiplied before any tensor is. `sign` flips a leading constant. */
  #quotient(factors: readonly Node[], sign: 1 | -1): string {
    const numbers: string[] = [];
    const above: string[] = [];
    const below: string[] = [];
    for (const factor of factors) {
      if (factor.op === 'const') numbers.push(numberText(factor.value * sign));
      else if (this.plan.host.has(factor)) numbers.push(this.#get(factor));
      else if (this.#absorbed.has(factor) && factor.op === 'pow') below.push(this.#positivePower(factor));
      else above.push(this.#get(factor));
    }
    const number = joined(
      numbers.filter((text) => text !== '1'),
      '*',
    );
    // The smaller tensors first: what lacks an axis is multiplied before it is spread.
    let top = above.length === 0 ? undefined : above.reduce((x, y) => `tf.mul(${x}, ${y})`);
    const bottom = below.length === 0 ? undefined : below.reduce((x, y) => `tf.mul(${x}, ${y})`);
    if (bottom !== undefined) {
      if (top === undefined) return `tf.div(${number ?? '1'}, ${bottom})`;
      top = `tf.div(${top}, ${bottom})`;
    }
    if (number === undefined) return top!;
    return number === '-1' ? `tf.neg(${top})` : `tf.mul(${top}, ${number})`;
  }

  /** The base of x^-k to the k. */
  #positivePower(node: Node): string {
    return this.#powerOf(this.#get(node.args[0]!), -node.args[1]!.value);
  }

  #powerOf(base: string, exponent: number): string {
    if (exponent === 1) return base;
    if (exponent === 2) return `tf.square(${base})`;
    if (exponent === 0.5) return `tf.sqrt(${base})`;
    if (Number.isInteger(exponent) && exponent > 0 && exponent <= 64) {
      this.#use('power');
      return `power(${base}, ${exponent})`;
    }
    return `tf.pow(${base}, ${numberText(exponent)})`;
  }

  #power(node: Node): string {
    const [base, exponent] = [this.#get(node.args[0]!), node.args[1]!];
    if (exponent.op !== 'const') return `tf.pow(${base}, ${this.#get(exponent)})`;
    return exponent.value < 0
      ? `tf.div(1, ${this.#positivePower(node)})`
      : this.#powerOf(base, exponent.value);
  }

  #select(node: Node): string {
    const [condition, yes, no] = [node.args[0]!, node.args[1]!, node.args[2]!];
    if (this.plan.host.has(condition)) {
      const branch = (arg: Node): string => {
        if (arg.axes === node.axes && !this.plan.host.has(arg)) return this.#get(arg);
        this.#use('spread');
        return `spread(${this.#get(arg)}, ${this.#shape(node.axes)})`;
      };
      return `(${this.#get(condition)} ? ${branch(yes)} : ${branch(no)})`;
    }
    if (isIndicator(node)) return `tf.cast(${this.#get(condition)}, 'float32')`;
    return `tf.where(${[condition, yes, no].map((arg) => this.#get(arg)).join(', ')})`;
  }

  #at(node: Node): string {
    const [value, position] = [node.args[0]!, node.args[1]!];
    const [x, slot] = [this.#get(value), this.#slot(node.axis)];
    if (this.plan.host.has(position)) {
      this.#use('entryAt');
      return `entryAt(${x}, ${slot}, ${this.#get(position)})`;
    }
    this.#use('lookUp');
    // Positions along axes that the value lacks: spread the value over them first.
    const missing = position.axes & ~value.axes;
    if (missing === 0) return `lookUp(${x}, ${slot}, ${this.#get(position)})`;
    this.#use('spread');
    return `lookUp(spread(${x}, ${this.#shape(value.axes | missing)}), ${slot}, ${this.#get(position)})`;
  }

  #rename(node: Node): string {
    const value = node.args[0]!;
    const [from, to] = [this.#slot(node.axis), this.#slot(node.to)];
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    const between = this.slots.slice(low + 1, high).some((index) => ((value.axes >> index) & 1) === 1);
    if (!between) return `tf.reshape(${this.#get(value)}, ${this.#shape(node.axes)})`;
    const order = this.slots.map((_, i) => (i === from ? to : i === to ? from : i));
    return `tf.transpose(${this.#get(value)}, [${order.join(', ')}])`;
  }

  /** A sum of products over one axis as `tf.matMul`, with the axes that both share in front. */
  #matrixProduct(node: Node, product: MatrixProduct): string {
    const { shared, left, right, summed } = product;
    const side = (factors: readonly Node[], own: AxisSet): string => {
      const text = this.#quotient(factors, 1);
      const axes = factors.reduce((mask, factor) => mask | factor.axes, 0);
      const order = [...axisIndices(shared), ...axisIndices(own), axisIndex(summed)];
      const rest = this.slots.map((_, i) => i).filter((i) => !order.includes(this.slots[i]!));
      const permutation = [...rest, ...order.map((index) => this.slots.indexOf(index))];
      const sorted = permutation.every((slot, i) => i === 0 || slot > permutation[i - 1]!);
      const present = this.slots.filter((index) => (axes >> index) & 1);
      const inOrder = sorted || present.every((index, i) => order[i] === index);
      const moved = inOrder ? text : `tf.transpose(${text}, [${permutation.join(', ')}])`;
      const lengths = [shared, own, summed].map((mask) => this.#length(mask));
      return `tf.reshape(${moved}, [${(shared === 0 ? lengths.slice(1) : lengths).join(', ')}])`;
    };
    const matrices = `tf.matMul(${side(product.leftFactors, left)}, ${side(product.rightFactors, right)}, false, true)`;
    const order = [...axisIndices(shared), ...axisIndices(left), ...axisIndices(right)];
    const ascending = order.every((index, i) => i === 0 || index > order[i - 1]!);
    if (ascending) return `tf.reshape(${matrices}, ${this.#shape(node.axes)})`;
    const lengths = order.map((index) => this.names.size(index)).join(', ');
    const sortedOrder = [...order].sort((a, b) => a - b).map((index) => order.indexOf(index));
    return `tf.reshape(tf.transpose(tf.reshape(${matrices}, [${lengths}]), [${sortedOrder.join(', ')}]), ${this.#shape(node.axes)})`;
  }

  #length(mask: AxisSet): string {
    return (
      axisIndices(mask)
        .map((index) => this.names.size(index))
        .join(' * ') || '1'
    );
  }
}

const isNegated = (node: Node): boolean =>
  node.op === 'mul' && node.args[0]!.op === 'const' && node.args[0]!.value < 0;
const isDivisor = (node: Node): boolean =>
  node.op === 'pow' && node.args[1]!.op === 'const' && node.args[1]!.value < 0;
const isIndicator = (node: Node): boolean =>
  node.op === 'select' &&
  node.args[1]!.op === 'const' &&
  node.args[1]!.value === 1 &&
  node.args[2]!.op === 'const' &&
  node.args[2]!.value === 0;

/** A number as JavaScript; words for what has no digits. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  return String(value);
}

const parenthesised = (text: string): string =>
  /^[\w.]+$/.test(text) || text.startsWith('(') ? text : `(${text})`;
function joined(texts: readonly string[], sign: string): string | undefined {
  if (texts.length === 0) return undefined;
  return texts.length === 1 ? texts[0]! : texts.map(parenthesised).join(` ${sign} `);
}
