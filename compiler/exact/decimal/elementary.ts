import type { BigNumber, BigNumberClass, Doubts } from './number.js';

/** Elementary functions that keep all digits where a formula in terms of others would lose them. */
export interface Elementary {
  readonly exp: (x: BigNumber) => BigNumber;
  readonly log: (x: BigNumber) => BigNumber;
  readonly log1p: (x: BigNumber) => BigNumber;
  readonly expm1: (x: BigNumber) => BigNumber;
  readonly sigmoid: (x: BigNumber) => BigNumber;
  readonly softplus: (x: BigNumber) => BigNumber;
  readonly tanh: (x: BigNumber) => BigNumber;
  readonly sin: (x: BigNumber) => BigNumber;
  readonly cos: (x: BigNumber) => BigNumber;
  readonly acos: (x: BigNumber) => BigNumber;
  readonly atan: (x: BigNumber) => BigNumber;
  readonly pow: (x: BigNumber, y: BigNumber) => BigNumber;
  readonly pi: BigNumber;
}

/** Below this a power series is short. */
const SMALL = 0.1;
/** To reduce an angle of n digits mathjs needs n more digits of pi. */
const LARGEST_ANGLE = 1e100;
/** As many as it has, and how many it works out beyond those that it needs. */
const [DIGITS_OF_PI, DIGITS_AT_A_TIME] = [1025, 7];

export function elementary(Big: BigNumberClass, doubts: Doubts): Elementary {
  const one = new Big(1);
  const nan = new Big(Number.NaN);
  /** Relative to the sum, a term that no longer counts. */
  const least = new Big(10).pow(-Big.precision - 5);

  /** The sum of a series whose terms decrease. */
  function series(first: BigNumber, next: (term: BigNumber, k: number) => BigNumber): BigNumber {
    let [sum, term] = [first, first];
    for (let k = 1; term.abs().gt(sum.abs().times(least)); k++) {
      term = next(term, k);
      sum = sum.plus(term);
    }
    return sum;
  }

  const inRange = (result: BigNumber, hasLimit: boolean): BigNumber => {
    if (!hasLimit && (result.isZero() || !result.isFinite())) doubts.leftRange = true;
    return result;
  };
  const exp = (x: BigNumber): BigNumber => inRange(x.exp(), !x.isFinite());
  const log = (x: BigNumber): BigNumber => (x.isZero() ? new Big(Number.NEGATIVE_INFINITY) : x.ln());

  /** 2 atanh(x / (2 + x)) where x is small (Abramowitz and Stegun 4.1.27). */
  function log1p(x: BigNumber): BigNumber {
    if (x.abs().gt(SMALL)) return log(x.plus(1));
    if (x.isZero() || x.isNaN()) return x;
    const z = x.div(x.plus(2));
    const square = z.times(z);
    let power = z;
    return series(z.times(2), (_, k) => {
      power = power.times(square);
      return power.times(2).div(2 * k + 1);
    });
  }

  function expm1(x: BigNumber): BigNumber {
    if (x.abs().gt(SMALL)) return exp(x).minus(1);
    return x.isZero() || x.isNaN() ? x : series(x, (term, k) => term.times(x).div(k + 1));
  }

  const sigmoid = (x: BigNumber): BigNumber => one.div(exp(x.neg()).plus(1));
  const softplus = (x: BigNumber): BigNumber =>
    x.isPositive() ? x.plus(log1p(exp(x.neg()))) : log1p(exp(x));

  function tanh(x: BigNumber): BigNumber {
    // Nearer to 1 than the last digit.
    if (x.abs().gt(2 * Big.precision)) return new Big(x.isNegative() ? -1 : 1);
    const rise = expm1(x.times(2));
    return rise.div(rise.plus(2));
  }

  const angle = (turn: (x: BigNumber) => BigNumber) => (x: BigNumber) => {
    if (!x.isFinite() || x.abs().gte(LARGEST_ANGLE)) return nan;
    return Big.precision + Math.max(x.e, x.precision()) + DIGITS_AT_A_TIME <= DIGITS_OF_PI ? turn(x) : nan;
  };

  function pow(x: BigNumber, y: BigNumber): BigNumber {
    if (x.isNaN() && y.isZero()) return one;
    if (x.isZero() && y.isNegative()) return new Big(Number.POSITIVE_INFINITY);
    return inRange(x.pow(y), x.isZero() || x.isNegative() || !x.isFinite() || !y.isFinite());
  }

  const quarter = one.atan();
  return {
    exp,
    log,
    log1p,
    expm1,
    sigmoid,
    softplus,
    tanh,
    sin: angle((x) => x.sin()),
    cos: angle((x) => x.cos()),
    acos: (x) => x.acos(),
    atan: (x) => (x.isFinite() || x.isNaN() ? x.atan() : quarter.times(x.isNegative() ? -2 : 2)),
    pow,
    pi: quarter.times(4),
  };
}
