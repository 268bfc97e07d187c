import { styleText } from 'node:util';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printable, printJson } from '../src/terminal.js';

const terminal = suite('what is printed');

terminal('nothing that a terminal obeys is let through', () => {
  const obeyed = [
    ...Array.from({ length: 32 }, (_, code) => code).filter((code) => code !== 9 && code !== 10),
    ...Array.from({ length: 33 }, (_, i) => 0x7f + i),
    ...[0x61c, 0x200e, 0x200f, 0x202a, 0x202e, 0x2066, 0x2069],
  ];
  for (const code of obeyed) assert.is(printable(`a${String.fromCharCode(code)}b`), 'a\ufffdb', String(code));
});

for (const [name, text] of [
  ['a title', '\u001b]0;owned\u0007'],
  ['a link', '\u001b]8;;http://example.org\u0007here\u001b]8;;\u0007'],
  ['a cleared screen', '\u001b[2J\u001b[1;1H'],
  ['hidden text', '\u001b[8mhidden'],
  ['black text', '\u001b[30mblack'],
  ['two styles in one', '\u001b[1;8mhidden'],
  ['C1 control sequence', '\u009b2J'],
] as const) {
  terminal(`${name} is text`, () => {
    const shown = printable(text);
    assert.is(printable(shown), shown);
    assert.match(shown, /\ufffd/);
  });
}

terminal('text, lines, tabs and our own styles stay', () => {
  for (const text of [
    'a\tb\nc',
    'é π ∂ 日本 😀',
    styleText('red', 'error'),
    styleText(['bold', 'cyan'], 'x'),
  ])
    assert.is(printable(text), text);
  assert.is(printable('a\r\nb'), 'a\nb');
});

terminal('JSON holds the same text, escaped', () => {
  const value = { text: '\u001b[31mred\u0007 \u009b2J \u202eabc', number: Number.NaN };
  let printed = '';
  const write = process.stdout.write;
  process.stdout.write = ((chunk: string) => {
    printed += chunk;
    return true;
  }) as typeof write;
  try {
    printJson(value);
  } finally {
    process.stdout.write = write;
  }
  assert.equal(JSON.parse(printed), { ...value, number: 'NaN' });
  assert.is(printable(printed), printed);
});

terminal.run();
