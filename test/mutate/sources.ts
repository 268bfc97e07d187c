/** The folders that are mutated, and the tests of each. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const FOLDERS = {
  grammar: ['test/grammar'],
  compiler: ['test/compiler', 'test/log-space'],
  'src/evolve': ['test/evolve'],
  'src/runtime': ['test/runtime'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

type Folder = keyof typeof FOLDERS;
export const FOLDER_NAMES = Object.keys(FOLDERS) as readonly Folder[];

/** What emitted modules carry along: golden files hold it letter by letter, so nothing is to be learnt from changing it. */
const GENERATED = [
  'compiler/emit/library/',
  'compiler/emit/helpers/library-texts.ts',
  'compiler/emit/helpers/python-texts.ts',
];

export function filesUnder(root: string, folder: string, ending: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'fixtures' ? [] : filesUnder(root, path, ending);
      return entry.name.endsWith(ending) ? [path] : [];
    })
    .sort();
}

export const sourceFiles = (root: string, folder: Folder): readonly string[] =>
  filesUnder(root, folder, '.ts').filter(
    (file) => !GENERATED.some((generated) => file.startsWith(generated)),
  );

export const testFiles = (root: string, folder: Folder): readonly string[] =>
  FOLDERS[folder].flatMap((tests) => filesUnder(root, tests, '.test.ts'));

export const folderOf = (file: string): Folder =>
  FOLDER_NAMES.find((folder) => file.startsWith(`${folder}/`))!;
