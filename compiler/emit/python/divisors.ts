import type { Graph, Node } from '../../graph/graph.js';
import { reachable } from '../../graph/graph.js';
import { choose, RawBuilder } from '../../graph/raw.js';
import { rebuildNode } from '../../graph/rebuild.js';
import type { Guard } from '../../guard.js';

/** A loss for frameworks that differentiate it themselves, with the guards that it has then. */
export interface Guarded {
  readonly root: Node;
  readonly guards: readonly Guard[];
}

/** The decades of float32 that the guarded divisors of one product share. */
const DECADES = 36;

/**
 * Keeps several guarded divisors of one product further from 0: each at 1e-36 is fine in the value, but the derivative of
 * `x / a / b` by x is 1 / a / b, which leaves float32 and turns into NaN when it meets a 0.
 */
export function keptApart(graph: Graph, root: Node, guards: readonly Guard[]): Guarded {
  const arguments_ = new Set(guards.map((guard) => guard.argument));
  const shares = new Map<Node, number>();
  for (const node of reachable([root])) {
    if (node.op !== 'mul') continue;
    const divisors = node.args.flatMap((factor) => divisorOf(factor, arguments_) ?? []);
    if (divisors.length < 2) continue;
    for (const divisor of divisors) shares.set(divisor, Math.max(shares.get(divisor) ?? 0, divisors.length));
  }
  if (shares.size === 0) return { root, guards };
  const builder = new RawBuilder(graph);
  const made = new Map<Node, Node>();
  const added: Guard[] = [];
  for (const node of reachable([root])) {
    const share = shares.get(node);
    const args = node.args.map((arg) => made.get(arg)!);
    if (share === undefined) {
      made.set(node, node.args.length === 0 ? node : rebuildNode(builder, node, args));
      continue;
    }
    const distance = 10 ** Math.ceil(-DECADES / share);
    const x = made.get(argumentOf(node))!;
    made.set(node, node.op === 'max' ? atLeast(builder, x, distance) : awayFromZero(builder, x, distance));
    added.push({ op: 'divide', argument: x, kept: `at least ${distance}` });
  }
  return { root: made.get(root)!, guards: [...guards, ...added] };
}

/** The guarded base of 1 / base. */
function divisorOf(factor: Node, guarded: ReadonlySet<Node>): Node | undefined {
  if (factor.op !== 'pow' || factor.args[1]!.op !== 'const' || factor.args[1]!.value !== -1) return undefined;
  const base = factor.args[0]!;
  const isGuard = base.op === 'max' ? base.args[1]!.op === 'const' : base.op === 'select';
  return isGuard && guarded.has(argumentOf(base)) ? base : undefined;
}

/** What a guard keeps away from 0: `max(x, 1e-36)`, or a choice with x last. */
const argumentOf = (guard: Node): Node => guard.args[guard.op === 'max' ? 0 : 2]!;

const atLeast = (b: RawBuilder, x: Node, distance: number): Node => b.apply('max', [x, b.constant(distance)]);

function awayFromZero(b: RawBuilder, x: Node, distance: number): Node {
  const near = b.apply('lt', [b.apply('abs', [x]), b.constant(distance)]);
  const sign = choose(b, b.apply('lt', [x, b.constant(0)]), b.constant(-distance), b.constant(distance));
  return choose(b, near, sign, x);
}
