import { invariant } from '../../../grammar/invariant.js';
import { type AxisSet, axisIndex, axisIndices } from '../../graph/axes.js';
import { type Graph, type Node, reachable } from '../../graph/graph.js';
import { isAlong, isReduction } from '../../operators/axis.js';
import { elementwise, isCondition, isElementwise } from '../../operators/elementwise.js';
import { Constants } from '../plan/constants.js';
import type { MatrixProduct } from '../plan/matrix-product.js';
import type { RunningSum } from '../plan/running-sum.js';
import { schedule } from '../plan/schedule.js';
import { Shortcuts } from '../plan/shortcuts.js';
import type { Tile } from '../plan/tiles.js';
import { WholeNumbers } from '../plan/whole-tensors.js';
import { type ArithmeticCode, power, product, sum } from './arithmetic.js';
import { ALONG, type LossScope, ONNX, REDUCTIONS } from './operators.js';
import { floats, type Value, wholes } from './scope.js';
import { slicedReduction } from './slices.js';
import { only, positions, transposed } from './slots.js';

/** The values of leaves. Every tensor has a dimension for each slot, of length 1 where it lacks the axis, or has none. */
export interface Leaves {
  /** An input, a parameter or the seed. */
  readonly leaf: (node: Node) => Value;
  /** The length of an axis, as a list of one number. */
  readonly size: (axis: number) => Value;
}

/** The nodes of ONNX that work out some nodes of a loss. */
export class BodyEmitter {
  readonly #values = new Map<Node, Value>();
  readonly #constants: Constants;
  readonly #whole: WholeNumbers;
  readonly #shortcuts: Shortcuts;
  readonly #arithmetic: ArithmeticCode;

