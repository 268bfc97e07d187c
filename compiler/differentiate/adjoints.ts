import { type AxisSet, axisIndex } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import { mayBeInfinite } from '../graph/infinite.js';
import { type Builder, choose, divide, indexAlong, subtract, sumOver } from '../graph/raw.js';
import type { AxisOp } from '../operators/axis.js';
import { NEAREST } from '../operators/domain.js';
import { softmaxAdjoint, stableLogSoftmaxAdjoint } from './softmax.js';
import { times } from './times.js';

/** What an adjoint is worked out from. */
export interface AdjointContext {
  readonly b: Builder;
  readonly node: Node;
  /** The value that the operator works on: its first argument, the only one that has a derivative. */
  readonly x: Node;
  /** The derivative of the whole by the node. */
  readonly adjoint: Node;
  /** Whether log-softmax is to keep all digits near one-hot probabilities; the plain form reads better. */
  readonly stable: boolean;
  /** Summed over the axes that an argument does not have. */
  readonly onto: (arg: Node, part: Node) => Node;
}

/** The whole slope for every entry that is the largest or smallest. */
const whereAttained = ({ b, node, x, adjoint }: AdjointContext): Node =>
  choose(b, b.apply('eq', [x, node]), adjoint, b.constant(0));

/** Whether entries may be minus infinity for another reason than a condition, which passes nothing on where it leaves them out. */
const mayBeLeftOut = (x: Node): boolean =>
  x.op === 'select'
    ? x.args.slice(1).some((branch) => branch.value !== -Infinity && mayBeInfinite(branch))
    : mayBeInfinite(x);

/** What the value of each operator along axes gets of the adjoint, one row per operator. */
export const ADJOINTS: { readonly [K in AxisOp]: (context: AdjointContext) => Node } = {
  sum: ({ adjoint }) => adjoint,
  prod: ({ b, node, x, adjoint, stable }) => {
    const isZero = stable
      ? b.apply('lt', [b.apply('abs', [x]), b.constant(NEAREST)])
      : b.apply('eq', [x, b.constant(0)]);
    return times(b, adjoint, productOfOthers(b, node, x, isZero));
  },
  reduceMax: whereAttained,
  reduceMin: whereAttained,
  logsumexp: ({ b, node, x, adjoint, stable }) => {
    // As a softmax: x and the sum may both be far from 0.
    const isAlong = stable && (node.axis & (node.axis - 1)) === 0;
    const log = isAlong ? b.along('logSoftmax', x, node.axis) : subtract(b, x, node);
    const share = b.apply('exp', [log]);
    const slope = times(b, adjoint, share);
    if (!mayBeLeftOut(x)) return slope;
    // Of entries that are all minus infinity none has a share.
    const none = b.constant({ value: -Infinity, exact: undefined });
    return choose(b, b.apply('eq', [node, none]), b.constant(0), slope);
  },
  softmax: ({ b, node, adjoint, stable }) => {
    if (stable) return softmaxAdjoint(b, node, adjoint, node.axis);
    const weighted = times(b, adjoint, node);
    return subtract(b, weighted, times(b, sumOver(b, weighted, node.axis), node));
  },
  logSoftmax: ({ b, node, adjoint, stable }) => {
    if (stable) return stableLogSoftmaxAdjoint(b, node, adjoint);
    return subtract(b, adjoint, times(b, sumOver(b, adjoint, node.axis), b.apply('exp', [node])));
  },
  at: ({ b, node, x, adjoint, onto }) => {
    const here = b.apply('eq', [indexAlong(b, axisIndex(node.axis)), node.args[1]!]);
    return onto(x, choose(b, here, adjoint, b.constant(0)));
  },
  rename: ({ b, node, adjoint }) => b.rename(adjoint, node.to, node.axis),
};

/**
 * The product of the other entries along the axes: the quotient, but where the entry is 0, or too near to 0 to be divided by, the
 * product of the rest.
 */
function productOfOthers(b: Builder, node: Node, x: Node, isZero: Node): Node {
  const zero = b.constant(0);
  const rest = (axes: AxisSet): Node => b.reduce('prod', choose(b, isZero, b.constant(1), x), axes);
  const zeros = sumOver(b, choose(b, isZero, b.constant(1), zero), node.axis);
  const alone = b.apply('eq', [zeros, b.constant(1)]);
  return choose(
    b,
    isZero,
    choose(b, alone, rest(node.axis), zero),
    divide(b, node, choose(b, isZero, b.constant(1), x)),
  );
}
