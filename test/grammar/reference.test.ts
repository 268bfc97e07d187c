import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { parse } from '../../grammar/read/parse.js';
import { RESERVED } from '../../grammar/read/tokens/tokens.js';
import { BINARY_OPERATORS, UNARY_OPERATORS } from '../../grammar/tree/operators.js';

const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const reference = read('../../grammar/REFERENCE.md');
const documents = suite('reference: syntax');

/** A block marked with a name is a file that others import; one marked with a code of the compiler is well written. */
const blocks = [...reference.matchAll(/^```loss(?: (?:(L[01]\d+)|L\d+|\w+\.loss))?\n(.*?)^```$/gms)];

for (const [, code, text] of blocks) {
  const title = text!.split('\n').slice(0, 2).join(' ');
  documents(code === undefined ? `reads: ${title}` : `${code}: ${title}`, () => {
    const { diagnostics } = parse({ name: 'reference.loss', text: text! });
    assert.equal(
      diagnostics.map((diagnostic) => diagnostic.code),
      code === undefined ? [] : [code],
    );
  });
}

documents('there are examples of both kinds', () => {
  assert.ok(blocks.filter(([, code]) => code === undefined).length >= 12);
  assert.ok(blocks.filter(([, code]) => code !== undefined).length >= 8);
});

documents('the reserved words are those of the lexer', () => {
  const line = /^`import` `from`.*$/m.exec(reference)![0];
  assert.equal(line.match(/\w+/g)!.sort(), RESERVED.map((type) => String(type.PATTERN)).sort());
});

documents('the table of operators is that of the parser', () => {
  const section = reference.slice(
    reference.indexOf('## Expressions'),
    reference.indexOf('`^` binds tighter'),
  );
  const rows = section.split('\n').filter((line) => line.startsWith('| `'));
  const written = rows.map((row) => {
    const [operators, group] = row.split(' | ');
    return { operators: operators!.match(/[^|`\s]+/g)!, group: group!.replace(/\|$/, '').trim() };
  });
  const groups = { left: 'from the left', right: 'from the right', none: 'not at all: `a < b and b < c`' };
  const all = [
    ...Object.entries(BINARY_OPERATORS).map(([op, row]) => ({
      op,
      ...row,
      group: groups[row.associativity],
    })),
    ...Object.entries(UNARY_OPERATORS).map(([op, row]) => ({ op, ...row, group: 'before a value' })),
  ];
  const levels = [...new Set(all.map((row) => row.precedence))].sort((a, b) => a - b);
  const expected = levels.map((level) => {
    const rowsOfLevel = all.filter((row) => row.precedence === level);
    return { operators: rowsOfLevel.map((row) => row.op), group: rowsOfLevel[0]!.group };
  });
  assert.equal(written, expected);
});

documents.run();
