import { invariant } from '../../../grammar/invariant.js';
import { type AxisSet, axisCount, axisIndex, axisIndices } from '../../graph/axes.js';
import type { Graph, Node } from '../../graph/graph.js';
import { type AlongOp, isAlong, isReduction, type ReduceOp, reduction } from '../../operators/axis.js';
import type { HelperName } from '../helpers/helpers.js';
import { findMatrixProduct, type MatrixProduct } from '../plan/matrix-product.js';
import { findRunningSum, type RunningSum } from '../plan/running-sum.js';
import { type Schedule, schedule } from '../plan/schedule.js';
import { findTiles, isTiled, type Tile } from '../plan/tiles.js';
import { isExactComparison, wholeInput } from '../plan/whole-numbers.js';
import type { CodeLine } from '../print/code.js';
import { HostPrinter, numberText } from '../print/host.js';
import { divisorOf, isOne, isSign, leavesFloat32, ONE, type Scale } from '../print/infix.js';
import { wrapped } from '../print/layout.js';
import type { Names } from '../print/names.js';
import { emitPower, emitProduct, emitSum } from './arithmetic.js';
import { type Call, Calls, callParts, reachableCalls, statements } from './calls.js';
import { type ChoiceCode, emitSelect } from './choice.js';
import { HINTS } from './hints.js';
import { HostNumbers } from './host-numbers.js';
import type { LeafNames } from './leaf-names.js';
import { emitMatrixProduct, type Scaled } from './matrix.js';
import { isCall, TFJS } from './ops.js';
import { REDUCTIONS } from './reductions.js';

/** Statements that compute some nodes, and the expressions that hold them afterwards. */
export interface EmittedBody {
  readonly lines: readonly CodeLine[];
  /** One expression per root: a tensor with a dimension per slot, or a number for host nodes. */
  readonly results: readonly { readonly text: string; readonly host: boolean }[];
  readonly helpers: ReadonlySet<HelperName>;
}

/**
 * Statements for the roots: each node once, matrix products where a sum of products is one. Constant factors and signs are
 * carried along and applied where they cost nothing, or once at the end.
 */
export function emitBody(
  graph: Graph,
  roots: readonly Node[],
  slots: readonly number[],
  leaves: LeafNames,
  names: Names,
  resultNames: readonly string[],
): EmittedBody {
  return new BodyEmitter(graph, schedule(roots), slots, leaves, names).emit(roots, resultNames);
}

/** Everything but arithmetic, choices and matrix products, which have files of their own. */
class BodyEmitter {
  readonly #calls = new Calls();
  readonly #values = new Map<Node, Scaled>();
  readonly #numbers: HostNumbers;
  readonly #helpers = new Set<HelperName>();
  readonly #host: HostPrinter;
  readonly #code: ChoiceCode;
  #tiles: ReadonlyMap<Node, Tile> = new Map();
  /** Functions that compute the reduction of a slice. */
  readonly #functions: CodeLine[] = [];

