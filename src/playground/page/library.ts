import type { LibraryData, LibraryEntry } from '../messages.js';

let loaded: Promise<LibraryData> | undefined;

/** The standard library, loaded when it is first asked for. */
export function library(): Promise<LibraryData> {
  loaded ??= fetch('./library.json').then((response) => response.json() as Promise<LibraryData>);
  return loaded;
}

/** Entries by the heading that they stand under, in their order. */
export function sectionsOf(entries: readonly LibraryEntry[]): ReadonlyMap<string, readonly LibraryEntry[]> {
  const sections = new Map<string, LibraryEntry[]>();
  for (const entry of entries) {
    const known = sections.get(entry.section);
    if (known === undefined) sections.set(entry.section, [entry]);
    else known.push(entry);
  }
  return sections;
}

/** The entries whose name, use or text have all of the words. */
export function found({ catalogue, files }: LibraryData, words: string): readonly LibraryEntry[] {
  const wanted = words.toLowerCase().split(/\s+/);
  return catalogue.filter(({ name, section, use, elsewhere }) => {
    const doc = files[name]?.split('\n').filter((line) => line.startsWith('///')) ?? [];
    const text = [name, name.replaceAll('_', ' '), section, use, ...elsewhere, ...doc]
      .join('\n')
      .toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}
