/** The statistics of a comparison: means with intervals, Welch's test, Holm's correction. Formulas with their sources. */
import { exp } from '../compiler/elementary/exponential.js';
import { log, log1p } from '../compiler/elementary/logarithm.js';
import { pow } from '../compiler/elementary/power.js';
import { invariant } from '../grammar/invariant.js';

/** Mean, spread and confidence interval of a sample. */
export interface Summary {
  /** Values of the sample. */
  readonly count: number;
  /** NaN for an empty sample. */
  readonly mean: number;
  /** Of the sample, with count - 1; NaN for fewer than two values. */
  readonly standardDeviation: number;
  /** Ends of the 95 % confidence interval of the mean, from Student's t; NaN for fewer than two values. */
  readonly low: number;
  readonly high: number;
}

/** Mean, spread and 95 % interval of a sample. An empty one has NaN everywhere. */
export function summarise(values: readonly number[]): Summary {
  const count = values.length;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + pow(value - mean, 2), 0);
  const standardDeviation = Math.sqrt(squares / (count - 1));
  const half =
    count < 2 ? Number.NaN : (studentQuantile(0.975, count - 1) * standardDeviation) / Math.sqrt(count);
  return {
    count,
    mean,
    standardDeviation: count < 2 ? Number.NaN : standardDeviation,
    low: mean - half,
    high: mean + half,
  };
}

/** A t-test of two means whose variances are unknown and may differ (Welch 1947). */
export interface WelchTest {
  /** First mean minus second. */
  readonly difference: number;
  /** The difference in units of its standard error. */
  readonly t: number;
  /** By the formula of Welch and Satterthwaite; rarely a whole number. */
  readonly degreesOfFreedom: number;
  /** Two-sided. */
  readonly p: number;
}

/**
 * Whether two samples have the same mean, their variances unknown and unequal (Welch, 1947). Two samples without any
 * spread are equal with p = 1 or different with p = 0; NaN with fewer than two values in one of them.
 */
export function welchTest(first: readonly number[], second: readonly number[]): WelchTest {
  const [a, b] = [summarise(first), summarise(second)];
  const difference = a.mean - b.mean;
  const [va, vb] = [pow(a.standardDeviation, 2) / a.count, pow(b.standardDeviation, 2) / b.count];
  if (va + vb === 0) {
    const t = difference === 0 ? 0 : difference * Number.POSITIVE_INFINITY;
    return { difference, t, degreesOfFreedom: a.count + b.count - 2, p: difference === 0 ? 1 : 0 };
  }
  const t = difference / Math.sqrt(va + vb);
  const degreesOfFreedom = pow(va + vb, 2) / (pow(va, 2) / (a.count - 1) + pow(vb, 2) / (b.count - 1));
  return { difference, t, degreesOfFreedom, p: studentTwoSided(t, degreesOfFreedom) };
}

/** Holm's step-down correction (1979) of p values for the number of tests; the order stays. NaN stays NaN. */
export function holm(values: readonly number[]): readonly number[] {
  const order = values
    .map((value, index) => ({ value, index }))
    .filter(({ value }) => !Number.isNaN(value))
    .sort((a, b) => a.value - b.value);
  const corrected = values.map(() => Number.NaN);
  let largest = 0;
  for (const [rank, { value, index }] of order.entries()) {
    largest = Math.max(largest, Math.min(1, (order.length - rank) * value));
    corrected[index] = largest;
  }
  return corrected;
}

/** Distribution function of Student's t. */
export function studentCumulative(t: number, degreesOfFreedom: number): number {
  const tail = studentTwoSided(t, degreesOfFreedom) / 2;
  return t > 0 ? 1 - tail : tail;
}

/** Probability of a value at least as far from 0. Abramowitz and Stegun, 26.5.27. */
export function studentTwoSided(t: number, degreesOfFreedom: number): number {
  if (Number.isNaN(t) || !(degreesOfFreedom > 0)) return Number.NaN;
  return incompleteBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5);
}

/** The t below which a share of the distribution lies; by bisection, to 1e-12 relative. */
export function studentQuantile(share: number, degreesOfFreedom: number): number {
  invariant(share > 0 && share < 1 && degreesOfFreedom > 0, 'a quantile is asked for within (0, 1)');
  if (share < 0.5) return -studentQuantile(1 - share, degreesOfFreedom);
  let [low, high] = [0, 1];
  while (studentCumulative(high, degreesOfFreedom) < share && high < 1e15) high *= 2;
  for (let round = 0; round < 200 && high - low > 1e-12 * high; round++) {
    const middle = (low + high) / 2;
    if (studentCumulative(middle, degreesOfFreedom) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Regularised incomplete beta function, by its continued fraction (Abramowitz and Stegun, 26.5.8), Lentz's method. */
function incompleteBeta(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast below the mean; above it, use I_x(a, b) = 1 - I_{1-x}(b, a).
  if (x > (a + 1) / (a + b + 2)) return 1 - incompleteBeta(1 - x, b, a);
  const front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x));
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let result = d;
  for (let m = 1; m <= 500; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    let change = 1;
    for (const term of [even, odd]) {
      d = 1 / nonZero(1 + term * d, tiny);
      c = nonZero(1 + term / c, tiny);
      change = c * d;
      result *= change;
    }
    if (Math.abs(change - 1) < 1e-15) break;
  }
  return (front * result) / a;
}

function nonZero(value: number, tiny: number): number {
  return Math.abs(value) < tiny ? tiny : value;
}

/** Stirling's series after shifting the argument above 10 (Abramowitz and Stegun, 6.1.41); for positive arguments. */
function logGamma(x: number): number {
  let [shift, z] = [0, x];
  while (z < 10) {
    shift += log(z);
    z++;
  }
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z;
  return (z - 0.5) * log(z) - z + log(2 * Math.PI) / 2 + series - shift;
}
