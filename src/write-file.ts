import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from './make-folder.js';
import { RunError, readProblem } from './runtime/run-error.js';

/** Writes a file whole or not at all: to a temporary name beside it, then renamed. Makes the folder if it is missing. */
export const writeFileSafely = (path: string, text: string): void => writeFilesSafely([[path, text]]);

/** Writes files, each whole or not at all; the first gets its name when all of them are on disk. */
export function writeFilesSafely(files: readonly (readonly [path: string, text: string])[]): void {
  const staged = files.map(([path, text]) => ({ path, text, temporary: `${path}.${process.pid}.tmp` }));
  let current = '';
  try {
    for (const { path, text, temporary } of staged) {
      current = path;
      makeFolder(dirname(path));
      writeThrough(temporary, text);
    }
    for (const { path, temporary } of staged) {
      current = path;
      renameSync(temporary, path);
    }
  } catch (error) {
    for (const { temporary } of staged) removeQuietly(temporary);
    throw new RunError(`cannot write ${current}: ${readProblem(error)}`);
  }
}

/** `writeFileSync` goes on where the system writes less than it was given; `writeSync` does not. */
function writeThrough(path: string, text: string): void {
  const file = openSync(path, 'w');
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Where the folder itself is in the way there is nothing to remove. */
function removeQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // The first error is the one to tell.
  }
}
