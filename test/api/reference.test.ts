/** The reference of the API: everything is documented, the pages are what the sources say, and their links lead somewhere. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT } from '../helpers/command-line.js';
import { ENTRIES } from '../scripts/api-exports.js';
import { apiPages, FOLDER, undocumented } from '../scripts/api-pages.js';

const reference = suite('reference of the API');
const pages = apiPages();

reference('every export of every entry has a doc comment', () => {
  assert.equal(undocumented(), []);
});

reference('it knows the entries of package.json', () => {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { exports: object };
  const names = Object.keys(exports).map((path) => path.replace('.', 'lossc'));
  assert.equal(Object.keys(ENTRIES).sort(), names.sort());
});

reference('the pages are those that npm run build:api makes', () => {
  assert.equal(readdirSync(join(ROOT, FOLDER)).sort(), [...pages.keys()].sort());
  for (const [name, text] of pages)
    assert.ok(readFileSync(join(ROOT, FOLDER, name), 'utf8') === text, `${name} is stale: npm run build:api`);
});

reference('links lead to headings and files that are there', () => {
  const anchorsOf = (text: string): readonly string[] =>
    [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading!.toLowerCase().replaceAll(' ', '-'));
  let count = 0;
  for (const [name, text] of pages)
    for (const [, inProse, inCode] of text.matchAll(/\]\(([^)\s]+)\)|href="([^"]+)"/g)) {
      const target = (inProse ?? inCode)!;
      if (target.startsWith('https:')) continue;
      const [file = '', anchor] = target.split('#');
      if (anchor === undefined) assert.ok(existsSync(join(ROOT, FOLDER, file)), `${name}: ${target}`);
      else {
        const page = pages.get(file === '' ? name : file);
        assert.ok(page !== undefined && anchorsOf(page).includes(anchor), `${name}: ${target}`);
      }
      count++;
    }
  assert.ok(count > 300, `${count} links`);
});

reference('a function stands there with its signature, parameters, errors and example', () => {
  const [, search = ''] = /^### createSearch\n(.*?)^### /ms.exec(pages.get('evolve.md')!) ?? [];
  assert.match(search, /<pre>function createSearch\(options: <a href="#type-createsearchoptions">/);
  assert.match(search, /^\| `options` \(optional\) \| <code><a href="#type-createsearchoptions">/m);
  assert.match(search, /^\*\*Errors:\*\* Throws a TypeError for a wrong option/m);
  assert.match(search, /^```ts\nimport .*^console\.log\(search\.best\(\)!/ms);
  assert.match(search, '[src/api/create-search.ts](../../../src/api/create-search.ts)');
});

reference.run();
