import type { Expr } from '../../../grammar/tree/ast.js';
import { binary, call, name as nameExpr, num } from '../../../grammar/tree/build.js';

/** What the input `mine` of a loss is where an input called `theirs` is in its place: a variance is the square of a scale. */
export function inTermsOf(theirs: string, mine: string): Expr {
  if (mine === 'scale' && theirs === 'variance') return call('sqrt', [nameExpr(theirs)]);
  if (mine === 'variance' && theirs === 'scale') return binary('^', nameExpr(theirs), num(2));
  return nameExpr(theirs);
}
