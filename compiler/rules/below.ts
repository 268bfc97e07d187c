import type { Node } from '../graph/graph.js';
import type { Op } from '../operators/order.js';

/** Number of each operator, in order of first use: bits that operators share only make a rule be tried in vain. */
const numbers = new Map<Op, number>();

/** The bit of an operator in the set of those below a node. */
export function bitOf(op: Op): number {
  let number = numbers.get(op);
  if (number === undefined) {
    number = numbers.size;
    numbers.set(op, number);
  }
  return 1 << (number & 31);
}

/** Operators of a node and of all that is below it. Needs no stack, however deep the node is. */
export function operatorsBelow(node: Node): number {
  const known = node.cache.below;
  if (known !== undefined) return known;
  const stack = [node];
  for (let next = stack.at(-1); next !== undefined; next = stack.at(-1)) {
    const open = next.args.filter(({ cache }) => cache.below === undefined);
    if (open.length === 0) {
      next.cache.below = next.args.reduce((bits, { cache }) => bits | cache.below!, bitOf(next.op));
      stack.pop();
    } else for (const arg of open) stack.push(arg);
  }
  return node.cache.below!;
}
