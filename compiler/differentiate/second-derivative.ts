import { type AxisSet, axisBit, axisIndex, axisIndices, BATCH } from '../graph/axes.js';
import { type Node, reachable } from '../graph/graph.js';
import { type Builder, indexAlong, indicator } from '../graph/raw.js';
import { rebuildNode } from '../graph/rebuild.js';
import { isAlong, isReduction } from '../operators/axis.js';
import { isElementwise } from '../operators/elementwise.js';
import { differentiate } from './differentiate.js';

/**
 * The diagonal of the second derivative: of each entry of `gradient` with respect to the same entry of `leaf`. Items are taken
 * to be independent unless `coupled`.
 */
export function secondDerivative(b: Builder, gradient: Node, leaf: Node, coupled: boolean): Node {
  const { axes } = b.graph;
  const copies = axisIndices(coupled ? leaf.axes : leaf.axes & ~BATCH).map((axis) => ({
    axis,
    copy: axes.find(`${axes.get(axis).name}''`) ?? axes.copyOf(axis, `${axes.get(axis).name}''`),
  }));
  // Seeded with one entry at a time: position k along the copy picks entry k of the gradient.
  const seed = b.mul([
    b.constant(1),
    ...copies.map(({ axis, copy }) =>
      indicator(b, b.apply('eq', [indexAlong(b, axis), indexAlong(b, copy)])),
    ),
  ]);
  const keep = copies.reduce((mask, { copy }) => mask | axisBit(copy), 0);
  const [row] = differentiate(b, gradient, [leaf], seed, { keep });
  return copies.reduce((value, { axis, copy }) => diagonal(b, value, axisBit(axis), axisBit(copy)), row!);
}

/** The entries whose positions along two axes are equal, along the first of them. */
function diagonal(b: Builder, root: Node, axis: AxisSet, copy: AxisSet): Node {
  const made = new Map<Node, Node>();
  const position = indexAlong(b, axisIndex(axis));
  for (const node of reachable([root])) {
    if ((node.axes & copy) === 0) made.set(node, node);
    else if (node.op === 'index') made.set(node, position);
    else if (isElementwise(node.op) || isReductionBeside(node, axis | copy)) {
      made.set(
        node,
        rebuildNode(
          b,
          node,
          node.args.map((arg) => made.get(arg)!),
        ),
      );
    } else if ((node.axes & axis) === 0) made.set(node, b.rename(node, copy, axis));
    else if (node.op === 'at' && ((node.args[0]!.axes | node.axis) & copy) === 0) {
      made.set(node, b.at(node.args[0]!, node.axis, made.get(node.args[1]!)!));
    } else made.set(node, b.at(node, copy, position));
  }
  return made.get(root)!;
}

/** Whether a node takes entries together along other axes alone, so that it may be made of the diagonal of its argument. */
const isReductionBeside = ({ op, axis }: Node, axes: AxisSet): boolean =>
  (isReduction(op) || isAlong(op)) && (axis & axes) === 0;
