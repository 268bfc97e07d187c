import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { optimisePredictions } from '../evolve/screening/probe.js';
import { checkTrainable } from '../runtime/feeding/trainable.js';
import type { Learning, TaskKind } from '../runtime/tasks/learning.js';
import { TASKS } from '../runtime/tasks/tasks.js';
import { painted, printError } from '../terminal.js';
import type { LossOfProgram } from './comparison-losses.js';

/** Of free predictions, the share that a loss has to bring to their targets for a metric to mean something: of labels half are right anyway. */
const ENOUGH: { readonly [K in TaskKind]: number } = {
  classification: 0.5,
  regression: 0.5,
  'multi-label': 0.75,
  quantiles: 0.5,
  'mean-and-variance': 0.5,
};

/** Refuses a loss that cannot be trained in learning this, and warns of one that leads away from it. */
export function requireTrainable(
  { program, decl }: LossOfProgram,
  learning: Learning,
  parameters?: Readonly<Record<string, ParameterValue>>,
): void {
  const loss = checkTrainable(program, decl, learning, parameters === undefined ? {} : { parameters });
  const share = optimisePredictions(loss, learning);
  if (share >= ENOUGH[learning.task]) return;
  printError(
    `${painted('yellow', 'warning')}: ${decl.name.name} moves only ${Math.round(100 * share)} % of free predictions to their ${TASKS[learning.task].outputs}; the metric will say little about it`,
  );
}
