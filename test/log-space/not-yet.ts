/** The list of what is not right yet: a line for each expression, `name: targets`, in the order of the corpus. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { TARGETS, type Target } from './targets.js';

const PATH = fileURLToPath(new URL('not-yet.txt', import.meta.url));

/** The targets in which each expression is not right yet, by its name. */
export type NotYet = ReadonlyMap<string, ReadonlySet<Target>>;

export function readNotYet(): NotYet {
  const lines = readFileSync(PATH, 'utf8').trimEnd().split('\n');
  return new Map(
    lines.map((line) => {
      const [name, targets] = line.split(': ');
      return [name!, new Set(TARGETS.filter((target) => targets!.split(' ').includes(target)))];
    }),
  );
}

export function writeNotYet(list: NotYet): void {
  const lines = [...list].filter(([, targets]) => targets.size > 0);
  writeFileSync(PATH, lines.map(([name, targets]) => `${name}: ${[...targets].join(' ')}\n`).join(''));
}
