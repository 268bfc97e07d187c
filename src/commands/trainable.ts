import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { optimisePredictions } from '../evolve/screening/probe.js';
import { checkTrainable } from '../runtime/feeding/trainable.js';
import { painted, printError } from '../terminal.js';
import type { LossOfProgram } from './comparison-losses.js';

/** Of free predictions, the share that a loss has to bring to their classes for accuracy to mean something. */
const ENOUGH = 0.5;

/** Refuses a loss that cannot be trained on so many classes, and warns of one that leads away from them. */
export function requireTrainable(
  { program, decl }: LossOfProgram,
  classes: number,
  parameters?: Readonly<Record<string, ParameterValue>>,
): void {
  const loss = checkTrainable(program, decl, classes, parameters === undefined ? {} : { parameters });
  const share = optimisePredictions(loss, classes);
  if (share >= ENOUGH) return;
  printError(
    `${painted('yellow', 'warning')}: ${decl.name.name} moves ${Math.round(100 * share)} % of free predictions to their classes; the accuracy will say little about it`,
  );
}
