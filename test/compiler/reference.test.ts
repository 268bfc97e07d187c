import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkProgram } from '../../compiler/check/check.js';
import { compileLoss } from '../../compiler/compile.js';
import { sayBound } from '../../compiler/guard/bounds.js';
import { DOMAINS } from '../../compiler/resolve/domains.js';
import { CONSTANTS, FUNCTIONS, type FunctionRow } from '../../compiler/resolve/functions.js';
import { type ImportResolver, loadProgram, lossesOf, type Program } from '../../compiler/resolve/program.js';
import { runTests } from '../../compiler/test-blocks/run-tests.js';
import { type Diagnostic, formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { importResolver } from '../../src/stdlib.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const reference = read('../../grammar/REFERENCE.md');
const documents = suite('reference: meaning');

/** Blocks marked `loss`, with the code of the mistake that they show or the name by which other blocks import them. */
const blocks = [...reference.matchAll(/^```loss(?: (?:(L\d+)|(\w+\.loss)))?\n(.*?)^```$/gms)].map(
  (match) => ({ code: match[1], file: match[2], text: match[3]!, start: match.index }),
);
const files = new Map(blocks.flatMap(({ file, text }) => (file === undefined ? [] : [[file, text]])));

/** Standard losses as they are, `./NAME.loss` from the block of that name. */
const resolve: ImportResolver = (specifier, from) => {
  if (specifier.startsWith('std/')) return importResolver('-')(specifier, from);
  const name = specifier.replace('./', '');
  const text = files.get(name);
  return text === undefined ? { problem: 'there is no such file' } : { name, text };
};

/** What is said of a program: its errors, without any its warnings, without those what running its test blocks finds. */
function said(program: Program): readonly Diagnostic[] {
  const checked = checkProgram(program);
  const errors = checked.filter(({ severity }) => severity === 'error');
  if (checked.length > 0) return errors.length > 0 ? errors : checked;
  return runTests(program).flatMap(({ failures }) => failures);
}

const startOfMeaning = reference.indexOf('\n# Meaning\n');

for (const { code, text, start } of blocks) {
  // Mistakes of syntax, with nothing else said of them, are the matter of the test of the grammar.
  if (code !== undefined && /^L[01]/.test(code)) continue;
  const title = text.split('\n').slice(0, 2).join(' ');
  documents(code === undefined ? `holds: ${title}` : `${code}: ${title}`, () => {
    const program = loadProgram({ name: 'reference.loss', text }, resolve);
    // The chapter on syntax shows pieces, in which something may be unused.
    const found = said(program).filter(({ severity }) => start > startOfMeaning || severity === 'error');
    const printed = found.map((entry) => formatDiagnostic(entry, program.module.source)).join('\n');
    // A mistake may be made, and found, more than once; nothing else is found.
    assert.equal([...new Set(found.map((entry) => entry.code))], code === undefined ? [] : [code], printed);
  });
}

documents('there are examples of both kinds, with tests', () => {
  const meaning = reference.slice(reference.indexOf('# Meaning'));
  assert.ok((meaning.match(/^```loss$/gm) ?? []).length >= 15);
  assert.ok((meaning.match(/^```loss L\d+$/gm) ?? []).length >= 20);
  assert.ok((meaning.match(/^test \w+ \{/gm) ?? []).length >= 30);
});

/** The cells of the rows of all tables between two headings. */
function rowsOf(from: string, to: string): readonly (readonly string[])[] {
  const section = reference.slice(reference.indexOf(`\n${from}\n`), reference.indexOf(`\n${to}\n`));
  return section
    .split('\n')
    .filter((line) => /^\| `/.test(line))
    .map((line) => line.split(' | ').map((cell) => cell.replaceAll('|', '').trim()));
}

/** The calls that a row of the table of functions has to show. */
function usages(name: string, row: FunctionRow): readonly string[] {
  const alongAxes = `${name}(e, axis…)`;
  if (row.kind === 'axis') return [row.usage];
  if (row.kind === 'reduction') return [alongAxes];
  if (row.kind === 'both') return [`${name}(x, y)`, alongAxes];
  const described = /^\w+\((.*?)\): /.exec(row.doc)?.[1];
  return [`${name}(${described ?? ['x', 'y'].slice(0, row.arity).join(', ')})`];
}

documents('the tables of functions list every function, how it is called and what it is', () => {
  const written = rowsOf('## Functions', '## Reductions').map(([calls, meaning]) => ({
    calls: [...calls!.matchAll(/`([^`]+)`/g)].map(([, call]) => call),
    meaning,
  }));
  const rows: readonly [string, FunctionRow][] = Object.entries(FUNCTIONS);
  const order = ['values', 'both', 'reduction', 'axis'];
  const expected = order
    .flatMap((kind) => rows.filter(([, row]) => row.kind === kind))
    .map(([name, row]) => ({
      calls: usages(name, row),
      meaning: row.doc.replace(/^\w+\(.*?\): /, ''),
    }));
  assert.equal(written, expected);
});

