import type { Graph, Node } from '../graph/graph.js';
import type { Guard } from './bounds.js';

/** A guard, its distance and its argument without the guards in it, as a person would call them: log1p(x) is the log of 1 + x. */
export function asWritten(
  graph: Graph,
  guard: Guard,
  strip: (node: Node) => Node,
): { readonly guard: Guard; readonly argument: Node } {
  const argument = strip(guard.argument);
  const { of, distance } = guard;
  if (of?.op !== 'log1p') return { guard, argument };
  return {
    guard: { ...guard, of: { ...of, domain: { ...of.domain, least: 0 } }, distance: 1 + distance },
    argument: graph.make('add', [graph.constant(1), argument]),
  };
}
