/** Powers of four float32. */
import {
  d,
  dAdd,
  dDiv,
  dFromV,
  dMax,
  dMin,
  dMul,
  dSub,
  shuffle,
  vAbs,
  vAnd,
  vAndNot,
  vChoose,
  vEqual,
  vFloor,
  vFromD,
  vLessThan,
  vMul,
  vNotEqual,
  vSqrt,
  vSub,
  vXor,
  wAdd,
  wShiftLeft,
  wShiftRight,
  wSub,
} from '../wasm/instructions.js';
import { type Vector, v, type Writer } from './writer.js';

/** Beyond this a whole power is not multiplied out. */
const MOST_FACTORS = 64;

/** x to the power of a number that is not negative. `isPositive`: whether x is known not to be below 0. */
export function knownPower(x: Vector, exponent: number, isPositive: boolean, code: Writer): Vector {
  const base = code.keep(x);
  if (exponent === 0.5) return vSqrt(base);
  if (!Number.isInteger(exponent) || exponent < 1 || exponent > MOST_FACTORS)
    return power(base, v(exponent), isPositive, code);
  const raised = (n: number): Vector => {
    if (n === 1) return base;
    const half = code.keep(raised(Math.floor(n / 2)));
    const square = vMul(half, half);
    return n % 2 === 0 ? square : vMul(square, base);
  };
  return raised(exponent);
}

/**
 * x^y as 2^(y * log2(x)) in float64, since the error of a logarithm is multiplied by what may be as large as 100. A negative
 * x has whole powers alone.
 */
export function power(x: Vector, y: Vector, isPositive: boolean, code: Writer): Vector {
  const [base, exponent] = [code.keep(x), code.keep(y)];
  const size = isPositive ? base : code.keep(vAbs(base));
  const inside = vAnd(vLessThan(v(0), size), vLessThan(size, v(Infinity)));
  // The logarithms of 0, infinity and NaN.
  const ends = code.keep(vChoose(vEqual(size, v(0)), v(-Infinity), size));
  const mask = code.keep(inside);
  const half = (lanes: readonly [number, number, number, number]): Vector => {
    const part = (vector: Vector): Vector => (lanes[0] === 0 ? vector : shuffle(vector, vector, lanes));
    const wide = (vector: Vector): Vector => dFromV(part(vector));
    const both = shuffle(mask, mask, lanes[0] === 0 ? [0, 0, 1, 1] : [2, 2, 3, 3]);
    const logarithm = vChoose(both, log2(code.keep(wide(size)), code), wide(ends));
    return vFromD(exp2(dMul(wide(exponent), logarithm), code));
  };
  const [low, high] = [code.keep(half([0, 1, 0, 1])), code.keep(half([2, 3, 2, 3]))];
  const raised = code.keep(shuffle(low, high, [0, 1, 4, 5]));
  const signed = isPositive ? raised : ofNegative(base, exponent, raised, code);
  return vChoose(vEqual(exponent, v(0)), v(1), signed);
}

/** What |x|^y is with the sign of x: turned by an odd y, none where y is not whole. */
function ofNegative(x: Vector, y: Vector, raised: Vector, code: Writer): Vector {
  const half = code.keep(vMul(y, v(0.5)));
  // Of infinity the difference is NaN.
  const whole = code.keep(vEqual(vSub(y, vFloor(y)), v(0)));
  const odd = vAnd(whole, vNotEqual(vFloor(half), half));
  const signed = vXor(raised, vAnd(odd, vAnd(x, v(-0))));
  return vChoose(vAndNot(vLessThan(x, v(0)), whole), v(Number.NaN), signed);
}

/** Added to a float64 below 2^51, it leaves the nearest whole number in the lowest bits. */
const WHOLE = 1.5 * 2 ** 52;
/** 2 to this is infinite in float32, and 2 to minus this is 0. */
const MOST = 200;

/** Of normal positive float64: log((1 + s) / (1 - s)) is 2 * (s + s^3 / 3 + s^5 / 5 + …), |s| < 0.172; eight terms leave 3e-13 of it. */
function log2(x: Vector, code: Writer): Vector {
  const e = code.keep(wShiftRight(wSub(x, d(Math.SQRT1_2)), 52));
  const m = code.keep(wSub(x, wShiftLeft(e, 52)));
  const s = code.keep(dDiv(dSub(m, d(1)), dAdd(m, d(1))));
  const z = code.keep(dMul(s, s));
  const series = [15, 13, 11, 9, 7, 5, 3, 1]
    .map((odd) => d((2 * Math.LOG2E) / odd))
    .reduce((sum, coefficient) => dAdd(dMul(sum, z), coefficient));
  return dAdd(dMul(series, s), dSub(wAdd(e, d(WHOLE)), d(WHOLE)));
}

/** 1 / 9!, 1 / 8!, … 1 / 1! */
const EXP = [362880, 40320, 5040, 720, 120, 24, 6, 2, 1].map((factorial) => 1 / factorial);

/** Taylor's series at the nearest whole number: 1e-11 of 2^x. */
function exp2(x: Vector, code: Writer): Vector {
  const t = code.keep(dMin(dMax(x, d(-MOST)), d(MOST)));
  const shifted = code.keep(dAdd(t, d(WHOLE)));
  const r = code.keep(dMul(dSub(t, dSub(shifted, d(WHOLE))), d(Math.LN2)));
  const series = EXP.map((coefficient) => d(coefficient)).reduce((sum, coefficient) =>
    dAdd(dMul(sum, r), coefficient),
  );
  return dMul(dAdd(dMul(series, r), d(1)), wAdd(wShiftLeft(shifted, 52), d(1)));
}
