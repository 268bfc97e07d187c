import { existsSync, type FSWatcher, statSync, watch } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { failureOf, tellFailure } from '../failure.js';
import { printError } from '../terminal.js';
import type { OptionRow } from './option-table.js';
import { readSources } from './sources.js';

/** An editor writes a file in several steps, each of which is told. */
const SETTLED_MS = 60;

/** `--watch`, for commands that look at files and change none. */
export const WATCH_ROW = {
  watch: {
    flags: '--watch',
    says: 'run again whenever a file or something it imports changes, until Ctrl-C',
    unusable: ({ given, values, files }) =>
      given.has('json') || values['format'] === 'sarif'
        ? 'prints one result after another, which is not JSON'
        : files.includes('-')
          ? 'needs files, and - is standard input'
          : undefined,
  },
} as const satisfies Readonly<Record<string, OptionRow>>;

/**
 * Does something now, and again whenever one of the files that it answers with changes, or one that they import. `given` are the
 * files, folders and patterns of the call: new files in a folder count. What fails is said, and does not end it. Goes on until
 * the process ends.
 */
export function whenChanged(given: readonly string[], work: () => readonly string[]): Promise<never> {
  const watchers = new Map<string, FSWatcher>();
  let timer: NodeJS.Timeout | undefined;
  const again = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      printError(`\n${new Date().toTimeString().slice(0, 8)}: a file has changed`);
      once();
    }, SETTLED_MS);
  };
  const look = (folder: string, recursive: boolean): void => {
    if (watchers.has(folder) || !existsSync(folder)) return;
    const watcher = watch(folder, { recursive }, (_, name) => {
      if (name === null || name.endsWith('.loss')) again();
    });
    // A folder that is deleted is watched again when it is back.
    watcher.on('error', () => {
      watcher.close();
      watchers.delete(folder);
    });
    watchers.set(folder, watcher);
  };
  const once = (): void => {
    // Before the work, so that no change is missed meanwhile.
    for (const entry of given) {
      const isFolder = existsSync(entry) && statSync(entry).isDirectory();
      look(resolve(isFolder ? entry : folderOf(entry)), isFolder);
    }
    try {
      for (const file of work().flatMap(filesOf)) look(dirname(resolve(file)), false);
    } catch (error) {
      const failure = failureOf(error);
      if (failure === undefined) throw error;
      tellFailure(failure);
    }
  };
  once();
  return new Promise(() => {});
}

/** The part of a path or pattern that is a folder for sure. */
function folderOf(entry: string): string {
  const parts = dirname(entry).split('/');
  const open = parts.findIndex((part) => /[*?[\]{}]/.test(part));
  return join(...(open < 0 ? parts : [...parts.slice(0, open), '.']));
}

/** A file and all that it imports but for the standard library, which does not change. */
function filesOf(file: string): string[] {
  const { source, imports } = readSources(file);
  return [source, ...imports.map((one) => one.source)]
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('std/'));
}
