import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { reportPage } from '../write-report.js';
import type { LiveSource } from './serve.js';

/** What a report is made from. */
const FILES = ['settings.json', 'ledger.sqlite', 'ledger.sqlite-wal', 'comparison.json'];

/** The report of a run, another one whenever a file that it is made from has changed. */
export const folderSource = (directory: string): LiveSource => ({
  version: () => stateOf(directory),
  page: (version) => reportPage(directory, { version }),
});

function stateOf(directory: string): string {
  const hash = createHash('sha256');
  for (const name of FILES) {
    const found = statSync(join(directory, name), { throwIfNoEntry: false });
    if (found !== undefined) hash.update(`${name} ${found.size} ${found.mtimeMs}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}
