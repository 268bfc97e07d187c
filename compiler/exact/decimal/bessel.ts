import type { Elementary } from './elementary.js';
import type { BigNumber, BigNumberClass } from './number.js';

/** Modified Bessel functions of orders 0 and 1 to any number of digits. */
export interface Bessel {
  readonly i0: (x: BigNumber) => BigNumber;
  readonly i0e: (x: BigNumber) => BigNumber;
  readonly i1: (x: BigNumber) => BigNumber;
  readonly i1e: (x: BigNumber) => BigNumber;
  readonly logI0: (x: BigNumber) => BigNumber;
  readonly logI0e: (x: BigNumber) => BigNumber;
}

export function bessel(Big: BigNumberClass, { exp, log, log1p, pi }: Elementary): Bessel {
  const { precision } = Big;
  const least = new Big(10).pow(-precision - 5);
  /** From here on the least term of the asymptotic series, about exp(-2 x), is below the last digit. */
  const far = ((precision + 5) * Math.LN10) / 2 + 5;

  /** I0(x) - 1, or I1(x) / (x / 2) - 1, by their series of positive terms (Abramowitz and Stegun 9.6.10). */
  function rest(order: 0 | 1, x: BigNumber): BigNumber {
    const quarter = x.times(x).div(4);
    let sum = new Big(0);
    let term = new Big(1);
    for (let k = 1; k === 1 || term.gt(sum.times(least)); k++) {
      term = term.times(quarter).div(k * (k + order));
      sum = sum.plus(term);
    }
    return sum;
  }

  /** exp(-a) times the function of an order, for a >= 0: far out by Hankel's series (Abramowitz and Stegun 9.7.1). */
  function scaled(order: 0 | 1, a: BigNumber): BigNumber {
    if (a.lt(far)) {
      const front = order === 0 ? new Big(1) : a.div(2);
      return front.times(rest(order, a).plus(1)).times(exp(a.neg()));
    }
    if (!a.isFinite()) return new Big(0);
    let [sum, term] = [new Big(1), new Big(1)];
    for (let k = 1; term.abs().gt(least); k++) {
      term = term.times((2 * k - 1) * (2 * k - 1) - 4 * order).div(a.times(8 * k));
      sum = sum.plus(term);
    }
    return sum.div(a.times(pi).times(2).sqrt());
  }

  const sided = (x: BigNumber, size: BigNumber): BigNumber => (x.isNegative() ? size.neg() : size);
  /** Without the scale: at infinity, where the scaled value is 0, infinite. */
  const whole = (order: 0 | 1, a: BigNumber): BigNumber =>
    a.isFinite() ? exp(a).times(scaled(order, a)) : a;

  return {
    i0: (x) => whole(0, x.abs()),
    i0e: (x) => scaled(0, x.abs()),
    i1: (x) => sided(x, whole(1, x.abs())),
    i1e: (x) => sided(x, scaled(1, x.abs())),
    logI0: (x) => {
      const a = x.abs();
      if (a.lt(far)) return log1p(rest(0, a));
      return a.isFinite() ? a.plus(log(scaled(0, a))) : a;
    },
    logI0e: (x) => {
      const a = x.abs();
      return a.lt(1) ? log1p(rest(0, a)).minus(a) : log(scaled(0, a));
    },
  };
}
