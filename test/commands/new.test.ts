import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';

const fresh = suite('lossc new');

for (const task of ['classification', 'binary', 'regression'])
  fresh(`a loss for ${task} is formatted, has no mistakes, and passes its test`, async () => {
    const cwd = scratch();
    const { code, stdout } = await call('new', ['mine', '--task', task], { cwd });
    assert.is(code, 0);
    assert.match(stdout, 'wrote mine.loss');
    assert.match((await call('check', ['mine.loss'], { cwd })).stdout, 'no mistakes');
    assert.is((await call('fmt', ['--check', 'mine.loss'], { cwd })).code, 0);
    assert.match((await call('test', ['mine.loss'], { cwd })).stdout, /[1-9] passed, 0 failed/);
  });

fresh('nothing is overwritten', async () => {
  const cwd = scratch({ 'mine.loss': 'kept' });
  const { code, stderr } = await call('new', ['mine.loss'], { cwd });
  assert.is(code, 2);
  assert.match(stderr, 'mine.loss already exists');
  assert.is(readFileSync(join(cwd, 'mine.loss'), 'utf8'), 'kept');
});

for (const name of ['', 'folder/'])
  fresh(`"${name}" does not name a file`, async () => {
    const { code, stderr } = await call('new', [name], { cwd: scratch() });
    assert.is(code, 2);
    assert.is(
      stderr,
      `error: "${name}" does not name a file\n  = hint: write a name, such as ${name}my_loss\n`,
    );
  });

for (const name of ['my-loss', 'if', '3d', 'sum'])
  fresh(`"${name}" is no name of a loss`, async () => {
    const { code, stderr } = await call('new', [name], { cwd: scratch() });
    assert.is(code, 2);
    assert.match(stderr, `"${name}" cannot be the name of a loss`);
  });

fresh.run();
