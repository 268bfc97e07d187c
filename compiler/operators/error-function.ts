/**
 * The error function and what is made of its complement, in float64: for the reference evaluator, constant folding, and as text for the
 * numbers of emitted code, where the functions of `elementary/` are the engine's. Relative error below 2e-15 on the whole line.
 */
import { exp } from '../elementary/exponential.js';
import { log, log1p } from '../elementary/logarithm.js';

/** Error function: Taylor series below 2.5, continued fraction of erfc above. */
export function erf(x: number): number {
  const a = Math.abs(x);
  if (Number.isNaN(x)) return x;
  if (a > 6) return Math.sign(x);
  if (a < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; n < 80 && Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
      term *= -(x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = 0;
  for (let k = 60; k >= 1; k--) fraction = k / 2 / (a + fraction);
  const erfc = exp(-a * a) / Math.sqrt(Math.PI) / (a + fraction);
  return Math.sign(x) * (1 - erfc);
}

/** exp(sign * x^2), with what the square loses to rounding put back: the leading digits of x have an exact square. */
export function expOfSquare(sign: number, x: number): number {
  if (Math.abs(x) > 40) return sign < 0 ? 0 : Infinity;
  const head = Math.trunc(x * 16) / 16;
  return exp(sign * head * head) * exp(sign * (x - head) * (x + head));
}

/**
 * Chebyshev coefficients in (x - 3) / (x + 3), for x >= 0, of (1 + 2 * x) * erfcx(x), and as order 1 of -(1 + 2 * x)^2 times its slope:
 * the form of Shepherd and Laframboise 1981, "Chebyshev approximation of (1 + 2x) exp(x^2) erfc x in 0 <= x < infinity". Worked out to
 * 40 digits from the values at Chebyshev's points.
 */
export function scaledSeries(order: number): readonly number[] {
  return order === 0
    ? [
        1.17756257419656, 0.005353904539615676, -0.09377550342284209, 0.05436652555744322,
        -0.018976596707845208, 0.004453426061462712, -0.0006335531710553147, 1.7661719523171593e-5,
        1.2841532864056671e-5, -2.0072285659059913e-6, -1.807522790414837e-7, 7.549828343825093e-8,
        1.885668523838603e-9, -2.699519049798364e-9, -1.460079119939105e-11, 1.0361607445969489e-10,
        1.475715976623473e-12, -4.277340064396911e-12, -2.07922492859799e-13, 1.8134502003176963e-13,
        1.973425574544739e-14, -7.287943737592673e-15, -1.5169878690228116e-15, 2.3514112258781403e-16,
        1.0006111691821667e-16,
      ]
    : [
        2.200232774538129, 0.3923925876786969, -0.49251525885297887, 0.18456782022158594,
        -0.021957713708356103, -0.011176725563987367, 0.006688633816684982, -0.001628964165161042,
        0.00012928967973167008, 3.524340197409341e-5, -9.35343864327909e-6, -3.7210774387073354e-7,
        3.9425336829282767e-7, -6.470771520685845e-9, -1.6343728435430187e-8, 5.705368971003257e-10,
        7.327454731840939e-10, -1.694415974955691e-11, -3.535303909683819e-11, -5.535136252347178e-13,
        1.7481756873156016e-12, 1.3706968413312195e-13, -8.223566592063278e-14, -1.4184630648871465e-14,
        3.2258269721295812e-15, 1.124050031422965e-15, -6.173596904574128e-17,
      ];
}

/**
 * The order-th derivative of erfcx(x) = exp(x^2) * erfc(x); order 0 is erfcx itself. For x >= 0 value and slope are
 * Chebyshev series, below 0 they follow by reflection. Higher derivatives follow from y'' = 2 * x * y' + 2 * y, which costs them digits in the measure of x^2.
 */
export function erfcx(order: number, x: number): number {
  const a = Math.abs(x);
  const t = a < 1e300 ? 2 * (a / (a + 3)) - 1 : 1;
  const series = (coefficients: readonly number[]): number => {
    let [sum, last] = [0, 0];
    for (let k = coefficients.length - 1; k > 0; k--)
      [sum, last] = [2 * t * sum - last + coefficients[k]!, sum];
    return t * sum - last + coefficients[0]!;
  };
  const near = 1 + 2 * a;
  let value = series(scaledSeries(0)) / near;
  if (x < 0) value = 2 * expOfSquare(1, a) - value;
  if (order === 0) return value;
  let slope = -series(scaledSeries(1)) / near / near;
  if (x < 0) slope -= 4 * a * expOfSquare(1, a);
  const far = Math.max(Math.min(x, 1e300), -1e300);
  for (let n = 2; n <= order; n++) [value, slope] = [slope, 2 * far * slope + 2 * (n - 1) * value];
  return slope;
}

/** 1 - erf(x), with all digits where that is nearly 0. */
export function erfc(x: number): number {
  return x < 0.5 ? 1 - erf(x) : expOfSquare(-1, x) * erfcx(0, x);
}

/** log(erfc(x)), with all digits where that is nearly 0, and where erfc(x) is none. */
export function logErfc(x: number): number {
  return x < 0.5 ? log1p(-erf(x)) : log(erfcx(0, x)) - x * x;
}

/** How fast log(erfc(x)) falls: 2 / (sqrt(pi) * erfcx(x)), which is about 2 * x far out and 0 far below. */
export function logErfcSlope(x: number): number {
  return 2 / Math.sqrt(Math.PI) / erfcx(0, x);
}
