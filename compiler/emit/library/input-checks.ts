import * as tf from '@tensorflow/tfjs-core';
import { reduced } from './axes.js';
import { asFloat, count, fail } from './runtime.js';

/** Checks the values of an input against its domain. */
export function checkInput(
  name: string,
  tensor: tf.Tensor,
  domain: string,
  fits: (x: number) => boolean,
): void {
  const wrong = Array.from(tensor.dataSync()).find((value) => !fits(value));
  if (wrong !== undefined) fail(`${name} holds ${wrong}, which is not ${domain}`);
}

/** Checks that values add up to 1 along an axis: the dimensions from start to before end; negative ones count from the end. */
export function checkSums(name: string, tensor: tf.Tensor, axis: string, start: number, end: number): void {
  const { shape } = tensor;
  const [from, to] = [start < 0 ? shape.length + start : start, end <= 0 ? shape.length + end : end];
  const parts = [shape.slice(0, from), shape.slice(from, to), shape.slice(to)].map(count);
  const sums = tf.tidy(() => reduced(tf.sum, tf.reshape(asFloat(tensor), parts), 1).dataSync());
  const bad = Array.from(sums).find((sum) => !(Math.abs(sum - 1) <= 1e-3));
  if (bad !== undefined) fail(`${name} adds up to ${bad} along ${axis}, not to 1`);
}

/** Checks that labels are classes, or the one that is ignored. */
export function checkLabels(
  name: string,
  labels: tf.Tensor,
  axis: string,
  classes: number,
  ignore: number,
  leavesOut: boolean,
): void {
  const all = Array.from(labels.dataSync());
  const entry = all.findIndex((x) => x !== ignore && !(Number.isInteger(x) && x >= 0 && x < classes));
  if (entry < 0) return;
  const range = classes === 1 ? 'is 0' : `goes from 0 to ${classes - 1}`;
  const out = leavesOut ? `, or is ${ignore} to leave its item out` : '';
  fail(`${name} holds the label ${all[entry]} (entry ${entry}), and a label of ${axis} ${range}${out}`);
}
