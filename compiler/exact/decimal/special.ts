import type { Elementary } from './elementary.js';
import type { ErrorFunction } from './error-function.js';
import { errorFunction } from './error-function.js';
import type { BigNumber, BigNumberClass } from './number.js';

/** Special functions to any number of digits, from series with positive terms or with a remainder below the last digit. */
export interface Special extends ErrorFunction {
  readonly lgamma: (x: BigNumber) => BigNumber;
  readonly digamma: (x: BigNumber) => BigNumber;
}

export function special(
  Big: BigNumberClass,
  elementary: Elementary,
  elementaryOf: (Wide: BigNumberClass) => Elementary,
): Special {
  const { log, sin, cos, pi } = elementary;
  const { precision } = Big;
  const least = new Big(10).pow(-precision - 5);
  const nan = new Big(Number.NaN);
  const halfLogTau = log(pi.times(2)).div(2);

  /** From here on Stirling's series of this many digits converges before it diverges: its least term is about exp(-2 pi x). */
  const far = Math.ceil(precision * 0.45) + 5;
  const bernoulli = bernoulliNumbers(Big, far);

  /** The argument moved up to where the series hold. */
  function raised(x: BigNumber, each: (y: BigNumber) => void): BigNumber {
    let y = x;
    for (; y.lt(far); y = y.plus(1)) each(y);
    return y;
  }

  /** Stirling's series (Abramowitz and Stegun 6.1.41), reached by gamma(x + 1) = x gamma(x); below 0 by reflection (6.1.17). */
  function lgamma(x: BigNumber): BigNumber {
    if (x.isNaN()) return x;
    if (!x.isFinite()) return new Big(Number.POSITIVE_INFINITY);
    if (x.lte(0)) {
      if (x.isInteger()) return new Big(Number.POSITIVE_INFINITY);
      return log(pi.div(sin(pi.times(x)).abs())).minus(lgamma(x.neg().plus(1)));
    }
    let passed = new Big(1);
    const y = raised(x, (step) => {
      passed = passed.times(step);
    });
    const squared = y.times(y);
    let power = y;
    let sum = new Big(0);
    for (const [i, number] of bernoulli.entries()) {
      const k = 2 * (i + 1);
      const term = number.div(power.times(k * (k - 1)));
      sum = sum.plus(term);
      if (term.abs().lt(least)) break;
      power = power.times(squared);
    }
    return y.minus(0.5).times(log(y)).minus(y).plus(halfLogTau).plus(sum).minus(log(passed));
  }

  /** Abramowitz and Stegun 6.3.18, 6.3.5 and, below 0, 6.3.7. */
  function digamma(x: BigNumber): BigNumber {
    if (x.isNaN() || !x.isFinite()) return x.isNegative() ? nan : x;
    if (x.lte(0)) {
      if (x.isInteger()) return nan;
      const angle = pi.times(x);
      return digamma(x.neg().plus(1)).minus(pi.times(cos(angle)).div(sin(angle)));
    }
    let passed = new Big(0);
    const y = raised(x, (step) => {
      passed = passed.plus(new Big(1).div(step));
    });
    const squared = y.times(y);
    let power = squared;
    let sum = new Big(0);
    for (const [i, number] of bernoulli.entries()) {
      const term = number.div(power.times(2 * (i + 1)));
      sum = sum.plus(term);
      if (term.abs().lt(least)) break;
      power = power.times(squared);
    }
    return log(y).minus(new Big(0.5).div(y)).minus(sum).minus(passed);
  }

  return { ...errorFunction(Big, elementary, elementaryOf), lgamma, digamma };
}

/** B_2, B_4, … as many as asked, from tangent numbers (Brent and Harvey 2011, "Fast computation of Bernoulli, Tangent and Secant numbers"). */
function bernoulliNumbers(Big: BigNumberClass, count: number): readonly BigNumber[] {
  const tangent = [0n, 1n];
  for (let k = 2; k <= count; k++) tangent[k] = BigInt(k - 1) * tangent[k - 1]!;
  for (let k = 2; k <= count; k++)
    for (let j = k; j <= count; j++)
      tangent[j] = BigInt(j - k) * tangent[j - 1]! + BigInt(j - k + 2) * tangent[j]!;
  return tangent.slice(1).map((number, i) => {
    const k = i + 1;
    const four = new Big(4).pow(k);
    const size = new Big(String(number)).times(2 * k).div(four.times(four.minus(1)));
    return k % 2 === 0 ? size.neg() : size;
  });
}
