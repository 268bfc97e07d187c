import { suggestions } from '../../compiler/words/suggest.js';
import { RunError } from '../errors.js';
import { stdlibNames } from '../stdlib.js';
import { type CatalogueEntry, catalogue, speaksOf } from '../stdlib-catalogue.js';
import { print, printJson } from '../terminal.js';
import type { Define } from './command.js';
import { addOptions, JSON_ROW } from './option-table.js';

/** `lossc list [WORD…]`: the standard library, or what of it speaks of all the words. */
export const define: Define = (command) => {
  addOptions(command, JSON_ROW)
    .argument(
      '[word...]',
      'words to search for in names, kinds, uses, and names in PyTorch, Keras and TensorFlow.js',
    )
    .action((given: string[], options: { json?: boolean }) => {
      const words = given
        .flatMap((text) => text.replace(/^std\//, '').split(/\s+/))
        .filter((word) => word !== '');
      const found = catalogue().filter((entry) => speaksOf(entry, words));
      if (found.length === 0) throw nothing(words);
      if (options.json) printJson(found.map(plain));
      else printEntries(found);
    });
};

function nothing(words: readonly string[]): RunError {
  const names = words.flatMap((word) => suggestions(word, stdlibNames())).map((name) => `std/${name}`);
  const close = names.length > 0 ? names : words.flatMap((word) => suggestions(word, wordsOfCatalogue()));
  return new RunError(
    `nothing in the standard library matches ${words.map((word) => `"${word}"`).join(' and ')}`,
    close.length > 0
      ? `did you mean ${close.join(' or ')}?`
      : 'lossc list without words shows all standard losses',
  );
}

/** What the library speaks of, in long words: short ones are near to many others. */
function wordsOfCatalogue(): readonly string[] {
  const text = catalogue()
    .map(({ section, use }) => `${section} ${use}`)
    .join(' ');
  return [...new Set(text.toLowerCase().match(/[a-z]{6,}/g))];
}

const plain = ({ name, section, use, elsewhere }: CatalogueEntry): unknown => ({
  name,
  import: `std/${name}`,
  section,
  use,
  elsewhere,
});

function printEntries(entries: readonly CatalogueEntry[]): void {
  const width = Math.max(...entries.map(({ name }) => name.length)) + 'std/'.length;
  let section = '';
  for (const entry of entries) {
    if (entry.section !== section) {
      if (section !== '') print('');
      section = entry.section;
      print(section);
    }
    print(`  ${`std/${entry.name}`.padEnd(width)}  ${entry.use}`);
  }
}
