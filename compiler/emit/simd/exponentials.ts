/** Exponentials of four float32. */
import {
  i32,
  nAdd,
  nShiftLeft,
  nShiftRight,
  nSplat,
  nSub,
  vAbs,
  vAdd,
  vAnd,
  vAndNot,
  vChoose,
  vDiv,
  vLarger,
  vLessThan,
  vMul,
  vNegate,
  vNotEqual,
  vOr,
  vSmaller,
  vSub,
} from '../wasm/instructions.js';
import { type Vector, v, type Writer } from './writer.js';

/**
 * exp(r) - 1 is r + r^2 * P(r) for |r| <= log(2) / 2, the first coefficient that of the highest power.
 * Cephes 2.8 (S. L. Moshier), single/expf.c.
 */
const EXP = [
  1.98756915e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
];
/** log(2) as the sum of a number of few bits and a small one, from the same file. */
export const LOG2_HIGH = 0.693359375;
export const LOG2_LOW = -2.1219444e-4;
/** Below, exp is 0 in float32, above it is infinite. */
const LEAST = -104;
const MOST = 89;

/** Added to a float32 below 2^22, it leaves the nearest whole number in the lowest bits. */
const WHOLE = 1.5 * 2 ** 23;

/** A polynomial by Horner's scheme, the coefficient of the highest power first. */
export const polynomial = (coefficients: readonly number[], x: Vector): Vector =>
  coefficients.slice(1).reduce((sum, c) => vAdd(vMul(sum, x), v(c)), v(coefficients[0]!));

interface Reduced {
  /** exp(r) - 1, where x = n * log(2) + r. */
  readonly fraction: Vector;
  /** Two powers of 2 whose product is 2^n: one alone may be too large or too small for float32. */
  readonly powers: readonly [Vector, Vector];
}

/** exp(r) - 1, where x = n * log(2) + r. */
function fractionOf(x: Vector, n: Vector, code: Writer): Vector {
  const whole = code.keep(n);
  const r = code.keep(vSub(vSub(x, vMul(whole, v(LOG2_HIGH))), vMul(whole, v(LOG2_LOW))));
  return code.keep(vAdd(vMul(polynomial(EXP, r), vMul(r, r)), r));
}

function reduced(x: Vector, code: Writer): Reduced {
  const bounded = code.keep(vSmaller(vLarger(x, v(LEAST)), v(MOST)));
  const shifted = code.keep(vAdd(vMul(bounded, v(Math.LOG2E)), v(WHOLE)));
  const fraction = fractionOf(bounded, vSub(shifted, v(WHOLE)), code);
  const whole = code.keep(nSub(shifted, v(WHOLE)));
  const half = code.keep(nShiftRight(whole, 1));
  const powerOf2 = (exponent: Vector): Vector => nShiftLeft(nAdd(exponent, nSplat(i32(127))), 23);
  return { fraction, powers: [powerOf2(half), powerOf2(nSub(whole, half))] };
}

/** exp(x), to 1e-7 of itself or, where that is more, half the smallest float32. */
export function exp(x: Vector, code: Writer): Vector {
  const { fraction, powers } = reduced(x, code);
  // By products: what adds to the exponent's bits makes a number of NaN.
  return vMul(vMul(vAdd(fraction, v(1)), powers[0]), powers[1]);
}

/** Of it exp is the smallest float32 with all its digits. */
const LEAST_NORMAL = -87.33654;

/** exp(x) for x <= 0 as a share of a softmax: what is below 1.2e-38 is 0. */
export function share(x: Vector, code: Writer): Vector {
  const argument = code.keep(x);
  const bounded = code.keep(vLarger(argument, v(LEAST_NORMAL)));
  const shifted = code.keep(vAdd(vMul(bounded, v(Math.LOG2E)), v(WHOLE + 127)));
  const fraction = fractionOf(bounded, vSub(shifted, v(WHOLE + 127)), code);
  const scaled = vMul(vAdd(fraction, v(1)), nShiftLeft(shifted, 23));
  return vAndNot(scaled, vLessThan(argument, v(LEAST_NORMAL)));
}

/** exp(x) - 1. */
export function expm1(x: Vector, code: Writer): Vector {
  const argument = code.keep(x);
  const { fraction, powers } = reduced(argument, code);
  const [half, rest] = [code.keep(powers[0]), code.keep(powers[1])];
  const near = vAdd(vMul(vMul(fraction, half), rest), vSub(vMul(half, rest), v(1)));
  // Where 1 is nothing beside the exponential, 2^n may be too large though the product is not.
  const far = vMul(vMul(vAdd(fraction, v(1)), half), rest);
  return vChoose(vLessThan(v(20), argument), far, near);
}

/** 1 / (1 + exp(-x)). */
export const sigmoid = (x: Vector, code: Writer): Vector => vDiv(v(1), vAdd(v(1), exp(vNegate(x), code)));

/** With the digits of expm1 near 0. */
export function tanh(x: Vector, code: Writer): Vector {
  const argument = code.keep(x);
  const t = code.keep(expm1(vMul(vAbs(argument), v(-2)), code));
  const size = vDiv(vNegate(t), vAdd(t, v(2)));
  return vOr(size, signBit(argument));
}

/** The sign of a number as a bit. */
const signBit = (x: Vector): Vector => vAnd(x, v(-0));

/** -1, 0 or 1. */
export function sign(x: Vector, code: Writer): Vector {
  const argument = code.keep(x);
  const one = vAnd(vNotEqual(argument, v(0)), v(1));
  return vChoose(vNotEqual(argument, argument), argument, vOr(one, signBit(argument)));
}
