import { pow } from '../elementary/power.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { NEAREST } from '../operators/domain.js';
import { BOUNDS, type Change, type Guard } from './bounds.js';
import { Doubt } from './doubt.js';

/** Guards that put one thing in one argument's place, and what they can decide. */
export interface DecidingGuard {
  readonly guards: readonly [Guard, ...Guard[]];
  /** Indices of the roots that are other numbers where the guard is at work. */
  readonly decides: readonly number[];
}

export interface Deciding {
  /** In the order in which they are worked out. */
  readonly guards: readonly DecidingGuard[];
  /** How many more there are that were not looked at, since the loss is very large. */
  readonly unknown: number;
}

/** Nodes that are looked at in all, once for each guard. */
const MOST_WORK = 2_000_000;

/**
 * Which guards can decide what a root gives: some argument within the bounds that follow from domains and facts is changed by the
 * guard, and neither a condition, nor a bound, nor rounding in float32 hides the change from the root. A guard is judged with those
 * before it in place and without those behind it, so that where no guard is named the roots are what they are without any.
 */
export function decidingGuards(graph: Graph, guards: readonly Guard[], roots: readonly Node[]): Deciding {
  const order = reachable(roots);
  const groups = inOrder(guards);
  const looked = groups.slice(0, Math.max(1, Math.floor(MOST_WORK / Math.max(order.length, 1))));
  const found = looked.map((group, i): DecidingGuard => {
    const later = new Map(groups.slice(i + 1).map(([{ guarded, argument }]) => [guarded, argument]));
    const doubts = changesOf(group[0]).map((change) =>
      new Doubt(graph, group[0], change, later).below(order),
    );
    const decides = roots.flatMap((root, j) => (doubts.some((doubt) => doubt.has(root)) ? [j] : []));
    return { guards: group, decides };
  });
  return {
    guards: found.filter(({ decides }) => decides.length > 0),
    unknown: groups.length - looked.length,
  };
}

type Group = readonly [Guard, ...Guard[]];

/** Guards with one result are one guard, those first that others are made of. */
function inOrder(guards: readonly Guard[]): readonly Group[] {
  const groups = new Map<Node, Group>();
  for (const guard of guards) {
    const group = groups.get(guard.guarded);
    groups.set(guard.guarded, group === undefined ? [guard] : [...group, guard]);
  }
  return [...groups.values()].sort(([a], [b]) => a.guarded.id - b.guarded.id);
}

/** What a guard changes, as far as the bounds of its argument allow. */
function changesOf(guard: Guard): readonly Change[] {
  const changes = BOUNDS[guard.bound].changes(guard.argument.range, farthest(guard));
  // The distance itself stays what it is.
  const isSame = ({ from, into }: Change): boolean => from.lo === into.hi && from.hi === into.lo;
  return changes.filter((change) => change.from.lo <= change.from.hi && !isSame(change));
}

/** The distance of a guard where it is largest: that of a power grows with the exponent. */
function farthest({ distance, exponent }: Guard): number {
  if (exponent === undefined || distance !== NEAREST) return distance;
  return pow(NEAREST, 1 / Math.max(-exponent.range.lo, 1));
}
