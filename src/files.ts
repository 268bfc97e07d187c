/** Folders that are made, and files that are either there in full or not at all. */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RunError, readProblem } from './errors.js';

/**
 * Makes a folder and those above it that are missing. Node's own `recursive` goes round for ever where the system says that
 * a folder cannot be made in one that exists, as below /proc.
 */
export function makeFolder(folder: string): void {
  if (isFolder(folder)) return;
  const parent = dirname(resolve(folder));
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder);
  } catch (thrown) {
    // Another process may have been first.
    if (isFolder(folder)) return;
    if (codeOf(thrown) === 'ENOENT') throw new RunError(`cannot create a folder in ${parent}`);
    throw thrown;
  }
}

/** Throws a RunError where files could not be written into a folder, before there is anything to write; makes nothing. */
export function requireWritable(folder: string): void {
  try {
    accessSync(existingPart(folder), constants.W_OK | constants.X_OK);
  } catch (thrown) {
    throw new RunError(`cannot write into ${folder}: ${readProblem(thrown)}`, 'choose another folder');
  }
}

/** The folder, or the nearest above it that is there. */
const existingPart = (folder: string): string =>
  isFolder(folder) ? folder : existingPart(dirname(resolve(folder)));

/** Throws a RunError where something else than a folder has the name. */
function isFolder(path: string): boolean {
  const status = statusOf(path);
  if (status === undefined || status.isDirectory()) return status !== undefined;
  throw new RunError(`${path} is a file, not a folder`);
}

function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (thrown) {
    // What lies below a file is found to be none when that file is looked at.
    if (codeOf(thrown) === 'ENOTDIR') return undefined;
    throw thrown;
  }
}

const codeOf = (thrown: unknown): unknown =>
  thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;

/** Writes a file whole or not at all: under a temporary name beside it, then renamed. Makes the folder if it is missing. */
export const writeFileSafely = (path: string, content: string | Uint8Array): void =>
  writeFilesSafely([[path, content]]);

/**
 * Writes files, each whole or not at all; the first gets its name when all of them are on disk, and all have their names on disk on
 * return. Throws a RunError that names the file that could not be written.
 */
export function writeFilesSafely(
  files: readonly (readonly [path: string, content: string | Uint8Array])[],
): void {
  const staged = files.map(([path, content]) => ({ path, content, temporary: `${path}.${process.pid}.tmp` }));
  let current = '';
  try {
    for (const { path, content, temporary } of staged) {
      current = path;
      makeFolder(dirname(path));
      writeThrough(temporary, content);
    }
    for (const { path, temporary } of staged) {
      current = path;
      renameSync(temporary, path);
    }
    for (const folder of new Set(files.map(([path]) => dirname(path)))) syncFolder(folder);
  } catch (thrown) {
    for (const { temporary } of staged) removeQuietly(temporary);
    throw new RunError(`cannot write ${current}: ${readProblem(thrown)}`, undefined, { cause: thrown });
  }
}

/** `writeFileSync` goes on where the system writes less than it was given; `writeSync` does not. */
function writeThrough(path: string, content: string | Uint8Array): void {
  const file = openSync(path, 'w');
  try {
    writeFileSync(file, content);
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

/** Folders that may be written into and not read, and file systems that know no such call. */
const UNSYNCED: ReadonlySet<unknown> = new Set(['EACCES', 'EINVAL', 'EPERM', 'ENOTSUP']);

/** A rename is on disk only when the folder is. Windows cannot open folders and needs no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  try {
    const descriptor = openSync(folder, 'r');
    try {
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (thrown) {
    if (!UNSYNCED.has(codeOf(thrown))) throw thrown;
  }
}
