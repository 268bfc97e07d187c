/** Writes the functions of compiler/emit/library as the tables of texts that the emitters put into modules. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readLibrary } from './library.js';

const HEAD = `/** Made from the files of compiler/emit/library by \`npm run build:library\`. */
import type { LibraryFunction } from './library-function.js';
`;

const files = Object.entries(readLibrary()).map(([file, functions]) => {
  const rows = Object.entries(functions).map(([name, entry]) => `    ${name}: ${JSON.stringify(entry)},\n`);
  return `  ${JSON.stringify(file)}: {\n${rows.join('')}  },\n`;
});
const text = `${HEAD}
export const LIBRARY = {
${files.join('')}} as const satisfies Readonly<Record<string, Readonly<Record<string, LibraryFunction>>>>;
`;
writeFileSync(fileURLToPath(new URL('../compiler/emit/helpers/library-texts.ts', import.meta.url)), text);
