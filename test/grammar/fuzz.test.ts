import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatDiagnostic, LossError } from '../../grammar/diagnostics/diagnostic.js';
import { formatSource } from '../../grammar/format/format.js';
import { flatDecl } from '../../grammar/print/declaration.js';
import { parse, parseExpression } from '../../grammar/read/parse.js';
import { TOKENS } from '../../grammar/read/tokens/tokens.js';
import { equalTrees } from '../../grammar/tree/walk.js';
import { createRandom, type Random } from '../../src/random.js';

const RUNS = 10_000;
const corpus = readFileSync(new URL('../corpus/corpus.loss', import.meta.url), 'utf8');
const declarations = corpus.split(/\n(?=(?:\/\/\/|loss|fn|sketch|test) )/);
const words = [
  ...TOKENS.map((type) => type.PATTERN).filter((pattern): pattern is string => typeof pattern === 'string'),
  ...[
    'a',
    'prediction',
    'sum',
    '1',
    '0.5',
    '1e999',
    '"x"',
    '"x',
    "'",
    '//x\n',
    '///x\n',
    '\n',
    ' ',
    '\t',
    '\r\n',
  ],
  ...[
    '$',
    '#',
    '/*',
    '*/',
    '&&',
    '||',
    '!',
    '**',
    '\u2264',
    '\u00e9',
    '\ud83d\ude00',
    '\ud800',
    '\0',
    '\u2028',
    '.',
    '..',
    '\\',
  ],
];

const soup = (random: Random): string =>
  Array.from({ length: random.int(60) }, () => random.pick(words)).join(random.pick(['', ' ', ' ', '\n']));

/** Declarations of the corpus with a few pieces deleted, doubled, swapped or put in. */
function mutated(random: Random): string {
  let text = Array.from({ length: 1 + random.int(3) }, () => random.pick(declarations)).join('\n');
  for (let edits = 1 + random.int(5); edits > 0; edits -= 1) {
    const start = random.int(text.length + 1);
    const end = Math.min(text.length, start + random.int(random.pick([2, 8, 40])));
    const piece = random.pick([
      () => '',
      () => random.pick(words),
      () => text.slice(start, end).repeat(2),
      () => {
        const from = random.int(text.length + 1);
        return text.slice(from, from + random.int(30));
      },
    ])();
    text = text.slice(0, start) + piece + text.slice(end);
  }
  return text;
}

function check(text: string): 'tree' | 'diagnostics' {
  const source = { name: 'fuzz.loss', text };
  const { file, diagnostics } = parse(source);
  for (const diagnostic of diagnostics) {
    const { start, end } = diagnostic.span;
    assert.ok(
      start >= 0 && start <= end && end <= text.length,
      `span of ${diagnostic.code}: ${start} to ${end}`,
    );
    assert.match(diagnostic.code, /^L[01]\d\d$/);
    assert.ok(formatDiagnostic(diagnostic, source).startsWith(`error[${diagnostic.code}]: `));
  }
  if (diagnostics.length > 0) return 'diagnostics';
  const again = parse({ name: 'again.loss', text: file.declarations.map(flatDecl).join('\n') });
  assert.equal(again.diagnostics, []);
  assert.ok(equalTrees(again.file, file), 'printed and read back');
  const { text: formatted } = formatSource(source);
  assert.is(
    formatSource({ name: 'again.loss', text: formatted }).text,
    formatted,
    'formatting is idempotent',
  );
  return 'tree';
}

const fuzz = suite('fuzz');

for (const [kind, make] of Object.entries({ soup, mutated })) {
  fuzz(`${RUNS / 2} texts made by ${kind} end in a tree or in diagnostics`, () => {
    const random = createRandom(`parser ${kind}`);
    const seen = { tree: 0, diagnostics: 0 };
    for (let run = 0; run < RUNS / 2; run += 1) {
      const text = make(random);
      try {
        seen[check(text)] += 1;
      } catch (error) {
        throw new Error(`run ${run}: ${JSON.stringify(text)}: ${String(error)}`, { cause: error });
      }
    }
    assert.ok(seen.tree > 0 && seen.diagnostics > 0, JSON.stringify(seen));
  });
}

fuzz('a random expression text ends in a tree or in a LossError', () => {
  const random = createRandom('expressions');
  for (let run = 0; run < 2000; run += 1) {
    const text = soup(random);
    try {
      parseExpression(text);
    } catch (error) {
      if (!(error instanceof LossError)) throw error;
      assert.ok(error.diagnostics.length > 0);
    }
  }
});

fuzz('what is not broken survives: the other declarations of a file are read', () => {
  const random = createRandom('others');
  for (let run = 0; run < 300; run += 1) {
    const broken = mutated(random);
    const text = `${broken}\nfn after(x) = x\n`;
    const { file } = parse({ name: 'fuzz.loss', text });
    const names = file.declarations.map((decl) => (decl.kind === 'import' ? '' : decl.name.name));
    // An unclosed block comment takes the rest of the file with it.
    if (!/\/\*(?!.*\*\/)/s.test(text)) assert.ok(names.includes('after'), text);
  }
});

fuzz.run();
