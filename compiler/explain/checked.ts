import { LossError } from '../../grammar/diagnostics/diagnostic.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { GraphTooLarge } from '../graph/graph.js';
import { lowerLoss } from '../lower/lower.js';
import type { LoweredLoss } from '../lower/lowered.js';
import { tooMuchWork } from '../messages/axes.js';
import { placeIn } from '../messages/message.js';
import type { Program } from '../resolve/program.js';

/** What `use` makes of a loss that has been checked. Throws `LossError` with all diagnostics when it has errors. */
export function checked<T>(program: Program, decl: LossDecl, use: (loss: LoweredLoss) => T): T {
  const { source } = program.module;
  const { loss, diagnostics } = lowerLoss(program, decl);
  const errors = [...program.diagnostics, ...diagnostics].filter(({ severity }) => severity === 'error');
  if (loss === undefined || errors.length > 0) throw new LossError(errors, source);
  try {
    return use(loss);
  } catch (error) {
    if (!(error instanceof GraphTooLarge)) throw error;
    const place = placeIn(source, decl.name);
    throw new LossError([tooMuchWork(place, decl.name.name)], source);
  }
}
