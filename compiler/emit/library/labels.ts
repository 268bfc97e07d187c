import * as tf from '@tensorflow/tfjs-core';
import { transposed } from './axes.js';
import { choose } from './operators.js';
import { asFloat, count, fail } from './runtime.js';

/** The labels, if an input of rows is given by labels: without the dimension of the classes, or with one entry along it. */
export function labelsOf(x: tf.Tensor, rank: number, place: number, classes: number): tf.Tensor | undefined {
  if (x.rank === rank - 1) return x;
  const at = place < 0 ? x.rank + place : place;
  if (x.rank !== rank || x.shape[at] !== 1 || classes === 1) return undefined;
  return tf.reshape(
    x,
    x.shape.filter((_, i) => i !== at),
  );
}

/** Labels as rows with a single 1 along a dimension; a label outside stands for the nearest class, and does not count. */
export function oneHotRows(labels: tf.Tensor, classes: number, place: number): tf.Tensor {
  const inside = tf.clipByValue(asFloat(labels), 0, Math.max(classes - 1, 0));
  const last = tf.cast(tf.oneHot(tf.cast(inside, 'int32'), Math.max(classes, 2)), 'float32');
  const rows =
    classes > 1
      ? last
      : tf.slice(
          last,
          last.shape.map(() => 0),
          [...labels.shape, classes],
        );
  const at = place < 0 ? rows.rank + place : place;
  if (at === labels.rank) return rows;
  const [before, behind] = [labels.shape.slice(0, at), labels.shape.slice(at)];
  const flat = tf.reshape(rows, [count(before), count(behind), classes]);
  return tf.reshape(transposed(flat, [0, 2, 1]), [...before, classes, ...behind]);
}

/** Whether each label is one of the classes: a whole number from 0. */
export function isKnown(labels: tf.Tensor, classes: number): tf.Tensor {
  if (classes === 0) fail('there are labels, but no classes');
  return tf.equal(tf.clipByValue(tf.floor(labels), 0, classes - 1), labels);
}

/** Labels as rows with a single 1; a row of NaN for a label that is none of the classes. */
export function soundRows(labels: tf.Tensor, classes: number, place: number): tf.Tensor {
  const rows = oneHotRows(labels, classes, place);
  const faults = choose(isKnown(asFloat(labels), classes), 0, NaN);
  return tf.add(rows, tf.expandDims(faults, place < 0 ? rows.rank + place : place));
}

/** For each item 1; 0 where its label is the ignored one, and NaN where it is none of the classes. */
export function labelCounts(
  labels: tf.Tensor | undefined,
  classes: number,
  ignore: number,
): tf.Tensor | undefined {
  if (labels === undefined) return undefined;
  const flat = tf.reshape(asFloat(labels), [-1]);
  return choose(tf.equal(flat, ignore), 0, choose(isKnown(flat, classes), 1, NaN));
}

/** Items that count for two inputs of labels. */
export function bothCounts(a: tf.Tensor | undefined, b: tf.Tensor | undefined): tf.Tensor | undefined {
  return a === undefined ? b : b === undefined ? a : tf.mul(a, b);
}
