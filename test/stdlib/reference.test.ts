import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { pythonWith } from '../helpers/programs.js';

const references = suite('reference values');

const script = (name: string): string => fileURLToPath(new URL(`reference/${name}`, import.meta.url));

const torch = pythonWith('torch');
if (torch === undefined) {
  console.log('SKIPPED reference values: no Python with PyTorch (Debian: apt-get install python3-torch)');
  references.skip('PyTorch still gives the stored values and gradients', () => {});
} else {
  references('PyTorch still gives the stored values and gradients', () => {
    const { status, stdout, stderr } = spawnSync(torch, [script('make.py'), '--check'], { encoding: 'utf8' });
    assert.is(status, 0, stdout + stderr);
    assert.match(stdout, /^\d+ cases agree/);
  });
}

references.run();
