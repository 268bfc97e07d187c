import { type AxisSet, axisCount } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';

/** A sum over one axis of a product whose factors fall into two groups, each with axes that the other lacks. */
export interface MatrixProduct {
  readonly leftFactors: readonly Node[];
  readonly rightFactors: readonly Node[];
  /** Axes of both, only of the left, only of the right, and the one that is summed. */
  readonly shared: AxisSet;
  readonly left: AxisSet;
  readonly right: AxisSet;
  readonly summed: AxisSet;
}

/** Sees `sum(a * b, k)` as a matrix product, so that the product with all axes is never made. */
export function findMatrixProduct(node: Node): MatrixProduct | undefined {
  const value = node.args[0];
  if (node.op !== 'sum' || axisCount(node.axis) !== 1 || value?.op !== 'mul') return undefined;
  const factors = value.args.filter((factor) => factor.axes !== 0);
  if (factors.length !== value.args.length || factors.length < 2) return undefined;
  const leader = factors.reduce((best, factor) =>
    axisCount(factor.axes) > axisCount(best.axes) ? factor : best,
  );
  const partner = factors.find((factor) => (factor.axes & ~leader.axes) !== 0);
  if (partner === undefined) return undefined;
  const leftFactors: Node[] = [leader];
  const rightFactors: Node[] = [partner];
  for (const factor of factors) {
    if (factor === leader || factor === partner) continue;
    if ((factor.axes & ~leader.axes) === 0) leftFactors.push(factor);
    else if ((factor.axes & ~partner.axes) === 0) rightFactors.push(factor);
    else return undefined;
  }
  const axes = (group: readonly Node[]): AxisSet => group.reduce((mask, factor) => mask | factor.axes, 0);
  const [p, q] = [axes(leftFactors), axes(rightFactors)];
  if ((p & node.axis) === 0 || (q & node.axis) === 0 || (p & ~q) === 0 || (q & ~p) === 0) return undefined;
  return {
    leftFactors,
    rightFactors,
    shared: p & q & ~node.axis,
    left: p & ~q,
    right: q & ~p,
    summed: node.axis,
  };
}
