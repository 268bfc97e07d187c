import type { CompiledLoss } from '../../compile.js';
import { figure } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';
import { boundReason, type Forms } from './settled.js';

/** `bounded`, where the facts give bounds of a form of the formula. */
export function boundFinding(forms: readonly Forms[]): Finding | undefined {
  const bounds = (pick: keyof Forms): { lo: number; hi: number } => {
    const ranges = forms.map((form) => form[pick].formula.value.range);
    return { lo: Math.max(...ranges.map(({ lo }) => lo)), hi: Math.min(...ranges.map(({ hi }) => hi)) };
  };
  const { lo, hi } = bounds('settled');
  if (!Number.isFinite(lo) || !Number.isFinite(hi)) return undefined;
  return {
    topic: 'range',
    property: 'bounded',
    status: 'proved',
    holds: true,
    statement: `Bounded: no single example costs more than ${figure(hi)}.`,
    reason: boundReason('formula', hi, bounds('general').hi),
    value: hi,
  };
}

/** `bounded gradient`, where the facts give bounds of the derivative. */
export function slopeFinding(forms: Forms, prediction: string, by: string): Finding | undefined {
  const size = (compiled: CompiledLoss): number => {
    const { lo, hi } = compiled.formula.gradients.get(prediction)!.range;
    return Math.max(Math.abs(lo), Math.abs(hi));
  };
  const value = size(forms.settled);
  if (!Number.isFinite(value)) return undefined;
  return {
    topic: 'shape',
    property: 'bounded gradient',
    status: 'proved',
    holds: true,
    statement: `Lipschitz: no derivative with respect to ${by === 'prediction' ? 'the prediction' : `a ${by}`} is larger than ${figure(value)}, so no example pulls harder.`,
    reason: boundReason('gradient', value, size(forms.general)),
    value,
  };
}
