/** The folder of a run: made once, never written over. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RunError, readProblem } from '../../errors.js';
import { makeFolder } from '../../files.js';

/** Throws a RunError unless the folder is missing or empty: nothing is ever overwritten. */
export function requireFreeFolder(directory: string): void {
  if (entriesOf(directory).length === 0) return;
  throw new RunError(
    `${directory} is not empty`,
    'a run never overwrites anything: choose another folder, or continue with --resume',
  );
}

function entriesOf(directory: string): readonly string[] {
  try {
    return existsSync(directory) ? readdirSync(directory) : [];
  } catch (thrown) {
    throw new RunError(`cannot use ${directory} as the folder of a run: ${readProblem(thrown)}`);
  }
}

/** Throws a RunError where the folder of a run is gone: writing would make another in its place. */
export function requireRunFolder(directory: string): void {
  if (existsSync(join(directory, 'settings.json'))) return;
  throw new RunError(`the folder ${directory} was deleted while the run was in progress`);
}

/** Makes a folder for a new run. */
export function makeRunFolder(directory: string): void {
  requireFreeFolder(directory);
  try {
    makeFolder(directory);
  } catch (thrown) {
    throw new RunError(`cannot create the folder ${directory}: ${readProblem(thrown)}`);
  }
}
