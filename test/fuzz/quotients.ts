import { unguarded } from '../../compiler/guard/unguarded.js';
import { compareAnswer, emptyTally } from './comparison.js';

import { REFERENCE, referenceAnswer } from './targets/reference.js';
import { compileTrial, expected, type Trial } from './trial.js';

/**
 * Whether what is off is the bound of 1e36 on quotients, which `explain` and `grad` tell: without that bound, and with all other
 * guards, the reference interpreter gives what the definition does.
 */
export function isBoundedQuotient(trial: Trial): boolean {
  const compiled = compileTrial(trial);
  const quotients = compiled.guards.filter(({ op }) => op === 'quotient');
  if (quotients.length === 0) return false;
  const free = unguarded(compiled.lowered.graph, quotients);
  const gradients = new Map([...compiled.gradients].map(([name, root]) => [name, free(root)]));
  const job = { trial, compiled: { ...compiled, value: free(compiled.value), gradients } };
  const outcome = expected(trial, 'double');
  return compareAnswer('', outcome, referenceAnswer(job), REFERENCE.floor, emptyTally()) === undefined;
}
