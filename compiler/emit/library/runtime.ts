import * as tf from '@tensorflow/tfjs-core';
import { reduced, transposed } from './axes.js';
import { KNOWN_OPTIONS, LOSS, type Options } from './loss.js';

/** Ends with an error that names the loss. */
export function fail(message: string): never {
  throw new Error(LOSS + message);
}

/** How many entries a shape has. */
export function count(shape: number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

/** The tensor as float32. */
export function asFloat(x: tf.Tensor): tf.Tensor {
  return x.dtype === 'float32' ? x : tf.cast(x, 'float32');
}

/** The tensor as float32 in another shape. */
export function shaped(x: tf.Tensor, shape: number[]): tf.Tensor {
  return tf.reshape(asFloat(x), shape);
}

/** The shape of an input, checked; -1 stands for any length. */
export function shapeOf(name: string, shape: number[], expected: number[]): number[] {
  if (shape.length !== expected.length || expected.some((size, i) => size >= 0 && size !== shape[i])) {
    const wanted = expected.map((size) => (size < 0 ? 'any' : size)).join(', ');
    fail(`${name} has dimensions [${shape.join(', ')}] where [${wanted}] is needed`);
  }
  return shape;
}

/** A shape with its middle dimensions made one. */
export function merged(name: string, shape: number[], before: number, after: number): number[] {
  if (shape.length <= before + after) {
    fail(`${name} has dimensions [${shape.join(', ')}], more than ${before + after} are needed`);
  }
  const end = shape.length - after;
  return [...shape.slice(0, before), count(shape.slice(before, end)), ...shape.slice(end)];
}

/** The shape of the items that all inputs share. A last dimension of 1 that some have and others lack is dropped. */
export function agreedItems(shapes: [string, number[]][]): number[] {
  const items = shapes.map(([, shape]) => shape).reduce((a, b) => (b.length < a.length ? b : a));
  const accepted = [String(items), String([...items, 1])];
  if (!shapes.every(([, shape]) => accepted.includes(String(shape)))) {
    const given = shapes.map(([name, shape]) => `[${shape.join(', ')}] in ${name}`);
    fail('the inputs do not go together: items are ' + given.join(', '));
  }
  return items;
}

/** Refuses options that there are not: one that is misspelt would be ignored. */
export function checkOptions(options: Options): Options {
  if (typeof options !== 'object' || options === null) fail('the options are ' + options + ', not an object');
  const known: string[] = KNOWN_OPTIONS;
  for (const [name, value] of Object.entries(options)) {
    if (!known.includes(name)) fail(`there is no option ${name}; it has ${known.join(', ')}`);
    if (value === null) fail(`${name} is null; leave it out for its default`);
  }
  return options;
}

/** Checks a parameter, or each number of one that has axes, against its domain. */
export function checkParameter(
  name: string,
  value: unknown,
  axes: number,
  low: number,
  high: number,
  domain: string,
  whole = false,
): void {
  if (Array.isArray(value) && axes > 0) {
    for (const entry of value) checkParameter(name, entry, axes - 1, low, high, domain, whole);
    return;
  }
  if (value === undefined) fail(`the option ${name} is required`);
  const inside = typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high;
  if (inside && (!whole || Number.isInteger(value))) return;
  const shown = typeof value === 'number' ? value : JSON.stringify(value);
  fail(`${name} = ${shown} is not ${Array.isArray(value) ? 'one number, ' : ''}${domain}`);
}

/** How many entries a list has at a depth; undefined for a number. */
export function lengthOf(value: unknown, depth = 0): number | undefined {
  let level = value;
  for (let i = 0; i < depth && Array.isArray(level); i++) level = level[0];
  return Array.isArray(level) ? level.length : undefined;
}

/** A number of a parameter with an axis, 0 outside: one number stands for all of them. */
export function entry(list: number | number[], i: number, size: number): number {
  if (i < 0 || i >= size) return 0;
  return typeof list === 'number' ? list : (list[i] ?? 0);
}

/** A parameter with axes as a tensor; one number is spread along them. */
export function parameterTensor(
  value: number | number[] | number[][] | number[][][],
  shape: number[],
  order: number[] = [],
): tf.Tensor {
  if (typeof value === 'number') return tf.fill(shape, value);
  const tensor = tf.tensor(value);
  const size = count(shape);
  if (tensor.size !== size) fail(`a parameter has ${tensor.size} numbers where ${size} are needed`);
  return tf.reshape(order.length === 0 ? tensor : transposed(tensor, order), shape);
}

/** The mean of the items of each example. */
export function exampleMeans(values: tf.Tensor): tf.Tensor {
  if (values.rank <= 1) return values;
  return tf.tidy(() => {
    const examples = values.shape[0]!;
    const each = count(values.shape.slice(1));
    const sums = reduced(tf.sum, tf.reshape(values, [examples, each]), 1);
    return tf.reshape(tf.div(sums, each), [examples]);
  });
}

/** The mean of the items of each example that count: those that a label leaves out are in neither sum. 0 where none counts. */
export function countedMeans(values: tf.Tensor, counts: tf.Tensor | undefined): tf.Tensor {
  if (values.rank <= 1) return values;
  const rows = [values.shape[0]!, -1];
  const flat = tf.reshape(values, rows);
  if (counts === undefined) return tf.mean(flat, 1);
  return tf.div(tf.sum(flat, 1), tf.maximum(tf.sum(tf.reshape(counts, rows), 1), 1));
}
