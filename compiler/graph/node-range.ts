import { AXIS } from '../operators/axis.js';
import { isElementwise, operatorRange, withTotality } from '../operators/elementwise.js';
import { isLeaf, type LeafOp, type Op } from '../operators/order.js';
import { ANY, powerRange, type Range, range } from '../operators/range.js';
import { type AxisSet, type AxisTable, axisIndices } from './axes.js';
import type { Attributes, Node } from './node.js';

/** What is known of a node's value from what is known of its arguments. */
export function rangeOf(
  op: Op,
  args: readonly Node[],
  axis: AxisSet,
  attributes: Attributes,
  axes: AxisTable,
): Range {
  if (isElementwise(op)) {
    const { value: order = 0 } = attributes;
    const ranges = args.length === 1 ? [args[0]!.range] : args.map((arg) => arg.range);
    const exponent = args[1];
    if (op === 'pow' && exponent?.op === 'const')
      return withTotality(op, ranges, order, powerRange(ranges[0]!, exponent.value));
    return operatorRange(op, ranges, order);
  }
  if (isLeaf(op)) return leafRange(op, attributes);
  const { range: x } = args[0]!;
  const mean = op === 'sum' ? meanRange(args[0]!, axis) : undefined;
  return mean === undefined ? AXIS[op].range(x, countOf(axis, axes)) : { ...mean, total: x.total };
}

function leafRange(op: LeafOp, { range: given }: Attributes): Range {
  if (given !== undefined) return given;
  return op === 'size' || op === 'index' ? range(op === 'size' ? 1 : 0, Infinity, { integer: true }) : ANY;
}

/** How many entries there are along some axes, where all lengths are known. */
function countOf(axis: AxisSet, axes: AxisTable): number | undefined {
  let count = 1;
  for (const index of axisIndices(axis)) {
    const { size } = axes.get(index);
    if (size === undefined) return undefined;
    count *= size;
  }
  return count;
}

/** Of a sum of products with a simplex along the axis: a weighted mean of the other factors lies between their bounds. */
function meanRange(e: Node, axis: AxisSet): Range | undefined {
  if (isSimplex(e, axis)) return range(1, 1);
  if (e.op === 'select') {
    const isZero = (node: Node): boolean => node.op === 'const' && node.value === 0;
    const kept = e.args.slice(1).filter((arg) => !isZero(arg));
    const mean = kept.length === 1 ? meanRange(kept[0]!, axis) : undefined;
    return mean && range(Math.min(0, mean.lo), Math.max(0, mean.hi));
  }
  const factors = factorsOf(e);
  const simplex = factors.find((factor) => isSimplex(factor, axis));
  if (simplex === undefined) return undefined;
  const others = factors.toSpliced(factors.indexOf(simplex), 1);
  const { lo, hi } =
    others.length === 1
      ? others[0]!.range
      : operatorRange(
          'mul',
          others.map((node) => node.range),
          0,
        );
  return range(lo, hi);
}

/** The factors of a product; any other node is its own only factor. */
export const factorsOf = (node: Node): readonly Node[] => (node.op === 'mul' ? node.args : [node]);

/** Whether the entries of a node are between 0 and 1 and add up to 1 along the axis on legal inputs. */
export function isSimplex(node: Node, axis: AxisSet): boolean {
  if (node.leaf?.simplex?.axis === axis) return true;
  if (node.op === 'softmax') return node.axis === axis;
  return node.op === 'exp' && node.args[0]!.op === 'logSoftmax' && node.args[0]!.axis === axis;
}
