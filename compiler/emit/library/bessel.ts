import * as tf from '@tensorflow/tfjs-core';
import { besselBend, besselGap, scaledFar } from '../../operators/bessel.js';
import { condition, log1p, signs } from './operators.js';

/** The sum of a Chebyshev series, without the terms that float32 does not see. */
export function chebyshev(series: readonly number[], t: tf.Tensor): tf.Tensor {
  const size = series.reduce((most, c) => Math.max(most, Math.abs(c)), 0);
  const last = series.reduce((k, c, i) => (Math.abs(c) > 2e-9 * size ? i : k), 0);
  const double = tf.mul(2, t);
  let [sum, before] = [tf.zerosLike(t), tf.zerosLike(t)] as [tf.Tensor, tf.Tensor];
  for (let k = last; k > 0; k--)
    [sum, before] = [tf.add(tf.sub(tf.mul(double, sum), before), series[k]!), sum];
  return tf.add(tf.sub(tf.mul(t, sum), before), series[0]!);
}

/** I0(x) - 1 and I1(x) / (x / 2), for x up to 5, by their power series of positive terms. */
export function besselNear(x: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const quarter = tf.square(tf.mul(0.5, tf.minimum(x, 5)));
  let [zeroth, first] = [tf.onesLike(x), tf.onesLike(x)] as [tf.Tensor, tf.Tensor];
  for (let k = 13; k >= 1; k--) {
    if (k > 1) zeroth = tf.add(1, tf.mul(zeroth, tf.div(quarter, k * k)));
    first = tf.add(1, tf.mul(first, tf.div(quarter, k * (k + 1))));
  }
  return [tf.mul(quarter, zeroth), first];
}

/** exp(-|x|) * I0(x). */
export function i0e(x: tf.Tensor): tf.Tensor {
  const a = tf.abs(x);
  const far = tf.maximum(a, 5);
  const beyond = tf.div(chebyshev(scaledFar(), tf.sub(tf.div(10, far), 1)), tf.sqrt(far));
  const near = tf.mul(tf.exp(tf.neg(tf.minimum(a, 5))), tf.add(1, besselNear(a)[0]));
  return tf.where(condition(tf.less, a, 5), near, beyond);
}

/** I0(x), in steps that do not overflow before it does. */
export function i0(x: tf.Tensor): tf.Tensor {
  const a = tf.abs(x);
  // At infinity the one factor is infinite and the other 0.
  const far = tf.minimum(tf.maximum(a, 5), 3e38);
  const half = tf.exp(tf.mul(0.5, far));
  return tf.where(
    condition(tf.less, a, 5),
    tf.add(1, besselNear(a)[0]),
    tf.mul(half, tf.mul(half, i0e(far))),
  );
}

/** 1 - I1(x) / I0(x) for x >= 0. */
export function ratioGap(x: tf.Tensor): tf.Tensor {
  const far = tf.maximum(x, 5);
  const near = chebyshev(besselGap(false), tf.sub(tf.mul(0.4, tf.minimum(x, 5)), 1));
  const beyond = tf.div(chebyshev(besselGap(true), tf.sub(tf.div(10, far), 1)), far);
  return tf.where(condition(tf.less, x, 5), near, beyond);
}

/** The order-th derivative of log(I0(x)); order 0 is the logarithm itself, and order 1 is I1(x) / I0(x). */
export function logI0(order: number, x: tf.Tensor): tf.Tensor {
  const a = tf.abs(x);
  const isNear = condition(tf.less, a, 5);
  const [zeroth, first] = besselNear(a);
  if (order === 0) return tf.where(isNear, log1p(zeroth), tf.add(a, tf.log(i0e(tf.minimum(a, 3e38)))));
  const near = tf.minimum(a, 5);
  const far = tf.maximum(a, 5);
  if (order === 1) {
    const inner = tf.div(tf.mul(tf.mul(0.5, near), first), tf.add(1, zeroth));
    return tf.mul(signs(x), tf.where(isNear, inner, tf.sub(1, ratioGap(far))));
  }
  const inner = chebyshev(besselBend(order, false), tf.sub(tf.mul(0.4, near), 1));
  let beyond = chebyshev(besselBend(order, true), tf.sub(tf.div(10, far), 1));
  for (let n = 0; n < order; n++) beyond = tf.div(beyond, far);
  const bend = tf.where(isNear, inner, beyond);
  return order % 2 === 0 ? bend : tf.mul(signs(x), bend);
}

/** The order-th derivative of log(I0(x)) - |x|, which keeps its digits where the logarithm is nearly |x|. */
export function logI0e(order: number, x: tf.Tensor): tf.Tensor {
  const a = tf.abs(x);
  if (order === 0)
    return tf.where(condition(tf.less, a, 2), tf.sub(log1p(besselNear(a)[0]), a), tf.log(i0e(a)));
  return order === 1 ? tf.neg(tf.mul(signs(x), ratioGap(a))) : logI0(order, x);
}

export {
  besselBend as besselBendOf,
  besselGap as besselGapOf,
  besselNear as besselNearOf,
  chebyshev as chebyshevOf,
  i0 as i0Of,
  i0e as i0eOf,
  logI0 as logI0Of,
  logI0e as logI0eOf,
  ratioGap as ratioGapOf,
  scaledFar as scaledFarOf,
} from '../../operators/bessel.js';