  constructor(
    private readonly scope: LossScope,
    private readonly graph: Graph,
    private readonly roots: readonly Node[],
    private readonly slots: readonly number[],
    private readonly leaves: Leaves,
  ) {
    this.#constants = new Constants(graph);
    const plan = schedule(roots);
    this.#whole = new WholeNumbers(plan, roots);
    // Labels have to keep their type, which a part of a slice has not.
    const canBePart = (leaf: Node): boolean => leaf.op === 'index' || !this.#whole.is(leaf);
    this.#shortcuts = new Shortcuts(graph, roots, plan, canBePart);
    this.#arithmetic = {
      scope,
      get: (node) => this.#number(node),
      number: (node) => this.#constants.of(node),
    };
  }

  /** The values of the roots, as tensors of numbers. */
  emit(): readonly Value[] {
    // Arguments have smaller ids than their users, so that nothing here recurses deeply.
    for (const node of reachable(this.roots)) if (this.#shortcuts.uses.has(node)) this.#get(node);
    return this.roots.map((root) => this.#number(root));
  }

  /** A node in the type of its own: numbers, whole numbers, or truths of a condition. */
  #get(node: Node): Value {
    const known = this.#values.get(node);
    if (known !== undefined) return known;
    const number = this.#constants.of(node);
    const value =
      number === undefined
        ? this.#make(node)
        : isCondition(node.op)
          ? this.scope.truth(number !== 0)
          : this.scope.number(number);
    this.#values.set(node, value);
    return value;
  }

  #number(node: Node): Value {
    const value = this.#get(node);
    return this.#whole.is(node) || isCondition(node.op) ? this.scope.cast(value, 'float') : value;
  }

  #truth(node: Node): Value {
    const value = this.#get(node);
    return isCondition(node.op)
      ? value
      : this.scope.op('Not', [this.scope.op('Equal', [value, this.scope.number(0)])]);
  }

  #wholeNumber(node: Node): Value {
    const number = this.#constants.of(node);
    return number === undefined ? this.#get(node) : this.scope.whole(number);
  }

  #slot(axis: AxisSet): number {
    return this.slots.indexOf(axisIndex(axis));
  }

  #make(node: Node): Value {
    const { scope } = this;
    if (node.op === 'add' && this.#whole.is(node))
      return node.args.map((arg) => this.#wholeNumber(arg)).reduce((a, b) => scope.add(a, b));
    if (node.op === 'mul' && this.#whole.is(node))
      return node.args.map((arg) => this.#wholeNumber(arg)).reduce((a, b) => scope.mul(a, b));
    const matrix = this.#shortcuts.products.get(node);
    if (matrix !== undefined) return this.#matrixProduct(matrix);
    const running = this.#shortcuts.runningSums.get(node);
    if (running !== undefined) return this.#runningSum(running);
    const tile = this.#shortcuts.tiles.get(node);
    if (tile !== undefined) return this.#inSlices(node, tile);
    switch (node.op) {
      case 'input':
      case 'parameter':
        return this.leaves.leaf(node);
      case 'literal': {
        const shape = this.slots.map((slot) => ((node.axes >> slot) & 1 ? this.#literalSize(node, slot) : 1));
        return scope.tensor(floats(shape, node.data!));
      }
      case 'size':
        return scope.cast(only(scope, this.leaves.size(axisIndex(node.axis))), 'float');
      case 'index':
        return positions(scope, this.slots, axisIndex(node.axis), this.leaves.size(axisIndex(node.axis)));
      case 'add':
        return sum(node.args, this.#arithmetic);
      case 'mul':
        return product(node.args, this.#arithmetic);
      case 'pow':
        return power(node.args[0]!, node.args[1]!, this.#arithmetic);
      case 'at':
        return this.#at(node);
      case 'rename':
        return this.#swap(this.#get(node.args[0]!), this.#slot(node.axis), this.#slot(node.to));
      default:
        return this.#operator(node);
    }
  }

  #literalSize(node: Node, slot: number): number {
    return this.graph.axes.get(slot).size ?? node.data!.length;
  }

  #operator(node: Node): Value {
    const { op, args } = node;
    const x = (): Value => this.#number(args[0]!);
    if (isReduction(op))
      return REDUCTIONS[op](
        this.scope,
        x(),
        axisIndices(node.axis).map((axis) => this.slots.indexOf(axis)),
      );
    if (isAlong(op)) return ALONG[op](this.scope, x(), this.#slot(node.axis));
    invariant(
      isElementwise(op) && op !== 'add' && op !== 'mul' && op !== 'pow',
      `${op} has a form of its own`,
    );
    const whole = this.#whole.comparesWhole(node);
    const truths: readonly number[] = elementwise(op).conditions;
    const given = args.map((arg, i) =>
      truths.includes(i) ? this.#truth(arg) : whole ? this.#wholeNumber(arg) : this.#number(arg),
    );
    return ONNX[op](this.scope, given, node.value);
  }

  #swap(x: Value, a: number, b: number): Value {
    const perm = this.slots.map((_, i) => (i === a ? b : i === b ? a : i));
    return transposed(this.scope, x, perm);
  }

  /**
   * A sum of products as a matrix product, so that the product with all axes is never made. One axis of the left and one of the right become
   * rows and columns, all others are those of a batch of matrices. (ONNX Runtime 1.30 ends the process over an einsum without entries.)
   */
  #matrixProduct({ leftFactors, rightFactors, left, right, summed }: MatrixProduct): Value {
    const { scope } = this;
    const slotOf = (axes: AxisSet): number => this.slots.indexOf(axisIndices(axes).at(-1)!);
    const [row, column, along] = [slotOf(left), slotOf(right), slotOf(summed)];
    const others = this.slots.flatMap((_, i) => (i === row || i === column || i === along ? [] : [i]));
    const side = (factors: readonly Node[], missing: number, last: readonly number[]): Value => {
      const turned = transposed(scope, product(factors, this.#arithmetic), [missing, ...others, ...last]);
      return scope.op('Squeeze', [turned, scope.list([0])]);
    };
    const matrices = scope.op('MatMul', [
      side(leftFactors, column, [row, along]),
      side(rightFactors, row, [along, column]),
    ]);
    const order = [along, ...others, row, column];
    const whole = scope.op('Unsqueeze', [matrices, scope.list([0])]);
    return transposed(
      scope,
      whole,
      order.map((_, i) => order.indexOf(i)),
    );
  }

  #runningSum({ value, from, to, exclusive, reverse }: RunningSum): Value {
    const { scope } = this;
    const flags = { exclusive: exclusive ? 1 : 0, reverse: reverse ? 1 : 0 };
    const sums = scope.op('CumSum', [this.#number(value), scope.whole(this.#slot(from))], flags);
    return this.#swap(sums, this.#slot(from), this.#slot(to));
  }

  /** A reduction whose operand may be too large to be held, from slices of what it is made from. */
  #inSlices(node: Node, { op, along, leaves, reduction, placeholders }: Tile): Value {
    const values = leaves.map((leaf) => this.#number(leaf));
    const dim = this.slots.indexOf(along);
    const part = (scope: LossScope, start: Value, end: Value): Value => {
      const parts = leaves.map((leaf, i) =>
        ((leaf.axes >> along) & 1) === 1
          ? scope.op('Slice', [values[i]!, start, end, scope.list([dim])])
          : values[i]!,
      );
      const inner = new BodyEmitter(scope, this.graph, [reduction], this.slots, {
        ...this.leaves,
        leaf: (leaf) =>
          leaf.leaf!.kind === 'part' ? parts[placeholders.indexOf(leaf)]! : this.leaves.leaf(leaf),
      });
      return inner.emit()[0]!;
    };
    const sizesOf = (axes: AxisSet): Value[] =>
      this.slots.map((slot) => ((axes >> slot) & 1 ? this.leaves.size(slot) : this.scope.list([1])));
    return slicedReduction(this.scope, op, {
      operand: sizesOf(reduction.args[0]!.axes),
      result: sizesOf(node.axes),
      length: this.leaves.size(along),
      part,
    });
  }

  /** The entry at a position, 0 outside. */
  #at(node: Node): Value {
    const { scope } = this;
    const [of, position] = [node.args[0]!, node.args[1]!];
    const dim = this.#slot(node.axis);
    const x = this.#number(of);
    const number = this.#constants.of(position);
    if (number !== undefined) {
      const bounds = number >= 0 ? [number, number + 1] : [0, 0];
      const entry = scope.op('Slice', [
        x,
        scope.list([bounds[0]!]),
        scope.list([bounds[1]!]),
        scope.list([dim]),
      ]);
      // Of one entry, or of none.
      return REDUCTIONS.sum(scope, entry, [dim]);
    }
    const at = this.#whole.is(position) ? this.#get(position) : scope.cast(this.#number(position), 'int64');
    const places = position.axes === 0 ? scope.op('Reshape', [at, scope.list(this.slots.map(() => 1))]) : at;
    const size = this.leaves.size(axisIndex(node.axis));
    const isBelow = scope.op('Less', [places, scope.whole(0)]);
    const isInside = scope.op('And', [scope.op('Not', [isBelow]), scope.op('Less', [places, size])]);
    // A 0 is put behind the last entry, for the positions that are outside.
    const behind = this.slots.map((_, i) => (i === dim ? 1 : 0));
    const padded = scope.op('Pad', [x, scope.list([...behind.map(() => 0), ...behind])]);
    const index = scope.op('Where', [isInside, places, size]);
    const [entries, indices] = this.#alike(padded, index, dim);
    return scope.op('GatherElements', [entries, indices], { axis: dim });
  }

  /** Two tensors repeated to each other's lengths along all dimensions but one. */
  #alike(x: Value, y: Value, dim: number): readonly [Value, Value] {
    const { scope } = this;
    const shapeOf = (value: Value): Value => {
      const own = scope.tensor(
        wholes(
          [this.slots.length],
          this.slots.map((_, i) => (i === dim ? 1 : 0)),
        ),
      );
      return scope.op('Where', [scope.cast(own, 'bool'), scope.whole(1), scope.op('Shape', [value])]);
    };
    const [a, b] = [shapeOf(x), shapeOf(y)];
    const shape = scope.op('Where', [scope.op('Equal', [a, scope.whole(1)]), b, a]);
    return [scope.op('Expand', [x, shape]), scope.op('Expand', [y, shape])];
  }
}
