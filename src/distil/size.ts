import type { Expr } from '../../grammar/tree/ast.js';
import { childrenOf } from '../evolve/gp/tree.js';

/**
 * How much there is to read: a number, a name or an operator of arithmetic counts 1, a function or a power 2, and 3 within another. Of
 * two forms of one loss, such as `t * p^q` and `(p^q)^t`, the plainer is smaller; functions of functions, which come near anything, are
 * large.
 */
export function sizeOf(tree: Expr, within = false): number {
  const isFunction = tree.kind === 'call' || (tree.kind === 'binary' && tree.op === '^');
  const own = isFunction ? (within ? 3 : 2) : 1;
  return childrenOf(tree).reduce((sum, child) => sum + sizeOf(child, within || isFunction), own);
}
