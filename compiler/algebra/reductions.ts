import { type AxisSet, axisCount, axisIndex } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import { mayBeInfinite } from '../graph/infinite.js';
import { factorsOf, isSimplex } from '../graph/node-range.js';
import { indexAlong, sizeOf, sumOver } from '../graph/raw.js';
import { type AlongOp, along, type ReduceOp, reduction } from '../operators/axis.js';
import type { Simplifier } from './simplifier.js';

/** The normal form of a reduction whose value has all the axes that are reduced. */
export function normalReduction(algebra: Simplifier, op: ReduceOp, value: Node, axes: AxisSet): Node {
  const missing = axes & ~value.axes;
  if (missing !== 0) return reduceMissing(algebra, op, value, axes, missing);
  if (op === 'sum') return normalSumOver(algebra, value, axes);
  if (value.op === 'rename' && (axes & value.to) === 0) return hoistRename(algebra, op, value, axes);
  if (value.op === op && reduction(op).nests) return algebra.reduce(op, value.args[0]!, axes | value.axis);
  return algebra.rewritten(algebra.graph.make(op, [value], { axis: axes }));
}

/** Along an axis that the value lacks, it is a constant as often as the axis is long. */
function reduceMissing(
  algebra: Simplifier,
  op: ReduceOp,
  value: Node,
  axes: AxisSet,
  missing: AxisSet,
): Node {
  const rest = algebra.reduce(op, value, axes & ~missing);
  const size = sumOver(algebra, algebra.constant(1), missing);
  return REPEATED[op](algebra, rest, size);
}

/** What a reduction makes of one value that is there so many times. */
const REPEATED: { readonly [K in ReduceOp]: (algebra: Simplifier, value: Node, times: Node) => Node } = {
  sum: (algebra, value, times) => algebra.mul([times, value]),
  prod: (algebra, value, times) => algebra.pow(value, times),
  reduceMax: (_, value) => value,
  reduceMin: (_, value) => value,
  logsumexp: (algebra, value, times) => algebra.add([value, algebra.apply('log', [times])]),
};

function hoistRename(algebra: Simplifier, op: ReduceOp, value: Node, axes: AxisSet): Node {
  return algebra.rename(algebra.reduce(op, value.args[0]!, axes), value.axis, value.to);
}

function normalSumOver(algebra: Simplifier, value: Node, axes: AxisSet): Node {
  if (value.op === 'sum') return algebra.reduce('sum', value.args[0]!, axes | value.axis);
  if (value.op === 'rename') {
    if ((axes & value.to) === 0) return hoistRename(algebra, 'sum', value, axes);
    // The sum over a copy of an axis is the sum over the axis, unless both are summed.
    if ((axes & value.axis) === 0)
      return algebra.reduce('sum', value.args[0]!, (axes & ~value.to) | value.axis);
  }
  if (value.op === 'mul') {
    const outside = value.args.filter((factor) => (factor.axes & axes) === 0);
    if (outside.length > 0) {
      const inside = value.args.filter((factor) => (factor.axes & axes) !== 0);
      return algebra.mul([...outside, algebra.reduce('sum', algebra.mul(inside), axes)]);
    }
  }
  if (value.op === 'add') {
    const outside = value.args.filter((term) => (term.axes & axes) !== axes);
    if (outside.length > 0) {
      const inside = value.args.filter((term) => (term.axes & axes) === axes);
      const sums = [...outside.map((term) => sumOver(algebra, term, axes))];
      if (inside.length > 0) sums.push(algebra.reduce('sum', algebra.add(inside), axes));
      return algebra.add(sums);
    }
  }
  // Not for a prediction: the gradient with respect to each of its entries is 1, though the entries add up to 1.
  if (isSimplex(value, axes) && value.leaf?.data !== false) return algebra.constant(1);
  const chosen = exponentOfChosen(value, axes);
  if (chosen !== undefined) return algebra.apply('exp', [algebra.reduce('sum', algebra.mul(chosen), axes)]);
  if (value.op === 'select') {
    const picked = pickEntry(algebra, value, axes);
    if (picked !== undefined) return picked;
  }
  return algebra.rewritten(algebra.graph.make('sum', [value], { axis: axes }));
}

/** sum(onehot * exp(u)) is exp(sum(onehot * u)): the factors onehot and u, if the value is such a product. */
function exponentOfChosen(value: Node, axes: AxisSet): readonly Node[] | undefined {
  if (value.op !== 'mul' || value.args.length !== 2) return undefined;
  const [x, y] = [value.args[0]!, value.args[1]!];
  const [row, exponential] = y.op === 'exp' ? [x, y] : [y, x];
  const simplex = row.leaf?.simplex;
  if (exponential.op !== 'exp' || simplex?.onehot !== true || simplex.axis !== axes) return undefined;
  return [row, exponential.args[0]!];
}

