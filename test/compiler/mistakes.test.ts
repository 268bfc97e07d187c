import { readFileSync, writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { loadProgram } from '../../compiler/resolve/program.js';
import { type Diagnostic, formatDiagnostic, type Source } from '../../grammar/diagnostics/diagnostic.js';
import { importResolver } from '../../src/stdlib.js';

/**
 * What people who know another language write, and the one thing that is said of it: `### title`, a text, `==>`, the message.
 * `UPDATE_GOLDEN=1` writes the file anew; read what changed.
 */
const golden = new URL('../golden/hundred-mistakes.txt', import.meta.url);
const sections = readFileSync(golden, 'utf8')
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [, title, text, printed] = /^([^\n]+)\n(.*?)\n?==>\n(.*?)\n+$/s.exec(section)!;
    return { title: title!, text: text!, printed: printed! };
  });

const sourceOf = (text: string): Source => ({ name: 'mistake.loss', text });
const errorsOf = (text: string): readonly Diagnostic[] =>
  checkProgram(loadProgram(sourceOf(text), importResolver('-')));
const print = (text: string): string =>
  errorsOf(text)
    .map((diagnostic) => formatDiagnostic(diagnostic, sourceOf(text)))
    .join('\n\n');

if (process.env['UPDATE_GOLDEN'] === '1')
  writeFileSync(
    golden,
    sections
      .map(({ title, text }) => `### ${title}\n${text === '' ? '' : `${text}\n`}==>\n${print(text)}\n`)
      .join('\n'),
  );

const mistakes = suite('hundred mistakes');

for (const { title, text, printed } of sections) {
  mistakes(`${title}: said once`, () => {
    assert.fixture(print(text), printed);
    const errors = errorsOf(text).filter(({ severity }) => severity === 'error');
    assert.is(errors.length, 1, errors.map(({ message }) => message).join('; '));
  });
}

mistakes('there are more than a hundred', () => assert.ok(sections.length > 100));

mistakes.run();
