/** Losses that earlier runs of the same task have trained, so that they are not trained again. */
import { join, resolve } from 'node:path';
import { RunError } from '../../errors.js';
import type { RunSettings } from '../model/run-settings.js';
import { readLedger } from '../store/ledger.js';
import { readRunSettings } from '../store/read-settings.js';
import type { ImportedLoss } from '../store/tables.js';

/** From all runs that the settings name; throws a RunError for a run of another task or environment. */
export function knownLosses(settings: RunSettings): ImportedLoss[] {
  const found = new Map<string, ImportedLoss>();
  for (const directory of settings.knownRuns) {
    const other = readRunSettings(directory);
    for (const part of ['task', 'learning', 'environment', 'sketch'] as const) {
      if (JSON.stringify(other[part]) === JSON.stringify(settings[part])) continue;
      throw new RunError(`the run in ${directory} has a different ${part}, so its scores do not count here`);
    }
    const ledger = readLedger(join(directory, 'ledger.sqlite'));
    try {
      for (const row of ledger.evaluations()) {
        const { canonical, scores, complete } = row;
        if (row.outcome !== 'trained' || !complete || canonical === '' || found.has(canonical)) continue;
        const { gradient, fingerprint, features, genome, size } = row;
        found.set(canonical, {
          run: resolve(directory),
          canonical,
          gradient,
          fingerprint,
          features,
          genome,
          size,
          score: scores[0]!,
        });
      }
    } finally {
      ledger.close();
    }
  }
  return [...found.values()];
}
