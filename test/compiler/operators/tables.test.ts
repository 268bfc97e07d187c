/** Rows of the operators agree with each other and with their own meaning. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { AXIS, type AxisOp, isReduction, reduction } from '../../../compiler/operators/axis.js';
import { isInside, isOutside } from '../../../compiler/operators/domain.js';
import {
  domainsOf,
  ELEMENTWISE,
  type ElementwiseOp,
  elementwise,
  operatorRange,
} from '../../../compiler/operators/elementwise.js';
import { OPERATORS, rankOf } from '../../../compiler/operators/order.js';
import { type Range, range } from '../../../compiler/operators/range.js';
import { createRandom } from '../../../src/random.js';

const ELEMENTWISE_OPS = Object.keys(ELEMENTWISE) as ElementwiseOp[];
const AXIS_OPS = Object.keys(AXIS) as AxisOp[];

const tables = suite('tables of operators');

tables('no two operators have one rank', () => {
  assert.is(new Set(OPERATORS.map(rankOf)).size, OPERATORS.length);
});

const point = (x: number): Range => range(x, x, { integer: Number.isInteger(x) });
const INTERESTING = [-3, -1, -0.5, 0, 0.5, 1, 2, 7.25];

for (const op of ELEMENTWISE_OPS) {
  const { arity, evaluate } = elementwise(op);
  const count = arity === 'many' ? 3 : arity;
  const points = createPoints(count, op);

  tables(`${op} gives a number inside its domain, and none or an infinite one outside`, () => {
    for (const args of points) {
      const ranges = args.map(point);
      const domains = domainsOf(op, ranges, 0);
      const value = evaluate(args, 0);
      if (domains.some((domain, i) => isOutside(domain, ranges[i]!))) {
        assert.not(domains.every((domain, i) => isInside(domain, ranges[i]!)));
        // log |gamma(x)| has values below 0, which the language leaves out.
        if (op !== 'lgamma') assert.not(Number.isFinite(value), `${op}(${args}) is ${value}`);
      } else if (domains.every((domain, i) => isInside(domain, ranges[i]!) && domain.pole === undefined))
        assert.ok(Number.isFinite(value), `${op}(${args}) is ${value}`);
    }
  });

  tables(`${op} of numbers is within the bounds of its range`, () => {
    for (const args of points) {
      const value = evaluate(args, 0);
      if (!Number.isFinite(value)) continue;
      const wide = args.map((x, i) => range(x - (i % 2), x + 0.5));
      for (const ranges of [args.map(point), wide]) {
        const { lo, hi, nonzero, integer } = operatorRange(op, ranges, 0);
        const slack = 1e-12 * Math.max(1, Math.abs(value));
        assert.ok(
          lo - slack <= value && value <= hi + slack,
          `${op}(${args}) is ${value}, not in ${lo} to ${hi}`,
        );
        assert.not(nonzero && value === 0);
        assert.not(integer && !Number.isInteger(value));
      }
    }
  });
}

function createPoints(count: number, seed: string): number[][] {
  const random = createRandom(seed);
  const draw = (): number => (random.next() < 0.6 ? random.pick(INTERESTING) : 3 * random.normal());
  return Array.from({ length: 300 }, () => Array.from({ length: count }, draw));
}

for (const op of AXIS_OPS.filter(isReduction)) {
  const { evaluate, neutral, nests } = reduction(op);
  const random = createRandom(op);
  const entries = (length: number): Float64Array => Float64Array.from({ length }, () => random.normal());
  const close = (a: number, b: number): boolean =>
    a === b || Math.abs(a - b) < 1e-12 * Math.max(1, Math.abs(a));

  tables(`${op} of nothing is its neutral element, which adds nothing`, () => {
    assert.is(evaluate(new Float64Array()), neutral);
    for (let i = 0; i < 20; i++) {
      const some = entries(4);
      assert.ok(close(evaluate(Float64Array.of(...some, neutral)), evaluate(some)));
    }
  });

  if (nests)
    tables(`${op} of ${op} is one over both axes`, () => {
      for (let i = 0; i < 20; i++) {
        const [a, b] = [entries(3), entries(3)];
        const inner = Float64Array.of(evaluate(a), evaluate(b));
        assert.ok(close(evaluate(inner), evaluate(Float64Array.of(...a, ...b))));
      }
    });
}

for (const op of AXIS_OPS) {
  const row = AXIS[op];
  if (!('evaluate' in row)) continue;
  const of = (entries: Float64Array): readonly number[] =>
    [row.evaluate(entries)].flatMap((x) => (typeof x === 'number' ? [x] : [...x]));
  const random = createRandom(op);
  const draw = (): Float64Array => Float64Array.from({ length: 4 }, () => random.normal());

  tables(`${op} of entries within bounds is within the bounds of its range`, () => {
    for (let i = 0; i < 100; i++) {
      const entries = draw();
      const within = range(Math.min(...entries), Math.max(...entries));
      const { lo, hi } = row.range(within, 4);
      for (const x of of(entries)) assert.ok(lo - 1e-12 <= x && x <= hi + 1e-12);
    }
  });

  if (row.symmetric)
    tables(`${op} does not see the order of the entries`, () => {
      const entries = draw();
      const turned = entries.toReversed();
      const [found, other] = [of(entries), of(turned)];
      const expected = found.length === 1 ? found : found.toReversed();
      for (const [i, x] of expected.entries()) assert.ok(Math.abs(x - other[i]!) < 1e-12);
    });
}

tables.run();
