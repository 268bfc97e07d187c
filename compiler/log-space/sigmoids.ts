import type { Algebra } from '../algebra/algebra.js';
import type { Node } from '../graph/graph.js';
import { negate, subtract } from '../graph/raw.js';

/** exp(p) / (exp(p) + exp(q)) and 1 / (1 + exp(q)) as the sigmoids of p - q and of -q: p and q may be far from 0, and near each other. */
export function asSigmoid(b: Algebra, node: Node): Node | undefined {
  if (node.op === 'pow') {
    const share = shareOfTwo(node);
    return share === undefined || share.exponents[0] !== undefined
      ? undefined
      : b.pow(b.apply('sigmoid', [negate(b, share.exponents[1]!)]), b.constant(share.times));
  }
  if (node.op !== 'mul') return undefined;
  for (const [i, factor] of node.args.entries()) {
    const share = factor.op === 'pow' ? shareOfTwo(factor) : undefined;
    if (share?.times !== 1) continue;
    for (const [j, other] of node.args.entries()) {
      const found = other.op === 'exp' ? shareOfExponential(b, other.args[0]!, share.exponents) : undefined;
      if (found !== undefined) return b.mul([found, ...node.args.filter((_, k) => k !== i && k !== j)]);
    }
  }
  return undefined;
}

/** Two exponents, the first undefined for a plain 1. */
interface Share {
  readonly exponents: readonly [Node | undefined, Node];
  readonly times: number;
}

/** Of (exp(p) + exp(q))^-n. */
function shareOfTwo({ args: [total, exponent] }: Node): Share | undefined {
  if (exponent!.op !== 'const' || exponent!.value >= 0) return undefined;
  if (total!.op !== 'add' || total!.args.length !== 2) return undefined;
  const [first, second] = total!.args as [Node, Node];
  if (second.op !== 'exp') return undefined;
  const isOne = first.op === 'const' && first.value === 1;
  if (!isOne && first.op !== 'exp') return undefined;
  return { exponents: [isOne ? undefined : first.args[0]!, second.args[0]!], times: -exponent!.value };
}

/** exp(e) / (exp(p) + exp(q)), where p or q is a part of e. */
function shareOfExponential(b: Algebra, e: Node, [p, q]: Share['exponents']): Node | undefined {
  const parts = e.op === 'add' ? e.args : [e];
  const has = (part: Node | undefined): part is Node =>
    part !== undefined &&
    (part === e || (part.op === 'add' ? part.args : [part]).every((term) => parts.includes(term)));
  const own = has(q) ? q : has(p) ? p : undefined;
  if (own === undefined) return undefined;
  const other = own === q ? p : q;
  const sigmoid = b.apply('sigmoid', [other === undefined ? own : subtract(b, own, other)]);
  return own === e ? sigmoid : b.mul([sigmoid, b.apply('exp', [subtract(b, e, own)])]);
}
