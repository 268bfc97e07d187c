import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { message, type Place } from './message.js';

/** Diagnostics of what inputs are to a loss, and of what is done with them by mistake: L33x. */

export const predictionOfLabels = (p: Place, name: string, domain: string, instead: string): Diagnostic =>
  message(
    'predictionOfLabels',
    p,
    `"${name}" is called a prediction, but no network outputs ${domain} values: such an input gets no gradient`,
    `declare it as ${instead}, or mark it as data: data ${name}`,
  );
export const looksGiven = (p: Place, name: string, activation: string, isLabel: boolean): Diagnostic =>
  message(
    'looksGiven',
    p,
    `"${name}" counts as a prediction: it gets a gradient and, from logits, a ${activation}`,
    isLabel
      ? `if it is data, write data ${name} or call it target`
      : `write data ${name} if it is data, or call it prediction_${name} if it is not`,
  );
export const logarithmOfLogits = (p: Place, name: string, axis: string | undefined): Diagnostic =>
  message(
    'logarithmOfLogits',
    p,
    `"${name}" holds logits, which may be negative and then have no logarithm`,
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
    `"${name}" sums to 1 along "${last}", its last axis, and probably should along "${axis}"`,
    `write ${written} over ${axis}; if it is meant as it is, write over ${last}`,
  );
export const comparedWithItself = (p: Place, always: boolean): Diagnostic =>
  message(
    'comparedWithItself',
    p,
    `a value compared with itself is always ${always}: values of a domain are never NaN`,
    'to leave out missing values, use a mask: data mask: binary, and `if mask == 1` or `where mask == 1`',
  );
