import { invariant } from '../../grammar/invariant.js';
import { type AxisSet, axisCount, axisIndex, axisIndices } from '../graph/axes.js';
import { isElementwise } from '../graph/elementwise.js';
import type { Node } from '../graph/graph.js';
import { type Schedule, schedule } from '../schedule.js';
import { type Call, Calls, callParts, reachableCalls, statements } from './calls.js';
import { HostPrinter, numberText } from './host.js';
import { isOne, isSign, negated, ONE, type Scale, sameScale, times } from './infix.js';
import { findMatrixProduct, type MatrixProduct } from './matrix-product.js';
import { type Names, wordsOf } from './names.js';
import { emitMatrixProduct, type Scaled } from './tfjs-matrix.js';
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
  /** Expression of the length of an axis. */
  readonly size: (axis: number) => string;
  /** How a parameter's own axes have to be turned to ascend; undefined when they do. */
  readonly order: (node: Node) => string | undefined;
}

/** One factor of a product; `below` the line it divides. */
interface Factor {
  readonly call: Call;
  readonly below: boolean;
  readonly axes: AxisSet;
}

/**
 * Statements for the roots: each node once, matrix products where a sum of products is one. Constant factors and signs are
 * carried along and applied where they cost nothing, or once at the end.
 */
export function emitBody(
  roots: readonly Node[],
  slots: readonly number[],
  leaves: LeafNames,
  names: Names,
  resultNames: readonly string[],
): EmittedBody {
  return new BodyEmitter(schedule(roots), slots, leaves, names).emit(roots, resultNames);
}

/** Longer than a file should be: every form below reads and makes the scaled values of the others. */
class BodyEmitter {
  readonly #calls = new Calls();
  readonly #values = new Map<Node, Scaled>();
  readonly #hostNames = new Map<Node, string>();
  readonly #hostLines: string[] = [];
  readonly #helpers = new Set<string>();
  readonly #host: HostPrinter;

