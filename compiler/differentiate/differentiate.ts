import type { AxisSet } from '../graph/axes.js';
import { type Node, reachable } from '../graph/graph.js';
import { type Builder, sumOver } from '../graph/raw.js';
import { isElementwise } from '../operators/elementwise.js';
import { isLeaf } from '../operators/order.js';
import { ADJOINTS } from './adjoints.js';
import { partialsOf } from './derivatives.js';
import { shareContributions } from './share.js';
import { times } from './times.js';

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
    for (const [target, part] of contributionsOf(b, node, adjoint, options, needed)) {
      const known = contributions.get(target);
      if (known === undefined) contributions.set(target, [part]);
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

/** What the arguments of a node, or the parts of a share, get of its adjoint, summed over the axes that they do not have. */
function contributionsOf(
  b: Builder,
  node: Node,
  adjoint: Node,
  options: DifferentiateOptions,
  needed: ReadonlySet<Node>,
): (readonly [Node, Node])[] {
  const keep = options.keep ?? 0;
  const share = options.stable === true ? shareContributions(b, node, adjoint) : undefined;
  if (share !== undefined)
    return share
      .filter(([target]) => needed.has(target))
      .map(
        ([target, part]) =>
          [target, sumOver(b, part, (node.axes | part.axes) & ~target.axes & ~keep)] as const,
      );
  return argumentAdjoints(b, node, adjoint, options, needed).flatMap((part, k) =>
    part === undefined ? [] : [[node.args[k]!, part] as const],
  );
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
    const partials = partialsOf(b, node.op, node, (arg) => needed.has(arg), options.stable);
    return node.args.map((arg, k) => {
      const partial = partials[k];
      return partial === undefined || !needed.has(arg) ? undefined : onto(arg, times(b, adjoint, partial));
    });
  }
  const [x] = node.args;
  if (x === undefined || isLeaf(node.op) || !needed.has(x)) return [];
  return [ADJOINTS[node.op]({ b, node, x, adjoint, stable: options.stable === true, onto })];
}
