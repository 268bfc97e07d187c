import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const references = suite('reference values');

/** Debian's packages belong to /usr/bin/python3, which need not be the first on the path. */
const PYTHONS = ['python3', '/usr/bin/python3'];

const runs = (python: string, modules: string): boolean =>
  spawnSync(python, ['-c', `import ${modules}`], { stdio: 'ignore' }).status === 0;

const script = (name: string): string => fileURLToPath(new URL(`reference/${name}`, import.meta.url));

const torch = PYTHONS.find((python) => runs(python, 'torch'));
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
