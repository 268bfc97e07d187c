import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT } from './helpers/command-line.js';

/** What each example program prints. `start.mjs` is `npm start`: too long for a test, and made of commands that have tests. */
const EXPECTED: Readonly<Record<string, RegExp>> = {
  'evaluate.mjs': /value 0\.610861\ngradient \[\[-0\.138409/,
  'layers.mjs': /loss \d\.\d+ -> \d\.\d+, accuracy (1\.000|0\.9\d\d)/,
};

const examples = suite('example programs');
const built = existsSync(join(ROOT, 'dist/src/index.js'));
if (!built) console.log('SKIPPED example programs: they use the built package; run "npm run build" first');

examples('every program is either tested here or npm start', () => {
  const programs = readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.mjs'));
  assert.equal(programs.sort(), [...Object.keys(EXPECTED), 'start.mjs'].sort());
});

for (const [name, expected] of Object.entries(EXPECTED)) {
  const test = built ? examples : examples.skip;
  test(`${name} does what it says`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'examples', name)], {
      encoding: 'utf8',
    });
    assert.is(status, 0, stderr);
    assert.match(stdout, expected);
  });
}

examples.run();
