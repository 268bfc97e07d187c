import type { LossDecl, SketchDecl } from '../../grammar/tree/ast.js';
import { BATCH } from '../graph/axes.js';
import { Graph, GraphTooLarge } from '../graph/graph.js';
import { isCondition } from '../operators/elementwise.js';
import type { Range } from '../operators/range.js';
import type { Module } from '../resolve/program.js';
import { lowerNames } from './lower.js';

/** What is known of a value, whatever legal inputs are given. */
export interface KnownValue {
  readonly kind: 'number' | 'condition';
  /** Does it differ from item to item? */
  readonly perItem: boolean;
  /** Its other axes, by the names that the body has for them. */
  readonly axes: readonly string[];
  readonly range: Range;
}

/** What is known of the inputs, parameters and lets of a loss, by name; nothing of those with mistakes. */
export function knownValues(module: Module, decl: LossDecl | SketchDecl): ReadonlyMap<string, KnownValue> {
  const known = new Map<string, KnownValue>();
  try {
    const { scope } = lowerNames(new Graph(), module, decl, () => {});
    for (const [name, bound] of scope.names) {
      if (bound.kind !== 'value') continue;
      const { op, axes, range } = bound.node;
      known.set(name, {
        kind: isCondition(op) ? 'condition' : 'number',
        perItem: (axes & BATCH) !== 0,
        axes: scope.axisNames(axes),
        range,
      });
    }
  } catch (error) {
    if (!(error instanceof GraphTooLarge)) throw error;
  }
  return known;
}
