import { type AxisSet, axisIndex } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import { sizeOf, subtract } from '../graph/raw.js';
import { either, type Log, type LogArithmetic, scaledFrom } from './log.js';

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
  const { maybeNever } = log;
  const missing = x.axis & ~log.node.axes;
  const inner =
    op === 'logsumexp' ? total(space, log, x.axis & ~missing) : b.reduce(op, log.node, x.axis & ~missing);
  if (missing === 0) return { node: inner, maybeNever };
  const count = countOf(space, missing);
  if (op === 'sum') return { node: b.mul([count, inner]), maybeNever };
  return { node: op === 'logsumexp' ? b.add([inner, b.apply('log', [count])]) : inner, maybeNever };
}

/** The logarithm of a sum along axes. Factors that may be 0 are taken as they are, for their slopes. */
function total({ b, settle }: LogArithmetic, { node, scaled }: Log, axes: AxisSet): Node {
  if (scaled === undefined) return b.reduce('logsumexp', node, axes);
  const largest = b.apply('stop', [b.reduce('reduceMax', node, axes)]);
  const shares = b.mul([scaled.factor, b.apply('exp', [subtract(b, scaled.rest, largest)])]);
  return b.add([largest, settle('log', b.reduce('sum', shares, axes))]);
}

/** The entry of a logarithm; another outside of the axis. */
export function entry(space: LogArithmetic, x: Node, log: Log, outside: Log): Log {
  const { b } = space;
  const [, index] = x.args;
  if ((log.node.axes & x.axis) === 0) return log;
  const entry = b.at(log.node, x.axis, index!);
  const length = sizeOf(b, axisIndex(x.axis));
  const isInside = b.apply('and', [b.apply('le', [b.constant(0), index!]), b.apply('lt', [index!, length])]);
  const at = (part: Node): Node => ((part.axes & x.axis) === 0 ? part : b.at(part, x.axis, index!));
  const scaled = scaledFrom(b, [log], ([part]) => ({ factor: at(part!.factor), rest: at(part!.rest) }));
  return either(b, isInside, { node: entry, maybeNever: log.maybeNever, ...scaled }, outside);
}
