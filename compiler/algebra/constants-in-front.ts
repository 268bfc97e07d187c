import type { AxisSet } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import type { ReduceOp } from '../operators/axis.js';
import { ConstantsOnly } from './constants-only.js';

/** Beside what `ConstantsOnly` does takes numbers out of products within products and out of sums along axes, so that they meet: -sum(-x) is sum(x). */
export class ConstantsInFront extends ConstantsOnly {
  override mul(factors: readonly Node[]): Node {
    return super.mul(factors.flatMap((factor) => (hasNumber(factor) ? factor.args : [factor])));
  }

  override reduce(op: ReduceOp, value: Node, axes: AxisSet): Node {
    if (op !== 'sum' || axes === 0 || !hasNumber(value)) return super.reduce(op, value, axes);
    const [number, ...rest] = value.args;
    return this.mul([number!, super.reduce(op, super.mul(rest), axes)]);
  }
}

const hasNumber = ({ op, args }: Node): boolean => op === 'mul' && args[0]!.op === 'const';
