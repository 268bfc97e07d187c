import * as tf from '@tensorflow/tfjs-core';
import { LARGEST_SLICE } from '../plan/tiles.js';
import { commonShape } from './operators.js';
import { count } from './runtime.js';

/** A reduction over a slot of an operand that may be too large to be held: from one slice of the parts after the other. */
export function inSlices(
  parts: tf.Tensor[],
  slot: number,
  join: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
  reduce: (...parts: tf.Tensor[]) => tf.Tensor,
): tf.Tensor {
  const shape = commonShape(parts);
  const length = shape[slot] ?? 1;
  if (count(shape) <= LARGEST_SLICE || length === 1) return reduce(...parts);
  const step = Math.max(1, Math.floor((length * LARGEST_SLICE) / count(shape)));
  const slice = (from: number): tf.Tensor =>
    reduce(
      ...parts.map((part) => {
        if (part.shape[slot] === 1) return part;
        const starts = part.shape.map((_, i) => (i === slot ? from : 0));
        return tf.slice(
          part,
          starts,
          part.shape.map((size, i) => (i === slot ? Math.min(step, length - from) : size)),
        );
      }),
    );
  let total = tf.tidy(() => slice(0));
  for (let from = step; from < length; from += step) {
    const before = total;
    total = tf.tidy(() => join(before, slice(from)));
    if (!tf.engine().isTapeOn()) before.dispose();
  }
  return total;
}
