import { AXIS, type AxisOp } from '../operators/axis.js';
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
  return meanRange(op, args, axis) ?? AXIS[op].range(args[0]!.range, countOf(axis, axes));
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

/** A sum over a simplex times other factors is a weighted mean of these, and lies between their bounds. */
function meanRange(op: AxisOp, args: readonly Node[], axis: AxisSet): Range | undefined {
  if (op !== 'sum') return undefined;
  const [e] = args;
  const factors = factorsOf(e!);
  const simplex = factors.findIndex((factor) => isSimplex(factor, axis));
  if (simplex < 0) return undefined;
  if (factors[simplex] === e) return range(1, 1, { total: e!.range.total });
  const others = factors.toSpliced(simplex, 1).map((factor) => factor.range);
  const product = others.length === 1 ? others[0]! : operatorRange('mul', others, 0);
  return { ...product, integer: false, nonzero: product.lo > 0 || product.hi < 0 };
}

/** The factors of a product; any other node is its own only factor. */
export const factorsOf = (node: Node): readonly Node[] => (node.op === 'mul' ? node.args : [node]);

/** Whether the entries of a node are between 0 and 1 and add up to 1 along the axis on legal inputs. */
export function isSimplex(node: Node, axis: AxisSet): boolean {
  if (node.leaf?.simplex?.axis === axis) return true;
  if (node.op === 'softmax') return node.axis === axis;
  return node.op === 'exp' && node.args[0]!.op === 'logSoftmax' && node.args[0]!.axis === axis;
}
