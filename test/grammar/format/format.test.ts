import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { formatSource } from '../../../grammar/format/format.js';
import { printFile } from '../../../grammar/print/print.js';
import { parse } from '../../../grammar/read/parse.js';
import { equalTrees } from '../../../grammar/tree/walk.js';
import { createRandom } from '../../../src/random.js';
import { arbitraryFile } from '../../helpers/arbitrary-ast.js';
import { shaken } from '../../helpers/shaken.js';

const corpus = readFileSync(new URL('../../corpus/corpus.loss', import.meta.url), 'utf8');
const formatting = suite('formatting');

function format(text: string): string {
  const { text: formatted, diagnostics } = formatSource({ name: 'test.loss', text });
  assert.equal(diagnostics, []);
  return formatted;
}

const read = (text: string): ReturnType<typeof parse> => parse({ name: 'test.loss', text });
const commentsOf = (text: string): string[] =>
  read(text).comments.map(({ kind, text: words }) => `${kind} ${words}`);

/** Formatting keeps the tree and the comments, and a second run changes nothing. */
function checkKept(text: string): string {
  const formatted = format(text);
  assert.ok(equalTrees(read(formatted).file, read(text).file), 'same tree');
  assert.equal(commentsOf(formatted), commentsOf(text), 'same comments');
  assert.is(format(formatted), formatted, 'idempotent');
  return formatted;
}

/** Written, formatted. */
const CASES: readonly (readonly [string, string, string])[] = [
  [
    'one line where it fits',
    'loss  l1 ( t :real,p: real )=\n  abs( p-t )',
    'loss l1(t: real, p: real) = abs(p - t)\n',
  ],
  ['powers are tight', 'fn f(x) = x ^ 2 ^ - y * - x', 'fn f(x) = x^2^-y * -x\n'],
  ['own parentheses stay', 'fn f(x) = ((x) + (1 * 2))', 'fn f(x) = ((x) + (1 * 2))\n'],
  ['numbers stay as they are written', 'fn f(x) = 0.50 + 1E3 + .5', 'fn f(x) = 0.50 + 1E3 + .5\n'],
  ['lets', 'fn f(x)=let y=x\nlet z=y\n\n\nz', 'fn f(x) =\n  let y = x\n  let z = y\n\n  z\n'],
  [
    'Windows line ends',
    'fn f(x) = x // a\r\n// b\r\nfn g(x) = x\r\n',
    'fn f(x) = x // a\n// b\nfn g(x) = x\n',
  ],
  ['no text', '\n\n', ''],
  ['comments alone', '\n// a\n\n\n\n  // b\n', '// a\n\n// b\n'],
  [
    'a space around what has several lines',
    'fn a(x) = x\nfn b(x) =\n let y = x\n y\nfn c(x) = x\nfn d(x) = x\n',
    'fn a(x) = x\n\nfn b(x) =\n  let y = x\n  y\n\nfn c(x) = x\nfn d(x) = x\n',
  ],
  [
    'a doc stays at its declaration',
    'fn a(x) = x\n/// about b\nfn b(x) = x',
    'fn a(x) = x\n\n/// about b\nfn b(x) = x\n',
  ],
  [
    'a long sum breaks behind its operators',
    `fn f(x) = ${Array.from({ length: 12 }, (_, i) => `some_name_${i}`).join(' - ')}`,
    `fn f(x) =\n  some_name_0 -\n${Array.from({ length: 11 }, (_, i) => `    some_name_${i + 1}`).join(' -\n')}\n`,
  ],
  [
    'a long if breaks before else',
    `fn f(x) = if x > 1 then ${'long_name * '.repeat(4)}x else if x > 2 then ${'long_name * '.repeat(4)}y else 2`,
    'fn f(x) =\n' +
      '  if x > 1 then long_name * long_name * long_name * long_name * x\n' +
      '  else if x > 2 then long_name * long_name * long_name * long_name * y\n' +
      '  else 2\n',
  ],
  [
    'a long call puts each argument on a line',
    'fn f(x) = sum(some_function(the_first_argument, the_second_argument) * another_name, class where target == 1)',
    'fn f(x) =\n' +
      '  sum(\n' +
      '    some_function(the_first_argument, the_second_argument) * another_name,\n' +
      '    class\n' +
      '    where target == 1\n' +
      '  )\n',
  ],
  [
    'a long signature puts inputs on one line and parameters on another',
    'loss focal(target: onehot[class], prediction: probability[class]; gamma: nonnegative = 2, alpha: unit[class] = 0.25) = 1',
    'loss focal(\n' +
      '  target: onehot[class], prediction: probability[class];\n' +
      '  gamma: nonnegative = 2, alpha: unit[class] = 0.25\n' +
      ') =\n' +
      '  1\n',
  ],
  [
    'a test on one line',
    'test huber {\n  target = [ [0,0] ]\n  value ~ 1\n}',
    'test huber { target = [[0, 0]], value ~ 1 }\n',
  ],
  [
    'a test on several lines',
    `test huber { target = [${'1234567, '.repeat(9)}1], prediction = 3, value ~ 1, gradient prediction ~ 4 }`,
    `test huber {\n  target = [${'1234567, '.repeat(9)}1]\n  prediction = 3\n  value ~ 1\n  gradient prediction ~ 4\n}\n`,
  ],
  [
    'long lists fill their lines',
    `test huber { target = [${'1234567, '.repeat(12)}1] }`,
    `test huber {\n  target = [\n    ${'1234567, '.repeat(10).trimEnd()}\n    1234567, 1234567, 1\n  ]\n}\n`,
  ],
  [
    'a sketch',
    'sketch glo(t: onehot[class], p) = -mean(?, class) with operators +,-  log\nsquare leaves t p\n-1, between(-1,1)',
    'sketch glo(t: onehot[class], p) =\n' +
      '  -mean(?, class)\n' +
      '  with operators + - log square\n' +
      '       leaves t, p, -1, between(-1, 1)\n',
  ],
  [
    'comments everywhere',
    'loss a(t, // the truth\n // own\n p // last\n , z) = // equals\n // first\n x * // star\n y // end\n // below\n// gap\nfn f(x) = x',
    'loss a(\n' +
      '  t, // the truth\n' +
      '  // own\n' +
      '  p, // last\n' +
      '  z\n' +
      ') = // equals\n' +
      '  // first\n' +
      '  x * // star\n' +
      '    y // end\n' +
      '  // below\n' +
      '\n' +
      '// gap\n' +
      'fn f(x) = x\n',
  ],
];

