/** A loss with other values as its defaults, as the text of a `.loss` file. */

import { printDecl } from '../../../grammar/print/print.js';
import type { LossDecl, Parameter, Value } from '../../../grammar/tree/ast.js';
import { num } from '../../../grammar/tree/build.js';
import type { Candidate, ParameterValues } from '../model/candidate.js';
import { commentLines } from '../store/loss-file.js';

/** Digits of tuned defaults in the file. */
const DIGITS = 6;

export function tunedText(
  { loss, library }: Candidate,
  values: ParameterValues,
  notes: readonly string[],
): string {
  const parameters = loss.parameters.map((parameter): Parameter => {
    const value = values[parameter.name.name];
    return value === undefined ? parameter : { ...parameter, default: valueNode(value) };
  });
  const tuned: LossDecl = { ...loss, parameters };
  return `${[...commentLines(notes), ...library.map(printDecl), printDecl(tuned)].join('\n')}\n`;
}

function valueNode(value: number | readonly number[]): Value {
  if (typeof value === 'number') return num(Number(value.toPrecision(DIGITS)));
  return { kind: 'list', items: value.map(valueNode) };
}
