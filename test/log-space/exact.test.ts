import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pythonWith } from '../helpers/programs.js';
import { corpus } from './corpus.js';
import { disagreement, EVERYDAY } from './exact.js';

const exactly = suite('log-space expressions in exact digits');

/** Every fourth expression: exact digits take their time, and `update.ts --exact` looks at all. */
const LOOKED_AT = corpus().filter((_, i) => i % 4 === 0);

for (const kind of new Set(LOOKED_AT.map((expression) => expression.kind))) {
  exactly(`${kind}: the text and the stored numbers say the same, to 15 digits`, async () => {
    const problems: string[] = [];
    for (const expression of LOOKED_AT.filter((entry) => entry.kind === kind)) {
      const problem = await disagreement(expression, EVERYDAY);
      if (problem !== undefined) problems.push(`${expression.name}: ${problem}`);
    }
    assert.equal(problems, []);
  });
}

const mpmath = pythonWith('mpmath');
if (mpmath === undefined) {
  console.log(
    'SKIPPED making the corpus anew: no Python with mpmath (Debian: apt-get install python3-mpmath)',
  );
  exactly.skip('the program still makes the stored files, byte for byte', () => {});
} else {
  exactly('the program still makes the stored files, byte for byte', () => {
    const program = fileURLToPath(new URL('make_corpus.py', import.meta.url));
    const { status, stdout, stderr } = spawnSync(mpmath, [program, '--check'], { encoding: 'utf8' });
    assert.is(status, 0, stdout + stderr);
  });
}

exactly.run();
