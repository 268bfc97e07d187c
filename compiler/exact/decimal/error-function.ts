import type { Elementary } from './elementary.js';
import type { BigNumber, BigNumberClass } from './number.js';

/** The error function and its complement to any number of digits, on the whole line. */
export interface ErrorFunction {
  readonly erf: (x: BigNumber) => BigNumber;
  readonly erfc: (x: BigNumber) => BigNumber;
  readonly erfcx: (x: BigNumber) => BigNumber;
  readonly logErfc: (x: BigNumber) => BigNumber;
}

/** Numbers of more digits are made in steps, so that few kinds of them are. */
const STEP = 64;
/** mathjs knows pi to 1,025 digits. */
const MOST_PRECISE = 1000;

export function errorFunction(
  Big: BigNumberClass,
  { exp, log, log1p, pi }: Elementary,
  elementaryOf: (Wide: BigNumberClass) => Elementary,
): ErrorFunction {
  const { precision } = Big;
  const least = new Big(10).pow(-precision - 5);
  /** From here on the square says that exp(-x^2) is below the last digit. */
  const far = 2.31 * (precision + 5);
  const rootPi = pi.sqrt();

  /** Kummer's series, of positive terms (Abramowitz and Stegun 7.1.6). */
  function erf(x: BigNumber): BigNumber {
    if (x.isNaN() || x.isZero()) return x;
    const square = x.times(x);
    // 1 - erf(x) is less than exp(-x^2).
    if (square.gt(far)) return new Big(x.isNegative() ? -1 : 1);
    let [sum, term] = [x, x];
    for (let n = 1; term.abs().gt(sum.abs().times(least)); n++) {
      term = term
        .times(square)
        .times(2)
        .div(2 * n + 1);
      sum = sum.plus(term);
    }
    return sum.times(exp(square.neg())).times(2).div(rootPi);
  }

  /** 1 - erf(x), worked out with as many more digits as that loses. */
  const wider = new Map<number, (x: BigNumber) => BigNumber>();
  function complement(x: BigNumber, extra: number): BigNumber {
    let found = wider.get(extra);
    if (found === undefined) {
      const Wide = Big.clone({ precision: precision + extra });
      const inner = errorFunction(Wide, elementaryOf(Wide), elementaryOf);
      found = (y) => inner.erf(new Wide(y)).neg().plus(1);
      wider.set(extra, found);
    }
    return new Big(found(x));
  }

  /** The continued fraction (Abramowitz and Stegun 7.1.14), whose n-th tail changes it by exp(-x * sqrt(8 * n)). */
  function scaledByFraction(x: BigNumber): BigNumber {
    const share = ((precision + 5) * Math.LN10) / x.toNumber();
    const terms = Math.ceil((share * share) / 8);
    let fraction = new Big(0);
    for (let k = terms; k >= 1; k--) fraction = new Big(k / 2).div(x.plus(fraction));
    return new Big(1).div(x.plus(fraction).times(rootPi));
  }

  /** Its asymptotic series, whose terms fall below the last digit before they grow (Abramowitz and Stegun 7.1.23). */
  function scaledFarOut(x: BigNumber): BigNumber {
    const double = x.times(x).times(-2);
    let [sum, term] = [new Big(1), new Big(1)];
    for (let k = 1; term.abs().gt(least); k++) {
      term = term.times(2 * k - 1).div(double);
      sum = sum.plus(term);
    }
    return sum.div(x.times(rootPi));
  }

  function erfcx(x: BigNumber): BigNumber {
    if (x.isNaN()) return x;
    if (!x.isFinite()) return new Big(x.isNegative() ? Number.POSITIVE_INFINITY : 0);
    const square = x.times(x);
    if (x.lte(0)) return exp(square).times(new Big(1).minus(erf(x)));
    if (square.gt(far)) return scaledFarOut(x);
    const extra = Math.ceil((square.toNumber() / Math.LN10 + 5) / STEP) * STEP;
    if (precision + extra > MOST_PRECISE && square.gt(1)) return scaledByFraction(x);
    return exp(square).times(complement(x, extra));
  }

  function erfc(x: BigNumber): BigNumber {
    if (x.isNaN()) return x;
    if (!x.isFinite()) return new Big(x.isNegative() ? 2 : 0);
    return x.lte(0) ? new Big(1).minus(erf(x)) : exp(x.times(x).neg()).times(erfcx(x));
  }

  function logErfc(x: BigNumber): BigNumber {
    if (x.isNaN() || (!x.isFinite() && x.isPositive())) return x.neg();
    return x.lt(0.5) ? log1p(erf(x).neg()) : log(erfcx(x)).minus(x.times(x));
  }

  return { erf, erfc, erfcx, logErfc };
}
