import { readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Diagnostic } from '../../../grammar/diagnostics/diagnostic.js';
import { formatDiagnostic } from '../../../grammar/diagnostics/diagnostic.js';
import * as messages from '../../../grammar/diagnostics/messages.js';
import { parse } from '../../../grammar/read/parse.js';

/**
 * Every message of the front end, whole, as it is printed: `### name of the message function`, a text, `==>`, what is
 * said of it. `UPDATE_GOLDEN=1` writes the file anew; read what changed.
 */
const golden = new URL('../../golden/syntax-errors.txt', import.meta.url);
const sections = readFileSync(golden, 'utf8')
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [, title, text, printed] = /^(\S+)\n(.*?)\n==>\n(.*?)\n+$/s.exec(section)!;
    return { title: title!, text: text!, printed: printed! };
  });

function print(text: string): string {
  const source = { name: 'test.loss', text };
  return parse(source)
    .diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, source))
    .join('\n\n');
}

if (process.env['UPDATE_GOLDEN'] === '1')
  writeFileSync(
    golden,
    sections.map(({ title, text }) => `### ${title}\n${text}\n==>\n${print(text)}\n`).join('\n'),
  );

const suiteOfMessages = suite('messages of the front end');

for (const { title, text, printed } of sections) {
  suiteOfMessages(`${title}: ${text.slice(0, 80)}`, () => assert.fixture(print(text), printed));
}

suiteOfMessages('fileTooLarge: said before anything is read', () => {
  const { diagnostics, file } = parse({ name: 'test.loss', text: 'fn f(x) = x\n'.repeat(100_000) });
  assert.equal(file.declarations, []);
  assert.fixture(
    diagnostics
      .map((diagnostic) => formatDiagnostic(diagnostic, { name: 'test.loss', text: 'fn f(x) = x' }))
      .join('\n'),
    'error[L009]: the file is 1.2 MB large, but at most 1.0 MB are allowed\n' +
      ' --> test.loss:1:1\n1 | fn f(x) = x\n  | ^',
  );
});

suiteOfMessages('moreDiagnostics: fifty mistakes are shown, the others counted', () => {
  const texts = (count: number): string[] => {
    const source = { name: 'test.loss', text: 'fn f(x) = *\n'.repeat(count) };
    return parse(source).diagnostics.map((diagnostic) => formatDiagnostic(diagnostic, source));
  };
  assert.is(texts(50).length, 50);
  assert.is(texts(60).length, 51);
  assert.fixture(
    texts(60).at(-1)!,
    'error[L199]: and 10 more\n  --> test.loss:51:11\n51 | fn f(x) = *\n   |           ^',
  );
  assert.ok(texts(5000).at(-1)!.startsWith('error[L199]: and at least '));
});

suiteOfMessages('there is a case for every message', () => {
  const covered = new Set([...sections.map(({ title }) => title), 'fileTooLarge', 'moreDiagnostics']);
  const notMessages = new Set(['quote']);
  for (const name of Object.keys(messages)) assert.ok(covered.has(name) || notMessages.has(name), name);
});

suiteOfMessages('five mistakes in five places are five diagnostics', () => {
  const text = [
    'loss a(target: real, prediction: real, gamma = 2) =',
    '  let x = sum(target * (1 + 2), class',
    '  let y = 3 4',
    '  let z = 0 < x < 1',
    '  x + y && z',
    'fn b(x) = if x then 1',
    'fn fine(x) = x',
  ].join('\n');
  const { diagnostics, file } = parse({ name: 'test.loss', text });
  const codes = diagnostics.map((diagnostic: Diagnostic) => diagnostic.code);
  assert.equal(codes, ['L104', 'L008', 'L100', 'L108', 'L006', 'L113']);
  assert.equal(
    file.declarations.map((decl) => decl.kind === 'fn' && decl.name.name),
    ['fine'],
  );
});

suiteOfMessages.run();
