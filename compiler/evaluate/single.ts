import { type Node, reachable } from '../graph/graph.js';
import type { Bindings, Values } from './evaluate.js';

/**
 * Bindings under which `evaluate` rounds to float32 wherever a tensor would be: what follows from constants, parameters and sizes alone
 * stays in float64, as compiled code keeps it. Each operator rounds once, as on the cpu backend of TensorFlow.js; sums do too, where
 * a device would round every partial sum.
 */
export function inSingle(roots: readonly Node[], bindings: Bindings): Bindings {
  const numbers = new Set<Node>();
  for (const node of reachable(roots)) {
    const isGiven = node.op === 'input' || node.op === 'literal' || node.op === 'index';
    if (!isGiven && node.axes === 0 && node.args.every((arg) => numbers.has(arg))) numbers.add(node);
  }
  const rounded = ({ axes, data }: Values): Values => ({ axes, data: data.map(Math.fround) });
  return { ...bindings, kept: (node, values) => (numbers.has(node) ? values : rounded(values)) };
}
