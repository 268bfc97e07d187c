import { invariant } from '../../../grammar/invariant.js';
import { log } from '../../elementary/logarithm.js';
import { type AxisSet, axisIndex, axisIndices } from '../../graph/axes.js';
import { type Graph, type Node, reachable } from '../../graph/graph.js';
import { isAlong, isReduction } from '../../operators/axis.js';
import { type ConditionOp, isCondition } from '../../operators/elementwise.js';
import { Constants } from '../plan/constants.js';
import type { RunningSum } from '../plan/running-sum.js';
import { type Schedule, schedule } from '../plan/schedule.js';
import { Shortcuts } from '../plan/shortcuts.js';
import type { Tile } from '../plan/tiles.js';
import { WholeNumbers } from '../plan/whole-tensors.js';
import { atom, InfixPrinter, LEVEL, type Printed, within } from '../print/infix.js';
import type { Names } from '../print/names.js';
import { einsum } from './einsum.js';
import { type Framework, INFIX, isFunction, JOINS } from './framework.js';
import { HINTS } from './hints.js';
import { numberText, tuple } from './text.js';

/** What leaves are called. Every tensor has a dimension for each slot, of length 1 where it lacks the axis, or is a single number. */
export interface Leaves {
  readonly input: (node: Node) => string;
  readonly parameter: (node: Node) => string;
  /** A tensor of the type in which the loss computes. */
  readonly like: string;
  /** A tensor that has an axis, which is no copy. */
  readonly holder: (axis: number) => string;
}

/** An expression longer than this gets a variable of its own. */
const MAX_LENGTH = 60;

/**
 * Whether a variable for a node would change the order in which the products around it are multiplied. What is worked out for slices is
 * worked out once more for their gradient, where an entry is found to be the maximum only if it has the same last digit.
 */
const isSpreadInProducts = ({ op, args, axes }: Node): boolean =>
  (op === 'mul' && axes === 0) || (op === 'pow' && args[1]!.range.hi < 0);

/** Statements for some values, in the operators of a framework. */
export class BodyEmitter {
  readonly #bound = new Map<Node, string>();
  readonly #printer: InfixPrinter;
  readonly #plan: Schedule;
  readonly #constants: Constants;
  readonly #whole: WholeNumbers;
  readonly #shortcuts: Shortcuts;

