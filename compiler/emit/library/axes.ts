import * as tf from '@tensorflow/tfjs-core';
import { LOWEST_LOG_PROBABILITY } from '../../operators/special.js';
import { condition, log1p } from './operators.js';

/** A reduction along slots. Over nothing wasm would give what lies in memory. */
export function reduced(
  op: (x: tf.Tensor, slots: number | number[], keep: true) => tf.Tensor,
  x: tf.Tensor,
  slots: number | number[],
  ofNothing = 0,
): tf.Tensor {
  if (x.size > 0) return op(x, slots, true);
  const along = [slots].flat();
  return tf.fill(
    x.shape.map((size, i) => (along.includes(i) ? 1 : size)),
    ofNothing,
  );
}

/** Dimensions in another order. On wasm a tensor without entries would end the program. */
export function transposed(x: tf.Tensor, order: number[]): tf.Tensor {
  if (x.size > 0) return tf.transpose(x, order);
  return tf.reshape(
    x,
    order.map((i) => x.shape[i] ?? 0),
  );
}

/** The product of matrices, 0 where sums are over nothing. */
export function matrixProduct(a: tf.Tensor, b: tf.Tensor, turnA = false, turnB = false): tf.Tensor {
  if (a.size > 0 && b.size > 0) return tf.matMul(a, b, turnA, turnB);
  const rows = a.shape[a.rank - (turnA ? 1 : 2)] ?? 0;
  const columns = b.shape[b.rank - (turnB ? 2 : 1)] ?? 0;
  return tf.zeros([...a.shape.slice(0, -2), rows, columns]);
}

/** log(softmax(x)) along the last dimension. The largest entry is left out of the sum of exponentials, so that log1p keeps the digits of a confident prediction. That of a masked entry, -Infinity, stays finite: times the 0 of a target it is 0. */
export function logSoftmax(x: tf.Tensor): tf.Tensor {
  const length = x.shape[x.rank - 1] ?? 1;
  if (length === 0) return x;
  const shifted = tf.sub(x, tf.max(x, -1, true));
  if (length === 1) return shifted;
  const largest = tf.cast(tf.oneHot(tf.argMax(x, -1), length), 'float32');
  const others = tf.sum(tf.sub(tf.exp(shifted), largest), -1, true);
  return tf.maximum(tf.sub(shifted, log1p(others)), LOWEST_LOG_PROBABILITY);
}

/** log(softmax(x)) along any dimension. */
export function logSoftmaxAlong(x: tf.Tensor, slot: number): tf.Tensor {
  // Dimensions of length 1 behind it are only left out; others change places with it.
  if (x.shape.slice(slot + 1).every((size) => size === 1)) {
    return tf.reshape(logSoftmax(tf.reshape(x, x.shape.slice(0, slot + 1))), x.shape);
  }
  const order = x.shape.map((_, i) => (i === slot ? x.rank - 1 : i === x.rank - 1 ? slot : i));
  return transposed(logSoftmax(transposed(x, order)), order);
}

/** log(sum(exp(x))) along slots; minus infinity over nothing. */
export function logSumExp(x: tf.Tensor, slots: number[]): tf.Tensor {
  const top = reduced(tf.max, x, slots, -Infinity);
  const finite = tf.where(condition(tf.less, tf.abs(top), Infinity), top, tf.zerosLike(top));
  return tf.add(finite, tf.log(reduced(tf.sum, tf.exp(tf.sub(x, finite)), slots)));
}

/** The entries of x at positions along a slot, 0 where the position is outside. */
export function lookUp(x: tf.Tensor, slot: number, index: tf.Tensor): tf.Tensor {
  const length = x.shape[slot] ?? 1;
  const inner = x.shape.slice(slot + 1).reduce((a, b) => a * b, 1);
  const rest = x.shape.map((size, i) => (i === slot ? 1 : size));
  if (x.size === 0) return tf.zerosLike(tf.add(tf.cast(index, 'float32'), tf.zeros(rest)));
  const starts = new Int32Array(x.size / length);
  for (let i = 0; i < starts.length; i++) starts[i] = Math.floor(i / inner) * inner * length + (i % inner);
  const inside = tf.logicalAnd(tf.greaterEqual(index, 0), tf.less(index, length));
  const position = tf.cast(tf.clipByValue(index, 0, Math.max(length - 1, 0)), 'int32');
  const flat = tf.add(tf.tensor(starts, rest, 'int32'), tf.mul(position, tf.scalar(inner, 'int32')));
  const entries = tf.reshape(tf.gather(tf.reshape(x, [-1]), tf.reshape(flat, [-1])), flat.shape);
  return tf.where(inside, entries, tf.zerosLike(entries));
}

/** The entry of x at one position along a slot, 0 when the position is outside. */
export function entryAt(x: tf.Tensor, slot: number, index: number): tf.Tensor {
  const sizes = x.shape.map((size, i) => (i === slot ? 1 : size));
  if (index < 0 || index >= (x.shape[slot] ?? 1)) return tf.zeros(sizes);
  return tf.slice(
    x,
    x.shape.map((_, i) => (i === slot ? index : 0)),
    sizes,
  );
}
