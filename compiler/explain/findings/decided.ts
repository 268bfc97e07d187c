import { guardedValue } from '../../check/guarded.js';
import type { LoweredLoss } from '../../lower/lowered.js';
import { figure } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';

const HOW =
  'Read at a few inputs: logits within 60, probabilities from 1e-20. `lossc audit` measures how accurate value and gradient are.';

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
        statement: 'In float32 no guard was seen to decide the value at everyday inputs.',
        reason: HOW,
      },
    ];
  const { inputs, found: kept, right, fromLogits } = found;
  return [
    {
      ...base,
      holds: false,
      statement: `In float32 a guard decides the value${fromLogits ? ' from logits' : ''} at everyday inputs: at ${inputs} it is ${figure(kept)}, ${right === undefined ? 'where the formula has none' : `and ${figure(right)} by the formula`}.`,
      reason: HOW,
    },
  ];
}
