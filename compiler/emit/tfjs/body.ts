import { invariant } from '../../../grammar/invariant.js';
import { axisIndex } from '../../graph/axes.js';
import type { Graph, Node } from '../../graph/graph.js';
import { isAlong, isReduction } from '../../operators/axis.js';
import type { HelperName } from '../helpers/helpers.js';
import { findMatrixProduct, type MatrixProduct } from '../plan/matrix-product.js';
import { findRunningSum } from '../plan/running-sum.js';
import { type Schedule, schedule } from '../plan/schedule.js';
import { findTiles, type Tile } from '../plan/tiles.js';
import { isExactComparison, wholeInput } from '../plan/whole-numbers.js';
import type { CodeLine } from '../print/code.js';
import { divisorOf, isOne, isSign, leavesFloat32, ONE, type Scale } from '../print/infix.js';
import { wrapped } from '../print/layout.js';
import type { Names } from '../print/names.js';
import { type AlongCode, emitAlong, emitAt, emitMoved, emitReduction, emitRunningSum } from './along.js';
import { emitPower, emitProduct, emitSum } from './arithmetic.js';
import type { Scaled } from './body-code.js';
import { type Call, Calls, callParts, reachableCalls, statements } from './calls.js';
import { type ChoiceCode, emitSelect } from './choice.js';
import { HINTS } from './hints.js';
import { HostNumbers } from './host-numbers.js';
import { HostPrinter } from './host-printer.js';
import type { LeafNames } from './leaf-names.js';
import { emitMatrixProduct } from './matrix.js';
import { isCall, TFJS } from './ops.js';
import { REDUCTIONS } from './reductions.js';
import { Slots } from './slots.js';

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
  letNames: ReadonlyMap<Node, string>,
): EmittedBody {
  return new BodyEmitter(graph, schedule(roots), slots, leaves, names, letNames).emit(roots, resultNames);
}

/** Everything but arithmetic, choices and matrix products, which have files of their own. */
class BodyEmitter {
  readonly #calls = new Calls();
  readonly #values = new Map<Node, Scaled>();
  readonly #numbers: HostNumbers;
  readonly #helpers = new Set<HelperName>();
  readonly #host: HostPrinter;
  readonly #slots: Slots;
  readonly #code: ChoiceCode & AlongCode;
  #tiles: ReadonlyMap<Node, Tile> = new Map();
  /** Functions that compute the reduction of a slice. */
  readonly #functions: CodeLine[] = [];

  constructor(
    private readonly graph: Graph,
    private readonly plan: Schedule,
    private readonly slots: readonly number[],
    private readonly leaves: LeafNames,
    private readonly names: Names,
    private readonly letNames: ReadonlyMap<Node, string>,
  ) {
    this.#slots = new Slots(slots, leaves.size);
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
      graph,
      slots: this.#slots,
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
    const take = (hint: string): string => this.names.takeNumbered(hint);
    const { lines, results: texts } = statements(parts, resultNames, take, this.#callNames());
    const hostLines = this.#numbers.usedLines([...lines, ...texts]);
    return {
      lines: [...hostLines, ...this.#functions, ...lines],
      results: texts.map((text, i) => ({ text, host: this.plan.host.has(roots[i]!) })),
      helpers: this.#helpers,
    };
  }

  /** Calls for which the loss has a name. */
  #callNames(): ReadonlyMap<Call, string> {
    const names = new Map<Call, string>();
    for (const node of this.plan.order) {
      const name = this.letNames.get(node);
      const part = name === undefined ? undefined : this.#get(node);
      if (name !== undefined && typeof part === 'object' && !names.has(part)) names.set(part, name);
    }
    return names;
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
        return {
          scale: value.scale,
          call: emitMoved(node.args[0]!.axes, node.axis, node.to, value.call!, this.#code),
        };
      }
      case 'abs':
      case 'cos': {
        const value = this.#values.get(node.args[0]!)!;
        const inside = isSign(value.scale) ? value.call! : this.#materialise(value);
        const { head, helper } = TFJS[node.op].tensor!;
        const hint = HINTS[node.op] ?? node.op;
        return { scale: ONE, call: this.#make(hint, head, [inside], helper === undefined ? [] : [helper]) };
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
          this.#slots.shape(node.axes),
          ...(order === undefined ? [] : [order]),
        ];
        return this.#make(`${node.leaf!.name}Tensor`, 'parameterTensor', args, ['parameterTensor']);
      }
      case 'literal':
        return this.#make('table', 'tf.tensor', [JSON.stringify(node.data), this.#slots.shape(node.axes)]);
      case 'index': {
        const range = this.#make('positions', 'tf.range', [
          '0',
          this.leaves.size(axisIndex(node.axis)),
          '1',
          "'float32'",
        ]);
        return this.slots.length === 1
          ? range
          : this.#make('positions', 'tf.reshape', [range, this.#slots.shape(node.axes)]);
      }
      case 'at':
        return emitAt(node, this.#code);
      default:
        if (isReduction(node.op))
          return emitReduction(node.op, hint, node, this.#get(node.args[0]!), this.#code);
        return isAlong(node.op) ? emitAlong(node.op, node, this.#code) : this.#operator(node);
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
    return emitMoved(inner.axes, node.axis, node.to, this.#whole(inner), this.#code);
  }

  // ---------------------------------------------------------------- reductions

  #total(node: Node): Scaled {
    const product = findMatrixProduct(node);
    if (product !== undefined) return this.#matrixProduct(node, product);
    const running = findRunningSum(node, this.graph.axes);
    if (running !== undefined) return emitRunningSum(running, this.#code);
    const value = this.#values.get(node.args[0]!)!;
    const inside = value.call ?? this.#materialise(value);
    const total = emitReduction('sum', 'total', node, inside, this.#code);
    return { scale: value.call === undefined ? ONE : value.scale, call: total };
  }

  /** A function for the reduction of a slice, and the call that puts the slices together. */
  #inSlices(node: Node, tile: Tile): Call {
    const names = tile.placeholders.map(() => this.names.takeNumbered('part'));
    const leaves: LeafNames = {
      ...this.leaves,
      input: (leaf) =>
        leaf.leaf!.kind === 'part' ? names[tile.placeholders.indexOf(leaf)]! : this.leaves.input(leaf),
    };
    const body = emitBody(this.graph, [tile.reduction], this.slots, leaves, this.names, [], this.letNames);
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

  #matrixProduct(node: Node, product: MatrixProduct): Scaled {
    return emitMatrixProduct(node, product, {
      slots: this.#slots,
      make: (hint, head, args, helpers) => this.#make(hint, head, args, helpers),
      product: (factors) => emitProduct(factors, this.#code),
      value: (factor) => this.#values.get(factor)!,
    });
  }
}

const indented = (line: CodeLine): readonly CodeLine[] =>
  typeof line === 'string' ? wrapped(line, 2) : [{ plain: `  ${line.plain}`, typed: `  ${line.typed}` }];
