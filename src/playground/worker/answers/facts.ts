import { explainLoss } from '../../../../compiler/explain/explain.js';
import type { Property } from '../../../../compiler/explain/explanation.js';
import type { Asks } from '../../messages.js';
import { lossOf } from '../losses.js';

/** What losses are compared by: properties that a loss has or has not. */
const COMPARED: readonly Property[] = [
  'bounded',
  'bounded gradient',
  'smooth',
  'convex',
  'convex in the logits',
  'monotone',
  'proper',
  'calibrated',
  'symmetric',
  'even',
  'shift-invariant',
];

/** Which of them a loss has; those that make no sense for it are left out. */
export function facts({ loss }: Asks['facts']['ask']): Asks['facts']['answer'] {
  const { program, decl } = lossOf(loss);
  const { findings } = explainLoss(program, decl);
  return COMPARED.flatMap((property) => {
    const found = findings.find((finding) => finding.property === property);
    if (found === undefined) return [];
    const { status, statement } = found;
    const holds = status === 'unknown' ? undefined : (found.holds ?? status !== 'refuted');
    return [{ property, holds, statement }];
  });
}
