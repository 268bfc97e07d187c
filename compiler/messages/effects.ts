import type { Diagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { message, type Place } from './message.js';

/** Warnings about what has no effect on training: L32x. */

export const noGradient = (p: Place, name: string): Diagnostic =>
  message(
    'noGradient',
    p,
    `the gradient with respect to "${name}" is zero everywhere, so nothing is learned through it`,
  );
export const noInfluence = (p: Place, name: string): Diagnostic =>
  message(
    'noInfluence',
    p,
    `no gradient depends on "${name}": it only shifts the value`,
    'are two inputs swapped?',
  );
export const noParameterInfluence = (p: Place, name: string): Diagnostic =>
  message(
    'noParameterInfluence',
    p,
    `no gradient depends on the parameter "${name}": it occurs only in terms without a prediction`,
    'a term without a prediction only shifts the value',
  );
export const swapped = (p: Place, target: string, prediction: string, terms: number): Diagnostic =>
  message(
    'swapped',
    p,
    `are "${target}" and "${prediction}" swapped? ${terms} terms contain only "${target}" and train nothing, and none contains only "${prediction}"`,
    `swap "${prediction}" and "${target}"`,
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
        `the formula has no value at everyday inputs: at ${inputs} the argument of a logarithm or root is outside its domain, and a guard makes the result ${short(found)}`,
        'declare inputs with domains that fit, such as positive, unit or probability; for logits write log_softmax(x, axis) or log(sigmoid(x))',
      )
    : message(
        'guardDecides',
        p,
        `a guard decides the value${fromLogits ? ' from logits' : ''} at everyday inputs: at ${inputs} it is ${short(found)}, but the formula gives ${short(right)}`,
        'an operation there leaves its domain, or the range of float32: lossc explain names it, lossc audit measures the error',
      );

const short = (x: number): string => String(Number(x.toPrecision(4)));
