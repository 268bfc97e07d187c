import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { message, type Place } from './message.js';

/** Warnings about what has no effect on training: L32x. */

export const noGradient = (p: Place, name: string): Diagnostic =>
  message(
    'noGradient',
    p,
    `the gradient with respect to "${name}" is zero everywhere, so nothing is learned from it`,
  );
export const noInfluence = (p: Place, name: string): Diagnostic =>
  message(
    'noInfluence',
    p,
    `no gradient depends on "${name}": it shifts the value and trains nothing`,
    'are two inputs swapped?',
  );
export const noParameterInfluence = (p: Place, name: string): Diagnostic =>
  message(
    'noParameterInfluence',
    p,
    `no gradient depends on the parameter "${name}": it stands only in terms without a prediction`,
    'a term without a prediction shifts the value and trains nothing',
  );
export const swapped = (p: Place, target: string, prediction: string, terms: number): Diagnostic =>
  message(
    'swapped',
    p,
    `are "${target}" and "${prediction}" swapped? ${terms} terms hold "${target}" alone and train nothing, and none holds "${prediction}" alone`,
    `put "${prediction}" where "${target}" stands, and the reverse`,
  );

/** What a guard makes of a value that the formula gives at everyday inputs. */
export interface GuardedValue {
  readonly inputs: string;
  readonly found: number;
  readonly right: number;
  readonly fromLogits: boolean;
}

export const guardDecides = (p: Place, { inputs, found, right, fromLogits }: GuardedValue): Diagnostic =>
  message(
    'guardDecides',
    p,
    `a guard decides the value${fromLogits ? ' from logits' : ''} at everyday inputs: at ${inputs} it is ${short(found)}, and ${short(right)} by the formula`,
    'an operation there leaves its domain, or what float32 holds: lossc explain names it, lossc audit says how far off it is',
  );

const short = (x: number): string => String(Number(x.toPrecision(4)));
