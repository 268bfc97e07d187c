import type { Diagnostic } from '../../grammar/diagnostic.js';
import { message, type Place } from './message.js';

/** Warnings about what has no effect on training: L32x. */

export const noGradient = (p: Place, name: string): Diagnostic =>
  message(
    'L321',
    p,
    `the gradient with respect to "${name}" is zero everywhere, so nothing is learned from it`,
    undefined,
    'warning',
  );
export const noInfluence = (p: Place, name: string): Diagnostic =>
  message(
    'L322',
    p,
    `no gradient depends on "${name}": it shifts the value and trains nothing`,
    'are two inputs swapped?',
    'warning',
  );
export const noEffect = (p: Place): Diagnostic =>
  message(
    'L323',
    p,
    'this term does not depend on a prediction: it shifts the value and trains nothing',
    undefined,
    'warning',
  );
