import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  holm,
  studentCumulative,
  studentQuantile,
  studentTwoSided,
  summarise,
  welchTest,
} from '../src/statistics.js';
import { assertClose } from './helpers/close.js';

const statistics = suite('statistics');

/** Closed forms: 1 degree of freedom is Cauchy's distribution; 2 and 4 have algebraic ones. */
statistics('Student’s distribution has its closed forms', () => {
  for (const t of [-30, -3, -1, -0.1, 0, 0.5, 1, 2.5, 40]) {
    assertClose(studentCumulative(t, 1), 0.5 + Math.atan(t) / Math.PI, 1e-12, `1 at ${t}`);
    assertClose(studentCumulative(t, 2), 0.5 + t / (2 * Math.sqrt(2 + t * t)), 1e-12, `2 at ${t}`);
    const s = t / Math.sqrt(4 + t * t);
    assertClose(studentCumulative(t, 4), 0.5 + 0.75 * (s - s ** 3 / 3), 1e-12, `4 at ${t}`);
  }
});

/** Printed tables of the distribution. */
statistics('quantiles agree with tables', () => {
  for (const [share, degrees, expected] of [
    [0.975, 1, 12.7062],
    [0.975, 9, 2.262157],
    [0.95, 10, 1.812461],
    [0.995, 30, 2.749996],
    [0.975, 120, 1.97993],
    [0.025, 9, -2.262157],
  ] as const) {
    assertClose(studentQuantile(share, degrees), expected, 1e-6, `${share} of ${degrees}`);
  }
});

statistics('many degrees of freedom come near the normal distribution', () => {
  assertClose(studentQuantile(0.975, 1e7), 1.959964, 1e-6);
  assertClose(studentTwoSided(1.959964, 1e7), 0.05, 1e-6);
});

statistics('far tails keep their size', () => {
  // 1 - F(t) of 4 degrees of freedom behaves like 3 / t^4: the density is 12 / t^5 there.
  assertClose((studentTwoSided(1000, 4) / 2) * 1e12, 3, 1e-4);
});

statistics('a sample has its mean, spread and interval', () => {
  const found = summarise([2, 4, 4, 4, 5, 5, 7, 9]);
  assert.is(found.mean, 5);
  assertClose(found.standardDeviation, Math.sqrt(32 / 7), 1e-12);
  // 2.364624 is the 97.5 % quantile for 7 degrees of freedom.
  assertClose(found.high - found.mean, (2.364624 * Math.sqrt(32 / 7)) / Math.sqrt(8), 1e-6);
  assert.is(summarise([3]).mean, 3);
  assert.ok(Number.isNaN(summarise([3]).low));
  assert.ok(Number.isNaN(summarise([]).mean));
});

/** Worked by hand: means 3 and 7, variances 2.5 and 10, five values each: t = -4 / sqrt(2.5), df = 6.25 / (0.0625 + 1). */
statistics('Welch’s test', () => {
  const found = welchTest([1, 2, 3, 4, 5], [3, 5, 7, 9, 11]);
  assertClose(found.t, -4 / Math.sqrt(2.5), 1e-12);
  assertClose(found.degreesOfFreedom, 6.25 / 1.0625, 1e-12);
  assertClose(found.p, studentTwoSided(4 / Math.sqrt(2.5), 6.25 / 1.0625), 1e-12);
  assert.ok(found.p > 0.04 && found.p < 0.05);
  assert.is(welchTest([1, 1], [1, 1]).p, 1);
  assert.is(welchTest([1, 1], [2, 2]).p, 0);
  assert.ok(Number.isNaN(welchTest([1], [2, 3]).p));
});

statistics('Holm’s correction multiplies by the tests left, never falls, and is at most 1', () => {
  assertClose([...holm([0.01, 0.04, 0.03, 0.005])], [0.03, 0.06, 0.06, 0.02], 1e-12);
  assertClose([...holm([0.5, 0.9])], [1, 1], 1e-12);
  assert.equal(holm([]), []);
  assertClose([...holm([Number.NaN, 0.02])], [Number.NaN, 0.02], 1e-12);
});

statistics.run();
