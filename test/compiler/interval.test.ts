/** Bounds hold what they are bounds of, and are narrow. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  add,
  exactly,
  type Interval,
  isPoint,
  multiply,
  subtract,
} from '../../compiler/interval/interval.js';
import { INTERVALS } from '../../compiler/interval/operators.js';
import { ELEMENTWISE, type ElementwiseOp } from '../../compiler/operators/elementwise.js';

const SEED = 20261126;
const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ min: -20, max: 20, noNaN: true }),
  fc.constantFrom(0, 1, -1, 0.5, 2, 1e-300, 1e300, 710),
);
const interval = fc.tuple(number, number).map(([a, b]) => ({ lo: Math.min(a, b), hi: Math.max(a, b) }));
/** A number between two others, whatever their size. */
const pick = ({ lo, hi }: Interval, share: number): number =>
  Math.min(hi, Math.max(lo, lo * (1 - share) + hi * share));

const bounds = suite('bounds');

for (const op of Object.keys(INTERVALS) as ElementwiseOp[]) {
  const { arity, evaluate } = ELEMENTWISE[op];
  const count = arity === 'many' ? 3 : arity;
  bounds(`${op} of numbers within bounds is within its bounds`, () => {
    const args = fc.array(fc.tuple(interval, fc.double({ min: 0, max: 1, noNaN: true })), {
      minLength: count,
      maxLength: count,
    });
    const property = fc.property(args, (given) => {
      const { lo, hi } = INTERVALS[op](
        given.map(([one]) => one),
        0,
      );
      const value = evaluate(
        given.map(([one, share]) => pick(one, share)),
        0,
      );
      // An infinite float64 stands for something larger than all others; a product of 0 and infinity is none.
      const size = Math.min(Math.max(value, -Number.MAX_VALUE), Number.MAX_VALUE);
      assert.ok(Number.isNaN(value) || (lo <= size && size <= hi), `${value} is not in [${lo}, ${hi}]`);
    });
    fc.assert(property, { seed: SEED, numRuns: 2000 });
  });
}

bounds('sums, differences and products hold the exact one, found with whole numbers', () => {
  const whole = fc.integer({ min: -(2 ** 31), max: 2 ** 31 });
  const property = fc.property(whole, whole, fc.integer({ min: 0, max: 60 }), (a, b, shift) => {
    const [x, y] = [a * 2 ** shift, b];
    const [p, q] = [BigInt(a) << BigInt(shift), BigInt(b)];
    for (const [found, exact] of [
      [add(exactly(x), exactly(y)), p + q],
      [subtract(exactly(x), exactly(y)), p - q],
      [multiply(exactly(x), exactly(y)), p * q],
    ] as const) {
      assert.ok(BigInt(found.lo) <= exact && exact <= BigInt(found.hi));
      if (BigInt(Number(exact)) === exact && Math.abs(Number(exact)) < 2 ** 53) assert.ok(isPoint(found));
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 2000 });
});

bounds('what cancels leaves bounds as wide as what was lost', () => {
  const sum = subtract(add(exactly(1e-20), exactly(1e8)), exactly(1e8));
  assert.ok(sum.lo <= 1e-20 && sum.hi >= 1e-20 && sum.hi < 1e-7);
  const exp = INTERVALS.exp([exactly(1000)], 0);
  const log = INTERVALS.log([exp], 0);
  assert.ok(log.lo <= 1000 && log.lo > 709 && log.hi === Number.POSITIVE_INFINITY);
});

for (const op of ['exp', 'log', 'log1p', 'expm1', 'sigmoid', 'softplus', 'tanh', 'sqrt', 'atan'] as const) {
  bounds(`${op} of a number has all but the last digits`, () => {
    for (const x of [1e-9, 0.3, 1, 2.5, 30]) {
      const { lo, hi } =
        op === 'sqrt' ? INTERVALS.pow([exactly(x), exactly(0.5)], 0) : INTERVALS[op]([exactly(x)], 0);
      assert.ok(hi - lo <= 2 ** -46 * Math.max(Math.abs(lo), Number.MIN_VALUE), `${x}: ${hi - lo}`);
    }
  });
}

bounds.run();
