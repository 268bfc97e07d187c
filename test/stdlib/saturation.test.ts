import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ALLOWANCES, INFINITE } from './exceptions.js';
import { LOSSES } from './library.js';
import { BEYOND, LARGEST, measure, type Pair, POINTS, type Point, SMALLEST } from './precise.js';

/** Of the size of a value, or of the largest entry of an item's gradient. */
const RELATIVE = 1e-5;

const accuracy = suite('accuracy in float32 against arbitrary precision');

/** Whether a number is as near to the exact one as float32 allows; saturates where that does not fit. */
function isAccurate(name: string, { found, exact, size }: Pair, absolute: number): boolean {
  if (name in INFINITE && Math.abs(found) === Number.POSITIVE_INFINITY && !(Math.abs(exact) <= LARGEST))
    return Number.isNaN(exact) || Math.sign(found) === Math.sign(exact);
  if (!Number.isFinite(found)) return false;
  if (Number.isNaN(exact)) return true;
  if (Math.abs(exact) > LARGEST) return Math.sign(found) === Math.sign(exact) && Math.abs(found) > BEYOND;
  return Math.abs(found - exact) <= RELATIVE * size + absolute + 100 * SMALLEST;
}

const describe = (point: Point, { what, found, exact }: Pair): string =>
  `${point.loss} (${point.form}), ${point.note}, ${what}: ${found}, exactly ${exact}`;

accuracy('every loss has points, every allowance a loss', () => {
  const covered = new Set(POINTS.map((point) => point.loss));
  assert.equal([...covered].sort(), [...LOSSES]);
  for (const name of [...Object.keys(ALLOWANCES), ...Object.keys(INFINITE)])
    assert.ok(covered.has(name), name);
});

for (const name of LOSSES) {
  accuracy(`${name}: value and gradient wherever they fit`, () => {
    const { value = 0, gradient = 0 } = ALLOWANCES[name] ?? {};
    for (const point of POINTS.filter((entry) => entry.loss === name)) {
      const { values, gradients } = measure(point);
      for (const pair of values) assert.ok(isAccurate(name, pair, value), describe(point, pair));
      for (const pair of gradients) assert.ok(isAccurate(name, pair, gradient), describe(point, pair));
    }
  });
}

/** The largest entry of each item's gradient, where it is worth a step. */
const leading = (pairs: readonly Pair[]): readonly Pair[] =>
  pairs.filter(({ exact, size }) => size > 1e-6 && Math.abs(exact) === size);

for (const name of LOSSES) {
  const points = POINTS.filter((point) => point.loss === name && point.form === 'logits');
  if (points.length === 0) continue;
  accuracy(`${name}: from logits always finite, and never without a slope where there is one`, () => {
    for (const point of points) {
      const { values, gradients } = measure(point);
      for (const pair of [...values, ...gradients])
        assert.ok(Number.isFinite(pair.found), describe(point, pair));
      for (const pair of leading(gradients)) {
        assert.is(Math.sign(pair.found), Math.sign(pair.exact), describe(point, pair));
      }
    }
  });
}

accuracy.before(async () => {
  await tf.setBackend('cpu');
});

accuracy.run();