  constructor(
    private readonly plan: Schedule,
    private readonly slots: readonly number[],
    private readonly leaves: LeafNames,
    private readonly names: Names,
  ) {
    this.#host = new HostPrinter({
      parameter: leaves.parameter,
      size: leaves.size,
      bound: (node) => this.#hostNames.get(node),
      use: (helper) => this.#helpers.add(helper),
    });
  }

  emit(roots: readonly Node[], resultNames: readonly string[]): EmittedBody {
    for (const node of this.plan.order) {
      if (this.plan.host.has(node)) this.#bindNumber(node);
      this.#values.set(node, this.plan.host.has(node) ? this.#number(node) : this.#tensor(node));
    }
    const parts = roots.map((root) => this.#materialise(this.#values.get(root)!));
    for (const call of reachableCalls(parts)) for (const helper of call.helpers) this.#helpers.add(helper);
    const { lines, results: texts } = statements(parts, resultNames, (hint) => this.names.takeNumbered(hint));
    const hostLines = this.#usedHostLines([...lines, ...texts]);
    return {
      lines: [...hostLines, ...lines],
      results: texts.map((text, i) => ({ text, host: this.plan.host.has(roots[i]!) })),
      helpers: this.#helpers,
    };
  }

  /** Numbers used several times get a variable, if the tensors need them. */
  #bindNumber(node: Node): void {
    if (node.args.length === 0 || this.plan.uses.get(node)! < 2) return;
    const definition = this.#host.definition(node);
    // Sums and products of names cost nothing; a call, a power or a choice is worth a variable.
    if (!/[a-z]\(|\*\*|\?/.test(definition)) return;
    const list = node.op === 'at' ? node.args[0]!.leaf!.name : undefined;
    const name = this.names.takeNumbered(list === undefined ? 'factor' : `${list}${node.args[1]!.value}`);
    this.#hostLines.push(`const ${name} = ${definition};`);
    this.#hostNames.set(node, name);
  }

  #usedHostLines(texts: readonly string[]): string[] {
    const needed = wordsOf(texts);
    const kept: string[] = [];
    for (const line of [...this.#hostLines].reverse()) {
      const [, name] = line.split(' ', 2);
      if (!needed.has(name!)) continue;
      kept.push(line);
      for (const word of wordsOf([line])) needed.add(word);
    }
    return kept.reverse();
  }

  #number(node: Node): Scaled {
    if (node.op === 'const') return { scale: { value: node.value, factors: [] }, call: undefined };
    return { scale: { value: 1, factors: [node] }, call: undefined };
  }

  // ---------------------------------------------------------------- scaled values

  #make(hint: string, head: string, args: readonly (Call | string)[], helpers: readonly string[] = []): Call {
    return this.#calls.make(hint, callParts(head, args), helpers);
  }

  /** The value as a tensor expression, or as the text of a number. */
  #materialise({ scale, call }: Scaled): Call | string {
    if (call === undefined) return this.#host.scale(scale);
    if (isOne(scale)) return call;
    if (isSign(scale)) return this.#make('negative', 'tf.neg', [call]);
    return this.#scaled(call, scale);
  }

  #scaled(call: Call, scale: Scale): Call {
    const divisor = divisorOf(scale);
    if (divisor !== undefined) return this.#make('quotient', 'tf.div', [call, this.#host.text(divisor)]);
    return this.#make('scaled', 'tf.mul', [call, this.#host.scale(scale)]);
  }

  #get(node: Node): Call | string {
    return this.#materialise(this.#values.get(node)!);
  }

  /** A tensor without a factor; what several users would each have to multiply is multiplied once. */
  #shared(node: Node, value: Scaled): Scaled {
    if (isSign(value.scale) || value.call === undefined || this.plan.uses.get(node)! < 2) return value;
    return { scale: ONE, call: this.#scaled(value.call, value.scale) };
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
    return `[${this.slots.map((index) => ((axes >> index) & 1 ? this.leaves.size(index) : '1')).join(', ')}]`;
  }

  #tensor(node: Node): Scaled {
    switch (node.op) {
      case 'add':
        return this.#shared(node, this.#sum(node));
      case 'mul':
        return this.#shared(node, this.#product(node.args));
      case 'pow':
        return this.#power(node);
      case 'select':
        return this.#select(node);
      case 'sum':
        return this.#total(node);
      case 'rename': {
        const value = this.#values.get(node.args[0]!)!;
        return { scale: value.scale, call: this.#rename(node, value.call!) };
      }
      case 'abs':
      case 'cos': {
        const value = this.#values.get(node.args[0]!)!;
        const inside = isSign(value.scale) ? value.call! : this.#materialise(value);
        return { scale: ONE, call: this.#make(HINTS[node.op]!, `tf.${node.op}`, [inside]) };
      }
      default:
        return { scale: ONE, call: this.#plain(node) };
    }
  }

  #plain(node: Node): Call {
    const hint = HINTS[node.op] ?? node.op;
    switch (node.op) {
      case 'input':
        return this.#calls.make('input', [this.leaves.input(node)]);
      case 'parameter': {
        const order = this.leaves.order(node);
        const args = [
          this.leaves.parameter(node),
          this.#shape(node.axes),
          ...(order === undefined ? [] : [order]),
        ];
        return this.#make(`${node.leaf!.name}Tensor`, 'parameterTensor', args, ['parameterTensor']);
      }
      case 'literal':
        return this.#make('table', 'tf.tensor', [JSON.stringify(node.data), this.#shape(node.axes)]);
      case 'index': {
        const range = this.#make('positions', 'tf.range', [
          '0',
          this.leaves.size(axisIndex(node.axis)),
          '1',
          "'float32'",
        ]);
        return this.slots.length === 1
          ? range
          : this.#make('positions', 'tf.reshape', [range, this.#shape(node.axes)]);
      }
      case 'prod':
        return this.#make(hint, 'tf.prod', [this.#get(node.args[0]!), this.#slotList(node.axis), 'true']);
      case 'reduceMax':
      case 'reduceMin':
        return this.#make(hint, node.op === 'reduceMax' ? 'tf.max' : 'tf.min', [
          this.#get(node.args[0]!),
          this.#slotList(node.axis),
          'true',
        ]);
      case 'logsumexp':
        return this.#make(
          hint,
          'logSumExp',
          [this.#get(node.args[0]!), this.#slotList(node.axis)],
          ['logSumExp'],
        );
      case 'logSoftmax':
      case 'softmax': {
        const x = this.#get(node.args[0]!);
        const slot = this.#slot(node.axis);
        const logs =
          slot === this.slots.length - 1
            ? this.#make('logP', 'logSoftmax', [x], ['logSoftmax'])
            : this.#make('logP', 'logSoftmaxAlong', [x, String(slot)], ['logSoftmaxAlong']);
        return node.op === 'logSoftmax' ? logs : this.#make('p', 'tf.exp', [logs]);
      }
      case 'at':
        return this.#at(node);
      default:
        return this.#operator(node);
    }
  }

  #operator(node: Node): Call {
    invariant(isElementwise(node.op), `${node.op} has a form of its own`);
    const row = TFJS[node.op as CallOp];
    const inner = node.args[0]!;
    const hint =
      inner.op === 'logSoftmax' && node.op === 'exp'
        ? 'p'
        : inner.op === 'logSoftmax' && node.op === 'expm1'
          ? 'pMinus1'
          : (HINTS[node.op] ?? node.op);
    const args = node.args.map((arg) => this.#get(arg));
    // The row writes text; the arguments are put back where their marks are.
    const marks = args.map((_, i) => `\0${i}\0`);
    const parts = row
      .tensor(marks, node.value)
      .split(/(\0\d+\0)/)
      .map((piece) => (piece.startsWith('\0') ? args[Number(piece.slice(1, -1))]! : piece))
      .filter((piece) => piece !== '');
    if (parts.length === 1 && typeof parts[0] !== 'string') return parts[0]!;
    return this.#calls.make(
      hint,
      parts,
      (row.helpers ?? []).filter((name) => !name.endsWith('Of')),
    );
  }

  // ---------------------------------------------------------------- sums

  #sum(node: Node): Scaled {
    const numbers = node.args.filter((arg) => this.plan.host.has(arg));
    const terms = node.args
      .filter((arg) => !this.plan.host.has(arg))
      .map((arg) => ({ ...this.#values.get(arg)!, axes: arg.axes }));
    const first = terms[0]!;
    // All with one factor: it is taken out.
    const size = (scale: Scale): Scale => (scale.value < 0 ? negated(scale) : scale);
    const common =
      numbers.length === 0 &&
      terms.length > 1 &&
      !isSign(first.scale) &&
      terms.every((term) => sameScale(size(term.scale), size(first.scale)))
        ? size(first.scale)
        : ONE;
    const signed = terms.map((term) => {
      const negative = term.scale.value < 0;
      const rest = common === ONE ? size(term.scale) : ONE;
      return { negative, call: this.#materialise({ scale: rest, call: term.call }) as Call, axes: term.axes };
    });
    // What lacks axes first: it is added before it is spread.
    signed.sort((a, b) => axisCount(a.axes) - axisCount(b.axes));
    if (signed.every((term) => term.negative) && numbers.length === 0) {
      const call = this.#addUp(
        signed.map((term) => ({ ...term, negative: false })),
        '',
      );
      return { scale: negated(common), call };
    }
    const number = numbers.length === 0 ? '' : this.#host.sum(numbers);
    return { scale: common, call: this.#addUp(signed, number) };
  }

  #addUp(terms: readonly { readonly negative: boolean; readonly call: Call }[], number: string): Call {
    const rest = [...terms];
    const lead = rest.findIndex((term) => !term.negative);
    let sum: Call;
    let left = number;
    if (lead >= 0) sum = rest.splice(lead, 1)[0]!.call;
    else {
      sum = this.#make('difference', 'tf.sub', [number, rest.shift()!.call]);
      left = '';
    }
    for (const term of rest)
      sum = term.negative
        ? this.#make('difference', 'tf.sub', [sum, term.call])
        : this.#make('sum', 'tf.add', [sum, term.call]);
    if (left === '') return sum;
    return left.startsWith('-') && !/ [+-] /.test(left)
      ? this.#make('difference', 'tf.sub', [sum, left.slice(1)])
      : this.#make('sum', 'tf.add', [sum, left]);
  }

  #total(node: Node): Scaled {
    const product = findMatrixProduct(node);
    if (product !== undefined) return this.#matrixProduct(node, product);
    const value = this.#values.get(node.args[0]!)!;
    const inside = value.call ?? this.#materialise(value);
    const whole = axisCount(node.axis) === this.slots.length && this.slots.length === 1;
    const total = this.#make('total', 'tf.sum', [
      inside,
      whole ? '0' : axisCount(node.axis) === 1 ? String(this.#slot(node.axis)) : this.#slotList(node.axis),
      'true',
    ]);
    return { scale: value.call === undefined ? ONE : value.scale, call: total };
  }

  // ---------------------------------------------------------------- products

  #product(nodes: readonly Node[]): Scaled {
    let scale: Scale = ONE;
    const factors: Factor[] = [];
    for (const node of nodes) {
      const below = this.#divisor(node);
      if (below !== undefined) {
        factors.push({ call: below, below: true, axes: node.axes });
        continue;
      }
      const value = this.#values.get(node)!;
      scale = times(scale, value.scale);
      if (value.call !== undefined) factors.push({ call: value.call, below: false, axes: node.axes });
    }
    if (factors.length === 0) return { scale, call: undefined };
    return this.#quotient(scale, factors);
  }

  /** Numerators over denominators; the smaller tensors first, so that what lacks an axis is multiplied before it is spread. */
  #quotient(scale: Scale, factors: readonly Factor[]): Scaled {
    const sorted = [...factors].sort((a, b) => axisCount(a.axes) - axisCount(b.axes));
    let top: Call | undefined;
    // One division after the other: the product of two guarded divisors could underflow to 0.
    const divisors: Call[] = [];
    const divide = (call: Call): Call => {
      let quotient = call;
      for (const divisor of divisors.splice(0))
        quotient = this.#make('quotient', 'tf.div', [quotient, divisor]);
      return quotient;
    };
    for (const { call, below } of sorted) {
      if (below) divisors.push(call);
      else top = top === undefined ? call : this.#make('product', 'tf.mul', [top, call]);
      if (top !== undefined) top = divide(top);
    }
    if (top !== undefined) return { scale, call: top };
    const first = divisors.shift()!;
    if (isSign(scale)) return { scale, call: divide(this.#make('inverse', 'tf.reciprocal', [first])) };
    const quotient = this.#make('quotient', 'tf.div', [this.#host.scale(scale), first]);
    return { scale: ONE, call: divide(quotient) };
  }

  /** What a factor divides by, if it is better written below the line. */
  #divisor(node: Node): Call | undefined {
    if (node.op !== 'pow' || this.plan.host.has(node)) return undefined;
    const [base, exponent] = [node.args[0]!, node.args[1]!];
    if (exponent.op !== 'const') return undefined;
    if (exponent.value === -1) {
      const value = this.#values.get(base)!;
      return isOne(value.scale) ? value.call : (this.#materialise(value) as Call);
    }
    if (exponent.value === -2) return this.#squareOf(base);
    return undefined;
  }

  #squareOf(base: Node): Call {
    const value = this.#values.get(base)!;
    const inside = isSign(value.scale) ? value.call! : this.#materialise(value);
    return this.#make('square', 'tf.square', [inside]);
  }

  #power(node: Node): Scaled {
    const [base, exponent] = [node.args[0]!, node.args[1]!];
    const plain = (call: Call): Scaled => ({ scale: ONE, call });
    if (this.plan.host.has(exponent) && exponent.op !== 'const')
      return plain(this.#make('raised', 'tf.pow', [this.#get(base), this.#host.text(exponent)]));
    if (exponent.op !== 'const')
      return plain(this.#make('raised', 'tf.pow', [this.#get(base), this.#get(exponent)]));
    const { value } = exponent;
    switch (value) {
      case 2:
        return plain(this.#squareOf(base));
      case 0.5:
        return plain(this.#make('root', 'tf.sqrt', [this.#get(base)]));
      case -0.5:
        return plain(this.#make('inverseRoot', 'tf.rsqrt', [this.#get(base)]));
      case -1: {
        const inner = this.#values.get(base)!;
        if (isSign(inner.scale))
          return { scale: inner.scale, call: this.#make('inverse', 'tf.reciprocal', [inner.call!]) };
        return plain(this.#make('inverse', 'tf.reciprocal', [this.#materialise(inner)]));
      }
      case -2:
        return plain(this.#make('inverse', 'tf.reciprocal', [this.#squareOf(base)]));
      default:
        if (!Number.isInteger(value) || Math.abs(value) > 64)
          return plain(this.#make('raised', 'tf.pow', [this.#get(base), numberText(value)]));
    }
    const raised = this.#make('raised', 'power', [this.#get(base), String(Math.abs(value))], ['power']);
    return plain(value > 0 ? raised : this.#make('inverse', 'tf.reciprocal', [raised]));
  }

  // ---------------------------------------------------------------- choices

  #select(node: Node): Scaled {
    const [condition, yes, no] = [node.args[0]!, node.args[1]!, node.args[2]!];
    const isZero = (arg: Node): boolean => arg.op === 'const' && arg.value === 0;
    if (this.plan.host.has(condition)) {
      const branch = (arg: Node): Call | string => {
        if (arg.axes === node.axes && !this.plan.host.has(arg)) return this.#get(arg);
        return this.#make('whole', 'spread', [this.#get(arg), this.#shape(node.axes)], ['spread']);
      };
      const parts = ['(', this.#host.text(condition), ' ? ', branch(yes), ' : ', branch(no), ')'];
      return { scale: ONE, call: this.#calls.make('chosen', parts) };
    }
    const when = this.#get(condition);
    if (this.plan.host.has(yes) && isZero(no))
      return {
        scale: this.#values.get(yes)!.scale,
        call: this.#make('indicator', 'tf.cast', [when, "'float32'"]),
      };
    const [a, b] = [this.#values.get(yes)!, this.#values.get(no)!];
    const chosen = (...args: (Call | string)[]): Call => {
      const whole = node.args.every((arg) => arg.axes === node.axes);
      return whole
        ? this.#make('chosen', 'tf.where', args)
        : this.#make('chosen', 'choose', args, ['choose']);
    };
    if (isZero(no) && a.call !== undefined) return { scale: a.scale, call: chosen(when, a.call, '0') };
    if (isZero(yes) && b.call !== undefined) return { scale: b.scale, call: chosen(when, '0', b.call) };
    return { scale: ONE, call: chosen(when, this.#materialise(a), this.#materialise(b)) };
  }

  // ---------------------------------------------------------------- positions

  #at(node: Node): Call {
    const [value, position] = [node.args[0]!, node.args[1]!];
    const [x, slot] = [this.#get(value), String(this.#slot(node.axis))];
    if (this.plan.host.has(position))
      return this.#make('picked', 'entryAt', [x, slot, this.#host.text(position)], ['entryAt']);
    // Positions along axes that the value lacks: spread the value over them first.
    const missing = position.axes & ~value.axes;
    const whole =
      missing === 0 ? x : this.#make('whole', 'spread', [x, this.#shape(value.axes | missing)], ['spread']);
    return this.#make('picked', 'lookUp', [whole, slot, this.#get(position)], ['lookUp']);
  }

  #rename(node: Node, call: Call): Call {
    const value = node.args[0]!;
    const [from, to] = [this.#slot(node.axis), this.#slot(node.to)];
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    const between = this.slots.slice(low + 1, high).some((index) => ((value.axes >> index) & 1) === 1);
    const hint = `${axisLabel(this.leaves.size(axisIndex(node.to)))}`;
    if (!between) return this.#make(hint, 'tf.reshape', [call, this.#shape(node.axes)]);
    const order = this.slots.map((_, i) => (i === from ? to : i === to ? from : i));
    return this.#make(hint, 'tf.transpose', [call, `[${order.join(', ')}]`]);
  }

  #matrixProduct(node: Node, product: MatrixProduct): Scaled {
    return emitMatrixProduct(node, product, {
      slots: this.slots,
      size: this.leaves.size,
      shape: (axes) => this.#shape(axes),
      make: (hint, head, args) => this.#make(hint, head, args),
      product: (factors) => this.#product(factors),
      value: (factor) => this.#values.get(factor)!,
    });
  }
}

/** What variables are called that hold the result of an operator. */
const HINTS: Readonly<Record<string, string>> = {
  reduceMax: 'largest',
  reduceMin: 'smallest',
  logsumexp: 'logSum',
  abs: 'size',
  cos: 'cosine',
  max: 'larger',
  min: 'smaller',
  lt: 'below',
  le: 'atMost',
  eq: 'equal',
  and: 'both',
  or: 'either',
  not: 'otherwise',
  polygamma: 'psi',
  erf: 'erfOfX',
  xlogy: 'xLogY',
  lgamma: 'logGamma',
  softplus: 'soft',
  log1mexp: 'logOfRest',
};

/** The scale 1 / k as k. */
function divisorOf(scale: Scale): Node | undefined {
  const [factor] = scale.factors;
  if (scale.value !== 1 || scale.factors.length !== 1 || factor!.op !== 'pow') return undefined;
  const exponent = factor!.args[1]!;
  return exponent.op === 'const' && exponent.value === -1 ? factor!.args[0]! : undefined;
}

const axisLabel = (size: string): string => size.replace(/Size$/, 'Copy').replace(/\W/g, '') || 'copy';
