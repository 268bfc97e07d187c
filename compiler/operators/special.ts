/**
 * Special functions in float64, for the reference evaluator, constant folding, and as text for the numbers of emitted code, where
 * those of `elementary/` are the engine's. Relative error near 1e-15 in their main range.
 */
import { exp, expm1 } from '../elementary/exponential.js';
import { log, log1p } from '../elementary/logarithm.js';
import { pow } from '../elementary/power.js';
import { sin } from '../elementary/trigonometric.js';

/** log |gamma(x)|; infinite at 0, -1, -2, … Lanczos approximation, g = 7, 9 terms (P. Godfrey's coefficients): about 15 digits for x > 0.5. */
export function lgamma(x: number): number {
  if (x < 0.5) return log(Math.PI / Math.abs(sin(Math.PI * x))) - lgamma(1 - x);
  if (x === 1 || x === 2) return 0;
  const lanczos = [
    0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
    12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
  ];
  const z = x - 1;
  const sum = lanczos.reduce((total, c, i) => (i === 0 ? c : total + c / (z + i)), 0);
  const t = z + 7.5;
  return log(2 * Math.PI) / 2 + (z + 0.5) * log(t) - t + log(sum);
}

/**
 * The order-th derivative of digamma, for x > 0; order 0 is digamma itself. Upward recurrence to x >= 10 + order, then the
 * asymptotic series (Abramowitz and Stegun 6.3.18, 6.4.11) with the Bernoulli numbers B2, B4, … B16.
 */
export function polygamma(order: number, x: number): number {
  if (Number.isNaN(x) || x <= 0) return Number.NaN;
  const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510];
  const factorial = (n: number): number => {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return product;
  };
  const sign = order % 2 === 0 ? -1 : 1;
  const last = factorial(order);
  let shifted = 0;
  let y = x;
  while (y < 10 + order) {
    shifted += sign * last * pow(y, -order - 1);
    y += 1;
  }
  if (order === 0) {
    let series = log(y) - 1 / (2 * y);
    bernoulli.forEach((b, i) => {
      series -= b / ((2 * i + 2) * pow(y, 2 * i + 2));
    });
    return series + shifted;
  }
  let series = (last / order) * pow(y, -order) + (last / 2) * pow(y, -order - 1);
  let rising = last * (order + 1);
  bernoulli.forEach((b, i) => {
    const k = 2 * i + 2;
    // The running product becomes (order + k - 1)! / k!.
    series += ((b * rising) / (k * (k - 1))) * pow(y, -k - order) * ((k * (k - 1)) / factorial(k));
    rising *= (order + k) * (order + k + 1);
  });
  return sign * series + shifted;
}

/** log(1 + exp(x)) without overflow, accurate at both ends. */
export function softplus(x: number): number {
  return Math.max(x, 0) + log1p(exp(-Math.abs(x)));
}

/** log(1 - exp(x)) for x <= 0 (Maechler 2012, "Accurately computing log(1 - exp(-|a|))"). */
export function log1mexp(x: number): number {
  return x > -Math.LN2 ? log(-expm1(x)) : log1p(-exp(x));
}

/** x * log(y), and 0 where x is 0. */
export function xlogy(x: number, y: number): number {
  return x === 0 ? 0 : x * log(y);
}

/** 1 / (1 + exp(-x)), accurate at both ends. */
export function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x));
}

/** The nearest whole number; of two the even one, as in Python and TensorFlow.js. */
export function roundHalfEven(x: number): number {
  return Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x);
}

/** What log_softmax gives for a masked entry, -Infinity: as far out as float32 allows with room for sums and coefficients. */
export const LOWEST_LOG_PROBABILITY = -1e36;
