/** Data and models that a task names by their paths: told apart by hash, since every machine has its own. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { RunError, readProblem } from '../../../errors.js';
import { DATASETS } from '../../../runtime/data/load-dataset.js';
import { isTable } from '../../../runtime/data/table.js';
import { isModelName } from '../../../runtime/models/known-models.js';
import type { Task } from '../../model/task.js';

/** A path that a task names, and the option that names it on the command line. */
interface NamedPath {
  readonly option: 'dataset' | 'model';
  readonly path: string;
}

/** Every path in a task, once. What lossc knows by name is no path. */
function pathsOf({ cases }: Task): readonly NamedPath[] {
  const found = new Map<string, NamedPath>();
  for (const { dataset, model } of cases) {
    if (!Object.hasOwn(DATASETS, dataset)) found.set(dataset, { option: 'dataset', path: dataset });
    if (!isModelName(model)) found.set(model, { option: 'model', path: model });
  }
  return [...found.values()];
}

/** Files of a folder that are its data (see `readIdxFolder`). */
const IDX = /-idx[13]-ubyte(?:\.gz)?$/;

/** SHA-256 of a module's file, or of the data in a folder. Throws a RunError where it cannot be read. */
export function hashOf(path: string): string {
  const hash = createHash('sha256');
  try {
    if (!isFolder(path)) return hash.update(readFileSync(path)).digest('hex');
    for (const name of readdirSync(path)
      .filter((one) => IDX.test(one))
      .sort())
      hash
        .update(name)
        .update('\0')
        .update(readFileSync(join(path, name)));
    return hash.digest('hex');
  } catch (thrown) {
    throw new RunError(`cannot read ${path}: ${readProblem(thrown)}`);
  }
}

/** The hash of every path in a task, by path. */
export const hashesOf = (task: Task): Readonly<Record<string, string>> =>
  Object.fromEntries(pathsOf(task).map(({ path }) => [path, hashOf(path)]));

/**
 * Why this machine cannot use what a job names, or undefined. A module can do anything, so only those in `trusted` are loaded: paths as
 * the job writes them.
 */
export function missingFile(
  task: Task,
  files: Readonly<Record<string, string>>,
  trusted: ReadonlySet<string>,
): string | undefined {
  for (const { option, path } of pathsOf(task)) {
    if (!isFolder(path) && !isTable(path) && !trusted.has(path))
      return `its jobs load the module ${path}, and a module can run any code: if you trust it, start the worker with --${option} ${path}`;
    if (statSync(path, { throwIfNoEntry: false }) === undefined)
      return `its jobs need ${path}, which does not exist here`;
    if (hashOf(path) !== (Object.hasOwn(files, path) ? files[path] : undefined))
      return `${path} is not the same file here as where the jobs were created`;
  }
  return undefined;
}

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
