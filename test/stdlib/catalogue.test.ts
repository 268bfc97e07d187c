import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { lossesOf, testsOf } from '../../compiler/resolve/program.js';
import { formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { formatSource } from '../../grammar/format/format.js';
import { compiledStandard, FILES, LOSSES, readme, standardProgram } from './library.js';

const catalogue = suite('standard library');

/** The rows `| [name](name.loss) | text |` of the README, in order. */
function rows(): { name: string; link: string; text: string }[] {
  return [...readme().matchAll(/^\| \[`(\w+)`\]\((\w+)\.loss\) \| (.*) \|$/gm)].map((match) => ({
    name: match[1]!,
    link: match[2]!,
    text: match[3]!,
  }));
}

const firstLine = (doc: string | undefined): string => (doc ?? '').trim().split('\n')[0]!.trim();

catalogue('the README lists every file once, and no other', () => {
  assert.equal(
    rows()
      .map((row) => row.name)
      .sort(),
    [...FILES],
  );
  for (const row of rows()) assert.is(row.link, row.name);
});

catalogue('what the README says of a loss is the first line of its own comment', () => {
  for (const { name, text } of rows()) {
    if (!LOSSES.includes(name)) continue;
    const loss = lossesOf(standardProgram(name)).find((decl) => decl.name.name === name);
    assert.is(text, firstLine(loss?.doc), name);
  }
});

catalogue('the table of equivalents names only losses that exist', () => {
  const names = [...readme().matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]!);
  assert.ok(names.length >= 35);
  for (const name of names) assert.ok(LOSSES.includes(name), name);
});

catalogue('every file defines the loss of its name and nothing else, and checks without a remark', () => {
  for (const name of LOSSES) {
    const program = standardProgram(name);
    const losses = lossesOf(program);
    assert.equal(
      losses.map((decl) => decl.name.name),
      [name],
    );
    const text = checkProgram(program)
      .map((diagnostic) => formatDiagnostic(diagnostic, program.module.source))
      .join('\n');
    assert.is(text, '', name);
  }
});

catalogue('every file is as `lossc fmt` writes it', () => {
  for (const name of FILES) {
    const { source } = standardProgram(name).module;
    const { text, diagnostics } = formatSource(source);
    assert.equal(diagnostics, [], name);
    assert.is(text, source.text, name);
  }
});

catalogue('every loss has two tests or more, and at least one compares a gradient', () => {
  for (const name of LOSSES) {
    const tests = testsOf(standardProgram(name));
    assert.ok(tests.length >= 2, `${name} has ${tests.length} tests`);
    const subjects = tests.flatMap((test) =>
      test.entries.flatMap((entry) => (entry.kind === 'expect' ? [entry.subject.name] : [])),
    );
    assert.is(subjects.filter((subject) => subject === 'value').length, tests.length, name);
    assert.ok(subjects.includes('gradient'), name);
  }
});

catalogue('a comment says so exactly when a loss couples the items of a batch', () => {
  for (const name of LOSSES) {
    const { scalar, coupled } = compiledStandard(name);
    const { doc } = lossesOf(standardProgram(name))[0]!;
    assert.is(/couples the items/i.test(doc ?? ''), scalar || coupled, name);
  }
});

catalogue.run();
