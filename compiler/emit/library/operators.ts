import * as tf from '@tensorflow/tfjs-core';

/** A condition. Its gradient is zero; a tape has to be told, since TensorFlow.js knows no gradient for it. */
export function condition(
  op: (...args: tf.Tensor[]) => tf.Tensor,
  ...args: (tf.Tensor | number | boolean)[]
): tf.Tensor {
  const whole = args.some((arg) => typeof arg === 'object' && arg.dtype === 'int32');
  const given = args.map((arg) => {
    if (typeof arg === 'object') return arg;
    return whole && Number.isInteger(arg) ? tf.scalar(arg, 'int32') : tf.scalar(arg);
  });
  const shape = commonShape(given);
  const tensors = given.map((arg) => (arg.rank === 0 ? arg : spread(arg, shape)));
  if (!tf.engine().isTapeOn()) return op(...tensors);
  return tf.customGrad(() => ({
    value: op(...tensors),
    gradFunc: () => tensors.map((tensor) => tf.zerosLike(tensor)),
  }))(...tensors);
}

/** Entries of one where a condition holds and of another elsewhere. */
export function choose(when: tf.Tensor, yes: tf.Tensor | number, no: tf.Tensor | number): tf.Tensor {
  const shape = commonShape([when, yes, no]);
  return tf.where(spread(when, shape), spread(yes, shape), spread(no, shape));
}

/** The shape to which all are spread. */
export function commonShape(values: (tf.Tensor | number)[]): number[] {
  const shape: number[] = [];
  for (const value of values) {
    if (typeof value === 'number') continue;
    value.shape.forEach((size, i) => {
      shape[i] = size === 1 ? (shape[i] ?? 1) : size;
    });
  }
  return shape;
}

/** -1, 0 or 1, and NaN of NaN: tf.sign gives 0 for NaN, on wasm also for whatever is below 1e-7. */
export function signs(x: tf.Tensor): tf.Tensor {
  const signed = (value: tf.Tensor) => {
    const large = tf.mul(tf.mul(value, 1e38), 1e38);
    return tf.minimum(tf.maximum(large, -1), 1);
  };
  return condition(signed, x);
}

/** log(1 + x) with what 1 + x lost to rounding put back: on wasm and on GPUs tf.log1p(x) is tf.log(1 + x). */
export function log1p(x: tf.Tensor): tf.Tensor {
  const sum = tf.add(x, 1);
  const kept = tf.sub(sum, 1);
  const log = tf.log(sum);
  // Nothing is lost at -1 and infinity, where the correction is not a number.
  return tf.where(condition(tf.equal, kept, x), log, tf.add(log, tf.div(tf.sub(x, kept), sum)));
}

/** -1 below 0, else 1: what an odd function is multiplied with, so that a tape finds its slope at 0. */
export function sideOf(x: tf.Tensor): tf.Tensor {
  return tf.sub(1, tf.mul(2, tf.cast(condition(tf.less, x, 0), 'float32')));
}

/** log(1 + exp(x)), accurate at both ends. */
export function softplus(x: tf.Tensor): tf.Tensor {
  const small = tf.exp(tf.neg(tf.abs(x)));
  const sum = tf.add(small, 1);
  // What 1 + small lost to rounding; a term of log1p that is below rounding for small <= 1 is left out.
  const lost = tf.sub(small, tf.sub(sum, 1));
  return tf.add(tf.relu(x), tf.add(tf.log(sum), lost));
}

/** The sine: on wasm tf.sin has no digits near a multiple of pi. */
export function sine(x: tf.Tensor): tf.Tensor {
  return tf.where(condition(tf.less, tf.abs(x), 10000), sineOfRest(x, 0), tf.sin(x));
}

/** The cosine, likewise near its zeros. */
export function cosine(x: tf.Tensor): tf.Tensor {
  return tf.where(condition(tf.less, tf.abs(x), 10000), tf.neg(sineOfRest(x, 0.5)), tf.cos(x));
}

/**
 * sin(x - shift * pi) by what is left of x after whole half turns and the shift. Pi is the sum of three numbers of which the first two are short: times a whole number
 * below 4096 they are exact (Cody and Waite 1980, "Software Manual for the Elementary Functions").
 */
function sineOfRest(x: tf.Tensor, shift: number): tf.Tensor {
  const turns = tf.round(tf.sub(tf.mul(x, 1 / Math.PI), shift));
  const taken = tf.add(turns, shift);
  const nearly = tf.sub(tf.sub(x, tf.mul(taken, 3.140625)), tf.mul(taken, 0.0009675025939941406));
  const rest = tf.sub(nearly, tf.mul(taken, 1.5099579909783765e-7));
  const odd = tf.sub(turns, tf.mul(2, tf.floor(tf.mul(turns, 0.5))));
  // On wasm tf.sin of small negative numbers is that of a full turn, with its rounding.
  const side = sideOf(rest);
  return tf.mul(tf.mul(tf.sub(1, tf.mul(2, odd)), side), tf.sin(tf.mul(side, rest)));
}

export { softplus as softplusOf } from '../../operators/special.js';

/** log(1 - exp(x)) for x <= 0: by expm1 near 0, by log1p further away. */
export function log1mexp(x: tf.Tensor): tf.Tensor {
  const near = condition(tf.greater, x, -Math.LN2);
  return tf.where(near, tf.log(tf.neg(tf.expm1(x))), log1p(tf.neg(tf.exp(x))));
}

export { log1mexp as log1mexpOf, roundHalfEven as roundHalfEvenOf } from '../../operators/special.js';

/** x * log(y), and 0 where x is 0. */
export function xlogy(x: tf.Tensor | number, y: tf.Tensor | number): tf.Tensor {
  const zero = condition(tf.equal, x, 0);
  return choose(zero, 0, tf.mul(x, tf.log(y)));
}

export { xlogy as xlogyOf } from '../../operators/special.js';

/** The larger or the smaller of two, and NaN where either is: on wasm a NaN in the second is passed over. */
export function extreme(
  op: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor,
  x: tf.Tensor,
  y: tf.Tensor,
): tf.Tensor {
  return choose(condition(tf.notEqual, y, y), y, op(x, y));
}

/** x to the power of y, and NaN where y is: on wasm 1 to any power is 1. */
export function powerOf(x: tf.Tensor | number, y: tf.Tensor): tf.Tensor {
  return choose(condition(tf.notEqual, y, y), y, tf.pow(x, y));
}

/** x to a whole power n >= 1 by repeated multiplication: defined for negative x on every backend. */
export function power(x: tf.Tensor, n: number): tf.Tensor {
  if (n === 1) return x;
  const half = tf.square(power(x, Math.floor(n / 2)));
  return n % 2 === 0 ? half : tf.mul(half, x);
}

/** A value repeated to a shape. By an addition: on wasm tf.broadcastTo, which tf.where and comparisons use too, is 100 times slower. */
export function spread(x: tf.Tensor | number, shape: number[]): tf.Tensor {
  if (typeof x === 'number') return tf.fill(shape, x);
  if (String(x.shape) === String(shape)) return x;
  if (x.dtype === 'int32') return tf.add(x, tf.zeros(shape, 'int32'));
  const repeated = tf.add(tf.cast(x, 'float32'), tf.zeros(shape));
  return x.dtype === 'bool' ? tf.cast(repeated, 'bool') : repeated;
}
