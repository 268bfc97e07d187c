/** Writes the functions of compiler/emit/library as the tables of texts that the emitters put into modules. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readLibrary } from './library.js';
import { readPythonLibrary } from './python-library.js';

/** A row for each function, so that a change shows where it is. */
function table(
  name: string,
  type: string,
  files: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): string {
  const rows = Object.entries(files).map(([file, functions]) => {
    const lines = Object.entries(functions).map(([key, entry]) => `    ${key}: ${JSON.stringify(entry)},\n`);
    return `  ${JSON.stringify(file)}: {\n${lines.join('')}  },\n`;
  });
  return `export const ${name} = {\n${rows.join('')}} as const satisfies Readonly<Record<string, Readonly<Record<string, ${type}>>>>;\n`;
}

function write(file: string, text: string): void {
  const head = '/** Made from the files of compiler/emit/library by `npm run build:library`. */\n';
  writeFileSync(fileURLToPath(new URL(`../../compiler/emit/helpers/${file}`, import.meta.url)), head + text);
}

write(
  'library-texts.ts',
  `import type { LibraryFunction } from './library-function.js';\n\n${table('LIBRARY', 'LibraryFunction', readLibrary())}`,
);
write('python-texts.ts', `\n${table('PYTHON_LIBRARY', 'readonly string[]', readPythonLibrary())}`);
