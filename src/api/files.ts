/** Files and the standard library, as the public API gives them. */
import type { ImportResolver } from '../../compiler/resolve/program.js';
import type { Source } from '../../grammar/diagnostics/diagnostic.js';
import * as files from '../stdlib.js';
import { demand, TEXT } from './demand.js';

/** Reads `std/focal` from the standard library and everything else as a path. */
export function readLossFile(path: string): Source {
  demand('readLossFile', [['path', path, TEXT]]);
  return files.readLossFile(path);
}

/** What `loadProgram` takes to find what the file at a path imports. */
export function importResolver(path: string): ImportResolver {
  demand('importResolver', [['path', path, TEXT]]);
  return files.importResolver(path);
}
