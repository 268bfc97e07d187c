/** A loss with other values as its defaults, as the text of a `.loss` file. */

import { printDecl } from '../../../grammar/print/print.js';
import { guardLines } from '../losses/compiler.js';
import { withDefaults } from '../losses/defaults.js';
import type { Candidate, ParameterValues } from '../model/candidate.js';
import { commentLines } from '../store/loss-file.js';

/** Digits of tuned defaults in the file. */
const DIGITS = 6;

export function tunedText(
  { loss, library }: Candidate,
  values: ParameterValues,
  notes: readonly string[],
): string {
  const tuned = withDefaults(loss, values, (value) => Number(value.toPrecision(DIGITS)));
  const guards = guardLines({ loss: tuned, library });
  // The comment directly above a loss is its description, and guards follow from the loss.
  const above = guards.length === 0 ? [] : [...commentLines(guards), ''];
  return `${[...above, ...commentLines(notes), ...library.map(printDecl), printDecl(tuned)].join('\n')}\n`;
}
