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

/** What a guard makes of the value of a formula at everyday inputs. */
export interface GuardedValue {
  readonly inputs: string;
  readonly found: number;
  /** Undefined where the formula has no value. */
  readonly right: number | undefined;
  readonly fromLogits: boolean;
}

export const guardDecides = (p: Place, { inputs, found, right, fromLogits }: GuardedValue): Diagnostic =>
  right === undefined
    ? message(
        'guardDecides',
        p,
        `the formula has no value at everyday inputs: at ${inputs} it takes a logarithm, a root or the like of a number outside its domain, and a guard makes it ${short(found)}`,
        'declare inputs on domains that fit, such as positive, unit or probability; of logits write log_softmax(x, axis) or log(sigmoid(x))',
      )
    : message(
        'guardDecides',
        p,
        `a guard decides the value${fromLogits ? ' from logits' : ''} at everyday inputs: at ${inputs} it is ${short(found)}, and ${short(right)} by the formula`,
        'an operation there leaves its domain, or what float32 holds: lossc explain names it, lossc audit says how far off it is',
      );

const short = (x: number): string => String(Number(x.toPrecision(4)));
