/** Prints the syntax trees of the standard library as JSON, for the arbitrary-precision interpreter in Python. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from '../../../grammar/read/parse.js';

const folder = new URL('../../../stdlib/', import.meta.url);
const trees = readdirSync(folder)
  .filter((file) => file.endsWith('.loss'))
  .map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8');
    return [file.slice(0, -'.loss'.length), parse({ name: file, text }).file.declarations] as const;
  });
process.stdout.write(
  JSON.stringify(Object.fromEntries(trees), (key, value) => (key === 'span' ? undefined : value)),
);
