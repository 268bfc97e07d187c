import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose } from '../helpers/close.js';
import { ROOT } from '../helpers/command-line.js';
import { pythonWith } from '../helpers/programs.js';
import { PYTHON_CASES } from './python-cases.js';
import { worthOf } from './values.js';

/** The formulas of Python as PyTorch itself works them out. */
const pytorch = suite('imported formulas beside PyTorch');
const python = pythonWith('torch');
if (python === undefined) {
  console.log(
    'SKIPPED imported formulas beside PyTorch: no Python on the PATH has torch (Debian: python3-torch)',
  );
  pytorch.skip('each has the value that PyTorch gives it', () => {});
} else {
  pytorch('each has the value that PyTorch gives it', async () => {
    const { status, stdout, stderr } = spawnSync(
      python,
      ['-W', 'ignore', join(ROOT, 'test/import/formulas.py')],
      {
        encoding: 'utf8',
        input: JSON.stringify(PYTHON_CASES),
      },
    );
    assert.is(status, 0, stderr);
    const values: readonly number[] = JSON.parse(stdout);
    assert.is(values.length, PYTHON_CASES.length);
    for (const [i, one] of PYTHON_CASES.entries())
      assertClose(await worthOf(one), values[i]!, 1e-9, one.formula);
  });
}

pytorch.run();
