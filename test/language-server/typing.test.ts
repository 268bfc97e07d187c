import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CodeActionRequest,
  CodeLensRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  DocumentSymbolRequest,
  HoverRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  SemanticTokensRequest,
  SignatureHelpRequest,
} from 'vscode-languageserver-protocol/node';
import { createRandom } from '../../src/random.js';
import { stdlibNames } from '../../src/stdlib.js';
import { ROOT } from '../helpers/command-line.js';
import { Client, positionIn } from './client.js';

const typing = suite('language server, typing');

let client: Client;
typing.before(async () => {
  client = new Client();
  await client.initialize();
});
typing.after(async () => {
  assert.is(await client.close(), 0);
  assert.is(client.stderr, '');
});

const textOf = (name: string): string => readFileSync(join(ROOT, 'stdlib', `${name}.loss`), 'utf8');

/** Asks everything about a place of a document: an error in the answer throws. What cannot be renamed may be refused. */
async function askAll(uri: string, offset: number): Promise<void> {
  const { connection } = client;
  const textDocument = { uri };
  const position = positionIn(client.textOf(uri), offset);
  const here = { textDocument, position };
  const range = { start: position, end: position };
  await Promise.all([
    connection.sendRequest(HoverRequest.type, here),
    connection.sendRequest(DefinitionRequest.type, here),
    connection.sendRequest(ReferencesRequest.type, { ...here, context: { includeDeclaration: true } }),
    connection.sendRequest(CompletionRequest.type, here),
    connection.sendRequest(SignatureHelpRequest.type, here),
    connection.sendRequest(CodeActionRequest.type, { textDocument, range, context: { diagnostics: [] } }),
    connection.sendRequest(CodeLensRequest.type, { textDocument }),
    connection.sendRequest(DocumentSymbolRequest.type, { textDocument }),
    connection.sendRequest(SemanticTokensRequest.type, { textDocument }),
    connection.sendRequest(DocumentFormattingRequest.type, {
      textDocument,
      options: { tabSize: 2, insertSpaces: true },
    }),
    connection.sendRequest(PrepareRenameRequest.type, here).catch((error: Error) => {
      assert.match(
        error.message,
        /belongs to the standard library|of the language|axis of the items|has syntax errors/,
      );
    }),
  ]);
}

typing('a standard loss, letter by letter', async () => {
  const text = textOf('focal_tversky');
  const uri = await client.text('');
  for (let i = 0; i < text.length; i += 1) {
    await client.edit(uri, i, 0, text[i]!);
    if (i % 7 === 0) await askAll(uri, i + 1);
  }
  assert.is(client.textOf(uri), text);
  assert.equal(await client.diagnostics(uri), []);
});

/** What may be done to a text: its beginning, a part taken out, a part put in somewhere else. */
const DAMAGES: readonly ((text: string, at: number, other: number) => string)[] = [
  (text, at) => text.slice(0, at),
  (text, at, other) => text.slice(0, Math.min(at, other)) + text.slice(Math.max(at, other)),
  (text, at, other) => text.slice(0, at) + text.slice(other, other + 12) + text.slice(at),
  (text, at) => text.slice(0, at) + '({["\u{1f600}'[at % 5] + text.slice(at),
];
const TEXTS = 60;

typing(`${TEXTS} damaged texts of the standard library`, async () => {
  const random = createRandom('typing');
  const names = stdlibNames();
  const uri = await client.text('');
  for (let i = 0; i < TEXTS; i += 1) {
    const whole = textOf(random.pick(names));
    const damage = DAMAGES[i % DAMAGES.length]!;
    await client.edit(uri, 0, client.textOf(uri).length, whole);
    await client.diagnostics(uri);
    const text = damage(whole, random.int(whole.length), random.int(whole.length));
    await client.edit(uri, 0, whole.length, text);
    for (let n = 0; n < 3; n += 1) await askAll(uri, random.int(text.length + 1));
    await client.diagnostics(uri);
  }
});

typing.run();
