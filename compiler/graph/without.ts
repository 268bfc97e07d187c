import type { Node } from './graph.js';

/**
 * Factors or terms without some of them, each taken away as often as it is named; undefined if one is not there that often.
 * What is left as it was written may hold a factor twice.
 */
export function without(nodes: readonly Node[], gone: readonly Node[]): Node[] | undefined {
  const left = [...nodes];
  for (const node of gone) {
    const i = left.indexOf(node);
    if (i < 0) return undefined;
    left.splice(i, 1);
  }
  return left;
}
