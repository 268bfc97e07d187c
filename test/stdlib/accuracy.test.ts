import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lessAccurate, rowsOf } from './accuracy-page.js';
import { auditStandard, type Row } from './audit.js';
import { FORMS } from './forms.js';

/** The page about accuracy: `npm run audit:stdlib -- --check` holds all of it to the library, this a few rows. */
const accuracy = suite('the page about accuracy');

const page = readFileSync(new URL('../../stdlib/ACCURACY.md', import.meta.url), 'utf8');
const SOME: ReadonlySet<string> = new Set(['mse', 'cross_entropy', 'focal', 'triplet', 'itakura_saito']);

accuracy('it has a row for every loss, in both forms, and no other', () => {
  assert.equal(
    [...rowsOf(page).keys()],
    FORMS.map(({ name, fromLogits }) => (fromLogits ? `${name} from logits` : name)),
  );
});

accuracy('a few losses are as accurate as it says, and losing digits is noticed', async () => {
  const rows: Row[] = [];
  await auditStandard(
    FORMS.filter(({ name }) => SOME.has(name)),
    (row) => rows.push(row),
  );
  assert.equal(lessAccurate(page, rows), []);
  const worse = page.replace(/^\| mse \|.*$/gm, '| mse | 1.0e-9 | 1.0e-9 |  | - | - |  |');
  assert.equal(lessAccurate(worse, rows), []);
  const [mse] = rows.filter(({ name }) => name === 'mse');
  const cells = mse!.cells.map((one) => ({
    ...one,
    number: { ...one.number, worst: { ...one.number.worst!, error: 1e-3 } },
  }));
  const noticed = lessAccurate(page, [{ ...mse!, cells }]);
  assert.is(noticed.length, 2);
  assert.match(noticed[0]!, 'mse, value: 1.0e-3');
});

accuracy('what is off at everyday inputs has a command that shows it', () => {
  const [, list] = page.split('## Above');
  const told = list!.match(/^- /gm)?.length ?? 0;
  assert.ok(told > 0);
  assert.is(list!.match(/^ {2}lossc eval std\/\w+ .*--float32$/gm)?.length, told);
});

accuracy.run();
