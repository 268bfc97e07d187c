import type { AxisSet } from '../graph/axes.js';
import { axisIndex } from '../graph/axes.js';
import { type Node, reachable } from '../graph/graph.js';
import { mayBeInfinite } from '../graph/infinite.js';
import { type Builder, choose, divide, indexAlong, negate, subtract, sumOver } from '../graph/raw.js';
import { isElementwise } from '../operators/elementwise.js';
import { DERIVATIVES } from './derivatives.js';

export interface DifferentiateOptions {
  /**
   * Writes the adjoint of log-softmax so that no digits cancel near one-hot probabilities. The plain form reads better.
   */
  readonly stable?: boolean;
  /** Axes of the seed that the results keep: one derivative for each position along them. */
  readonly keep?: AxisSet;
}

/**
 * Derivatives of `seed`-weighted `root` with respect to `leaves`, by reverse accumulation over the graph: each node once, users first.
 * `seed` has the axes of the root or fewer. The result for a leaf the root does not reach is 0.
 */
export function differentiate(
  b: Builder,
  root: Node,
  leaves: readonly Node[],
  seed: Node,
  options: DifferentiateOptions = {},
): Node[] {
  const order = reachable([root]);
  const needed = leadingTo(order, leaves);
  const contributions = new Map<Node, Node[]>([[root, [seed]]]);
  const adjoints = new Map<Node, Node>();
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i]!;
    const parts = contributions.get(node);
    if (parts === undefined || !needed.has(node)) continue;
    const adjoint = b.add(parts);
    adjoints.set(node, adjoint);
    if (adjoint.op === 'const' && adjoint.value === 0) continue;
    for (const [k, part] of argumentAdjoints(b, node, adjoint, options, needed).entries()) {
      const arg = node.args[k]!;
      if (part === undefined) continue;
      const known = contributions.get(arg);
      if (known === undefined) contributions.set(arg, [part]);
      else known.push(part);
    }
  }
  return leaves.map((leaf) => adjoints.get(leaf) ?? b.constant(0));
}

/** The nodes through which a leaf reaches the root. */
function leadingTo(order: readonly Node[], leaves: readonly Node[]): Set<Node> {
  const needed = new Set<Node>(leaves);
  for (const node of order)
    if (node.op !== 'stop' && node.args.some((arg) => needed.has(arg))) needed.add(node);
  return needed;
}

/** What each argument gets of a node's adjoint, summed over the axes that the argument does not have. */
function argumentAdjoints(
  b: Builder,
  node: Node,
  adjoint: Node,
  options: DifferentiateOptions,
  needed: ReadonlySet<Node>,
): (Node | undefined)[] {
  const keep = options.keep ?? 0;
  const onto = (arg: Node, part: Node): Node => sumOver(b, part, (node.axes | part.axes) & ~arg.axes & ~keep);
  if (isElementwise(node.op)) {
    const partials = DERIVATIVES[node.op](b, node.args, node);
    return node.args.map((arg, k) => {
      const partial = partials[k];
      return partial === undefined || !needed.has(arg) ? undefined : onto(arg, times(b, adjoint, partial));
    });
  }
  const [x] = node.args;
  if (x === undefined || !needed.has(x)) return [];
  return [onAxis(b, node, x, adjoint, options, onto)];
}

/**
 * What an adjoint of 0 contributes is 0, also where the partial derivative is infinite: that entry was left out by a condition or has
 * the weight 0, and a sum that came between hides it from the rules for choices.
 */
function times(b: Builder, adjoint: Node, partial: Node): Node {
  const product = b.mul([adjoint, partial]);
  if (adjoint.op === 'const' || !mayBeInfinite(partial)) return product;
  const zero = b.constant(0);
  return choose(b, b.apply('eq', [adjoint, zero]), zero, product);
}

function onAxis(
  b: Builder,
  node: Node,
  x: Node,
  adjoint: Node,
  options: DifferentiateOptions,
  onto: (arg: Node, part: Node) => Node,
): Node | undefined {
  switch (node.op) {
    case 'sum':
      return adjoint;
    case 'reduceMax':
    case 'reduceMin':
      return choose(b, b.apply('eq', [x, node]), adjoint, b.constant(0));
    case 'prod':
      return times(b, adjoint, productOfOthers(b, node, x));
    case 'logsumexp':
      return times(b, adjoint, b.apply('exp', [subtract(b, x, node)]));
    case 'softmax': {
      const weighted = times(b, adjoint, node);
      return subtract(b, weighted, times(b, sumOver(b, weighted, node.axis), node));
    }
    case 'logSoftmax':
      return logSoftmaxAdjoint(b, node, adjoint, options.stable === true);
    case 'at': {
      const here = b.apply('eq', [indexAlong(b, axisIndex(node.axis)), node.args[1]!]);
      return onto(x, choose(b, here, adjoint, b.constant(0)));
    }
    case 'rename':
      return b.rename(adjoint, node.to, node.axis);
    default:
      return undefined;
  }
}

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
