/** Logarithms of four float32. */
import {
  i32,
  nMax,
  nShiftLeft,
  nShiftRight,
  nSplat,
  nSub,
  vAbs,
  vAdd,
  vAnd,
  vChoose,
  vEqual,
  vFromN,
  vLessThan,
  vMax,
  vMul,
  vNegate,
  vSub,
} from '../wasm/instructions.js';
import { exp, expm1, LOG2_HIGH, LOG2_LOW, polynomial } from './exponentials.js';
import { type Vector, v, type Writer } from './writer.js';

/**
 * log(1 + f) is f - f^2 / 2 + f^3 * P(f) for 1 + f between the roots of 1/2 and 2, the first coefficient that of the highest
 * power. Cephes 2.8 (S. L. Moshier), single/logf.c.
 */
const LOG = [
  7.0376836292e-2, -1.151461031e-1, 1.167699874e-1, -1.2420140846e-1, 1.4249322787e-1, -1.6668057665e-1,
  2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1,
];
/** The bits of the float32 next to the root of 1/2. */
const ROOT_OF_HALF = 0x3f3504f3;
const SMALLEST_NORMAL = 2 ** -126;

/** x as 2^e * m, m between the roots of 1/2 and 2; of normal positive numbers. */
function parts(x: Vector, code: Writer): { readonly e: Vector; readonly m: Vector } {
  const e = code.keep(nShiftRight(nSub(x, nSplat(i32(ROOT_OF_HALF))), 23));
  return { e, m: nSub(x, nShiftLeft(e, 23)) };
}

/** e * log(2) + log(1 + f). */
function logOf(f: Vector, e: Vector, code: Writer): Vector {
  const z = code.keep(vMul(f, f));
  const tail = vAdd(vMul(vMul(polynomial(LOG, f), z), f), vMul(e, v(LOG2_LOW)));
  return vAdd(vAdd(f, vSub(tail, vMul(z, v(0.5)))), vMul(e, v(LOG2_HIGH)));
}

/** `result` for positive numbers, and what a logarithm is of 0, infinity, and where there is none. */
function atEnds(x: Vector, result: Vector): Vector {
  const inside = vAnd(vLessThan(v(0), x), vLessThan(x, v(Infinity)));
  // Infinity and NaN are their own logarithms.
  const ends = vChoose(vEqual(x, v(0)), v(-Infinity), vChoose(vLessThan(x, v(0)), v(Number.NaN), x));
  return vChoose(inside, result, ends);
}

/** log(x), to 1e-7 of itself. */
export function log(x: Vector, code: Writer): Vector {
  const argument = code.keep(x);
  const tiny = code.keep(vLessThan(argument, v(SMALLEST_NORMAL)));
  const normal = code.keep(vChoose(tiny, vMul(argument, v(2 ** 23)), argument));
  const { e, m } = parts(normal, code);
  const exponent = code.keep(vSub(vFromN(e), vAnd(tiny, v(23))));
  const f = code.keep(vSub(m, v(1)));
  return atEnds(argument, logOf(f, exponent, code));
}

/** log(1 + x): what rounding takes from 1 + x is given back to the fraction. */
export function log1p(x: Vector, code: Writer): Vector {
  const argument = code.keep(x);
  const u = code.keep(vAdd(argument, v(1)));
  // u + rest is 1 + x exactly (Knuth's sum of two).
  const back = code.keep(vSub(u, v(1)));
  const rest = vAdd(vSub(v(1), vSub(u, back)), vSub(argument, back));
  const { e, m } = parts(u, code);
  const scale = nShiftLeft(nMax(nSub(nSplat(i32(127)), e), nSplat(i32(0))), 23);
  const f = code.keep(vAdd(vSub(m, v(1)), vMul(rest, scale)));
  return atEnds(u, logOf(f, code.keep(vFromN(e)), code));
}

/** log(1 + exp(x)) without overflow. */
export function softplus(x: Vector, code: Writer): Vector {
  const argument = code.keep(x);
  return vAdd(vMax(argument, v(0)), log1p(exp(vNegate(vAbs(argument)), code), code));
}

/** log(1 - exp(x)) for x <= 0 (Maechler 2012, "Accurately computing log(1 - exp(-|a|))"). */
export function log1mexp(x: Vector, code: Writer): Vector {
  const argument = code.keep(x);
  const near = code.keep(log(vNegate(expm1(argument, code)), code));
  const far = code.keep(log1p(vNegate(exp(argument, code)), code));
  return vChoose(vLessThan(v(-Math.LN2), argument), near, far);
}

/** x * log(y), and 0 where x is 0. */
export function xlogy(x: Vector, y: Vector, code: Writer): Vector {
  const factor = code.keep(x);
  return vChoose(vEqual(factor, v(0)), v(0), vMul(factor, log(y, code)));
}
