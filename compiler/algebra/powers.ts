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

/** A sum over as many entries may stand beside its size; (sum / size)^10000 stays one power. */
const MANY = 1e6;
/** Beyond this a factor of ordinary size leaves float32 on its own. */
const MOST_DISTRIBUTED = 16;

/** Whether the factors of a power would leave floats one by one where their product does not. */
function isKeptWhole(base: Node, exponent: number): boolean {
  if (Math.abs(exponent) > MOST_DISTRIBUTED) return true;
  return base.args.some((factor) => {
    if (factor.op === 'const') return leavesFloats(factor.value, exponent);
    return sizeOfPower(factor) !== 0 && leavesFloats(MANY, exponent * sizeOfPower(factor));
  });
}

/** The exponent of a power of a size; 0 for anything else. */
function sizeOfPower({ op, args }: Node): number {
  if (op === 'size') return 1;
  return op === 'pow' && args[0]!.op === 'size' && args[1]!.op === 'const' ? args[1]!.value : 0;
}

/** (x * y)^n factor by factor for whole n; of other powers only what is surely not negative comes out. */
function powerOfProduct(algebra: Simplifier, base: Node, exponent: Node): Node {
  if (isKeptWhole(base, exponent.value)) return plain(algebra, base, exponent);
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
