import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printExpr, printFile } from '../../../grammar/print/print.js';
import { parse, parseExpression } from '../../../grammar/read/parse.js';
import type { Expr } from '../../../grammar/tree/ast.js';
import { binary, call, hole, ifExpr, minus, name, not, num } from '../../../grammar/tree/build.js';
import { equalTrees } from '../../../grammar/tree/walk.js';
import { arbitraryExpr, arbitraryFile } from '../../helpers/arbitrary-ast.js';

const printing = suite('printing');
const [a, b, c] = [name('a'), name('b'), name('c')];

/** A tree built by hand and its text, which has to read back as the tree. */
const CASES: readonly (readonly [string, Expr])[] = [
  ['a + b + c', binary('+', binary('+', a, b), c)],
  ['a + (b + c)', binary('+', a, binary('+', b, c))],
  ['a - b - c', binary('-', binary('-', a, b), c)],
  ['a - (b - c)', binary('-', a, binary('-', b, c))],
  ['a + b * c', binary('+', a, binary('*', b, c))],
  ['(a + b) * c', binary('*', binary('+', a, b), c)],
  ['a / b / c', binary('/', binary('/', a, b), c)],
  ['a / (b * c)', binary('/', a, binary('*', b, c))],
  ['a * b^c', binary('*', a, binary('^', b, c))],
  ['(a * b)^c', binary('^', binary('*', a, b), c)],
  ['a^b^c', binary('^', a, binary('^', b, c))],
  ['(a^b)^c', binary('^', binary('^', a, b), c)],
  ['-a^2', minus(binary('^', a, num(2)))],
  ['(-a)^2', binary('^', minus(a), num(2))],
  ['2^-a', binary('^', num(2), minus(a))],
  ['2^-a^b', binary('^', num(2), minus(binary('^', a, b)))],
  ['(2^-a)^b', binary('^', binary('^', num(2), minus(a)), b)],
  ['2^-(a * b)', binary('^', num(2), minus(binary('*', a, b)))],
  ['2^-a * b', binary('*', binary('^', num(2), minus(a)), b)],
  ['-a * b', binary('*', minus(a), b)],
  ['-(a * b)', minus(binary('*', a, b))],
  ['a - -b', binary('-', a, minus(b))],
  ['--a', minus(minus(a))],
  ['-1', num(-1)],
  ['a + -1', binary('+', a, num(-1))],
  ['a < b and b < c', binary('and', binary('<', a, b), binary('<', b, c))],
  ['(a < b) == (b < c)', binary('==', binary('<', a, b), binary('<', b, c))],
  ['a or b and c', binary('or', a, binary('and', b, c))],
  ['(a or b) and c', binary('and', binary('or', a, b), c)],
  ['not a == b', not(binary('==', a, b))],
  ['(not a) == b', binary('==', not(a), b)],
  ['a == (not b)', binary('==', a, not(b))],
  ['not (a and b)', not(binary('and', a, b))],
  ['a and not b', binary('and', a, not(b))],
  ['not not a', not(not(a))],
  ['-(not a)', minus(not(a))],
  ['a + 1 < b * 2', binary('<', binary('+', a, num(1)), binary('*', b, num(2)))],
  ['if a then b else c', ifExpr([[a, b]], c)],
  ['(if a then b else c) + 1', binary('+', ifExpr([[a, b]], c), num(1))],
  ['1 + (if a then b else c)', binary('+', num(1), ifExpr([[a, b]], c))],
  ['-(if a then b else c)', minus(ifExpr([[a, b]], c))],
  ['if a then b else c + 1', ifExpr([[a, b]], binary('+', c, num(1)))],
  [
    'if a then b else if b then c else 0',
    ifExpr(
      [
        [a, b],
        [b, c],
      ],
      num(0),
    ),
  ],
  ['if a then b else (if b then c else 0)', ifExpr([[a, b]], ifExpr([[b, c]], num(0)))],
  ['if a then if b then 1 else 2 else 3', ifExpr([[a, ifExpr([[b, num(1)]], num(2))]], num(3))],
  ['if (if a then b else c) then 1 else 2', ifExpr([[ifExpr([[a, b]], c), num(1)]], num(2))],
  ['f()', call('f', [])],
  ['f(a, if a then b else c)', call('f', [a, ifExpr([[a, b]], c)])],
  ['f(a, p = b)', call('f', [a], { p: b })],
  ['sum(a, c where a == 1)', call('sum', [a, c], {}, binary('==', a, num(1)))],
  ['sum(a, c where (if a then b else c))', call('sum', [a, c], {}, ifExpr([[a, b]], c))],
  ['-mean(?, c)', minus(call('mean', [hole(), c]))],
];

for (const [text, tree] of CASES) {
  printing(text, () => {
    assert.is(printExpr(tree), text);
    assert.ok(equalTrees(parseExpression(text), tree), JSON.stringify(parseExpression(text)));
  });
}

/** What was written, and what comes back: parentheses go where they say nothing. */
const CANONICAL: readonly (readonly [string, string])[] = [
  ['((a))', 'a'],
  ['(a * b) + c', 'a * b + c'],
  ['(a^b)', 'a^b'],
  ['-(a)^2', '-a^2'],
  ['(a) - (b)', 'a - b'],
  ['f((a), (b))', 'f(a, b)'],
];

for (const [written, printed] of CANONICAL) {
  printing(`${written} is printed as ${printed}`, () => {
    assert.is(printExpr(parseExpression(written)), printed);
  });
}

const NUMBERS: readonly (readonly [string, string])[] = [
  ['2', '2'],
  ['2.', '2'],
  ['.5', '0.5'],
  ['0.50', '0.5'],
  ['1e-7', '1e-7'],
  ['0.0000001', '1e-7'],
  ['1E3', '1000'],
  ['1e21', '1e21'],
  ['1e+300', '1e300'],
  ['0.1', '0.1'],
  ['123456789012345678', '123456789012345680'],
];

for (const [written, printed] of NUMBERS) {
  printing(`the number ${written} is printed as ${printed}`, () => {
    assert.is(printExpr(parseExpression(written)), printed);
  });
}

printing('any expression reads back as the same tree', () => {
  fc.assert(
    fc.property(arbitraryExpr, (tree) => equalTrees(parseExpression(printExpr(tree)), tree)),
    { numRuns: 1500, seed: 11 },
  );
});

const DEEP: Readonly<Record<string, (inner: Expr) => Expr>> = {
  'left operands': (inner) => binary('+', inner, name('x')),
  'right operands': (inner) => binary('*', name('x'), inner),
  exponents: (inner) => binary('^', name('x'), inner),
  signs: minus,
  calls: (inner) => call('sin', [inner]),
  conditions: (inner) => call('sum', [name('x'), name('k')], {}, binary('<', inner, name('x'))),
  choices: (inner) => ifExpr([[binary('<', name('x'), num(1)), inner]], num(0)),
};

for (const [what, wrap] of Object.entries(DEEP))
  printing(`20,000 ${what} in each other end no stack`, () => {
    let tree: Expr = name('x');
    for (let i = 0; i < 20_000; i += 1) tree = wrap(tree);
    assert.ok(printExpr(tree).length > 20_000);
  });

printing('any file reads back as the same tree', () => {
  fc.assert(
    fc.property(arbitraryFile, (file) => {
      const read = parse({ name: 'random.loss', text: printFile(file) });
      return read.diagnostics.length === 0 && equalTrees(read.file, file);
    }),
    { numRuns: 250, seed: 12 },
  );
});

printing.run();
