import { type Node, reachable } from '../graph/graph.js';

/** All nodes of a value that are a source or are made of one. */
export function madeOf(root: Node, isSource: (node: Node) => boolean): ReadonlySet<Node> {
  const made = new Set<Node>();
  for (const node of reachable([root]))
    if (isSource(node) || node.args.some((arg) => made.has(arg))) made.add(node);
  return made;
}

const isInput = ({ op }: Node): boolean => op === 'input';

/** The additive terms of a value that the leaves do not reach, or only through `stop_gradient`. */
export function termsWithout(root: Node, leaves: readonly Node[]): Node[] {
  const reached = new Set<Node>(leaves);
  for (const node of reachable([root]))
    if (node.op !== 'stop' && node.args.some((arg) => reached.has(arg))) reached.add(node);
  const holdsInput = madeOf(root, isInput);
  const terms = new Set<Node>();
  const stack = [root];
  // Each node once, for a term that is added to itself forty times over is one term.
  const seen = new Set<Node>();
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (node.op === 'add') {
      for (const arg of node.args) {
        if (reached.has(arg)) stack.push(arg);
        else terms.add(arg);
      }
    } else if (node.op === 'sum' || node.op === 'rename') stack.push(node.args[0]!);
    else if (node.op === 'mul') {
      const [moving, ...others] = [...node.args].sort(
        (a, b) => Number(reached.has(b)) - Number(reached.has(a)),
      );
      // A factor that holds an input would belong to each term: (p - c) t has the free part c t, but that is hair-splitting.
      if (!others.some((arg) => reached.has(arg) || holdsInput.has(arg))) stack.push(moving!);
    }
  }
  return [...terms];
}

/** The additive terms that no prediction reaches, but an input does. */
export function freeTerms(value: Node, predictions: readonly Node[]): Node[] {
  const holdsInput = madeOf(value, isInput);
  return termsWithout(value, predictions).filter((term) => holdsInput.has(term));
}
