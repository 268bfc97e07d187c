import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadProgram, type Program, testsOf } from '../../compiler/resolve/program.js';
import { runTests } from '../../compiler/test-blocks/run-tests.js';
import { formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { LOSSES, resolveStandard, standardProgram } from './library.js';

const blocks = suite('test blocks');
const EXAMPLES = new URL('../../examples/', import.meta.url);

function assertPasses(program: Program): void {
  const outcomes = runTests(program);
  assert.ok(outcomes.length >= testsOf(program).length);
  const failures = outcomes.flatMap((outcome) => outcome.failures);
  assert.is(failures.map((failure) => formatDiagnostic(failure, program.module.source)).join('\n'), '');
}

for (const name of LOSSES) {
  blocks(`std/${name}: as written, from logits and with labels`, () => {
    assertPasses(standardProgram(name));
  });
}

blocks('from logits and with labels are tested where a loss has those forms', () => {
  const forms = (name: string): string[] => runTests(standardProgram(name)).map((outcome) => outcome.form);
  assert.ok(forms('cross_entropy').some((form) => form.includes('logits')));
  assert.ok(forms('focal').some((form) => form.includes('labels') || form.includes('one-hot')));
  assert.is(new Set(forms('mse')).size, 1);
});

for (const file of readdirSync(EXAMPLES).filter((name) => name.endsWith('.loss'))) {
  const text = readFileSync(new URL(file, EXAMPLES), 'utf8');
  const program = loadProgram({ name: file, text }, resolveStandard);
  if (testsOf(program).length > 0) blocks(`examples/${file}`, () => assertPasses(program));
}

blocks.run();
