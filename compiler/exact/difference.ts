import type { BigNumber, BigNumberClass } from './decimal/number.js';

/**
 * The derivative of a function at a point from values beside it, in numbers of a precision of P digits. Steps of 10^(-P/3) leave an
 * error of about 10^(-2P/3): that of the central difference is the square of the step, that of rounding 10^-P over the step.
 * Undefined at a kink or a jump, where the slopes to the left and to the right differ.
 */
export function slope(
  f: (x: BigNumber) => BigNumber,
  x: BigNumber,
  middle: BigNumber,
  Big: BigNumberClass,
): BigNumber | undefined {
  const { precision } = Big;
  const size = x.isZero() || !x.isFinite() ? new Big(1) : x.abs();
  const step = size.times(`1e-${Math.floor(precision / 3)}`);
  const right = f(x.plus(step)).minus(middle).div(step);
  const left = middle.minus(f(x.minus(step))).div(step);
  // At the edge of a domain the function is on one side only.
  if (left.isNaN() || right.isNaN()) return left.isNaN() ? right : left;
  const larger = left.abs().gt(right.abs()) ? left.abs() : right.abs();
  const isLevel = larger.lt(`1e-${Math.floor(precision / 5)}`);
  const isSmooth = right
    .minus(left)
    .abs()
    .lte(larger.times(`1e-${Math.floor(precision / 10)}`));
  return isLevel || isSmooth ? left.plus(right).div(2) : undefined;
}
