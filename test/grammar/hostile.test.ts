import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatDiagnostic } from '../../grammar/diagnostics/diagnostic.js';
import { formatSource } from '../../grammar/format/format.js';
import { printExpr } from '../../grammar/print/print.js';
import { parse, parseExpression } from '../../grammar/read/parse.js';
import { countNodes } from '../../grammar/tree/walk.js';

const head = 'loss f(p: real) =\n';

/** Texts that are long, deep or nonsense, and the codes that are said of them; none: it is legal. */
const CASES: Readonly<Record<string, readonly [string, readonly string[]]>> = {
  '100,000 open parentheses': [head + '('.repeat(100_000), ['L010']],
  '100,000 open parentheses outside any declaration': ['('.repeat(100_000), ['L101']],
  '100,000 closing parentheses': [head + ')'.repeat(100_000), ['L021', 'L199']],
  '300,000 brackets that do not match': [head + '('.repeat(300_000) + ']'.repeat(300_000), ['L010']],
  '100,000 braces': [head + '{'.repeat(100_000), ['L010']],
  '100 parentheses': [`${head}${'('.repeat(100)}p${')'.repeat(100)}`, []],
  '101 parentheses': [`${head}${'('.repeat(101)}p${')'.repeat(101)}`, ['L010']],
  '100 calls in calls': [`${head}${'f('.repeat(100)}p${')'.repeat(100)}`, []],
  '100 signs': [`${head}${'-'.repeat(100)}p`, []],
  '500,000 signs': [`${head}${'-'.repeat(500_000)}p`, ['L010']],
  '200,000 nots': [`${head}${'not '.repeat(200_000)}p`, ['L010']],
  '100 powers': [`${head}${'p^'.repeat(100)}p`, []],
  '400,000 powers': [`${head}${'p^'.repeat(400_000)}p`, ['L010']],
  '100 ifs in thens': [`${head}${'if p then '.repeat(100)}p${' else p'.repeat(100)}`, []],
  '50,000 ifs in thens': [head + 'if p then '.repeat(50_000), ['L010']],
  '10,000 else ifs': [`${head}if p then 1 ${'else if p then 2 '.repeat(10_000)}else 3`, []],
  'a sum of 100,000 terms': [`${head}${'p + '.repeat(100_000)}p`, []],
  'signs in every one of 50,000 terms': [`${head}${'-p + -p^-2 * '.repeat(50_000)}p`, []],
  '60,000 lets': [`${head}${'let x = 1\n'.repeat(60_000)}p`, []],
  '60,000 broken lets': [`${head}${'let x = *\n'.repeat(60_000)}p`, ['L100', 'L199']],
  '100,000 broken entries': [`test a {${'x = =\n'.repeat(100_000)}}`, ['L100', 'L199']],
  '40,000 declarations': ['fn f(x) = x\n'.repeat(40_000), []],
  '80,000 broken declarations': ['fn f(x = x\n'.repeat(80_000), ['L008', 'L199']],
  '100,000 arguments': [`${head}f(${'p,'.repeat(100_000)}p)`, []],
  '190,000 arguments without commas': [`${head}f(${'p p, '.repeat(190_000)}p)`, ['L100']],
  'a list of 100,000 numbers': [`test a { p = [${'1, '.repeat(100_000)}1] }`, []],
  'a number of 900,000 digits': [head + '1'.repeat(900_000), ['L014']],
  'a name of 900,000 letters': [head + 'a'.repeat(900_000), []],
  'a line of 900,000 blanks': [`${head}${' '.repeat(900_000)}p`, []],
  'a comment of 900,000 letters': [`${head}p // ${'a'.repeat(900_000)}`, []],
  '330,000 open comments': [`${head}p ${'/* '.repeat(330_000)}`, ['L018']],
  '490,000 open strings': ['"\n'.repeat(490_000), ['L004', 'L101']],
  '490,000 unknown characters': ['$ '.repeat(490_000), ['L001', 'L199']],
  '150,000 wheres': [head + 'where '.repeat(150_000), ['L007', 'L100']],
  '190,000 losses': ['loss '.repeat(190_000), ['L007', 'L199']],
  'a file of newlines': ['\n'.repeat(999_999), []],
  'a file over a megabyte': ['\n'.repeat(1_000_001), ['L009']],
};

const hostile = suite('hostile texts');

for (const [title, [text, codes]] of Object.entries(CASES)) {
  hostile(title, () => {
    const source = { name: 'hostile.loss', text };
    const { diagnostics, file } = parse(source);
    assert.equal([...new Set(diagnostics.map((diagnostic) => diagnostic.code))].sort(), codes);
    assert.ok(diagnostics.length <= 51);
    for (const diagnostic of diagnostics) assert.ok(formatDiagnostic(diagnostic, source).length < 2000);
    if (codes.length === 0) assert.ok(file.declarations.length > 0 || text.trim() === '');
  });
}

hostile('a product of 100,000 factors is read, printed and formatted', () => {
  const text = Array.from({ length: 100_000 }, () => 'p').join(' * ');
  const tree = parseExpression(text);
  assert.is(countNodes(tree), 199_999);
  assert.is(printExpr(tree), text);
  const { text: formatted } = formatSource({ name: 'long.loss', text: `fn f(p) = ${text}\n` });
  assert.is(formatted.split('\n').length, 100_002);
});

hostile('a tree in a loss is never deeper than the nesting allows, however its nesting is mixed', () => {
  const open = 'f(1 + 2 * -(3^-(not (if a then (b or ';
  const text = `${open.repeat(30)}x`;
  assert.throws(() => parseExpression(text), /may be nested at most 100 levels deep/);
});

hostile.run();