documents('the constants are named', () => {
  const names = Object.keys(CONSTANTS).map((name) => `\`${name}\``);
  assert.match(reference.replaceAll('\n', ' '), `${names.join(' and ')} are values in every loss`);
});

documents('the table of domains lists every domain and what may be done with it', () => {
  const written = rowsOf('## Domains', '## Roles and parameters');
  const expected = Object.entries(DOMAINS).map(([name, row]) => [
    `\`${name}\``,
    row.doc,
    row.activation ?? '',
    row.drawn ? 'yes' : '',
  ]);
  assert.equal(
    written.map((row) => row.map((cell) => (cell.startsWith('`between(') ? cell.replaceAll('`', '') : cell))),
    expected,
  );
});

/** A body, and what its guards keep under both policies; the argument is real unless the row says otherwise. */
const GUARDS: readonly (readonly [body: string, protectedText: string, clampText: string])[] = [
  ['log(nonnegative)', 'at least 1e-36', 'at least 1e-7'],
  ['log(x)', 'its size, at least 1e-36', 'its size, at least 1e-7'],
  ['xlogy(2, nonnegative)', 'at least 1e-36', 'at least 1e-7'],
  ['1 / x', 'at least 1e-36 away from 0, with its sign', 'at least 1e-7 away from 0, with its sign'],
  ['1 / x^2', 'at least 1e-18 away from 0, with its sign', 'at least 1e-7 away from 0, with its sign'],
  ['sqrt(x)', 'at least 0', 'at least 0'],
  [
    'nonnegative^real',
    'at least 1e-36^(1/p) where the exponent is -p with p > 0',
    'at least 1e-7 where the exponent is negative',
  ],
  ['log1p(x)', `at least ${-1 + 2 ** -24}`, `at least ${-1 + 2 ** -24}`],
  ['exp(x)', 'at most 85', 'at most 85'],
  ['expm1(x)', 'at most 85', 'at most 85'],
  ['acos(x)', 'at most 1', 'at most 1'],
  ['lgamma(x)', 'at least 1e-36', 'at least 1e-7'],
  ['digamma(x)', 'at least 1e-36', 'at least 1e-7'],
];

for (const [body, ...kept] of GUARDS) {
  documents(`guards of ${body}`, () => {
    const text = `loss guarded(x: real, nonnegative: nonnegative; real = 1) = ${body} + x + nonnegative + real`;
    const program = loadProgram({ name: 'guarded.loss', text });
    const found = (['protected', 'clamp', 'none'] as const).map((guards) =>
      compileLoss(program, lossesOf(program)[0]!, { guards }).guards.map((guard) => sayBound(guard)),
    );
    assert.ok(found[0]!.includes(kept[0]!), found[0]!.join('; '));
    assert.ok(found[1]!.includes(kept[1]!), found[1]!.join('; '));
    assert.equal(found[2], []);
  });
}

documents.run();
