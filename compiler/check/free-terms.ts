import { type Node, reachable } from '../graph/graph.js';

const holdsInput = (root: Node): boolean => reachable([root]).some((node) => node.op === 'input');

/** The additive terms of a value that the leaves do not reach, or only through `stop_gradient`. */
export function termsWithout(root: Node, leaves: readonly Node[]): Node[] {
  const reached = new Set<Node>(leaves);
  for (const node of reachable([root]))
    if (node.op !== 'stop' && node.args.some((arg) => reached.has(arg))) reached.add(node);
  const terms: Node[] = [];
  const stack = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.op === 'add') {
      for (const arg of node.args) (reached.has(arg) ? stack : terms).push(arg);
    } else if (node.op === 'sum' || node.op === 'rename') stack.push(node.args[0]!);
    else if (node.op === 'mul') {
      const [moving, ...others] = [...node.args].sort(
        (a, b) => Number(reached.has(b)) - Number(reached.has(a)),
      );
      // A factor that holds an input would belong to each term: (p - c) t has the free part c t, but that is hair-splitting.
      if (!others.some((arg) => reached.has(arg) || holdsInput(arg))) stack.push(moving!);
    }
  }
  return terms;
}

/** The additive terms that no prediction reaches, but an input does. */
export const freeTerms = (value: Node, predictions: readonly Node[]): Node[] =>
  termsWithout(value, predictions).filter(holdsInput);
