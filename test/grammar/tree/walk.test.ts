import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { printExpr } from '../../../grammar/print/print.js';
import { parseExpression } from '../../../grammar/read/parse.js';
import { CHILDREN, type Expr } from '../../../grammar/tree/ast.js';
import { binary, call, ifExpr, minus, name, num } from '../../../grammar/tree/build.js';
import {
  children,
  countNodes,
  depth,
  equalTrees,
  fold,
  getAt,
  mapChildren,
  type Path,
  replaceAt,
  rewrite,
  visit,
  withChildren,
} from '../../../grammar/tree/walk.js';
import { arbitraryExpr } from '../../helpers/arbitrary-ast.js';

const walking = suite('walking');
const text = 'sum(a * 2, b, k = -c where a == 1) + (if a then b else if c then 3 else 4)';
const tree = parseExpression(text);

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.freeze(value);
    for (const field of Object.values(value)) freeze(field);
  }
  return value;
}

walking('children are those of the table, in its order', () => {
  const print = (source: string): string[] => children(parseExpression(source)).map(printExpr);
  assert.equal(print('sum(a, k = b where c)'), ['a', 'b', 'c']);
  assert.equal(print('if a then b else if c then d else e'), ['a', 'c', 'b', 'd', 'e']);
  assert.equal(print('a - b'), ['a', 'b']);
  assert.equal(print('-a'), ['a']);
  assert.equal(print('?'), []);
});

walking('children agree with the table for any tree', () => {
  const listed = (node: Expr): Expr[] =>
    CHILDREN[node.kind].flatMap((field) => (node as unknown as Record<string, Expr | Expr[]>)[field] ?? []);
  fc.assert(
    fc.property(arbitraryExpr, (random) => {
      visit(random, (node) => assert.equal(children(node), listed(node)));
    }),
    { numRuns: 200, seed: 3 },
  );
});

walking('visit sees every node once, parents first, with its path', () => {
  const seen: string[] = [];
  visit(parseExpression('f(a, b) - -c'), (node, path) => seen.push(`${path.join('.')} ${printExpr(node)}`));
  assert.equal(seen, [' f(a, b) - -c', '0 f(a, b)', '0.0 a', '0.1 b', '1 -c', '1.0 c']);
});

walking('count and depth', () => {
  assert.is(countNodes(tree), 17);
  assert.is(depth(tree), 4);
  assert.is(countNodes(num(2)), 1);
  assert.is(depth(num(2)), 1);
});

walking('mapChildren gives the same object where nothing changes', () => {
  assert.is(
    mapChildren(tree, (child) => child),
    tree,
  );
  const changed = mapChildren(tree, () => num(1));
  assert.is(printExpr(changed), '1 + 1');
  assert.is(printExpr(tree), text);
});

walking('withChildren keeps what is not a child', () => {
  const replaced = withChildren(parseExpression('sum(a, k = b where c)'), [num(1), num(2), num(3)]);
  assert.is(printExpr(replaced), 'sum(1, k = 2 where 3)');
  assert.throws(() => withChildren(tree, []), /internal error/);
});

walking('fold computes bottom-up', () => {
  const evaluate = (expr: Expr): number =>
    fold<number>(expr, (node, [left, right]) => {
      if (node.kind === 'number') return node.value;
      if (node.kind === 'unary') return -left!;
      return node.kind === 'binary' && node.op === '*' ? left! * right! : left! + right!;
    });
  assert.is(evaluate(parseExpression('1 + 2 * -(3 + 4)')), -13);
});

walking('rewrite shares what it does not change', () => {
  const renamed = rewrite(tree, (node) => (node.kind === 'name' && node.name === 'c' ? name('d') : node));
  assert.is(printExpr(renamed), text.replaceAll(/\bc\b/g, 'd'));
  assert.is(getAt(renamed, [0, 0]), getAt(tree, [0, 0]));
  assert.is(
    rewrite(tree, (node) => node),
    tree,
  );
});

walking('replaceAt changes one place, and nothing of the old tree', () => {
  const frozen = freeze(parseExpression(text));
  visit(frozen, (node, path) => {
    const at: Path = [...path];
    const marked = replaceAt(frozen, at, name('marker'));
    assert.is(printExpr(getAt(marked, at)), 'marker');
    assert.ok(equalTrees(replaceAt(marked, at, node), frozen));
  });
  assert.throws(() => getAt(frozen, [7]), /internal error: no child 7 in binary/);
  assert.throws(() => replaceAt(frozen, [0, 9], num(1)), /internal error/);
});

walking('equality is blind to places and to nothing else', () => {
  const spaced = parseExpression(
    'sum( a *  2, b, k = - c where (a == 1)) + (if a then b else if c then 3 else 4)',
  );
  assert.ok(equalTrees(tree, spaced));
  for (const other of [
    'a + b',
    'b + a',
    'a - b',
    'a',
    'f(a, b)',
    'f(a, k = b)',
    'f(a, b where c)',
    'f(a)',
    '1',
    '2',
    '?',
  ])
    for (const one of ['a + b', 'f(a, b)', 'f(a, k = b)', '1', '?'])
      assert.is(
        equalTrees(parseExpression(one), parseExpression(other)),
        one === other,
        `${one} and ${other}`,
      );
});

walking('builders make what the parser makes', () => {
  const cases: readonly (readonly [Expr, string])[] = [
    [num(-1), '-1'],
    [num(-0), '0'],
    [minus(num(2.5)), '-2.5'],
    [call('f', [name('a')], { k: num(1), l: num(2) }, name('c')), 'f(a, k = 1, l = 2 where c)'],
    [ifExpr([[name('a'), num(1)]], num(2)), 'if a then 1 else 2'],
  ];
  for (const [built, source] of cases) assert.ok(equalTrees(built, parseExpression(source)), source);
  assert.throws(() => num(Number.NaN), /internal error/);
  assert.throws(() => num(Number.POSITIVE_INFINITY), /internal error/);
  assert.throws(() => ifExpr([], num(1)), /internal error/);
});

walking('a tree 100,000 deep ends no stack', () => {
  const terms = 100_000;
  let sum: Expr = name('x');
  for (let term = 1; term < terms; term += 1) sum = binary('+', sum, name('x'));
  assert.is(countNodes(sum), 2 * terms - 1);
  assert.is(depth(sum), terms);
  assert.is(
    fold<number>(sum, (node, results) =>
      results.reduce((total, one) => total + one, node.kind === 'name' ? 1 : 0),
    ),
    terms,
  );
  const doubled = rewrite(sum, (node) => (node.kind === 'name' ? num(2) : node));
  assert.not(equalTrees(sum, doubled));
  const bottom = new Array<number>(terms - 1).fill(0);
  const marked = replaceAt(sum, bottom, name('y'));
  assert.is(printExpr(marked), `y${' + x'.repeat(terms - 1)}`);
  assert.ok(equalTrees(parseExpression(printExpr(sum)), sum));
  let right: Expr = name('x');
  for (let term = 1; term < terms; term += 1) right = binary('+', name('x'), right);
  assert.is(depth(right), terms);
  assert.is(countNodes(rewrite(right, (node) => node)), 2 * terms - 1);
});

walking.run();
