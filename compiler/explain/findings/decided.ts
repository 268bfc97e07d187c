import { guardedValue } from '../../check/guarded.js';
import type { LoweredLoss } from '../../lower/lowered.js';
import { figure } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';

const HOW =
  'Evaluated at a few inputs: logits up to 60, probabilities down to 1e-20. `lossc audit` measures how accurate value and gradient are.';

/** `float32`: whether a guard gives another value than the formula at everyday inputs. */
export function explainDecided(loss: LoweredLoss, hasGuards: boolean): Finding[] {
  if (!hasGuards) return [];
  const base = { topic: 'finite', property: 'float32', status: 'measured' } as const;
  const found = guardedValue(loss);
  if (found === undefined)
    return [
      {
        ...base,
        holds: true,
        statement: 'In float32, no guard decided the value at the everyday inputs that were tried.',
        reason: HOW,
      },
    ];
  const { inputs, found: kept, right, fromLogits } = found;
  return [
    {
      ...base,
      holds: false,
      statement: `In float32 a guard decides the value${fromLogits ? ' from logits' : ''} at everyday inputs: at ${inputs} it is ${figure(kept)}, ${right === undefined ? 'but the formula has no value' : `but the formula gives ${figure(right)}`}.`,
      reason: HOW,
    },
  ];
}
