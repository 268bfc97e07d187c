import { type Constant, constantOf } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import type { Simplifier } from './simplifier.js';

/**
 * Coefficients beyond the largest double. `p * 1e308 * 10` is a number for a small p, so the coefficient must not fold to an
 * infinity: it becomes 1e9 and, beside it, a division by 1e-300, which is left as it is.
 */
export const LARGE: Constant = constantOf(1e300);
export const LARGE_INVERSE: Constant = constantOf(1e-300);

/** (1e-300)^-times, not folded. */
export function largeFactor(algebra: Simplifier, times = 1): Node {
  const { graph } = algebra;
  return graph.make('pow', [graph.constant(LARGE_INVERSE), graph.constant(-times)]);
}

export function isLargeFactor(node: Node): boolean {
  if (node.op !== 'pow') return false;
  const [base, exponent] = node.args;
  return (
    base!.op === 'const' &&
    base!.value === LARGE_INVERSE.value &&
    exponent!.op === 'const' &&
    exponent!.value < 0
  );
}

/** 1 / 0: an infinity in a product is a factor, for as a coefficient it would give NaN when it meets 0. */
export function infiniteFactor(algebra: Simplifier): Node {
  const { graph } = algebra;
  return graph.make('pow', [graph.constant(0), graph.constant(-1)]);
}