  constructor(
    private readonly graph: Graph,
    roots: readonly Node[],
    private readonly slots: readonly number[],
    private readonly framework: Framework,
    private readonly leaves: Leaves,
    private readonly names: Names,
    private readonly letNames: ReadonlyMap<Node, string>,
    private readonly isOfSlices = false,
  ) {
    this.#plan = schedule(roots);
    this.#constants = new Constants(graph);
    this.#whole = new WholeNumbers(this.#plan, roots);
    this.#printer = new InfixPrinter({
      bound: (node) => this.#bound.get(node) ?? this.#folded(node),
      number: numberText,
      signed: LEVEL.sign,
      power: (base, exponent) => this.#power(base, exponent),
      other: (node) => this.#other(node),
    });
    // Labels have to keep their type, which a part of a slice has not.
    const canBePart = (leaf: Node): boolean => leaf.op === 'index' || !this.#whole.is(leaf);
    this.#shortcuts = new Shortcuts(graph, roots, this.#plan, canBePart);
  }

  /** Statements after which `text` of the roots needs no others; what earlier ones have computed is used. */
  lines(roots: readonly Node[]): string[] {
    const lines: string[] = [];
    for (const node of reachable(roots)) {
      if (this.#bound.has(node) || !this.#shortcuts.uses.has(node) || this.isNumber(node)) continue;
      if (!this.#whole.isNumber(node)) continue;
      if (roots.includes(node) && this.#shortcuts.uses.get(node) === 1 && !this.#shortcuts.tiles.has(node))
        continue;
      if ((node.op === 'input' && !this.#whole.is(node)) || node.op === 'parameter') continue;
      const tile = this.#shortcuts.tiles.get(node);
      const printed = tile === undefined ? this.#printer.make(node) : this.#inSlices(tile, lines);
      const shared = this.#shortcuts.uses.get(node)! > 1 && printed.text.length > 6;
      const long = printed.text.length > MAX_LENGTH || tile !== undefined;
      if (!shared && !long && node.op !== 'size' && !this.#isNamed(node)) continue;
      if (this.isOfSlices && isSpreadInProducts(node)) continue;
      const name = this.names.takeNumbered(this.#hint(node));
      lines.push(`${name} = ${printed.text}`);
      this.#bound.set(node, name);
    }
    return lines;
  }

  text(node: Node): string {
    const value = this.#constants.of(node);
    return value === undefined ? this.#printer.text(node) : numberText(value);
  }

  isNumber(node: Node): boolean {
    return this.#constants.of(node) !== undefined;
  }

  #hint(node: Node): string {
    if (node.op === 'size')
      return `${this.graph.axes.get(axisIndex(node.axis)).name.replace(/\W/g, '_')}_size`;
    if (node.op === 'input') return `${this.leaves.input(node)}_number`;
    return this.letNames.get(node) ?? HINTS[node.op] ?? 'value';
  }

  /** Products stay as they stand in others, lest they are multiplied in another order. */
  #isNamed(node: Node): boolean {
    return node.op !== 'mul' && node.op !== 'pow' && this.letNames.has(node);
  }

  #folded(node: Node): string | undefined {
    if (node.op === 'const') return undefined;
    const value = this.#constants.of(node);
    if (value === undefined) return undefined;
    return value < 0 ? `(${numberText(value)})` : numberText(value);
  }

  /** As an argument of an infix operator. */
  #inner(node: Node, level: number): string {
    return within(this.#printer.print(node), level);
  }

  #slot(axis: AxisSet): number {
    return this.slots.indexOf(axisIndex(axis));
  }

  #dims(axes: AxisSet): number[] {
    return axisIndices(axes).map((index) => this.slots.indexOf(index));
  }

  /** Whether an axis is the items or a copy of them: there may be none. */
  #mayBeEmpty(axes: AxisSet): boolean {
    return axisIndices(axes).some((axis) => this.graph.axes.get(axis).root === 0);
  }

  #power(base: Node, exponent: Node | number): Printed {
    if (exponent === 0.5) return atom(this.framework.sqrt(this.text(base)));
    // A whole tensor of exponents may hold NaN.
    if (typeof exponent !== 'number' && exponent.axes !== 0 && !this.isNumber(exponent))
      return atom(`_power(${this.text(base)}, ${this.text(exponent)})`);
    const right = typeof exponent === 'number' ? numberText(exponent) : this.#inner(exponent, LEVEL.power);
    return { text: `${this.#inner(base, LEVEL.atom)} ** ${right}`, level: LEVEL.power };
  }

  #other(node: Node): Printed {
    const { framework } = this;
    if (this.#whole.is(node)) return atom(framework.cast(this.#wholeText(node), `${this.leaves.like}.dtype`));
    const product = this.#shortcuts.products.get(node);
    if (product !== undefined)
      return einsum(node, product, { slots: this.slots, framework, printer: this.#printer });
    const running = this.#shortcuts.runningSums.get(node);
    if (running !== undefined) return this.#runningSum(running);
    const x = (): string => this.text(node.args[0]!);
    switch (node.op) {
      case 'input':
        return atom(this.leaves.input(node));
      case 'parameter':
        return atom(this.leaves.parameter(node));
      case 'literal': {
        const shape = this.slots.map((slot) => ((node.axes >> slot) & 1 ? this.#literalSize(node, slot) : 1));
        return atom(
          framework.reshape(framework.number(JSON.stringify(node.data), this.leaves.like), tuple(shape)),
        );
      }
      case 'size': {
        const { root } = this.graph.axes.get(axisIndex(node.axis));
        return atom(`_length(${this.leaves.holder(root)}, ${this.slots.indexOf(root)}, ${this.leaves.like})`);
      }
      case 'at':
        return this.#at(node);
      case 'rename':
        return atom(framework.swap(x(), this.#slot(node.axis), this.#slot(node.to)));
      case 'select':
        return this.#select(node);
      default:
        if (isReduction(node.op)) {
          const reduce = framework.reductions[node.op];
          return atom(reduce(x(), this.#dims(node.axis), this.#mayBeEmpty(node.axis)));
        }
        if (isAlong(node.op)) return atom(framework.along[node.op](x(), this.#slot(node.axis)));
        return this.#operator(node);
    }
  }

  #runningSum({ value, from, to, exclusive, reverse }: RunningSum): Printed {
    const flags = `${exclusive ? ', exclusive=True' : ''}${reverse ? ', reverse=True' : ''}`;
    const sums = `_running_sum(${this.text(value)}, ${this.#slot(from)}${flags})`;
    return atom(this.framework.swap(sums, this.#slot(from), this.#slot(to)));
  }

  /** The call that puts slices together; a function for the reduction of one is added to the lines. */
  #inSlices(tile: Tile, lines: string[]): Printed {
    const parts = tile.placeholders.map(() => this.names.takeNumbered('part'));
    const leaves: Leaves = {
      ...this.leaves,
      input: (leaf) =>
        leaf.leaf!.kind === 'part' ? parts[tile.placeholders.indexOf(leaf)]! : this.leaves.input(leaf),
    };
    const root = tile.reduction;
    const inner = new BodyEmitter(
      this.graph,
      [root],
      this.slots,
      this.framework,
      leaves,
      this.names,
      this.letNames,
      true,
    );
    const statements = [...inner.lines([root]), `return ${inner.text(root)}`];
    const reduce = this.names.takeNumbered('reduce_parts');
    lines.push(`def ${reduce}(${parts.join(', ')}):`, ...statements.map((line) => `    ${line}`));
    const tensors = tuple(tile.leaves.map((leaf) => this.text(leaf)));
    const join = `${this.framework.module}.${JOINS[tile.op]}`;
    return atom(`_in_slices(${tensors}, ${this.slots.indexOf(tile.along)}, ${join}, ${reduce})`);
  }

  #literalSize(node: Node, slot: number): number {
    return this.graph.axes.get(slot).size ?? node.data!.length;
  }

  #at(node: Node): Printed {
    const [value, position] = [node.args[0]!, node.args[1]!];
    const number = this.#constants.of(position);
    const [x, slot] = [this.text(value), this.#slot(node.axis)];
    if (number !== undefined) return atom(`_entry(${x}, ${slot}, ${numberText(number)})`);
    const at = this.#wholeText(position);
    // A parameter or a length has no dimensions, and positions have as many as what they look into.
    const ones = tuple(this.slots.map(() => 1));
    return atom(`_at(${x}, ${slot}, ${position.axes === 0 ? this.framework.reshape(at, ones) : at})`);
  }

  #operator(node: Node): Printed {
    const { op } = node;
    if (isCondition(op)) return this.#condition(node, op);
    invariant(isFunction(op), `${op} has a form of its own`);
    const [x, y] = node.args;
    const known = y === undefined ? undefined : this.#constants.of(y);
    if (op === 'max' || op === 'min') {
      // A number may stand on either side.
      const [tensor, bound] = known === undefined ? [y!, this.#constants.of(x!)] : [x!, known];
      const limit = op === 'max' ? this.framework.atLeast : this.framework.atMost;
      if (bound !== undefined) return atom(limit(this.text(tensor), numberText(bound)));
    }
    if (op === 'xlogy') return this.#xlogy(x!, y!);
    const args = node.args.map((arg) => (op === 'stop' ? this.#inner(arg, LEVEL.atom) : this.text(arg)));
    return atom(this.framework.operators[op](args, node.value));
  }

  /** x * log(y), which is 0 where x is 0, whatever y. */
  #xlogy(x: Node, y: Node): Printed {
    const [first, second] = [this.#constants.of(x), this.#constants.of(y)];
    // 0 times the logarithm of what has none.
    if (first === 0)
      return atom(
        this.framework.operators.xlogy([this.framework.number('0', this.leaves.like), this.text(y)], 0),
      );
    if (first === undefined && (second === undefined || second <= 0))
      return atom(this.framework.operators.xlogy([this.text(x), this.text(y)], 0));
    const logOfY =
      second === undefined ? this.framework.operators.log([this.text(y)], 0) : numberText(log(second));
    return { text: `${within(this.#printer.print(x), LEVEL.product)} * ${logOfY}`, level: LEVEL.product };
  }

  #condition(node: Node, op: ConditionOp): Printed {
    const { conditions } = this.framework;
    const text = (arg: Node): string => {
      const truth = this.#constants.of(arg);
      if (isCondition(arg.op) && truth !== undefined) return truth === 0 ? 'False' : 'True';
      if (this.#whole.comparesWhole(node)) return this.#wholeText(arg);
      return conditions === undefined ? this.#inner(arg, LEVEL.sum) : this.text(arg);
    };
    const args = node.args.map(text);
    if (conditions !== undefined) return atom(`${conditions[op]}(${args.join(', ')})`);
    if (op === 'not') return { text: `~${this.#inner(node.args[0]!, LEVEL.atom)}`, level: LEVEL.sign };
    return { text: args.join(` ${INFIX[op]} `), level: LEVEL.comparison };
  }

  #select(node: Node): Printed {
    const { framework } = this;
    const [condition, yes, no] = [node.args[0]!, node.args[1]!, node.args[2]!];
    const truth = this.#constants.of(condition);
    if (truth !== undefined) return this.#spread(truth === 0 ? no : yes, node.axes);
    const [first, second] = [this.#constants.of(yes), this.#constants.of(no)];
    const indicator = (): string =>
      framework.cast(this.#inner(condition, LEVEL.atom), `${this.leaves.like}.dtype`);
    if (first === 1 && second === 0) return atom(indicator());
    if (first === 0 && second === 1) return { text: `1 - ${indicator()}`, level: LEVEL.sum };
    const value =
      first === undefined || second === undefined
        ? this.text(yes)
        : framework.number(numberText(first), this.leaves.like);
    return atom(framework.where(this.text(condition), value, this.text(no)));
  }

  /** A value that has all of these axes: one that lacks some is the same along them. */
  #spread(node: Node, axes: AxisSet): Printed {
    const missing = axisIndices(axes & ~node.axes);
    if (missing.length === 0) return this.#printer.print(node);
    const along = missing.map(
      (axis) => `0 * ${this.framework.cast(this.#positions(axis), `${this.leaves.like}.dtype`)}`,
    );
    return { text: [this.#inner(node, LEVEL.sum), ...along].join(' + '), level: LEVEL.sum };
  }

  #positions(axis: number): string {
    const { root } = this.graph.axes.get(axis);
    const copy = axis === root ? '' : `, ${this.slots.indexOf(axis)}`;
    return `_positions(${this.leaves.holder(root)}, ${this.slots.indexOf(root)}${copy})`;
  }

  /** The text of a value as it is given: whole numbers in a type of their own, which holds them all. */
  #wholeText(node: Node): string {
    if (!this.#whole.is(node)) return this.text(node);
    switch (node.op) {
      case 'input':
        return this.leaves.input(node);
      case 'index':
        return this.#positions(axisIndex(node.axis));
      case 'rename':
        return this.framework.swap(
          this.#wholeText(node.args[0]!),
          this.#slot(node.axis),
          this.#slot(node.to),
        );
      default: {
        const sign = node.op === 'add' ? ' + ' : ' * ';
        return `(${node.args.map((arg) => this.#wholeText(arg)).join(sign)})`;
      }
    }
  }
}
