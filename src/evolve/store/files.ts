/** Files that are either there in full or not at all. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../make-folder.js';
import { RunError, readProblem } from '../../runtime/run-error.js';

/** Writes to a temporary name, waits for the disk, and renames. */
export function writeAtomic(file: string, text: string): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    makeFolder(dirname(file));
    const descriptor = openSync(temporary, 'w');
    try {
      const bytes = Buffer.from(text, 'utf8');
      for (let written = 0; written < bytes.length; ) written += writeSync(descriptor, bytes, written);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, file);
    syncFolder(dirname(file));
  } catch (thrown) {
    removeQuietly(temporary);
    throw new RunError(`could not write ${file}: ${readProblem(thrown)}`);
  }
}

/** Where the folder itself is in the way there is nothing to remove. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // The first error is the one to tell.
  }
}

/** A rename is on disk only when the folder is. Windows cannot open folders and needs no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

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
  throw new RunError(`the folder ${directory} was deleted while the run was going on`);
}

/** Makes a folder for a new run. */
export function makeRunFolder(directory: string): void {
  requireFreeFolder(directory);
  try {
    makeFolder(directory);
  } catch (thrown) {
    throw new RunError(`could not make the folder ${directory}: ${readProblem(thrown)}`);
  }
}