  constructor(
    private readonly graph: Graph,
    private readonly plan: Schedule,
    private readonly slots: readonly number[],
    private readonly leaves: LeafNames,
    private readonly names: Names,
  ) {
    this.#numbers = new HostNumbers(plan, names);
    this.#host = new HostPrinter({
      parameter: leaves.parameter,
      size: leaves.size,
      bound: (node) => this.#numbers.variable(node),
      use: (helper) => this.#helpers.add(helper),
    });
    this.#code = {
      host: this.#host,
      isHost: (node) => plan.host.has(node),
      make: (hint, head, args, helpers) => this.#make(hint, head, args, helpers),
      value: (node) => this.#values.get(node)!,
      materialise: (value) => this.#materialise(value),
      get: (node) => this.#get(node),
      shape: (axes) => this.#shape(axes),
      join: (hint, parts) => this.#calls.make(hint, parts),
    };
  }

  emit(roots: readonly Node[], resultNames: readonly string[]): EmittedBody {
    // Parts of slices are float32.
    this.#tiles = findTiles(this.graph, roots, this.plan, (leaf) => wholeInput(leaf) === undefined);
    for (const node of this.plan.order) {
      if (this.plan.host.has(node)) this.#numbers.bind(node, this.#host);
      this.#values.set(node, this.plan.host.has(node) ? this.#number(node) : this.#tensor(node));
    }
    const parts = roots.map((root) => this.#materialise(this.#values.get(root)!));
    for (const call of reachableCalls(parts)) for (const helper of call.helpers) this.#helpers.add(helper);
    const { lines, results: texts } = statements(parts, resultNames, (hint) => this.names.takeNumbered(hint));
    const hostLines = this.#numbers.usedLines([...lines, ...texts]);
    return {
      lines: [...hostLines, ...this.#functions, ...lines],
      results: texts.map((text, i) => ({ text, host: this.plan.host.has(roots[i]!) })),
      helpers: this.#helpers,
    };
  }

  #number(node: Node): Scaled {
    if (node.op === 'const') return { scale: { value: node.value, factors: [] }, call: undefined };
    return { scale: { value: 1, factors: [node] }, call: undefined };
  }

  // ---------------------------------------------------------------- scaled values

  #make(
    hint: string,
    head: string,
    args: readonly (Call | string)[],
    helpers: readonly HelperName[] = [],
  ): Call {
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
    const number = this.#host.scale(scale);
    return this.#make('scaled', 'tf.mul', [
      call,
      leavesFloat32(scale) ? `Math.min(Math.max(${number}, -3e38), 3e38)` : number,
    ]);
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
    const tile = this.#tiles.get(node);
    if (tile !== undefined) return { scale: ONE, call: this.#inSlices(node, tile) };
    switch (node.op) {
      case 'add':
        return this.#shared(node, emitSum(node, this.#code));
      case 'mul':
        return this.#shared(node, emitProduct(node.args, this.#code));
      case 'pow':
        return emitPower(node, this.#code);
      case 'select':
        return emitSelect(node, this.#code);
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
      case 'at':
        return this.#at(node);
      default:
        if (isReduction(node.op)) return this.#reduction(node.op, hint, node, this.#get(node.args[0]!));
        return isAlong(node.op) ? this.#along(node.op, node) : this.#operator(node);
    }
  }

  #along(op: AlongOp, node: Node): Call {
    const x = this.#get(node.args[0]!);
    const slot = this.#slot(node.axis);
    const logs = (): Call =>
      slot === this.slots.length - 1
        ? this.#make('logP', 'logSoftmax', [x], ['logSoftmax'])
        : this.#make('logP', 'logSoftmaxAlong', [x, String(slot)], ['logSoftmaxAlong']);
    switch (op) {
      case 'logSoftmax':
        return logs();
      case 'softmax':
        return this.#make('p', 'tf.exp', [logs()]);
    }
  }

  #operator(node: Node): Call {
    invariant(isCall(node.op), `${node.op} has a form of its own`);
    const { tensor, tensors } = TFJS[node.op];
    const form = node.args.some((arg) => this.plan.host.has(arg)) ? tensor : (tensors ?? tensor);
    const inner = node.args[0]!;
    const hint =
      inner.op === 'logSoftmax' && node.op === 'exp'
        ? 'p'
        : inner.op === 'logSoftmax' && node.op === 'expm1'
          ? 'pMinus1'
          : (HINTS[node.op] ?? node.op);
    const exact = isExactComparison(node, (arg) => this.plan.host.has(arg));
    // On wasm a NaN counts in a maximum or minimum where it stands first.
    const swapped = (node.op === 'max' || node.op === 'min') && this.plan.host.has(inner);
    const args = (swapped ? [...node.args].reverse() : node.args).map((arg) =>
      exact && wholeInput(arg) !== undefined ? this.#whole(arg) : this.#get(arg),
    );
    if (form === undefined) {
      const [arg] = args;
      return typeof arg === 'object' ? arg : this.#calls.make(hint, args);
    }
    const { head, first, takesOrder, helper } = form;
    const front = [...(first === undefined ? [] : [first]), ...(takesOrder ? [String(node.value)] : [])];
    return this.#make(hint, head, [...front, ...args], helper === undefined ? [] : [helper]);
  }

  /** Whole numbers as they are given, not as float32. */
  #whole(node: Node): Call {
    if (node.op !== 'rename') return this.#calls.make('whole', [this.leaves.whole(node)]);
    const inner = node.args[0]!;
    return this.#moved(inner.axes, node.axis, node.to, this.#whole(inner));
  }

  // ---------------------------------------------------------------- reductions

  #total(node: Node): Scaled {
    const product = findMatrixProduct(node);
    if (product !== undefined) return this.#matrixProduct(node, product);
    const running = findRunningSum(node, this.graph.axes);
    if (running !== undefined) return this.#runningSum(running);
    const value = this.#values.get(node.args[0]!)!;
    const inside = value.call ?? this.#materialise(value);
    const total = this.#reduction('sum', 'total', node, inside);
    return { scale: value.call === undefined ? ONE : value.scale, call: total };
  }

  /** A reduction along axes, in a helper where there may be nothing to reduce. */
  #reduction(op: ReduceOp, hint: string, node: Node, x: Call | string): Call {
    if (!isTiled(op)) return this.#make(hint, 'logSumExp', [x, this.#slotList(node.axis)], ['logSumExp']);
    const { head, helper } = REDUCTIONS[op];
    const slots = axisCount(node.axis) === 1 ? String(this.#slot(node.axis)) : this.#slotList(node.axis);
    const isLong = axisIndices(node.axis).every((axis) => this.graph.axes.get(axis).size !== undefined);
    const helpers = helper === undefined ? [] : [helper];
    if (isLong) return this.#make(hint, head, [x, slots, 'true'], helpers);
    const { neutral } = reduction(op);
    const ofNothing = neutral === 0 ? [] : [numberText(neutral)];
    return this.#make(hint, 'reduced', [head, x, slots, ...ofNothing], ['reduced', ...helpers]);
  }

  #runningSum({ value, from, to, exclusive, reverse }: RunningSum): Scaled {
    const { scale, call } = this.#values.get(value)!;
    const flags = exclusive || reverse ? [String(exclusive), String(reverse)] : [];
    const inside = call ?? this.#materialise({ scale, call });
    const sums = this.#make('sums', 'tf.cumsum', [inside, String(this.#slot(from)), ...flags]);
    return { scale: call === undefined ? ONE : scale, call: this.#moved(value.axes, from, to, sums) };
  }

  /** A function for the reduction of a slice, and the call that puts the slices together. */
  #inSlices(node: Node, tile: Tile): Call {
    const names = tile.placeholders.map(() => this.names.takeNumbered('part'));
    const leaves: LeafNames = {
      ...this.leaves,
      input: (leaf) =>
        leaf.leaf!.kind === 'part' ? names[tile.placeholders.indexOf(leaf)]! : this.leaves.input(leaf),
    };
    const body = emitBody(this.graph, [tile.reduction], this.slots, leaves, this.names, []);
    for (const helper of body.helpers) this.#helpers.add(helper);
    const tensors = tile.leaves.flatMap((leaf, i) => [...(i === 0 ? [] : [', ']), this.#get(leaf)]);
    const reduce = this.#function(names, body);
    return this.#calls.make(
      HINTS[node.op] ?? node.op,
      [
        'inSlices([',
        ...tensors,
        `], ${this.slots.indexOf(tile.along)}, ${REDUCTIONS[tile.op].join}, ${reduce})`,
      ],
      ['inSlices'],
    );
  }

  /** A function of tensors: in place if it is one expression, else as a statement before all that use it. */
  #function(parameters: readonly string[], { lines, results }: EmittedBody): string {
    const result = results[0]!.text;
    if (lines.length === 0) return `(${parameters.join(', ')}) => ${result}`;
    const name = this.names.takeNumbered('reduceParts');
    const head = (list: readonly string[]): string => `const ${name} = (${list.join(', ')}) => {`;
    const inner = [...lines, `return ${result};`].flatMap(indented);
    const typed = parameters.map((parameter) => `${parameter}: tf.Tensor`);
    this.#functions.push({ plain: head(parameters), typed: head(typed) }, ...inner, '};');
    return name;
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
    return this.#moved(node.args[0]!.axes, node.axis, node.to, call);
  }

  /** A tensor of some axes with one of them in another dimension. */
  #moved(axes: AxisSet, axis: AxisSet, target: AxisSet, call: Call | string): Call {
    const [from, to] = [this.#slot(axis), this.#slot(target)];
    const [low, high] = [Math.min(from, to), Math.max(from, to)];
    const between = this.slots.slice(low + 1, high).some((index) => ((axes >> index) & 1) === 1);
    const hint = axisLabel(this.leaves.size(axisIndex(target)));
    if (!between) return this.#make(hint, 'tf.reshape', [call, this.#shape((axes & ~axis) | target)]);
    const order = this.slots.map((_, i) => (i === from ? to : i === to ? from : i));
    return this.#make(hint, 'transposed', [call, `[${order.join(', ')}]`], ['transposed']);
  }

  #matrixProduct(node: Node, product: MatrixProduct): Scaled {
    return emitMatrixProduct(node, product, {
      slots: this.slots,
      size: this.leaves.size,
      shape: (axes) => this.#shape(axes),
      make: (hint, head, args, helpers) => this.#make(hint, head, args, helpers),
      product: (factors) => emitProduct(factors, this.#code),
      value: (factor) => this.#values.get(factor)!,
    });
  }
}

const indented = (line: CodeLine): readonly CodeLine[] =>
  typeof line === 'string' ? wrapped(line, 2) : [{ plain: `  ${line.plain}`, typed: `  ${line.typed}` }];

const axisLabel = (size: string): string =>
  /Size$/.test(size) ? size.replace(/Size$/, 'Copy').replace(/\W/g, '') : 'copy';
