import type { CompiledLoss } from '../../compile.js';
import { type Node, reachable } from '../../graph/graph.js';
import type { LoweredInput } from '../../lower/lowered.js';

/**
 * Identities, hashes and other whole numbers beyond 2^24 are not told apart as float32. So data on `integer` is compared as it is
 * given, as int32 where it is that, with its like and with numbers.
 */

/** The input of whole numbers that a value is, perhaps on another axis. */
export function wholeInput(node: Node): Node | undefined {
  let inner = node;
  while (inner.op === 'rename') inner = inner.args[0]!;
  if (inner.op !== 'input' || !inner.leaf!.data || inner.leaf!.kind !== 'given') return undefined;
  return inner.range.integer && inner.range.hi === Infinity ? inner : undefined;
}

/** Whether a comparison is between whole numbers as they are given; `isNumber` tells single numbers from tensors. */
export function isExactComparison({ op, args }: Node, isNumber: (node: Node) => boolean): boolean {
  if (op !== 'eq' && op !== 'lt' && op !== 'le') return false;
  return (
    args.some((arg) => wholeInput(arg) !== undefined) &&
    args.every((arg) => wholeInput(arg) !== undefined || (isNumber(arg) && arg.range.integer))
  );
}

/** The inputs that some comparison may need as they are given. */
export function comparedInputs({ value, gradients, inputs }: CompiledLoss): readonly LoweredInput[] {
  const compared = new Set<Node>();
  for (const node of reachable([value, ...gradients.values()]))
    if (isExactComparison(node, (arg) => arg.axes === 0))
      for (const arg of node.args) compared.add(wholeInput(arg) ?? arg);
  return inputs.filter(({ node, domain }) => domain === 'integer' && compared.has(node));
}
