import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { COMMANDS } from '../../src/language-server/commands.js';
import { packageVersion } from '../../src/version.js';
import { ASKED, RESTART } from '../../src/vscode/commands.js';
import { ROOT } from '../helpers/command-line.js';
import { COPIES } from '../scripts/vscode.js';

/** What the extension says of itself is true. */
const manifests = suite('manifest of the extension');

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const text = read('src/vscode/package.json');
const manifest = JSON.parse(text);
const { contributes } = manifest;

manifests('it has the version of the package', () => {
  assert.is(manifest.version, packageVersion());
});

manifests('the commands are those of the extension, which are those of the server and one more', () => {
  const named = contributes.commands.map(({ command }: { command: string }) => command).sort();
  assert.equal(named, [...Object.keys(ASKED), RESTART].sort());
  assert.equal(Object.keys(ASKED).sort(), [...COMMANDS].sort());
});

manifests('the menus hold commands that there are, for files in the language alone', () => {
  const known = new Set(contributes.commands.map(({ command }: { command: string }) => command));
  const entries = Object.values(contributes.menus).flat() as { command: string; when: string }[];
  assert.ok(entries.length > 8);
  for (const { command, when } of entries) {
    assert.ok(known.has(command), command);
    assert.is(when, 'editorLangId == loss');
  }
});

manifests('the files that it names are in the extension, and come from files that are there', () => {
  const named = [...text.matchAll(/"(?:\.\/)?((?:[\w-]+\/)*[\w.-]+\.(?:json|svg|png|cjs))"/g)].map(
    ([, path]) => path!,
  );
  assert.ok(named.length >= 7, named.join(' '));
  const built = ['dist/extension.cjs'];
  for (const path of named) assert.ok(path in COPIES || built.includes(path), path);
  for (const from of Object.values(COPIES)) assert.ok(existsSync(join(ROOT, from)), from);
});

manifests('it asks for the version of the editor whose types it is checked with', () => {
  const { devDependencies } = JSON.parse(read('package.json'));
  assert.is(manifest.engines.vscode, `^${devDependencies['@types/vscode']}`);
});

manifests('the settings are those that are read', () => {
  const settings = Object.keys(contributes.configuration.properties);
  assert.equal(settings, ['lossc.server.path', 'lossc.trace.server']);
  assert.match(read('src/vscode/client.ts'), "PATH_SETTING = 'lossc.server.path'");
  assert.equal(manifest.capabilities.untrustedWorkspaces.restrictedConfigurations, ['lossc.server.path']);
});

manifests(
  'what a letter begins or ends in the editor is JSON, and its patterns are regular expressions',
  () => {
    const language = JSON.parse(read('src/vscode/language-configuration.json'));
    const { increaseIndentPattern, decreaseIndentPattern } = language.indentationRules;
    for (const line of ['loss a(x: real) =', 'test a {', 'loss a('])
      assert.match(line, new RegExp(increaseIndentPattern));
    for (const line of ['let a = 1', '// and so =', 'a <=', 'test a { value ~ 0 }'])
      assert.not.match(line, new RegExp(increaseIndentPattern));
    for (const line of ['}', ') =']) assert.match(line, new RegExp(decreaseIndentPattern));
    const [doc] = language.onEnterRules;
    assert.match('/// Huber loss.', new RegExp(doc.beforeText));
    for (const line of ['// a comment', '///', 'x /// y']) assert.not.match(line, new RegExp(doc.beforeText));
    assert.equal('let a_1 = 0.5e-3'.match(new RegExp(language.wordPattern, 'g')), ['let', 'a_1', '0.5e-3']);
  },
);

const resvg = await import('@resvg/resvg-js').catch(() => undefined);
if (resvg === undefined) console.log('SKIPPED the icon of the extension: @resvg/resvg-js is not installed');
(resvg === undefined ? manifests.skip : manifests)('its icon is the picture of its SVG', () => {
  const drawn = new resvg!.Resvg(read('src/vscode/icons/lossc.svg'), { font: { loadSystemFonts: false } });
  const icon = readFileSync(join(ROOT, 'src/vscode/icons/lossc.png'));
  assert.ok(icon.equals(drawn.render().asPng()), 'npm run build:vscode-icon draws it');
});

manifests.run();
