/** What the standard library has, as its README lists it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot, readLossFile } from './stdlib.js';

export interface CatalogueEntry {
  /** `focal`, imported as `std/focal`. */
  readonly name: string;
  /** The heading that it stands under, such as `Classification`. */
  readonly section: string;
  /** What it is for: the first line of its comment. */
  readonly use: string;
  /** What TensorFlow.js, Keras and PyTorch call it. */
  readonly elsewhere: readonly string[];
}

const HEADING = /^## (.*)$/;
const ENTRY = /^\| \[`(\w+)`\]\(\w+\.loss\) \| (.*) \|$/;
/** A row of the table of equivalents: the name, three columns of names, a remark. */
const EQUIVALENT = /^\| `(\w+)` \|(.*)\|.*\|$/;

/** Every file of the standard library, in the order of its README. */
export function catalogue(): readonly CatalogueEntry[] {
  const lines = readFileSync(join(packageRoot(), 'stdlib/README.md'), 'utf8').split('\n');
  const equivalents = new Map<string, string[]>();
  for (const line of lines) {
    const [, name, columns] = EQUIVALENT.exec(line) ?? [];
    if (name === undefined) continue;
    const names = [...columns!.matchAll(/`([^`]+)`/g)].map(([, code]) => code!);
    equivalents.set(name, [...(equivalents.get(name) ?? []), ...names]);
  }
  const entries: CatalogueEntry[] = [];
  let section = '';
  for (const line of lines) {
    section = HEADING.exec(line)?.[1] ?? section;
    const [, name, use] = ENTRY.exec(line) ?? [];
    if (name !== undefined)
      entries.push({ name, section, use: use!, elsewhere: equivalents.get(name) ?? [] });
  }
  return entries;
}

/** Whether an entry, or the comments of its file, have all of the words, in capitals or not. */
export function speaksOf(
  { name, section, use, elsewhere }: CatalogueEntry,
  words: readonly string[],
): boolean {
  const comments = readLossFile(`std/${name}`)
    .text.split('\n')
    .filter((line) => line.startsWith('///'));
  const text = [name, name.replaceAll('_', ' '), section, use, ...elsewhere, ...comments]
    .join('\n')
    .toLowerCase();
  return words.every((word) => text.includes(word.toLowerCase()));
}
