import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitModule } from '../../../../compiler/emit/tfjs/module.js';
import { ELEMENTWISE, type ElementwiseOp, elementwise } from '../../../../compiler/operators/elementwise.js';
import { type Backend, openBackend } from '../../../../src/runtime/backend.js';
import { loadModule } from '../../../../src/runtime/load.js';
import { compiledText } from '../../../helpers/corpus.js';
import { arityOf, emittedOperator } from '../../../helpers/emitted-operator.js';

interface Expectation {
  /** Where the operator is defined, if not everywhere. */
  readonly on?: (...args: number[]) => boolean;
  /** Results smaller than this are measured in its units: the digits that cancel at a root are lost. */
  readonly floor?: number;
  readonly orders?: readonly number[];
  /** How many units in the last place it may be off. */
  readonly most?: number;
}

/** Beyond, float32 does not tell enough angles apart, and wasm does not reduce them. */
const LARGEST_ANGLE = 1e6;
const isAngle = (x: number): boolean => !(Math.abs(x) > LARGEST_ANGLE && Number.isFinite(x));
const isPositive = (x: number): boolean => !(x <= 0);

/** What is special about an operator. One that is not listed is right to some units in the last place everywhere. */
const EXPECTED: { readonly [K in ElementwiseOp]?: Expectation } = {
  // A negative infinity is a negative base; engines differ in 1^Infinity.
  pow: { on: (x, y) => x !== -Infinity && (Number.isFinite(y) || Number.isNaN(y)) },
  sin: { on: isAngle, floor: 1 },
  cos: { on: isAngle, floor: 1 },
  log1mexp: { on: (x) => !(x > 0) },
  // Polynomials whose terms nearly cancel, over one another.
  erfcx: { orders: [0, 1], most: 6 },
  logErfcSlope: { most: 6 },
  // Series that fall by a tenth and more from one end to the other.
  logI0: { orders: [0, 1, 2], most: 9 },
  logI0e: { orders: [0, 1, 2], most: 9 },
  // Differences of terms around 10.
  lgamma: { on: isPositive },
  polygamma: { on: isPositive, floor: 8, orders: [0, 1, 2] },
};

/** Of units in the last place of float32. */
const MOST = 4;
const SMALLEST_NORMAL = 2 ** -126;
const LARGEST = (2 - 2 ** -23) * 2 ** 127;

const SPECIAL = [0, -0, Number.NaN, Infinity, -Infinity];

/** Float32's whole range, and its neighbourhoods of -1, 0 and 1. */
function line(): number[] {
  const numbers = [...SPECIAL];
  for (let e = -44; e <= 38.5; e += 0.25) for (const m of [1, 1.37, -1, -1.37]) numbers.push(m * 10 ** e);
  for (let x = -120; x <= 120; x += 0.37) numbers.push(x);
  for (let x = -3; x <= 3; x += 0.0053) numbers.push(x);
  for (let k = 1; k < 24; k++) numbers.push(2 ** -k - 1, 1 - 2 ** -k, 1 + 2 ** -k);
  return numbers;
}

const SIZES = [1e-42, 1e-37, 1e-20, 1e-8, 1e-4, 0.5, 0.99, 1, 1.01, 2, 3, 7.3, 87, 1e10, 1e20, 3e38];
const FEW = [...SPECIAL, ...SIZES, ...SIZES.map((x) => -x)];

const POINTS: Readonly<Record<number, readonly (readonly number[])[]>> = {
  1: line().map((x) => [x]),
  2: FEW.flatMap((x) => FEW.map((y) => [x, y])),
  3: FEW.flatMap((x) => FEW.flatMap((y) => [0, 1].map((condition) => [condition, x, y]))),
};

/** How far a number is from the right one, in units in the last place of float32. */
function distance(found: number, right: number, floor: number): number {
  const rounded = Math.fround(right);
  if (Object.is(found, rounded) || found === rounded) return 0;
  // Without numbers below the smallest normal one, or beyond the largest.
  if (Math.abs(right) < SMALLEST_NORMAL && Math.abs(found) <= SMALLEST_NORMAL) return 0;
  if (Math.abs(right) > LARGEST && Math.sign(found) === Math.sign(right) && Math.abs(found) >= LARGEST)
    return 0;
  const size = Math.max(Math.abs(right), floor, SMALLEST_NORMAL);
  const off = Math.abs(found - right) / 2 ** (Math.floor(Math.log2(size)) - 23);
  return Number.isNaN(off) ? Infinity : off;
}

/** Where an emitted operator is further off than it may be, in words. */
function faults(op: ElementwiseOp, order: number): string[] {
  const { on = () => true, floor = 0, most = MOST } = EXPECTED[op] ?? {};
  const points = POINTS[arityOf(op)]!.map((point) => point.map(Math.fround)).filter((point) => on(...point));
  assert.ok(points.length > 500, `${op} is tried at ${points.length} points`);
  return tf.tidy(() => {
    const args = Array.from({ length: arityOf(op) }, (_, k) => tf.tensor1d(points.map((point) => point[k]!)));
    const found = emittedOperator(tf, op, order)(...args).dataSync();
    return points.flatMap((point, i) => {
      const right = elementwise(op).evaluate(point, order);
      const off = distance(found[i]!, right, floor);
      return off <= most ? [] : [`${op}(${point.join(', ')}) is ${found[i]}, and ${right} is right`];
    });
  });
}

/** Slopes that a difference from 1 would take the digits from. */
const SLOPES: Readonly<Record<string, (x: number) => number>> = {
  tanh: (x) => Math.cosh(x) ** -2,
  sigmoid: (x) => (2 * Math.cosh(x / 2)) ** -2,
};

for (const place of ['cpu', 'wasm'] as const) {
  const operators = suite(`operators in float32 on ${place}`);
  let backend: Backend;
  operators.before(async () => {
    backend = await openBackend({ name: place });
    await tf.setBackend(place);
  });
  operators.after(() => backend.release());

  for (const op of Object.keys(ELEMENTWISE) as ElementwiseOp[]) {
    operators(`${op} is right to ${EXPECTED[op]?.most ?? MOST} units in the last place, NaN included`, () => {
      for (const order of EXPECTED[op]?.orders ?? [0]) assert.equal(faults(op, order).slice(0, 5), []);
    });
  }

  for (const [name, slope] of Object.entries(SLOPES)) {
    operators(`the slope of ${name} keeps its digits where it is nearly 0`, () => {
      const module = loadModule(
        tf,
        emitModule(compiledText(`loss a(prediction: real) = ${name}(prediction)`)),
      );
      const points = [-40, -20, -8, -2, -0.5, 0, 0.3, 1, 3, 8, 12, 20, 40];
      const found = tf.tidy(() => {
        const { gradients } = module.valueAndGradients([tf.tensor1d(points)], { reduction: 'sum' });
        return gradients['prediction']!.dataSync();
      });
      const off = points.flatMap((x, i) =>
        distance(found[i]!, slope(x), 0) <= 2 * MOST
          ? []
          : [`at ${x} it is ${found[i]}, and ${slope(x)} is right`],
      );
      assert.equal(off, []);
    });
  }
  operators.run();
}
