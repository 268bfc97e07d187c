import type { Span } from './ast.js';

/** A node, or anything else that may have a place in a text. */
export type Located = { readonly span?: Span | undefined } | undefined;

/** The start of a text: the place of what has none in it. */
export const NOWHERE: Span = { start: 0, end: 0 };

/** Where the first of some nodes that has a place stands. Nodes that no text was read for have none. */
export function spanOf(...nodes: readonly Located[]): Span {
  for (const node of nodes) if (node?.span !== undefined) return node.span;
  return NOWHERE;
}

/** The smallest span that covers both. */
export function cover(a: Span, b: Span): Span {
  return { start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
