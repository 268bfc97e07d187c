import { type AxisSet, axisIndex } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import { sizeOf } from '../graph/raw.js';
import { either, type Log, type LogArithmetic } from './log.js';

/** The number of entries along some axes. */
export function countOf({ b }: LogArithmetic, axes: AxisSet): Node {
  let count: Node = b.constant(1);
  for (let rest = axes; rest !== 0; rest &= rest - 1)
    count = b.mul([count, sizeOf(b, axisIndex(rest & -rest))]);
  return count;
}

/** A reduction of the logarithms of the entries of x. What does not vary along an axis is as many terms, or factors, as the axis is long. */
export function along(
  space: LogArithmetic,
  op: 'sum' | 'logsumexp' | 'reduceMax' | 'reduceMin',
  x: Node,
  log: Log,
): Log {
  const { b } = space;
  const missing = x.axis & ~log.node.axes;
  const { node } = log;
  if (missing === 0) return { ...log, node: b.reduce(op, node, x.axis) };
  const count = countOf(space, missing);
  const inner = b.reduce(op, node, x.axis & ~missing);
  if (op === 'sum') return { ...log, node: b.mul([count, inner]) };
  return { ...log, node: op === 'logsumexp' ? b.add([inner, b.apply('log', [count])]) : inner };
}

/** The entry of a logarithm; another outside of the axis. */
export function entry(space: LogArithmetic, x: Node, log: Log, outside: Log): Log {
  const { b } = space;
  const [, index] = x.args;
  if ((log.node.axes & x.axis) === 0) return log;
  const entry = b.at(log.node, x.axis, index!);
  const length = sizeOf(b, axisIndex(x.axis));
  const isInside = b.apply('and', [b.apply('le', [b.constant(0), index!]), b.apply('lt', [index!, length])]);
  return either(b, isInside, { ...log, node: entry }, outside);
}
