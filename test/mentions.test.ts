import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PAGES } from './helpers/pages.js';

/** Files that comments and documents name are there: a file that moves takes its mentions with it. */
const mentions = suite('files that are named');

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['grammar', 'compiler', 'src', 'stdlib', 'examples', 'test'];
/** What changed may be gone since. */
const DOCUMENTS = PAGES.filter((page) => page !== 'CHANGELOG.md');

function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? filesIn(path) : [path];
  });
}
const files = [...FOLDERS.flatMap(filesIn), ...PAGES, 'package.json'];

/** Is there a file of that name, or whose path ends so? */
const exists = (name: string): boolean =>
  existsSync(join(ROOT, name)) || files.some((file) => file === name || file.endsWith(`/${name}`));

/** Names of what a user would write or get, and of files of other programs. */
const OTHERS =
  /^(?:\.?\/)?(?:node_modules|dist)\/|^(?:\.\/)?(?:my-\w+|mine(?:\.d)?|focal(?:\.d)?|model)\.\w+$|^\.d\.ts$|^backend_wasm\.ts$/;

/** A comment of TypeScript or JavaScript: after a slash or a star that begins a line, or behind code. */
const COMMENT = /\/\*[\s\S]*?\*\/|(?:^|\s)\/\/.*$/gm;
const NAMED = /(?<![\w$@.*{-])[\w./-]*[\w-]\.(?:ts|mjs|py|md|ebnf)\b(?!\w)/g;

const SOURCES = files.filter((file) => /\.(?:ts|mjs)$/.test(file) && !file.includes('/golden/'));

mentions('in comments', () => {
  const wrong: string[] = [];
  let found = 0;
  for (const file of SOURCES) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [comment] of text.matchAll(COMMENT))
      for (const [name] of comment.matchAll(NAMED)) {
        if (OTHERS.test(name)) continue;
        found += 1;
        const beside = normalize(join(dirname(file), name));
        if (!exists(name) && !existsSync(join(ROOT, beside))) wrong.push(`${file} names ${name}`);
      }
  }
  assert.equal(wrong, []);
  assert.ok(found > 30, String(found));
});

mentions('in documents', () => {
  const wrong: string[] = [];
  for (const document of DOCUMENTS) {
    const text = readFileSync(join(ROOT, document), 'utf8').replaceAll(/^```[\s\S]*?^```/gm, '');
    const names = [
      ...[...text.matchAll(/`([\w./-]*[\w-]\.(?:ts|mjs|py|md))`/g)].map(([, name]) => name!),
      ...[...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, name]) => name!),
      // Folders of ours, and files in them.
      ...[...text.matchAll(/`((?:grammar|compiler|src|stdlib|examples|test)\/[\w./-]*)`/g)].map(
        ([, name]) => name!,
      ),
    ];
    for (const name of names) {
      if (OTHERS.test(name) || /NAME/.test(name)) continue;
      const beside = normalize(join(dirname(document), name));
      if (!exists(name) && !existsSync(join(ROOT, beside))) wrong.push(`${document} names ${name}`);
    }
  }
  assert.equal(wrong, []);
});

mentions.run();
