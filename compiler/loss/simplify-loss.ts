import { LossError } from '../../grammar/diagnostics/diagnostic.js';
import type { Decl, LossDecl } from '../../grammar/tree/ast.js';
import { lowerLoss } from '../lower/lower.js';
import { simplify } from '../passes/simplify.js';
import { raise } from '../raise/raise.js';
import { programOf } from '../resolve/program.js';

/**
 * The loss with its body simplified and its calls written out: the text of the canonical form. A body that simplifies to something
 * without a prediction is left as it is, for such a loss would not check. Throws `LossError` when the loss has errors.
 */
export function simplifyLoss(decl: LossDecl, library: readonly Decl[] = []): LossDecl {
  const program = programOf([decl], library);
  const { loss, diagnostics } = lowerLoss(program, decl);
  if (loss === undefined) throw new LossError(diagnostics, program.module.source);
  const value = simplify(loss.graph, [loss.value]).roots[0]!;
  const simplified: LossDecl = { ...decl, body: raise(loss.graph, value) };
  const checked = lowerLoss(programOf([simplified]), simplified);
  return checked.loss === undefined ? decl : simplified;
}
