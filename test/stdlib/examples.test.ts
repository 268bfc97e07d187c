import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { loadProgram, lossesOf, sketchesOf } from '../../compiler/resolve/program.js';
import { formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { resolveStandard } from './library.js';

const examples = suite('example files');
const FOLDER = new URL('../../examples/', import.meta.url);

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.loss'))) {
  examples(`${file} checks without a remark`, () => {
    const source = { name: file, text: readFileSync(new URL(file, FOLDER), 'utf8') };
    const program = loadProgram(source, resolveStandard);
    const declared = [...lossesOf(program), ...sketchesOf(program)];
    assert.ok(declared.length > 0);
    assert.is(
      checkProgram(program)
        .map((diagnostic) => formatDiagnostic(diagnostic, source))
        .join('\n'),
      '',
    );
  });
}

examples.run();
