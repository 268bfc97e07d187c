import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { stdlibNames } from '../src/stdlib.js';
import { ROOT } from './helpers/command-line.js';
import { PAGES, readPage } from './helpers/pages.js';

const documents = suite('documents');

documents('numbers that documents state about the repository are true', () => {
  const stated = Number(/over (\d+) losses/.exec(readPage('README.md'))?.[1]);
  const count = stdlibNames().filter((name) => name !== 'math' && name !== 'boxes').length;
  assert.ok(count > stated && count < 1.5 * stated, `${count} losses, and the README says over ${stated}`);
});

/** What GitHub makes of a heading, for links to it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-');

documents('paths and links of the documents exist', () => {
  for (const name of PAGES) {
    const text = readPage(name);
    for (const [, target, anchor] of text.matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)) {
      const path = target === '' ? name : join(name, '..', target!);
      assert.ok(existsSync(join(ROOT, path)), `${name} links to ${target}`);
      assert.ok(statSync(join(ROOT, path)).isFile(), `${name} links to the folder ${target}`);
      if (anchor === undefined) continue;
      const headings = [...readPage(path).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));
      assert.ok(headings.includes(anchor), `${name} links to ${target}#${anchor}`);
    }
    for (const [, path] of text.matchAll(/`((?:grammar|compiler|src|stdlib|examples|test)\/[\w./-]+)`/g)) {
      if (path!.includes('NAME')) continue;
      assert.ok(existsSync(join(ROOT, path!)), `${name} names ${path}`);
    }
  }
});

documents('nothing of a merge is left in the documents', () => {
  for (const name of PAGES) assert.not.match(readPage(name), /^(?:<{7}|={7}|>{7})/m, name);
});

documents('the README names the patents', () => {
  assert.match(readPage('README.md'), '12,026,624');
  assert.match(readPage('README.md'), '12,292,944');
});

documents.run();
