import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DefinitionRequest,
  DidChangeWatchedFilesNotification,
  DidSaveTextDocumentNotification,
  DocumentFormattingRequest,
  FileChangeType,
  HoverRequest,
  type Location,
  type MarkupContent,
  RegistrationRequest,
} from 'vscode-languageserver-protocol/node';
import { CLI } from '../helpers/command-line.js';
import { Client } from './client.js';

const server = suite('language server');

const FOCAL = `import { focal } from "std/focal"
import { twice } from "./library.loss"

/// Mine.
/// It is new.
loss mine(target: onehot[class], prediction: probability[class]; gamma: nonnegative = 2) =
  let wrong = 1 - prediction
  let bad = wrong > 0.5
  let cost = if bad then twice(focal(target, prediction, gamma = gamma)) else 0
  mean(cost, class) + pi * size(class)
`;
const LIBRARY = '/// Two of it.\nfn twice(x) =\n  2 * x\n';

let client: Client;
server.before(async () => {
  client = new Client({ 'library.loss': LIBRARY, 'focal.loss': FOCAL });
  await client.initialize();
});
server.after(async () => {
  assert.is(await client.close(), 0);
  assert.is(client.stderr, '');
});

server('says what it can do', async () => {
  const other = new Client();
  const { capabilities, serverInfo } = await other.initialize();
  assert.is(serverInfo?.name, 'lossc');
  assert.is(capabilities.hoverProvider, true);
  assert.is(await other.close(), 0);
});

server('ends with 1 when its client goes without a word', async () => {
  const other = new Client();
  await other.initialize();
  assert.is(await other.hangUp(), 1);
});

server('tells what is wrong, with the place in UTF-16, the code and the hint', async () => {
  const uri = await client.text(
    '\nloss a(target: real, prediction: real) = /* \u{1f600} */ abs(predicton - target)\n',
  );
  const found = await client.diagnostics(uri);
  assert.equal(
    found.map(({ code, severity, message, range }) => ({ code, severity, message, range })),
    [
      {
        code: 'L018',
        severity: 1,
        message: 'there are no block comments: begin each line with `//`',
        range: { start: { line: 1, character: 41 }, end: { line: 1, character: 43 } },
      },
      {
        code: 'L201',
        severity: 1,
        message: 'unknown name "predicton"\nhint: did you mean "prediction"?',
        range: { start: { line: 1, character: 54 }, end: { line: 1, character: 63 } },
      },
    ],
  );
});

server('takes mistakes back when they are gone', async () => {
  const uri = await client.text('loss b(target: real, prediction: real) = abs(predicton - target)\n');
  assert.is((await client.diagnostics(uri)).length, 1);
  await client.edit(uri, client.textOf(uri).indexOf('predicton'), 'predicton'.length, 'prediction');
  assert.equal(await client.diagnostics(uri), []);
});

server('reads what is imported as it is in the editor, and tells of its mistakes at the import', async () => {
  const library = await client.open('library.loss');
  const uri = await client.open('focal.loss');
  assert.equal(await client.diagnostics(uri), []);
  await client.edit(library, LIBRARY.indexOf('2 *'), 1, 'y');
  await client.until(uri, (found) => found.length > 0);
  const [found] = await client.diagnostics(uri);
  assert.is(found!.message, 'the imported file has a mistake: unknown name "y" (library.loss)');
  assert.equal(found!.range.start, { line: 1, character: 22 });
  assert.is(found!.relatedInformation![0]!.location.uri, library);
  await client.edit(library, LIBRARY.indexOf('2 *'), 1, '2');
  await client.until(uri, (now) => now.length === 0);
  await client.edit(library, LIBRARY.indexOf('2 *'), 1, 'y');
  await client.until(uri, (now) => now.length > 0);
  await client.closeDocument(library);
  await client.until(uri, (now) => now.length === 0);
});

server('asks for what changes on the disk, and reads it again', async () => {
  const other = new Client({ 'library.loss': LIBRARY, 'focal.loss': FOCAL });
  const watched: unknown[] = [];
  other.connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
    watched.push(...registrations.map(({ registerOptions }) => registerOptions));
  });
  await other.initialize({ workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } });
  const uri = await other.open('focal.loss');
  assert.equal(await other.diagnostics(uri), []);
  assert.equal(watched, [{ watchers: [{ globPattern: '**/*.loss' }] }]);
  writeFileSync(join(other.folder, 'library.loss'), LIBRARY.replace('2 *', 'y *'));
  await other.connection.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: other.uri('library.loss'), type: FileChangeType.Changed }],
  });
  await other.until(uri, (found) => found.length > 0);
  assert.is(await other.close(), 0);
});

/** What is shown of the n-th place where a text stands. */
async function hover(uri: string, part: string, n = 1): Promise<string> {
  const found = await client.connection.sendRequest(HoverRequest.type, client.at(uri, part, n));
  return ((found?.contents as MarkupContent | undefined)?.value ?? 'nothing').replaceAll('```loss\n', '');
}

