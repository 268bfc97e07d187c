import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { strFromU8, unzipSync } from 'fflate';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ExecuteCommandRequest, HoverRequest } from 'vscode-languageserver-protocol/node';
import type { Answer } from '../../src/language-server/commands.js';
import { stdlibNames } from '../../src/stdlib.js';
import { packageVersion } from '../../src/version.js';
import { ROOT } from '../helpers/command-line.js';
import { Client } from '../language-server/client.js';
import { buildVscode, packVscode } from '../scripts/vscode.js';

/** The packed extension, unpacked again, and the server in it with the protocol's own client. */
const packed = suite('packed extension');

const folder = mkdtempSync(join(tmpdir(), 'lossc-vscode-'));
const built = join(folder, 'built');
const unpacked = join(folder, 'unpacked');
let entries: Readonly<Record<string, Uint8Array>> = {};
let client: Client | undefined;

packed.before(async () => {
  await buildVscode(built);
  entries = unzipSync(packVscode(built));
  for (const [path, bytes] of Object.entries(entries)) {
    mkdirSync(dirname(join(unpacked, path)), { recursive: true });
    writeFileSync(join(unpacked, path), bytes);
  }
});
packed.after(async () => {
  await client?.close();
  rmSync(folder, { recursive: true, force: true });
});

const textOf = (path: string): string => strFromU8(entries[path]!);

packed('it holds what its manifests say', () => {
  const manifest = JSON.parse(textOf('extension/package.json'));
  const vsix = textOf('extension.vsixmanifest');
  assert.match(vsix, `Id="${manifest.name}" Version="${manifest.version}" Publisher="${manifest.publisher}"`);
  const assets = [...vsix.matchAll(/Path="([^"]+)"|<(?:Icon|License)>([^<]+)</g)].map((m) => m[1] ?? m[2]!);
  assert.is(assets.length, 6);
  for (const path of assets) assert.ok(path in entries, path);
  const { contributes } = manifest;
  const named = [
    manifest.main,
    manifest.icon,
    contributes.languages[0].configuration,
    ...Object.values(contributes.languages[0].icon),
    contributes.grammars[0].path,
    contributes.snippets[0].path,
  ] as string[];
  for (const path of named) assert.ok(join('extension', path) in entries, path);
  for (const name of stdlibNames()) assert.ok(`extension/stdlib/${name}.loss` in entries, name);
});

packed('every file has a type', () => {
  const types = new Set([...textOf('[Content_Types].xml').matchAll(/Extension="\.(\w+)"/g)].map((m) => m[1]));
  for (const path of Object.keys(entries))
    if (path !== '[Content_Types].xml') assert.ok(types.has(path.slice(path.lastIndexOf('.') + 1)), path);
});

packed('names are relative, and no text tells where it was made', () => {
  for (const [path, bytes] of Object.entries(entries)) {
    assert.not.match(path, /^\/|\\|(?:^|\/)\.\.?(?:\/|$)|node_modules|\.ts$|\.map$/);
    assert.not.ok(Buffer.from(bytes).includes(ROOT), path);
    assert.not.ok(Buffer.from(bytes).includes(folder), path);
  }
});

packed('it is small, and the same each time', () => {
  const once = packVscode(built);
  assert.equal(packVscode(built), once);
  assert.ok(once.length < 1_000_000, `${once.length} bytes`);
});

packed('the client needs the editor and Node, and no package', () => {
  const wanted = [...textOf('extension/dist/extension.cjs').matchAll(/\brequire\("([^"]+)"\)/g)].map(
    (m) => m[1]!,
  );
  assert.ok(wanted.includes('vscode'));
  for (const name of wanted) assert.ok(name === 'vscode' || isBuiltin(name), name);
});

packed('its server answers: who it is, what is wrong, what a name is', async () => {
  client = new Client({}, [join(unpacked, 'extension/dist/server.cjs'), '--stdio']);
  const { serverInfo, capabilities } = await client.initialize({}, { showsAnswers: true });
  assert.equal(serverInfo, { name: 'lossc', version: packageVersion() });
  assert.is(capabilities.executeCommandProvider, undefined, 'the extension has the commands');
  const uri = await client.text('loss a(target: real, prediction: real) =\n  (predicton - target)^2\n');
  const [mistake] = await client.diagnostics(uri);
  assert.match(String(mistake!.message), 'predicton');
  const good = await client.text(
    'import { huber } from "std/huber"\nloss b(target: real, prediction: real) = huber(target, prediction)\n',
    'good.loss',
  );
  assert.equal(await client.diagnostics(good), []);
  const hover = await client.connection.sendRequest(HoverRequest.type, client.at(good, 'huber('));
  assert.match(JSON.stringify(hover), 'Huber loss');
});

packed('its server returns answers whole', async () => {
  const text = readFileSync(join(ROOT, 'stdlib/huber.loss'), 'utf8');
  const uri = await client!.text(text, 'own.loss');
  await client!.diagnostics(uri);
  const ask = (command: string): Promise<Answer> =>
    client!.connection.sendRequest(ExecuteCommandRequest.type, { command, arguments: [uri, 'huber', null] });
  const explanation = await ask('lossc.explain');
  assert.match(explanation.text, 'huber: regression');
  assert.ok(explanation.full!.length > explanation.text.length);
  const plot = await ask('lossc.plot');
  assert.is(plot.isPicture, true);
  assert.match(plot.text, /^<svg/);
  const gradient = await ask('lossc.gradient');
  assert.match(gradient.text, 'd huber / d prediction =');
  assert.equal(await ask('lossc.test'), { text: '3 passed, 0 failed', failed: false });
});

packed.run();
