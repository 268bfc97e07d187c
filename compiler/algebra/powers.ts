import { pow } from '../elementary/power.js';
import { type Constant, constantOf, multiplyConstants, powerConstant } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { isBinary, isNonnegative } from '../operators/range.js';
import { isWhole } from './coefficient.js';
import type { Simplifier } from './simplifier.js';

/** Smaller coefficients, and larger ones than its inverse, are no floats of single precision. */
const SMALLEST_COEFFICIENT = 1e-36;

/** The normal form of a power. */
export function normalPower(algebra: Simplifier, base: Node, exponent: Node): Node {
  if (exponent.op !== 'const') {
    if (base.op === 'const' && base.value === 1) return base;
    if (base.op === 'exp') return algebra.apply('exp', [algebra.mul([base.args[0]!, exponent])]);
    return algebra.rewritten(algebra.graph.make('pow', [base, exponent]));
  }
  const e = exponent.value;
  if (e === 0) return algebra.constant(1);
  if (e === 1) return base;
  if (base.op === 'const') {
    const folded = constantPower(base, e);
    if (folded !== undefined) return algebra.constant(folded);
  }
  if (isBinary(base.range) && e !== -1) return e > 0 ? base : algebra.pow(base, algebra.constant(-1));
  if (base.op === 'exp') return algebra.apply('exp', [algebra.mul([exponent, base.args[0]!])]);
  if (base.op === 'pow') return powerOfPower(algebra, base, exponent) ?? plain(algebra, base, exponent);
  if (base.op === 'abs' && e % 2 === 0) return algebra.pow(base.args[0]!, exponent);
  if (base.op === 'mul') return powerOfProduct(algebra, base, exponent);
  return plain(algebra, base, exponent);
}

const plain = (algebra: Simplifier, base: Node, exponent: Node): Node =>
  algebra.rewritten(algebra.graph.make('pow', [base, exponent]));

/** A power of a number, when it is exact: 2^3, 0.5^-2, sqrt(4); not sqrt(2), which reads better as it is. */
function constantPower(base: Node, exponent: number): Constant | undefined {
  if (Number.isInteger(exponent)) {
    const value = powerConstant(base, exponent);
    return Number.isFinite(value.value) ? value : undefined;
  }
  const value = pow(base.value, exponent);
  return Number.isSafeInteger(value) && pow(value, 1 / exponent) === base.value
    ? constantOf(value)
    : undefined;
}

/** (x^a)^b is x^(a * b) where that changes nothing; (x^2)^0.5 is |x|. */
function powerOfPower(algebra: Simplifier, base: Node, exponent: Node): Node | undefined {
  const [inner, a] = [base.args[0]!, base.args[1]!];
  const nonnegative = isNonnegative(inner.range);
  if (a.op !== 'const') {
    return nonnegative ? algebra.pow(inner, algebra.mul([a, exponent])) : undefined;
  }
  const total = multiplyConstants(a, exponent);
  if (nonnegative || (isWhole(a) && isWhole(exponent))) return algebra.pow(inner, algebra.constant(total));
  if (isWhole(exponent)) {
    // sqrt(x)^2 is x, but was undefined for negative x.
    if (isWhole(total)) algebra.widen('root of', inner);
    return algebra.pow(inner, algebra.constant(total));
  }
  return isWhole(a) && a.value % 2 === 0
    ? algebra.pow(algebra.apply('abs', [inner]), algebra.constant(total))
    : undefined;
}

/** (2 / x)^10000 stays one power: 2^10000 is no float, and beside x^-10000 it would be infinity times 0. */
function leavesFloats(base: number, exponent: number): boolean {
  const isInside = (size: number): boolean =>
    size >= SMALLEST_COEFFICIENT && size <= 1 / SMALLEST_COEFFICIENT;
  return isInside(Math.abs(base)) && !isInside(pow(Math.abs(base), exponent));
}

/** (x * y)^n factor by factor for whole n; of other powers only what is surely not negative comes out. */
function powerOfProduct(algebra: Simplifier, base: Node, exponent: Node): Node {
  if (base.args.some((factor) => factor.op === 'const' && leavesFloats(factor.value, exponent.value)))
    return plain(algebra, base, exponent);
  if (Number.isInteger(exponent.value))
    return algebra.mul(base.args.map((factor) => algebra.pow(factor, exponent)));
  const out = base.args.filter(
    (factor) =>
      factor.op === 'exp' ||
      (factor.op === 'const' && factor.value > 0 && constantPower(factor, exponent.value) !== undefined),
  );
  if (out.length === 0) return plain(algebra, base, exponent);
  const rest = base.args.filter((factor) => !out.includes(factor));
  return algebra.mul([
    ...out.map((factor) => algebra.pow(factor, exponent)),
    algebra.pow(algebra.mul(rest), exponent),
  ]);
}
