import { type Node, reachable } from '../graph/graph.js';
import type { Builder } from '../graph/raw.js';
import { rebuildNode } from '../graph/rebuild.js';
import { operatorsThat } from '../operators/traits.js';

/** All nodes of a value that are a source or are made of one. */
export function madeOf(root: Node, isSource: (node: Node) => boolean): ReadonlySet<Node> {
  const made = new Set<Node>();
  for (const node of reachable([root]))
    if (isSource(node) || node.args.some((arg) => made.has(arg))) made.add(node);
  return made;
}

const isInput = ({ op }: Node): boolean => op === 'input';

/** A product, sum over an axis or rename that applies to a term, and what it stands in itself. */
interface Around {
  readonly node: Node;
  /** The argument that holds the term. */
  readonly argument: Node;
  readonly around: Around | undefined;
}

/** A node that is added to others, somewhere within products and sums over axes. */
export interface Term {
  readonly node: Node;
  readonly around: Around | undefined;
}

/** The term with its coefficients, and with the sums over axes that it stands in. */
export function wholeTerm(b: Builder, { node: inner, around }: Term): Node {
  let whole = inner;
  for (let outer = around; outer !== undefined; outer = outer.around) {
    const { node, argument } = outer;
    const kept = whole;
    whole = rebuildNode(
      b,
      node,
      node.args.map((arg) => (arg === argument ? kept : arg)),
    );
  }
  return whole;
}

const NORMALISING = operatorsThat('normalises');
export const isNormalising = ({ op }: Node): boolean => NORMALISING.has(op);

/** The additive terms of a value that the leaves do not reach, or only through `stop_gradient`. */
export function termsWithout(root: Node, leaves: readonly Node[]): Term[] {
  const reached = new Set<Node>(leaves);
  for (const node of reachable([root]))
    if (node.op !== 'stop' && node.args.some((arg) => reached.has(arg))) reached.add(node);
  const holdsInput = madeOf(root, isInput);
  const terms = new Map<Node, Term>();
  const stack: Term[] = [{ node: root, around: undefined }];
  // Each node once, for a term that is added to itself forty times over is one term.
  const seen = new Set<Node>();
  for (let term = stack.pop(); term !== undefined; term = stack.pop()) {
    const { node, around } = term;
    if (seen.has(node)) continue;
    seen.add(node);
    const inside = (argument: Node): Term => ({ node: argument, around: { node, argument, around } });
    if (node.op === 'add') {
      for (const arg of node.args) {
        if (reached.has(arg)) stack.push({ node: arg, around });
        else if (!terms.has(arg)) terms.set(arg, { node: arg, around });
      }
    } else if (node.op === 'sum' || node.op === 'rename') stack.push(inside(node.args[0]!));
    else if (node.op === 'mul') {
      const [moving, ...others] = [...node.args].sort(
        (a, b) => Number(reached.has(b)) - Number(reached.has(a)),
      );
      // A factor that holds an input would belong to each term: (p - c) t has the free part c t, but that is hair-splitting.
      if (!others.some((arg) => reached.has(arg) || holdsInput.has(arg))) stack.push(inside(moving!));
    }
  }
  return [...terms.values()];
}

/** The additive terms that no prediction reaches, but an input does. */
export function freeTerms(value: Node, predictions: readonly Node[]): Term[] {
  const holdsInput = madeOf(value, isInput);
  return termsWithout(value, predictions).filter(({ node }) => holdsInput.has(node));
}
