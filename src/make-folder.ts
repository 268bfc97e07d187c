import { accessSync, constants, mkdirSync, type Stats, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { RunError, readProblem } from './runtime/run-error.js';

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
    if (codeOf(thrown) === 'ENOENT') throw new RunError(`no folder can be made in ${parent}`);
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
