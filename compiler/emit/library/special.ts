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

/** log(gamma(x)) for x > 0: below 8 shifted up by eight, then the Stirling series (Abramowitz and Stegun 6.1.41). */
export function lgamma(x: tf.Tensor): tf.Tensor {
  const shifted = condition(tf.less, x, 8);
  const small = tf.minimum(x, 8);
  const y = tf.where(shifted, tf.add(x, 8), x);
  let product = small;
  for (let i = 1; i < 8; i++) product = tf.mul(product, tf.add(small, i));
  const r = tf.div(1, y);
  const tail = tf.mul(
    r,
    tf.add(1 / 12, tf.mul(tf.square(r), tf.add(-1 / 360, tf.mul(tf.square(r), 1 / 1260)))),
  );
  const stirling = tf.add(
    tf.sub(tf.mul(tf.sub(y, 0.5), tf.log(y)), y),
    tf.add(Math.log(2 * Math.PI) / 2, tail),
  );
  return tf.sub(stirling, tf.where(shifted, tf.log(product), tf.zerosLike(x)));
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
