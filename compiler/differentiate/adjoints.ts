import { type AxisSet, axisIndex } from '../graph/axes.js';
import type { Node } from '../graph/graph.js';
import { mayBeInfinite } from '../graph/infinite.js';
import { type Builder, choose, divide, indexAlong, negate, subtract, sumOver } from '../graph/raw.js';
import type { AxisOp } from '../operators/axis.js';

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

/**
 * What an adjoint of 0 contributes is 0, also where the partial derivative is infinite: that entry was left out by a condition or has
 * the weight 0, and a sum that came between hides it from the rules for choices.
 */
export function times(b: Builder, adjoint: Node, partial: Node): Node {
  const product = b.mul([adjoint, partial]);
  if (adjoint.op === 'const' || !mayBeInfinite(partial)) return product;
  const zero = b.constant(0);
  return choose(b, b.apply('eq', [adjoint, zero]), zero, product);
}

/** The whole slope for every entry that is the largest or smallest. */
const whereAttained = ({ b, node, x, adjoint }: AdjointContext): Node =>
  choose(b, b.apply('eq', [x, node]), adjoint, b.constant(0));

/** What the value of each operator along axes gets of the adjoint, one row per operator. */
export const ADJOINTS: { readonly [K in AxisOp]: (context: AdjointContext) => Node } = {
  sum: ({ adjoint }) => adjoint,
  prod: ({ b, node, x, adjoint }) => times(b, adjoint, productOfOthers(b, node, x)),
  reduceMax: whereAttained,
  reduceMin: whereAttained,
  logsumexp: ({ b, node, x, adjoint }) => times(b, adjoint, b.apply('exp', [subtract(b, x, node)])),
  softmax: ({ b, node, adjoint }) => {
    const weighted = times(b, adjoint, node);
    return subtract(b, weighted, times(b, sumOver(b, weighted, node.axis), node));
  },
  logSoftmax: ({ b, node, adjoint, stable }) => logSoftmaxAdjoint(b, node, adjoint, stable),
  at: ({ b, node, x, adjoint, onto }) => {
    const here = b.apply('eq', [indexAlong(b, axisIndex(node.axis)), node.args[1]!]);
    return onto(x, choose(b, here, adjoint, b.constant(0)));
  },
  rename: ({ b, node, adjoint }) => b.rename(adjoint, node.to, node.axis),
};

/**
 * g - p * sum(g), with p = exp(node). The stable form says the same as -g * expm1(log p) - p * (sum(g) - g): where all of
 * g is at an entry with p near 1, the difference g - g * p would lose its digits.
 */
function logSoftmaxAdjoint(b: Builder, node: Node, adjoint: Node, stable: boolean): Node {
  const p = b.apply('exp', [node]);
  const total = sumOver(b, adjoint, node.axis);
  if (!stable) return subtract(b, adjoint, times(b, total, p));
  const others = subtract(b, total, adjoint);
  return negate(b, b.add([times(b, adjoint, b.apply('expm1', [node])), times(b, others, p)]));
}

/** The product of the other entries along the axes: the quotient, but where the entry is 0 the product of the rest. */
function productOfOthers(b: Builder, node: Node, x: Node): Node {
  const zero = b.constant(0);
  const isZero = b.apply('eq', [x, zero]);
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
