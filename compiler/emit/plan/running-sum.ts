import { type AxisSet, type AxisTable, axisCount, axisIndex } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';

/**
 * `sum(e, past where index(past) <= index(time))` with an `e` that does not know `time`: the sum of all that comes before, for every
 * position. Nothing with both axes has to be made.
 */
export interface RunningSum {
  /** What is summed, along `from`. */
  readonly value: Node;
  readonly from: AxisSet;
  /** The axis of the result, as long as `from`. */
  readonly to: AxisSet;
  /** The entry at the position itself is left out. */
  readonly exclusive: boolean;
  /** From the end of the axis. */
  readonly reverse: boolean;
}

/** A comparison of the positions along two axes. */
interface Order {
  readonly to: AxisSet;
  readonly exclusive: boolean;
  readonly reverse: boolean;
}

/** Sees a sum over one axis as a running sum. Both axes have to be copies of one: else their lengths need not be equal. */
export function findRunningSum(node: Node, axes: AxisTable): RunningSum | undefined {
  const operand = node.args[0];
  if (node.op !== 'sum' || axisCount(node.axis) !== 1 || operand?.op !== 'select') return undefined;
  const [condition, yes, no] = [operand.args[0]!, operand.args[1]!, operand.args[2]!];
  const order = orderOf(condition, node.axis);
  if (order === undefined) return undefined;
  if (isZero(no)) return runningSum(node, yes, order, axes);
  return isZero(yes) ? runningSum(node, no, opposite(order), axes) : undefined;
}

const isZero = (node: Node): boolean => node.op === 'const' && node.value === 0;

const opposite = ({ to, exclusive, reverse }: Order): Order => ({
  to,
  exclusive: !exclusive,
  reverse: !reverse,
});

function runningSum(node: Node, value: Node, order: Order, axes: AxisTable): RunningSum | undefined {
  if ((value.axes & order.to) !== 0 || (value.axes & node.axis) === 0) return undefined;
  const rootOf = (axis: AxisSet): number => axes.get(axisIndex(axis)).root;
  return rootOf(node.axis) === rootOf(order.to) ? { value, from: node.axis, ...order } : undefined;
}

function orderOf(condition: Node, from: AxisSet): Order | undefined {
  const [left, right] = [condition.args[0], condition.args[1]];
  if (condition.op === 'not') {
    const order = orderOf(left!, from);
    return order && opposite(order);
  }
  if (condition.op !== 'le' && condition.op !== 'lt') return undefined;
  if (left?.op !== 'index' || right?.op !== 'index' || left.axis === right.axis) return undefined;
  const exclusive = condition.op === 'lt';
  if (left.axis === from) return { to: right.axis, exclusive, reverse: false };
  return right.axis === from ? { to: left.axis, exclusive, reverse: true } : undefined;
}
