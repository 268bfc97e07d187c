import * as tf from '@tensorflow/tfjs-core';
import { condition, log1p, sideOf } from './operators.js';

/** exp(sign * x^2) for x >= 0, with what the square loses to rounding put back: the leading digits of x have an exact square. */
export function expOfSquare(sign: number, x: tf.Tensor): tf.Tensor {
  const near = tf.minimum(x, 16);
  const head = tf.div(tf.floor(tf.mul(near, 8)), 8);
  const rest = tf.mul(tf.sub(near, head), tf.add(near, head));
  return tf.mul(tf.exp(tf.mul(sign, tf.square(head))), tf.exp(tf.mul(sign, rest)));
}

/**
 * The order-th derivative of exp(x^2) * erfc(x). For x >= 0 value and slope are polynomials in (x - 3) / (x + 3), times powers of
 * 1 / (1 + 2 * x): the Chebyshev series of erfcxOf, cut off where float32 ends.
 */
export function erfcx(order: number, x: tf.Tensor): tf.Tensor {
  const values = [
    1.25300806, -0.135621069, -0.0475621569, 0.129644114, -0.119275275, 0.0683165678, -0.0237635764,
    0.00249911687, 0.00187507912, -0.000726453679, -9.25451669e-5, 7.73102422e-5,
  ];
  const slopes = [
    2.66424072, -0.205470468, -0.693606727, 0.866272727, -0.471957236, 0.0192999639, 0.169049269,
    -0.125601762, 0.0312465598, 0.0100701663, -0.00721125328, -0.00038103833, 0.000807430898,
  ];
  const a = tf.mul(sideOf(x), x);
  const t = tf.sub(tf.mul(2, tf.div(tf.minimum(a, 3e38), tf.add(a, 3))), 1);
  const series = (coefficients: number[]): tf.Tensor =>
    coefficients.reduceRight((sum: tf.Tensor, c) => tf.add(tf.mul(sum, t), c), tf.zerosLike(t));
  const near = tf.add(1, tf.mul(2, a));
  const below = condition(tf.less, x, 0);
  const growth = tf.mul(2, expOfSquare(1, tf.maximum(tf.neg(x), 0)));
  const far = tf.div(series(values), near);
  let value = tf.where(below, tf.sub(growth, far), far);
  if (order === 0) return value;
  const fall = tf.neg(tf.div(tf.div(series(slopes), near), near));
  let slope = tf.where(below, tf.add(fall, tf.mul(tf.mul(2, x), growth)), fall);
  const double = tf.mul(2, tf.minimum(tf.maximum(x, -1e30), 1e30));
  for (let n = 2; n <= order; n++)
    [value, slope] = [slope, tf.add(tf.mul(double, slope), tf.mul(2 * (n - 1), value))];
  return slope;
}

/** The error function between -0.5 and 0.5, by its Taylor series. */
export function erfNearZero(x: tf.Tensor): tf.Tensor {
  const near = tf.maximum(tf.minimum(x, 0.5), -0.5);
  const square = tf.square(near);
  let series = tf.zerosLike(x);
  for (let n = 7; n >= 0; n--)
    series = tf.add(1 / (2 * n + 1), tf.mul(tf.div(tf.neg(square), n + 1), series));
  return tf.mul(2 / Math.sqrt(Math.PI), tf.mul(near, series));
}

/** 1 - erf(x), with all digits where that is nearly 0. */
export function erfc(x: tf.Tensor): tf.Tensor {
  const side = sideOf(x);
  const a = tf.mul(side, x);
  const tail = tf.mul(expOfSquare(-1, a), erfcx(0, a));
  const far = tf.add(tf.sub(1, side), tf.mul(side, tail));
  return tf.where(condition(tf.less, a, 0.5), tf.sub(1, erfNearZero(x)), far);
}

/** log(erfc(x)), with all digits where that is nearly 0, and where erfc(x) is none. */
export function logErfc(x: tf.Tensor): tf.Tensor {
  const side = sideOf(x);
  const a = tf.mul(side, x);
  const scaled = erfcx(0, a);
  const above = tf.sub(tf.log(scaled), tf.square(x));
  const below = tf.log(tf.sub(2, tf.mul(expOfSquare(-1, a), scaled)));
  const far = tf.where(condition(tf.less, x, 0), below, above);
  return tf.where(condition(tf.less, a, 0.5), log1p(tf.neg(erfNearZero(x))), far);
}

/** How fast log(erfc(x)) falls: 2 / (sqrt(pi) * erfcx(x)). */
export function logErfcSlope(x: tf.Tensor): tf.Tensor {
  return tf.div(2 / Math.sqrt(Math.PI), erfcx(0, x));
}

export {
  erf as erfOf,
  erfc as erfcOf,
  erfcx as erfcxOf,
  expOfSquare as expOfSquareOf,
  logErfc as logErfcOf,
  logErfcSlope as logErfcSlopeOf,
  scaledSeries as scaledSeriesOf,
} from '../../operators/error-function.js';
