import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lossHash } from '../../compiler/canonical/canonical.js';
import { evaluate } from '../../compiler/evaluate/evaluate.js';
import { lowerLoss } from '../../compiler/lower/lower.js';
import type { LoweredLoss } from '../../compiler/lower/lowered.js';
import { programOf } from '../../compiler/resolve/program.js';
import { printExpr } from '../../grammar/print/print.js';
import { parse } from '../../grammar/read/parse.js';
import type { Expr, LossDecl } from '../../grammar/tree/ast.js';
import { binary, call, minus, name, num } from '../../grammar/tree/build.js';
import { rewrite } from '../../grammar/tree/walk.js';
import { createRandom } from '../../src/random.js';

/**
 * Of polynomials, with sums over an axis and over a copy of it, is known which are equal: those with equal values. So the
 * canonical form can be tested from both sides: equal ones have one hash, others have different hashes.
 */
const PAIRS = 400;
const SIZES = [2, 3, 5];

const SIGNATURE = parse({
  name: 'polynomial.loss',
  text: 'loss f(data t: real[class], p: real[class]; c: real = 2) = sum(t * p, class)',
}).file.declarations[0] as LossDecl;

const lossOf = (result: Expr): LossDecl => ({ ...SIGNATURE, body: { lets: [], result } });

function lower(body: Expr): LoweredLoss | undefined {
  const decl = lossOf(body);
  return lowerLoss(programOf([decl]), decl).loss;
}

interface Tie {
  readonly row: Expr;
  readonly item: Expr;
}

/** Expressions along the class, and numbers for each item. */
const { item } = fc.letrec<Tie>((tie: fc.LetrecTypedTie<Tie>) => {
  const operation = (x: fc.Arbitrary<Expr>, y: fc.Arbitrary<Expr>): fc.Arbitrary<Expr> =>
    fc.tuple(fc.constantFrom('+', '-', '*', '*'), x, y).map(([op, a, b]) => binary(op as '+', a, b));
  const power = (x: fc.Arbitrary<Expr>): fc.Arbitrary<Expr> =>
    fc.tuple(fc.constantFrom(2, 3), x).map(([n, a]) => binary('^', a, num(n)));
  const summed = tie('row').map((row): Expr => call('sum', [row, name('class')]));
  /** A sum over a copy of the axis, which the value for each class may use. */
  const paired = tie('row').map(
    (row): Expr =>
      call('sum', [
        binary('*', name('p'), call('rename', [row, name('class'), name('other')])),
        name('other'),
      ]),
  );
  return {
    row: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<Expr>(name('p'), name('t')),
      operation(tie('row'), tie('row')),
      operation(tie('row'), tie('item')),
      power(tie('row')),
      paired,
    ),
    item: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 1, arbitrary: fc.constantFrom<Expr>(name('c'), num(2), num(0.5)) },
      { weight: 4, arbitrary: summed },
      { weight: 2, arbitrary: operation(tie('item'), tie('item')) },
    ),
  };
});

/** Products of sums and powers of sums multiplied out, sums of sums taken apart. */
const expanded = (expr: Expr): Expr =>
  rewrite(expr, (node) => {
    if (node.kind === 'binary' && node.op === '^' && node.right.kind === 'number') {
      const whole = Array.from({ length: node.right.value }, () => node.left).reduce(multiplied);
      return whole;
    }
    if (node.kind === 'binary' && node.op === '*') return multiplied(node.left, node.right);
    if (node.kind === 'call' && node.callee.name === 'sum' && node.args.length === 2)
      return termsOf(node.args[0]!)
        .map((term) => call('sum', [term, node.args[1]!]) as Expr)
        .reduce((x, y) => binary('+', x, y));
    return node;
  });

/** Most terms that a product is multiplied out to. */
const MOST_TERMS = 24;

function multiplied(x: Expr, y: Expr): Expr {
  const [left, right] = [termsOf(x), termsOf(y)];
  if (left.length * right.length > MOST_TERMS) return binary('*', x, y);
  return left.flatMap((a) => right.map((b): Expr => binary('*', a, b))).reduce((a, b) => binary('+', a, b));
}

function termsOf(expr: Expr): Expr[] {
  if (expr.kind !== 'binary' || (expr.op !== '+' && expr.op !== '-')) return [expr];
  const right = termsOf(expr.right);
  return [...termsOf(expr.left), ...(expr.op === '-' ? right.map(minus) : right)];
}

/** The values of one item at random points, with as many classes as in `SIZES`, and the largest intermediate results. */
function values(loss: LoweredLoss): { value: number; size: number }[] {
  return SIZES.map((classes) => {
    const random = createRandom(`point ${classes}`);
    const points = new Map(
      ['t', 'p'].map((leaf) => [leaf, Float64Array.from({ length: classes }, () => random.normal())]),
    );
    const parameter = Float64Array.of(1 + random.next());
    const results = evaluate(loss.graph, [loss.value], {
      sizes: [1, classes, classes],
      leaf: ({ leaf, axes }) => ({ axes, data: points.get(leaf!.name) ?? parameter }),
    });
    let size = 1;
    for (const { data } of results.values()) for (const x of data) size = Math.max(size, Math.abs(x));
    return { value: results.get(loss.value)!.data[0]!, size };
  });
}

const polynomials = suite('the canonical form of polynomials');

polynomials('multiplying out, inside reductions too, keeps the hash', () => {
  let compared = 0;
  fc.assert(
    fc.property(item, (body) => {
      const [before, after] = [lower(body), lower(expanded(body))];
      if (before === undefined || after === undefined) return;
      compared++;
      assert.is(lossHash(after), lossHash(before), printExpr(body));
    }),
    { numRuns: PAIRS },
  );
  assert.ok(compared > PAIRS / 2, `only ${compared} were losses`);
});

polynomials('one hash means equal values, and equal values one hash', () => {
  const seen = new Map<string, { body: string; values: { value: number; size: number }[] }>();
  const byValue = new Map<string, { body: string; hash: string }>();
  let different = 0;
  fc.assert(
    fc.property(item, (body) => {
      const loss = lower(body);
      if (loss === undefined) return;
      const [hash, text] = [lossHash(loss), printExpr(body)];
      const here = values(loss);
      if (here.some(({ size }) => !(size < 1e4))) return;
      const known = seen.get(hash);
      if (known === undefined) {
        different++;
        seen.set(hash, { body: text, values: here });
      } else
        for (const [k, { value, size }] of here.entries())
          assert.ok(Math.abs(value - known.values[k]!.value) <= 1e-9 * size, `${text}\nis not ${known.body}`);
      const rounded = here.map(({ value }) => value.toPrecision(8)).join();
      const twin = byValue.get(rounded);
      if (twin === undefined) byValue.set(rounded, { body: text, hash });
      else assert.is(hash, twin.hash, `${text}\nis ${twin.body}`);
    }),
    { numRuns: 5 * PAIRS },
  );
  assert.ok(different > PAIRS / 2, `only ${different} hashes`);
});

polynomials.run();
