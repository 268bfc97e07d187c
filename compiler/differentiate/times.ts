import type { Node } from '../graph/graph.js';
import { mayBeInfinite } from '../graph/infinite.js';
import { type Builder, choose } from '../graph/raw.js';

/**
 * What an adjoint of 0 contributes is 0, also where the partial derivative is infinite: that entry was left out by a condition or has
 * the weight 0, and a sum that came between hides it from the rules for choices.
 */
export function times(b: Builder, adjoint: Node, partial: Node): Node {
  const product = b.mul([adjoint, partial]);
  if (adjoint.op === 'const' || !mayBeInfinite(partial)) return product;
  const zero = b.constant(0);
  return choose(b, b.apply('eq', [adjoint, zero]), zero, product);
}
