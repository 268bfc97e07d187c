import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findServer } from '../../src/vscode/find-server.js';
import { scratch } from '../helpers/command-line.js';

const finding = suite('which server is started');

/** A folder of a workspace with files in folders. */
function workspace(files: Readonly<Record<string, string>>): string {
  const folder = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const MANIFEST = JSON.stringify({ name: 'lossc', bin: { lossc: './dist/src/cli.js' } });
const PACKAGE = { 'node_modules/lossc/package.json': MANIFEST, 'node_modules/lossc/dist/src/cli.js': '' };
const extension = scratch();
const OWN = { from: 'extension', kind: 'module', path: join(extension, 'dist/server.cjs'), args: [] };

finding('that of the workspace, before all others', async () => {
  const [empty, folder] = [scratch(), workspace(PACKAGE)];
  assert.equal(await findServer({ folders: [empty, folder], setting: '/usr/bin/lossc', extension }), {
    from: 'workspace',
    kind: 'module',
    path: join(folder, 'node_modules/lossc/dist/src/cli.js'),
    args: ['lsp'],
  });
});

finding('that of the setting: a program, or the file that a link leads to', async () => {
  const folder = scratch({ 'cli.js': '' });
  symlinkSync(join(folder, 'cli.js'), join(folder, 'lossc'));
  const found = (setting: string) => findServer({ folders: [], setting, extension });
  const module = {
    from: 'setting',
    kind: 'module',
    path: realpathSync(join(folder, 'cli.js')),
    args: ['lsp'],
  };
  assert.equal(await found(join(folder, 'cli.js')), module);
  assert.equal(await found(join(folder, 'lossc')), module);
  assert.equal(await found('lossc'), { from: 'setting', kind: 'program', path: 'lossc', args: ['lsp'] });
});

finding('its own, where there is no other', async () => {
  assert.equal(await findServer({ folders: [scratch()], setting: '', extension }), OWN);
  assert.equal(await findServer({ folders: [], setting: '', extension }), OWN);
});

for (const [what, files] of Object.entries({
  'a manifest that cannot be read': { ...PACKAGE, 'node_modules/lossc/package.json': '{' },
  'a package without the command': { ...PACKAGE, 'node_modules/lossc/package.json': '{ "name": "lossc" }' },
  'a package that was not built': { 'node_modules/lossc/package.json': MANIFEST },
}))
  finding(`not ${what}`, async () => {
    assert.equal(await findServer({ folders: [workspace(files)], setting: '', extension }), OWN);
  });

finding.run();