for (const [title, written, expected] of CASES) {
  formatting(title, () => assert.fixture(checkKept(written), expected));
}

formatting('a text with a mistake is left alone', () => {
  const text = 'fn  f(x)  =  x +\n';
  const formatted = formatSource({ name: 'test.loss', text });
  assert.is(formatted.text, text);
  assert.is(formatted.diagnostics.length, 1);
});

formatting('a text that its layout would make too large to be read is left alone', () => {
  const deep = `${'f('.repeat(90)}x${')'.repeat(90)}`;
  const text = `fn h(x) = g(${Array.from({ length: 200 }, () => deep).join(', ')})\n`;
  assert.is(formatSource({ name: 'test.loss', text }).text, text);
});

formatting('the corpus keeps its tree and its comments', () => {
  const formatted = checkKept(corpus);
  const code = formatted.split('\n').filter((line) => !line.startsWith('//'));
  assert.ok(code.every((line) => line.length <= 100));
});

formatting('any file, laid out and commented at random, keeps its tree and its comments', () => {
  const property = fc.property(arbitraryFile, fc.nat(), (file, seed) => {
    const text = shaken(printFile(file), createRandom(seed));
    try {
      checkKept(text);
    } catch (error) {
      throw new Error(`${String(error)}\n${text}\n-----\n${formatSource({ name: '', text }).text}`, {
        cause: error,
      });
    }
  });
  fc.assert(property, { numRuns: 200, seed: 5 });
});

formatting('two layouts of a file without comments and empty lines give the same text', () => {
  const random = createRandom('canonical');
  const file = read(corpus).file;
  for (const declaration of file.declarations) {
    const printed = printFile({ declarations: [{ ...declaration, doc: '' }] }).replace(/^\/\/\/\n/, '');
    const other = shaken(printed, random, { comments: false });
    assert.is(format(other), printed);
  }
});

formatting.run();
