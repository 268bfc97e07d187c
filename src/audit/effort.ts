import type { Effort } from './search.js';
import type { Subject } from './subject.js';

/** How much is looked at of a loss so that it takes a few seconds at most. */
export const effortFor = (subject: Subject): Effort =>
  subject.isItemwise
    ? { drawn: 200, rounds: 2, mutants: 20, deep: 1 }
    : { drawn: 40, rounds: 2, mutants: 6, deep: 1 };
