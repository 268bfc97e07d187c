import * as tf from '@tensorflow/tfjs-core';
import { condition, power, sideOf } from './operators.js';

/** The error function to float32 rounding: a Taylor series below 1.5 in size, erfc by its continued fraction above. */
export function erf(x: tf.Tensor): tf.Tensor {
  const side = sideOf(x);
  const a = tf.minimum(tf.mul(side, x), 6);
  const small = tf.minimum(a, 1.5);
  const square = tf.square(small);
  let series = tf.zerosLike(a);
  for (let n = 16; n >= 0; n--)
    series = tf.add(1 / (2 * n + 1), tf.mul(tf.div(tf.neg(square), n + 1), series));
  const large = tf.maximum(a, 1.5);
  let fraction = tf.zerosLike(a);
  for (let k = 24; k >= 1; k--) fraction = tf.div(k / 2, tf.add(large, fraction));
  const erfc = tf.div(tf.exp(tf.neg(tf.square(large))), tf.mul(Math.sqrt(Math.PI), tf.add(large, fraction)));
  const inner = tf.mul(2 / Math.sqrt(Math.PI), tf.mul(small, series));
  return tf.mul(side, tf.where(condition(tf.less, a, 1.5), inner, tf.sub(1, erfc)));
}

/**
 * log(gamma(x)) for x > 0, with its digits near its roots at 1 and 2. Below 8 from that of a number within 1/2 of 2, by its Taylor series there
 * (Abramowitz and Stegun 6.1.33) and the factors between, above by Stirling's series (6.1.41).
 */
export function lgamma(x: tf.Tensor): tf.Tensor {
  const coefficients = [
    0.422784335, 0.322467033, -0.0673523011, 0.0205808084, -0.00738555103, 0.00289051033, -0.00119275391,
    0.000509669525, -0.000223154758, 9.94575128e-5, -4.49262367e-5, 2.05072128e-5, -9.43948828e-6,
  ];
  const near = tf.minimum(x, 8);
  const whole = tf.floor(tf.add(near, 0.5));
  const rest = tf.sub(near, whole);
  let series = tf.zerosLike(x);
  for (const c of coefficients.reverse()) series = tf.add(c, tf.mul(rest, series));
  const isBelow = (bound: number) => condition(tf.less, whole, bound);
  const one = tf.onesLike(x);
  let factors = one;
  for (let i = 2; i < 8; i++) factors = tf.mul(factors, tf.where(isBelow(i + 1), one, tf.add(rest, i)));
  // gamma(x + 2) is x * (x + 1) * gamma(x).
  const below = tf.where(isBelow(1), tf.mul(near, tf.add(near, 1)), near);
  const isLow = isBelow(2);
  const log = tf.log(tf.where(isLow, below, factors));
  const inner = tf.add(tf.mul(rest, series), tf.where(isLow, tf.neg(log), log));
  const far = tf.maximum(x, 8);
  const r = tf.div(1, far);
  const tail = tf.mul(
    r,
    tf.add(1 / 12, tf.mul(tf.square(r), tf.add(-1 / 360, tf.mul(tf.square(r), 1 / 1260)))),
  );
  const stirling = tf.add(
    tf.sub(tf.mul(tf.sub(far, 0.5), tf.log(far)), far),
    tf.add(Math.log(2 * Math.PI) / 2, tail),
  );
  return tf.where(condition(tf.less, x, 8), inner, stirling);
}

export { lgamma as lgammaOf } from '../../operators/special.js';

/** The order-th derivative of digamma for x > 0: shifted up by ten, then the asymptotic series (Abramowitz and Stegun 6.3.18, 6.4.11). */
export function polygamma(order: number, x: tf.Tensor): tf.Tensor {
  const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30];
  const sign = order % 2 === 0 ? -1 : 1;
  let factorial = 1;
  for (let i = 2; i <= order; i++) factorial *= i;
  let shifted = tf.zerosLike(x);
  for (let i = 0; i < 10; i++) {
    shifted = tf.add(shifted, tf.div(sign * factorial, power(tf.add(x, i), order + 1)));
  }
  const y = tf.add(x, 10);
  const lead = order === 0 ? tf.neg(tf.log(y)) : tf.div(factorial / order, power(y, order));
  let series = tf.add(lead, tf.div(factorial / 2, power(y, order + 1)));
  bernoulli.forEach((coefficient, i) => {
    let ratio = 1;
    for (let j = 2 * i + 3; j <= order + 2 * i + 1; j++) ratio *= j;
    const scale = order === 0 ? 1 / (2 * i + 2) : ratio;
    series = tf.add(series, tf.div(coefficient * scale, power(y, order + 2 * i + 2)));
  });
  return tf.add(tf.mul(sign, series), shifted);
}

export { polygamma as polygammaOf } from '../../operators/special.js';
