import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { message, type Place } from './message.js';

/** Diagnostics of what inputs are to a loss, and of what is done with them by mistake: L33x. */

export const predictionOfLabels = (p: Place, name: string, domain: string, instead: string): Diagnostic =>
  message(
    'predictionOfLabels',
    p,
    `"${name}" is called a prediction, and no network puts out ${domain} values: such an input gets no gradient`,
    `declare it as ${instead}, or mark it: data ${name}`,
  );
export const looksGiven = (p: Place, name: string, activation: string, isLabel: boolean): Diagnostic =>
  message(
    'looksGiven',
    p,
    `"${name}" counts as a prediction: it gets a gradient and, from logits, a ${activation}`,
    isLabel
      ? `write data ${name} or call it target if it is given`
      : `write data ${name} if it is given, or call it prediction_${name} if it is not`,
  );
export const logarithmOfLogits = (p: Place, name: string, axis: string | undefined): Diagnostic =>
  message(
    'logarithmOfLogits',
    p,
    `"${name}" is logits, which may be negative and have no logarithm`,
    axis === undefined
      ? `write log(sigmoid(${name})), or declare it as unit`
      : `write log_softmax(${name}, ${axis}), or declare it as probability`,
  );
/** `written` is the domain as it stands, `axis` what was likely meant. */
export const simplexAxis = (
  p: Place,
  name: string,
  last: string,
  written: string,
  axis: string,
): Diagnostic =>
  message(
    'simplexAxis',
    p,
    `"${name}" adds up to 1 along "${last}", its last axis, and likely should along "${axis}"`,
    `write ${written} over ${axis}; over ${last} says that it is meant as it stands`,
  );
export const comparedWithItself = (p: Place, always: boolean): Diagnostic =>
  message(
    'comparedWithItself',
    p,
    `a value compared with itself: always ${always}, for a domain has no NaN, and nothing is left of the test`,
    'to leave out what is missing, give a mask: data mask: binary, and `if mask == 1` or `where mask == 1`',
  );