/** The sum over k of (if k == i then x else 0) is the entry of x at i. */
function pickEntry(algebra: Simplifier, choice: Node, axes: AxisSet): Node | undefined {
  const [condition, yes, no] = [choice.args[0]!, choice.args[1]!, choice.args[2]!];
  if (condition.op !== 'eq' || no.op !== 'const' || no.value !== 0 || axisCount(axes) !== 1) return undefined;
  const index = indexAlong(algebra, axisIndex(axes));
  const position = condition.args[0] === index ? condition.args[1]! : condition.args[0]!;
  if (!condition.args.includes(index) || (position.axes & axes) !== 0 || !position.range.integer)
    return undefined;
  if ((yes.axes & axes) !== 0) return algebra.at(yes, axes, position);
  const { axes: table } = algebra.graph;
  const root = (mask: AxisSet): number => table.get(axisIndex(mask)).root;
  if (position.op === 'index' && root(position.axis) === root(axes)) return yes;
  return whereInside(algebra, axes, position, yes);
}

/** The value where the position is on the axis, 0 outside. */
function whereInside(algebra: Simplifier, axis: AxisSet, position: Node, value: Node): Node {
  const inside = algebra.apply('and', [
    algebra.apply('le', [algebra.constant(0), position]),
    algebra.apply('lt', [position, sizeOf(algebra, axisIndex(axis))]),
  ]);
  return algebra.apply('select', [inside, value, algebra.constant(0)]);
}

/** What an operator along an axis makes of a value that is the same for all entries. */
const OF_EQUALS: { readonly [K in AlongOp]: (algebra: Simplifier, value: Node, size: Node) => Node } = {
  softmax: (algebra, _, size) => algebra.pow(size, algebra.constant(-1)),
  logSoftmax: (algebra, _, size) => algebra.apply('log', [algebra.pow(size, algebra.constant(-1))]),
};

/** The normal form of an operator along an axis: of softmax and log-softmax, what is constant along it changes nothing. */
export function normalAlong(algebra: Simplifier, op: AlongOp, value: Node, axis: AxisSet): Node {
  if ((value.axes & axis) === 0) return OF_EQUALS[op](algebra, value, sizeOf(algebra, axisIndex(axis)));
  if (value.op === 'rename' && axis !== value.to) {
    return algebra.rename(algebra.along(op, value.args[0]!, axis), value.axis, value.to);
  }
  if (along(op).ignoresShift) {
    // Log-softmax is its argument, shifted.
    if (value.op === 'logSoftmax' && value.axis === axis) return algebra.along(op, value.args[0]!, axis);
    if (value.op === 'add') {
      const kept = value.args.filter((term) => (term.axes & axis) !== 0);
      if (kept.length < value.args.length && kept.length > 0)
        return algebra.along(op, algebra.add(kept), axis);
    }
  }
  return algebra.rewritten(algebra.graph.make(op, [value], { axis }));
}

/** The normal form of a look-up: through what does not have the axis. */
export function normalAt(algebra: Simplifier, value: Node, axis: AxisSet, position: Node): Node {
  if ((value.axes & axis) === 0) return whereInside(algebra, axis, position, value);
  // The entry at each position along the axis itself.
  if (position.op === 'index' && position.axis === axis) return value;
  if (value.op === 'mul') {
    // Outside the axis the entry is 0, also of an infinite factor's product.
    const isOutside = (factor: Node): boolean => (factor.axes & axis) === 0 && !mayBeInfinite(factor);
    const outside = factorsOf(value).filter(isOutside);
    if (outside.length > 0) {
      const inside = factorsOf(value).filter((factor) => !isOutside(factor));
      return algebra.mul([...outside, algebra.at(algebra.mul(inside), axis, position)]);
    }
  }
  return algebra.rewritten(algebra.graph.make('at', [value, position], { axis }));
}

/** The normal form of a renaming: none for what does not have the axis, one for two in a row. */
export function normalRename(algebra: Simplifier, value: Node, from: AxisSet, to: AxisSet): Node {
  if ((value.axes & from) === 0) return value;
  if (value.op === 'index') return indexAlong(algebra, axisIndex(to));
  // Entry j of an axis for each position j of another, renamed to that axis: the values as they were.
  const position = value.op === 'at' && value.axis === to ? value.args[1]! : undefined;
  if (position?.op === 'index' && position.axis === from && (value.args[0]!.axes & from) === 0)
    return value.args[0]!;
  if (value.op === 'rename' && value.to === from) {
    const inner = value.args[0]!;
    return value.axis === to ? inner : algebra.rename(inner, value.axis, to);
  }
  if (value.op === 'mul') {
    const outside = value.args.filter((factor) => (factor.axes & from) === 0);
    if (outside.length > 0) {
      const inside = value.args.filter((factor) => (factor.axes & from) !== 0);
      return algebra.mul([...outside, algebra.rename(algebra.mul(inside), from, to)]);
    }
  }
  return algebra.graph.make('rename', [value], { axis: from, to });
}
