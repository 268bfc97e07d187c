/** The pages of the repository, and what stands in their blocks. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './command-line.js';

/** The README of each folder of examples, and that of all. */
export const EXAMPLE_PAGES: readonly string[] = readdirSync(join(ROOT, 'examples'), { recursive: true })
  .map((path) => `examples/${String(path).replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('/README.md'))
  .sort();

export const PAGES: readonly string[] = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'stdlib/README.md',
  'grammar/REFERENCE.md',
  'src/evaluator/PROTOCOL.md',
  ...EXAMPLE_PAGES,
];

export const readPage = (name: string): string => readFileSync(join(ROOT, name), 'utf8');

/** The texts of the blocks of a page that are in a language. */
export const blocksOf = (page: string, language: string): readonly string[] =>
  [...readPage(page).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(
    (match) => match[1]!,
  );

/** The commands of a page, each with its words. Continued lines are joined, comments and settings in front are left out. */
export function commandsOf(page: string): readonly (readonly string[])[] {
  return blocksOf(page, 'sh')
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .map(wordsOf)
    .filter((words) => words.length > 0);
}

function wordsOf(line: string): readonly string[] {
  const words = [...line.matchAll(/#.*|'([^']*)'|"([^"]*)"|\S+/g)]
    .filter(([word]) => !word.startsWith('#'))
    .map(([word, single, double]) => single ?? double ?? word);
  const first = words.findIndex((word) => !/^[A-Z_]+=/.test(word));
  return first < 0 ? [] : words.slice(first);
}
