/** In the place of `src/stdlib.ts`, in the bundle of the page: the standard library is data that was loaded with it. */
import type { ImportResolver } from '../../../compiler/resolve/program.js';
import { suggestions } from '../../../compiler/words/suggest.js';
import type { Source } from '../../../grammar/diagnostics/diagnostic.js';

let files: Readonly<Record<string, string>> = {};
let names: readonly string[] = [];

/** Takes the texts, by name; before anything else is asked for. */
export function giveLibrary(given: Readonly<Record<string, string>>): void {
  files = given;
  names = Object.keys(given).sort();
}

export const stdlibNames = (): readonly string[] => names;

const standardName = (specifier: string): string | undefined =>
  /^std\/([A-Za-z0-9_]+)(?:\.loss)?$/.exec(specifier)?.[1];

const standard = (name: string): Source | undefined =>
  Object.hasOwn(files, name) ? { name: `std/${name}.loss`, text: files[name]! } : undefined;

export function readLossFile(path: string): Source {
  const name = standardName(path);
  const found = name === undefined ? undefined : standard(name);
  if (found === undefined) throw new Error(`there is no ${path} here`);
  return found;
}

/** There are no other files. */
export const readSource = (path: string): Source => readLossFile(path);

export function importResolver(): ImportResolver {
  return (specifier) => {
    const name = standardName(specifier);
    if (name === undefined)
      return {
        problem: 'this page has one text: write "std/name" for a file of the standard library',
        similar: names.includes(specifier) ? [`std/${specifier}`] : [],
      };
    return (
      standard(name) ?? {
        problem: `the standard library has no "${name}"`,
        similar: suggestions(name, names).map((known) => `std/${known}`),
      }
    );
  };
}

export const sourceName = (path: string): string => path;
export const sourcePath = (name: string): string => name;
