import { invariant } from '../../../grammar/invariant.js';
import { BATCH } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import { elementwise, isElementwise } from '../../operators/elementwise.js';

/** What numbers that are no tensors follow from. */
export interface NumberSource {
  /** A parameter by its position, a list as long as its axis; undefined while it is not known. */
  readonly parameter: (position: number) => number | readonly number[] | undefined;
  /** How many items or classes there are; undefined while that is not known. */
  readonly size: (axis: 'items' | 'classes') => number | undefined;
}

/** A number that is known before any item is looked at, in float64; undefined if it follows from what is not known yet. */
export function numberOf(node: Node, source: NumberSource): number | undefined {
  switch (node.op) {
    case 'const':
      return node.value;
    case 'size':
      return source.size(node.axis === BATCH ? 'items' : 'classes');
    case 'parameter': {
      const value = source.parameter(node.leaf!.position);
      return typeof value === 'number' ? value : undefined;
    }
    case 'at': {
      const list = source.parameter(node.args[0]!.leaf!.position);
      return typeof list === 'object' ? (list[node.args[1]!.value] ?? 0) : undefined;
    }
    default: {
      invariant(isElementwise(node.op), `${node.op} of numbers`);
      const args = node.args.map((arg) => numberOf(arg, source));
      return args.includes(undefined)
        ? undefined
        : elementwise(node.op).evaluate(args as readonly number[], node.value);
    }
  }
}

/** The smallest float32 with all its digits. */
const SMALLEST = 2 ** -126;

/** Whether float32 has the number to its relative precision. */
export function isSingle(value: number): boolean {
  if (value === 0 || !Number.isFinite(value)) return true;
  const size = Math.abs(Math.fround(value));
  return size >= SMALLEST && size < Infinity;
}
