import { elementwise, isElementwise } from '../operators/elementwise.js';
import { ANY, powerRange, type Range, range } from '../operators/range.js';
import { type AxisSet, type AxisTable, axisIndices } from './axes.js';
import type { Attributes, Node, Op } from './graph.js';

/** What is known of a node's value from what is known of its arguments. */
export function rangeOf(
  op: Op,
  args: readonly Node[],
  axis: AxisSet,
  attributes: Attributes,
  axes: AxisTable,
): Range {
  if (isElementwise(op)) {
    const exponent = args[1];
    if (op === 'pow' && exponent?.op === 'const') return powerRange(args[0]!.range, exponent.value);
    if (args.length === 1) return elementwise(op).range([args[0]!.range]);
    return elementwise(op).range(args.map((arg) => arg.range));
  }
  const x = args[0]?.range ?? ANY;
  switch (op) {
    case 'sum':
      return sumRange(args[0]!, axis, axes);
    case 'reduceMax':
    case 'reduceMin':
    case 'rename':
      return x;
    case 'prod':
      if (x.lo >= 0)
        return range(x.lo >= 1 ? x.lo : 0, x.hi <= 1 ? x.hi : Infinity, {
          nonzero: x.nonzero,
          total: x.total,
        });
      return { ...ANY, nonzero: x.nonzero, integer: x.integer, total: x.total };
    case 'logsumexp':
      return range(x.lo, Infinity, { nonzero: x.lo > 0, total: x.total });
    case 'softmax':
      return range(0, 1, { nonzero: true, total: x.total });
    case 'logSoftmax':
      return range(-Infinity, 0, { total: x.total });
    case 'at':
      // Outside the axis the entry is 0.
      return { ...range(Math.min(0, x.lo), Math.max(0, x.hi)), integer: x.integer, total: x.total };
    case 'size':
    case 'index':
      return attributes.range ?? range(op === 'size' ? 1 : 0, Infinity, { integer: true });
    default:
      return attributes.range ?? ANY;
  }
}

function sumRange(e: Node, axis: AxisSet, axes: AxisTable): Range {
  const x = e.range;
  const simplex = factorsOf(e).find((factor) => isSimplex(factor, axis));
  if (simplex !== undefined) {
    if (simplex === e) return range(1, 1, { total: x.total });
    const factors = factorsOf(e);
    const others = factors.toSpliced(factors.indexOf(simplex), 1);
    const product =
      others.length === 1 ? others[0]!.range : elementwise('mul').range(others.map((node) => node.range));
    // A weighted mean of the other factors lies between their bounds.
    return { ...product, integer: false, nonzero: product.lo > 0 || product.hi < 0 };
  }
  let count: number | undefined = 1;
  for (const index of axisIndices(axis)) {
    const size = axes.get(index).size;
    count = size === undefined || count === undefined ? undefined : count * size;
  }
  const same = (bound: number): number => (bound === 0 ? 0 : bound * (count ?? Infinity));
  // An axis has at least one entry.
  const lo = x.lo >= 0 ? x.lo * (count ?? 1) : same(x.lo);
  const hi = x.hi <= 0 ? x.hi * (count ?? 1) : same(x.hi);
  const strict = x.nonzero && (x.lo >= 0 || x.hi <= 0);
  return { lo, hi, integer: x.integer, nonzero: lo > 0 || hi < 0 || strict, total: x.total };
}

/** The factors of a product; any other node is its own only factor. */
export const factorsOf = (node: Node): readonly Node[] => (node.op === 'mul' ? node.args : [node]);

/** Whether the entries of a node are between 0 and 1 and add up to 1 along the axis on legal inputs. */
export function isSimplex(node: Node, axis: AxisSet): boolean {
  if (node.leaf?.simplex?.axis === axis) return true;
  if (node.op === 'softmax') return node.axis === axis;
  return node.op === 'exp' && node.args[0]!.op === 'logSoftmax' && node.args[0]!.axis === axis;
}
