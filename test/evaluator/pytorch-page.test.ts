import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT, scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';
import { pythonWith } from '../helpers/programs.js';

/** The page for those who come from PyTorch: its losses are compiled as it says, and its Python is run as one script. */
const page = suite('the page for users of PyTorch');
const python = pythonWith('torch');
if (python === undefined)
  console.log(
    'SKIPPED the page for users of PyTorch: no Python on the PATH has torch (Debian: python3-torch)',
  );

const text = readFileSync(join(ROOT, 'examples/pytorch/README.md'), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm'))].map((match) => match[1]!);

/** The losses of the page as files of a new folder, checked and compiled to PyTorch; gives the folder. */
async function compiled(): Promise<string> {
  const cwd = scratch();
  for (const loss of blocks('loss')) {
    const name = /^loss (\w+)/m.exec(loss)![1]!;
    writeFileSync(join(cwd, `${name}.loss`), loss);
    assert.is((await call('check', [`${name}.loss`], { cwd })).stdout, '1 file checked: no mistakes\n', name);
    const logits = loss.includes('probability') ? ['--from-logits'] : [];
    const { code, stderr } = await call('compile', [`${name}.loss`, '--target', 'pytorch', ...logits], {
      cwd,
    });
    assert.is(code, 0, stderr);
  }
  return cwd;
}

page('its losses have no mistakes, and are compiled', async () => {
  assert.ok(blocks('loss').length >= 5);
  await compiled();
});

if (python !== undefined)
  page('its Python agrees with the functions of PyTorch that it names', async () => {
    const cwd = await compiled();
    const scripts = blocks('python');
    assert.ok(scripts.filter((script) => script.includes('assert ')).length >= 5);
    writeFileSync(join(cwd, 'page.py'), scripts.join('\n'));
    const { status, stderr } = spawnSync(python, ['page.py'], { cwd, encoding: 'utf8' });
    assert.is(status, 0, stderr);
  });

page.run();
