import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { UsageError } from '../errors.js';

/** What a shell may leave for the command to fill in: it does so inside quotes, on Windows, and where nothing matches. */
const PATTERN = /[*?[\]{}]/;

/**
 * The files that a command is given: a folder stands for every `.loss` file in it and below, a pattern for the files that
 * match it, in the order of their names; everything else, `-` and `std/NAME` included, for itself. Each comes once.
 * @throws UsageError for a folder without `.loss` files and a pattern that matches none.
 */
export function lossFiles(given: readonly string[]): string[] {
  return [...new Set(given.flatMap(filesOf))];
}

function filesOf(entry: string): readonly string[] {
  const isThere = existsSync(entry);
  if (isThere && statSync(entry).isDirectory())
    return found(entry, '**/*.loss', `there is no .loss file in ${entry}`).map((file) => join(entry, file));
  return isThere || !PATTERN.test(entry) ? [entry] : found('.', entry, `no file matches ${entry}`);
}

function found(folder: string, pattern: string, problem: string): readonly string[] {
  const files = globSync(pattern, {
    cwd: folder,
    ignore: ['**/node_modules/**'],
    followSymbolicLinks: false,
    expandDirectories: false,
  });
  if (files.length === 0)
    throw new UsageError(
      problem,
      'patterns work as in a shell: losses/*.loss, or losses/**/*.loss for all folders below',
    );
  return files.sort();
}