const HOVERS: readonly (readonly [part: string, n: number, says: readonly string[]])[] = [
  [
    'mine(',
    1,
    [
      'loss mine(target: onehot[class], prediction: probability[class]; gamma: nonnegative = 2)\n```',
      'Mine.  \nIt is new.',
      'Simplified:',
    ],
  ],
  ['focal(', 1, ['alpha: unit[class] = 0.25', 'Focal loss: easy examples count less.']],
  ['twice(', 1, ['fn twice(x)\n```\n\nTwo of it.']],
  [
    'target',
    1,
    [
      'target: onehot[class]\n',
      'target of `mine`: a single 1 along one axis',
      'whole numbers along `batch` and `class`, from 0 to 1',
    ],
  ],
  ['prediction', 2, ['prediction of `mine`', 'numbers along `batch` and `class`, from 0 to 1']],
  ['gamma', 1, ['gamma: nonnegative = 2', 'parameter of `mine`: 0 or greater', 'one number, 0 or more']],
  ['gamma =', 1, ['parameter of `focal`']],
  ['wrong >', 1, ['let wrong = 1 - prediction', 'numbers along `batch` and `class`, from 0 to 1']],
  ['bad then', 1, ['true or false along `batch` and `class`']],
  ['class)', 1, ['the axis `class` of `mine`, in `target` and `prediction`']],
  ['mean', 1, ['mean(e, axis)\n```\n\nmean along axes']],
  ['pi *', 1, ['the constant 3.14159']],
  ['nonnegative', 1, ['0 or greater']],
  ['from', 1, ['nothing']],
];
for (const [part, n, says] of HOVERS)
  server(`shows of ${part}: ${says[0]}`, async () => {
    const uri = await client.open('focal.loss');
    const text = await hover(uri, part, n);
    for (const one of says) assert.ok(text.includes(one), text);
  });

server('knows names of a text that cannot be read from the last one that could', async () => {
  const uri = await client.open('focal.loss');
  const start = FOCAL.indexOf('mean(cost');
  await client.edit(uri, start, 4, 'mean((((');
  assert.ok((await client.diagnostics(uri)).length > 0);
  assert.match(await hover(uri, 'cost,'), 'let cost =');
  const found = await client.connection.sendRequest(DefinitionRequest.type, client.at(uri, 'class) +'));
  assert.equal((found as Location).range.start, { line: 5, character: 25 });
});

server('goes to definitions in the file, in other files and in the standard library', async () => {
  const uri = await client.open('focal.loss');
  const where = async (part: string, n = 1, by = 0): Promise<string> => {
    const at = client.at(uri, part, n, by);
    const found = (await client.connection.sendRequest(DefinitionRequest.type, at)) as Location | null;
    if (found === null) return 'nowhere';
    const { line, character } = found.range.start;
    return `${found.uri.split('/').slice(-2).join('/')}:${line}:${character}`;
  };
  const own = uri.split('/').slice(-2).join('/');
  assert.is(await where('wrong >'), `${own}:6:6`);
  assert.is(await where('wrong >', 1, 5), `${own}:6:6`, 'behind the name');
  assert.is(await where('prediction\n'), `${own}:5:33`);
  assert.is(await where('twice('), `${own.split('/')[0]}/library.loss:1:3`);
  assert.is(await where('./library'), `${own.split('/')[0]}/library.loss:0:0`);
  assert.is(await where('focal('), 'stdlib/focal.loss:3:5');
  assert.is(await where('gamma = gamma'), 'stdlib/focal.loss:5:2');
  assert.is(await where('std/focal'), 'stdlib/focal.loss:0:0');
  assert.is(await where('mean'), 'nowhere');
});

server('formats, and leaves a text with mistakes alone', async () => {
  const format = (uri: string) =>
    client.connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument: { uri },
      options: { tabSize: 2, insertSpaces: true },
    });
  const uri = await client.text('loss c(target:real,prediction:real)=abs(prediction-target)\n');
  const edits = await format(uri);
  assert.is(
    client.edited(uri, edits!),
    'loss c(target: real, prediction: real) = abs(prediction - target)\n',
  );
  await client.edit(uri, 0, client.textOf(uri).length, 'loss c(target: real\n');
  assert.equal(await format(uri), []);
});

server('takes what it does not know for nothing', async () => {
  await client.connection.sendNotification(DidSaveTextDocumentNotification.type, {
    textDocument: { uri: 'file:///nowhere.loss' },
  });
  const found = await client.connection.sendRequest(HoverRequest.type, {
    textDocument: { uri: 'file:///nowhere.loss' },
    position: { line: 0, character: 0 },
  });
  assert.is(found, null);
});

for (const [what, input] of [
  ['nothing', ''],
  ['what no editor says', 'garbage\r\n\r\n{'],
  ['a message that is no JSON', 'Content-Length: 5\r\n\r\nabcde'],
] as const)
  server(`${what} on standard input ends in one sentence`, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [...CLI, 'lsp'], {
      input,
      encoding: 'utf8',
    });
    assert.is(status, 1);
    assert.is(stdout, '');
    assert.match(stderr, /^error: no editor connected on standard input\n {2}= hint: [^\n]+\n$/);
  });

server.run();
