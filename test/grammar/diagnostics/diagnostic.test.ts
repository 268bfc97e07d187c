import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Diagnostic, formatDiagnostic, LossError } from '../../../grammar/diagnostics/diagnostic.js';
import { lineSpan, positionAt } from '../../../grammar/diagnostics/source.js';

const drawing = suite('diagnostics');

/** A diagnostic on the part of a text between the marks « and ». */
function on(marked: string, rest: Partial<Diagnostic> = {}): string {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const text = marked.replace('«', '').replace('»', '');
  const diagnostic: Diagnostic = {
    code: 'L201',
    severity: 'error',
    message: 'a sentence',
    span: { start, end },
    ...rest,
  };
  return formatDiagnostic(diagnostic, { name: 'huber.loss', text });
}

const CASES: readonly (readonly [string, string, string])[] = [
  [
    'a span on one line',
    'loss f(p) =\n  mean((«prd» - target)^2)\n',
    '--> huber.loss:2:9\n2 |   mean((prd - target)^2)\n  |         ^^^',
  ],
  ['an empty span', 'fn f(x) =«»', '--> huber.loss:1:10\n1 | fn f(x) =\n  |          ^'],
  ['an empty span between characters', 'ab«»cd', '--> huber.loss:1:3\n1 | abcd\n  |   ^'],
  ['an empty text', '«»', '--> huber.loss:1:1\n1 |\n  | ^'],
  ['a line number of two digits', `${'\n'.repeat(11)}a «b» c`, '--> huber.loss:12:3\n12 | a b c\n   |   ^'],
  ['tabs', '\t\tx + «y»', '--> huber.loss:1:7\n1 |     x + y\n  |         ^'],
  ['a tab in the span', 'x«\t»y', '--> huber.loss:1:2\n1 | x  y\n  |  ^^'],
  ['wide characters', '"漢字" «x»', '--> huber.loss:1:6\n1 | "漢字" x\n  |        ^'],
  ['emoji, which are two units', '// 😀😀 «x»', '--> huber.loss:1:9\n1 | // 😀😀 x\n  |         ^'],
  ['combining marks', 'e\u0301 «x»', '--> huber.loss:1:4\n1 | e\u0301 x\n  |   ^'],
  ['a wide character in the span', 'a «漢» b', '--> huber.loss:1:3\n1 | a 漢 b\n  |   ^^'],
  ['control characters', 'a\u0000\u001b[31m «x»', '--> huber.loss:1:9\n1 | a��[31m x\n  |         ^'],
  ['text that would run backwards', '\u202ea «x»', '--> huber.loss:1:4\n1 | �a x\n  |    ^'],
  ['Windows line ends', 'a\r\n«b»\r\nc', '--> huber.loss:2:1\n2 | b\n  | ^'],
  [
    'a span over three lines',
    'f(\n  «a +\n    b\n  + c» + d)',
    '--> huber.loss:2:3\n2 |   a +\n  |   ^^^\n3 |     b\n  |     ^\n4 |   + c + d)\n  |   ^^^',
  ],
  [
    'a span over many lines',
    '«a +\nb +\nc +\nd +\ne» + f',
    '--> huber.loss:1:1\n1 | a +\n  | ^^^\n2 | b +\n  | ^^^\n  | …\n5 | e + f\n  | ^',
  ],
  ['an empty line in a span', '«a +\n\nb»', '--> huber.loss:1:1\n1 | a +\n  | ^^^\n2 |\n3 | b\n  | ^'],
  [
    'a long line, cut behind the span',
    `«a»${' + b'.repeat(100)}`,
    `--> huber.loss:1:1\n1 | a${' + b'.repeat(27)} …\n  | ^`,
  ],
  [
    'a long line, cut on both sides',
    `${'a + '.repeat(100)}«b»${' + c'.repeat(100)}`,
    `--> huber.loss:1:401\n1 | …+ ${'a + '.repeat(7)}b${' + c'.repeat(19)} + …\n  | ${' '.repeat(31)}^`,
  ],
];

for (const [title, marked, frame] of CASES) {
  drawing(title, () => {
    const gutter = frame.startsWith('--> huber.loss:12') ? '  ' : ' ';
    assert.fixture(on(marked), `error[L201]: a sentence\n${gutter}${frame}`);
  });
}

drawing('hint and notes follow, notes with a frame of their own and maybe of another file', () => {
  const other = { name: 'math.loss', text: 'fn aq(a, b) = a' };
  const printed = on('loss f(p) = «aq»(p)', {
    severity: 'warning',
    hint: 'give it two',
    notes: [
      { message: 'declared here', span: { start: 3, end: 5 }, source: other },
      { message: 'used in this file', span: { start: 12, end: 14 } },
      { message: 'and that is all' },
    ],
  });
  assert.fixture(
    printed,
    [
      'warning[L201]: a sentence',
      ' --> huber.loss:1:13',
      '1 | loss f(p) = aq(p)',
      '  |             ^^',
      '  = hint: give it two',
      '  = note: declared here',
      ' --> math.loss:1:4',
      '1 | fn aq(a, b) = a',
      '  |    ^^',
      '  = note: used in this file',
      ' --> huber.loss:1:13',
      '1 | loss f(p) = aq(p)',
      '  |             ^^',
      '  = note: and that is all',
    ].join('\n'),
  );
});

drawing('a diagnostic with a source of its own is drawn in that', () => {
  const source = { name: 'other.loss', text: 'xyz' };
  assert.match(on('«abc»', { source, span: { start: 1, end: 2 } }), 'other.loss:1:2\n1 | xyz\n  |  ^');
});

drawing('colours are ANSI codes around the same text', () => {
  const diagnostic: Diagnostic = {
    code: 'L201',
    severity: 'error',
    message: 'a sentence',
    span: { start: 2, end: 3 },
    hint: 'none',
  };
  const source = { name: 'a.loss', text: 'x y' };
  const coloured = formatDiagnostic(diagnostic, source, { color: true });
  const codes = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
  assert.ok(coloured.match(codes)!.length > 6);
  assert.is(coloured.replaceAll(codes, ''), formatDiagnostic(diagnostic, source));
});

drawing('a LossError holds all diagnostics and prints them', () => {
  const source = { name: 'a.loss', text: 'x' };
  const one: Diagnostic = { code: 'L100', severity: 'error', message: 'first', span: { start: 0, end: 1 } };
  const error = new LossError([one, { ...one, message: 'second' }], source);
  assert.instance(error, Error);
  assert.is(error.name, 'LossError');
  assert.is(error.diagnostics.length, 2);
  assert.is(
    error.message,
    'error[L100]: first\n --> a.loss:1:1\n1 | x\n  | ^\n\nerror[L100]: second\n --> a.loss:1:1\n1 | x\n  | ^',
  );
});

drawing('positions count from 1, and offsets outside the text are its ends', () => {
  const source = { name: 'a', text: 'ab\r\ncd\n' };
  assert.equal(positionAt(source, 0), { line: 1, column: 1 });
  assert.equal(positionAt(source, 5), { line: 2, column: 2 });
  assert.equal(positionAt(source, 7), { line: 3, column: 1 });
  assert.equal(positionAt(source, 99), { line: 3, column: 1 });
  assert.equal(positionAt(source, -1), { line: 1, column: 1 });
  assert.equal(lineSpan(source, 1), { start: 0, end: 2 });
  assert.equal(lineSpan(source, 2), { start: 4, end: 6 });
  assert.equal(lineSpan(source, 3), { start: 7, end: 7 });
});

drawing.run();
