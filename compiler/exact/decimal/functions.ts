import type { ComparisonName, ElementwiseName, LogicName, OperatorName } from '../arithmetic.js';
import { bessel } from './bessel.js';
import { elementary } from './elementary.js';
import type { BigNumber, BigNumberClass, Doubts } from './number.js';
import { special } from './special.js';

/** How decimal.js calls rounding halves to even. */
const HALF_EVEN = 6;

type Meaning = (...args: readonly BigNumber[]) => BigNumber;

/** What each operator and function means, by its definition. */
export interface Functions {
  readonly apply: Readonly<Record<ElementwiseName | OperatorName, (...args: BigNumber[]) => BigNumber>>;
  readonly pi: BigNumber;
}

export function functions(Big: BigNumberClass, doubts: Doubts): Functions {
  const e = elementary(Big, doubts);
  const s = special(Big, e, (Wide) => elementary(Wide, doubts));
  const i = bessel(Big, e);
  const nan = new Big(Number.NaN);
  const rootTwo = new Big(2).sqrt();
  const log2 = new Big(2).ln();
  /** Not a number beside a number gives not a number. */
  const known =
    (meaning: Meaning): Meaning =>
    (...args) =>
      args.some((x) => x.isNaN()) ? nan : meaning(...args);
  const larger = (x: BigNumber, y: BigNumber): BigNumber => (x.lt(y) ? y : x);
  const smaller = (x: BigNumber, y: BigNumber): BigNumber => (x.gt(y) ? y : x);

  return {
    pi: e.pi,
    apply: {
      '+': (x, y) => x!.plus(y!),
      '-': (x, y) => x!.minus(y!),
      '*': (x, y) => x!.times(y!),
      '/': (x, y) => x!.div(y!),
      '^': (x, y) => e.pow(x!, y!),
      negate: (x) => x!.neg(),
      abs: (x) => x!.abs(),
      sign: known((x) => new Big(x!.isZero() ? 0 : x!.isNegative() ? -1 : 1)),
      floor: (x) => x!.floor(),
      round: (x) => x!.toDecimalPlaces(0, HALF_EVEN),
      mod: known((x, y) => x!.minus(y!.times(x!.div(y!).floor()))),
      clip: known((x, low, high) => smaller(larger(x!, low!), high!)),
      square: (x) => x!.times(x!),
      sqrt: (x) => x!.sqrt(),
      exp: (x) => e.exp(x!),
      log: (x) => e.log(x!),
      log1p: (x) => e.log1p(x!),
      expm1: (x) => e.expm1(x!),
      log1mexp: (x) => (x!.gt(-0.7) ? e.log(e.expm1(x!).neg()) : e.log1p(e.exp(x!).neg())),
      log2: (x) => e.log(x!).div(log2),
      sigmoid: (x) => e.sigmoid(x!),
      softplus: (x) => e.softplus(x!),
      tanh: (x) => e.tanh(x!),
      sin: (x) => e.sin(x!),
      cos: (x) => e.cos(x!),
      acos: (x) => e.acos(x!),
      atan: (x) => e.atan(x!),
      erf: (x) => s.erf(x!),
      erfc: (x) => s.erfc(x!),
      erfcx: (x) => s.erfcx(x!),
      log_erfc: (x) => s.logErfc(x!),
      ndtr: (x) => s.erfc(x!.neg().div(rootTwo)).div(2),
      log_ndtr: (x) =>
        x!.isNegative()
          ? s.logErfc(x!.neg().div(rootTwo)).minus(log2)
          : e.log1p(s.erfc(x!.div(rootTwo)).div(-2)),
      i0: known((x) => i.i0(x!)),
      i0e: known((x) => i.i0e(x!)),
      i1: known((x) => i.i1(x!)),
      i1e: known((x) => i.i1e(x!)),
      log_i0: known((x) => i.logI0(x!)),
      log_i0e: known((x) => i.logI0e(x!)),
      lgamma: (x) => s.lgamma(x!),
      digamma: (x) => s.digamma(x!),
      relu: known((x) => larger(x!, new Big(0))),
      xlogy: known((x, y) => (x!.isZero() ? new Big(0) : x!.times(e.log(y!)))),
      max: known((x, y) => larger(x!, y!)),
      min: known((x, y) => smaller(x!, y!)),
    },
  };
}

/** Operators and functions whose 0 is 0 although no argument is. */
const CHOOSING: ReadonlySet<ElementwiseName | OperatorName> = new Set([
  'floor',
  'round',
  'mod',
  'relu',
  'max',
  'min',
  'clip',
]);

/** Whether a 0 may be a number that lies below the digits: a difference, or the logarithm of what was rounded to 1. */
export const isCancelled = (
  name: ElementwiseName | OperatorName,
  args: readonly BigNumber[],
  result: BigNumber,
): boolean => result.isZero() && !CHOOSING.has(name) && !args.some((x) => x.isZero());

export const COMPARE: Readonly<Record<ComparisonName, (x: BigNumber, y: BigNumber) => boolean>> = {
  '<': (x, y) => x.lt(y),
  '<=': (x, y) => x.lte(y),
  '>': (x, y) => x.gt(y),
  '>=': (x, y) => x.gte(y),
  '==': (x, y) => x.eq(y),
  '!=': (x, y) => !x.eq(y),
};

export const DECIDE: Readonly<Record<LogicName, (...args: readonly boolean[]) => boolean>> = {
  and: (x, y) => x! && y!,
  or: (x, y) => x! || y!,
  not: (x) => !x,
};
