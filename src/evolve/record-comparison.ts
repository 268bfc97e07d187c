/** Keeps the comparison on the held-out test split with the run, where the report finds it. */
import { join } from 'node:path';
import type { ComparisonReport } from '../runtime/compare.js';
import { openLedger } from './store/ledger.js';
import { lockRun } from './store/run-lock.js';

/** Name under which the ledger keeps it. */
export const COMPARISON_KEY = 'comparison';

/** Stores a comparison with a run that is not being worked on; a later one takes its place. */
export function recordComparison(directory: string, report: ComparisonReport): void {
  const unlock = lockRun(directory);
  try {
    const ledger = openLedger(join(directory, 'ledger.sqlite'));
    try {
      ledger.setResult(COMPARISON_KEY, report);
    } finally {
      ledger.close();
    }
  } finally {
    unlock();
  }
}
