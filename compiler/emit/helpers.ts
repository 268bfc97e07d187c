import { LOWEST_LOG_PROBABILITY } from '../graph/special.js';
import { type EmittedFunction, helper } from './helper.js';

const T = 'tf.Tensor';
const x = [['x', T]] as const;
const v = [['x', 'number']] as const;
const alongSlot = [...x, ['slot', 'number']] as const;

const LOWEST_LOG = String(LOWEST_LOG_PROBABILITY);

/**
 * What emitted code calls where TensorFlow.js has no operator, or one that loses digits.
 * A slot is a dimension: every tensor inside a module has one dimension for each axis of the loss, of length 1 where it lacks the axis.
 */
export const OPERATOR_HELPERS: readonly EmittedFunction[] = [
  helper(
    'condition',
    [
      ['op', '(...args: tf.Tensor[]) => tf.Tensor'],
      ['...args', '(tf.Tensor | number | boolean)[]'],
    ],
    T,
    'A condition. Its gradient is zero; a tape has to be told, since TensorFlow.js knows no gradient for it.',
    `const whole = args.some((arg) => typeof arg === 'object' && arg.dtype === 'int32');
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
}))(...tensors);`,
    ['commonShape', 'spread'],
  ),
  helper(
    'choose',
    [
      ['when', T],
      ['yes', 'tf.Tensor | number'],
      ['no', 'tf.Tensor | number'],
    ],
    T,
    'Entries of one where a condition holds and of another elsewhere.',
    `const shape = commonShape([when, yes, no]);
return tf.where(spread(when, shape), spread(yes, shape), spread(no, shape));`,
    ['commonShape', 'spread'],
  ),
  helper(
    'commonShape',
    [['values', '(tf.Tensor | number)[]']],
    'number[]',
    'The shape to which all are spread.',
    `const shape /*: number[] */ = [];
for (const value of values) {
  if (typeof value === 'number') continue;
  value.shape.forEach((size, i) => {
    shape[i] = size === 1 ? (shape[i] ?? 1) : size;
  });
}
return shape;`,
  ),
  helper(
    'logSoftmax',
    x,
    T,
    'log(softmax(x)) along the last dimension. The largest entry is left out of the sum of exponentials, so that log1p keeps the digits of a confident prediction. That of a masked entry, -Infinity, stays finite: times the 0 of a target it is 0.',
    `const length = x.shape[x.rank - 1] ?? 1;
const shifted = tf.sub(x, tf.max(x, -1, true));
if (length === 1) return shifted;
const largest = tf.cast(tf.oneHot(tf.argMax(x, -1), length), 'float32');
const others = tf.sum(tf.sub(tf.exp(shifted), largest), -1, true);
return tf.maximum(tf.sub(shifted, log1p(others)), ${LOWEST_LOG});`,
    ['log1p'],
  ),
  helper(
    'logSoftmaxAlong',
    alongSlot,
    T,
    'log(softmax(x)) along any dimension.',
    `// Dimensions of length 1 behind it are only left out; others change places with it.
if (x.shape.slice(slot + 1).every((size) => size === 1)) {
  return tf.reshape(logSoftmax(tf.reshape(x, x.shape.slice(0, slot + 1))), x.shape);
}
const order = x.shape.map((_, i) => (i === slot ? x.rank - 1 : i === x.rank - 1 ? slot : i));
return tf.transpose(logSoftmax(tf.transpose(x, order)), order);`,
    ['logSoftmax'],
  ),
  helper(
    'logSumExp',
    [
      ['x', T],
      ['slots', 'number[]'],
    ],
    T,
    'log(sum(exp(x))) along slots; minus infinity over nothing.',
    `const top = tf.max(x, slots, true);
const finite = tf.where(condition(tf.equal, top, -Infinity), tf.zerosLike(top), top);
return tf.add(finite, tf.log(tf.sum(tf.exp(tf.sub(x, finite)), slots, true)));`,
    ['condition'],
  ),
  helper(
    'signs',
    x,
    T,
    '-1, 0 or 1, and NaN of NaN: tf.sign gives 0 for NaN, on wasm also for whatever is below 1e-7.',
    `const signed = (value /*: tf.Tensor */) => {
  const large = tf.mul(tf.mul(value, 1e38), 1e38);
  return tf.minimum(tf.maximum(large, -1), 1);
};
return condition(signed, x);`,
    ['condition'],
  ),
  helper(
    'log1p',
    x,
    T,
    'log(1 + x) with what 1 + x lost to rounding put back: on wasm and on GPUs tf.log1p(x) is tf.log(1 + x).',
    `const sum = tf.add(x, 1);
const kept = tf.sub(sum, 1);
const log = tf.log(sum);
// Nothing is lost at -1 and infinity, where the correction is not a number.
return tf.where(condition(tf.equal, kept, x), log, tf.add(log, tf.div(tf.sub(x, kept), sum)));`,
    ['condition'],
  ),
  helper(
    'sideOf',
    x,
    T,
    '-1 below 0, else 1: what an odd function is multiplied with, so that a tape finds its slope at 0.',
    "return tf.sub(1, tf.mul(2, tf.cast(condition(tf.less, x, 0), 'float32')));",
    ['condition'],
  ),
  helper(
    'softplus',
    x,
    T,
    'log(1 + exp(x)), accurate at both ends.',
    `const small = tf.exp(tf.neg(tf.abs(x)));
const sum = tf.add(small, 1);
// What 1 + small lost to rounding; a term of log1p that is below rounding for small <= 1 is left out.
const lost = tf.sub(small, tf.sub(sum, 1));
return tf.add(tf.relu(x), tf.add(tf.log(sum), lost));`,
  ),
  helper(
    'sine',
    x,
    T,
    'The sine: on wasm tf.sin of small negative numbers is that of a full turn, with its rounding.',
    'const side = sideOf(x);\nreturn tf.mul(side, tf.sin(tf.mul(side, x)));',
    ['sideOf'],
  ),
  helper(
    'softplusOf',
    v,
    'number',
    'log(1 + exp(x)).',
    'return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));',
  ),
  helper(
    'log1mexp',
    x,
    T,
    'log(1 - exp(x)) for x <= 0: by expm1 near 0, by log1p further away.',
    `const near = condition(tf.greater, x, -Math.LN2);
return tf.where(near, tf.log(tf.neg(tf.expm1(x))), log1p(tf.neg(tf.exp(x))));`,
    ['condition', 'log1p'],
  ),
  helper(
    'log1mexpOf',
    v,
    'number',
    'log(1 - exp(x)) for x <= 0.',
    'return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x));',
  ),
  helper(
    'xlogy',
    [
      ['x', 'tf.Tensor | number'],
      ['y', 'tf.Tensor | number'],
    ],
    T,
    'x * log(y), and 0 where x is 0.',
    `const zero = condition(tf.equal, x, 0);
return choose(zero, 0, tf.mul(x, tf.log(y)));`,
    ['condition', 'choose'],
  ),
  helper(
    'xlogyOf',
    [
      ['x', 'number'],
      ['y', 'number'],
    ],
    'number',
    'x * log(y), and 0 where x is 0.',
    'return x === 0 ? 0 : x * Math.log(y);',
  ),
  helper(
    'extreme',
    [
      ['op', '(x: tf.Tensor, y: tf.Tensor) => tf.Tensor'],
      ['x', T],
      ['y', T],
    ],
    T,
    'The larger or the smaller of two, and NaN where either is: on wasm a NaN in the second is passed over.',
    'return choose(condition(tf.notEqual, y, y), y, op(x, y));',
    ['condition', 'choose'],
  ),
  helper(
    'powerOf',
    [
      ['x', 'tf.Tensor | number'],
      ['y', T],
    ],
    T,
    'x to the power of y, and NaN where y is: on wasm 1 to any power is 1.',
    'return choose(condition(tf.notEqual, y, y), y, tf.pow(x, y));',
    ['condition', 'choose'],
  ),
  helper(
    'power',
    [
      ['x', T],
      ['n', 'number'],
    ],
    T,
    'x to a whole power n >= 1 by repeated multiplication: defined for negative x on every backend.',
    `if (n === 1) return x;
const half = tf.square(power(x, Math.floor(n / 2)));
return n % 2 === 0 ? half : tf.mul(half, x);`,
  ),
  helper(
    'erf',
    x,
    T,
    'The error function to float32 rounding: a Taylor series below 1.5 in size, erfc by its continued fraction above.',
    `const side = sideOf(x);
const a = tf.minimum(tf.mul(side, x), 6);
const small = tf.minimum(a, 1.5);
const square = tf.square(small);
let series = tf.zerosLike(a);
for (let n = 16; n >= 0; n--) series = tf.add(1 / (2 * n + 1), tf.mul(tf.div(tf.neg(square), n + 1), series));
const large = tf.maximum(a, 1.5);
let fraction = tf.zerosLike(a);
for (let k = 24; k >= 1; k--) fraction = tf.div(k / 2, tf.add(large, fraction));
const erfc = tf.div(tf.exp(tf.neg(tf.square(large))), tf.mul(Math.sqrt(Math.PI), tf.add(large, fraction)));
const inner = tf.mul(2 / Math.sqrt(Math.PI), tf.mul(small, series));
return tf.mul(side, tf.where(condition(tf.less, a, 1.5), inner, tf.sub(1, erfc)));`,
    ['condition', 'sideOf'],
  ),
  helper(
    'erfOf',
    v,
    'number',
    'The error function of a number.',
    `let sum = x;
let term = x;
for (let n = 1; n < 200; n++) {
  term *= -(x * x) / n;
  sum += term / (2 * n + 1);
}
return Math.abs(x) > 5 ? Math.sign(x) : (2 / Math.sqrt(Math.PI)) * sum;`,
  ),
  helper(
    'lgamma',
    x,
    T,
    'log(gamma(x)) for x > 0: below 8 shifted up by eight, then the Stirling series (Abramowitz and Stegun 6.1.41).',
    `const shifted = condition(tf.less, x, 8);
const small = tf.minimum(x, 8);
const y = tf.where(shifted, tf.add(x, 8), x);
let product = small;
for (let i = 1; i < 8; i++) product = tf.mul(product, tf.add(small, i));
const r = tf.div(1, y);
const tail = tf.mul(r, tf.add(1 / 12, tf.mul(tf.square(r), tf.add(-1 / 360, tf.mul(tf.square(r), 1 / 1260)))));
const stirling = tf.add(tf.sub(tf.mul(tf.sub(y, 0.5), tf.log(y)), y), tf.add(Math.log(2 * Math.PI) / 2, tail));
return tf.sub(stirling, tf.where(shifted, tf.log(product), tf.zerosLike(x)));`,
    ['condition'],
  ),
  helper(
    'lgammaOf',
    v,
    'number',
    'log(gamma(x)) for x > 0.',
    `let shift = 0;
let y = x;
while (y < 15) {
  shift += Math.log(y);
  y += 1;
}
const r = 1 / y;
const tail = r * (1 / 12 - r * r * (1 / 360 - r * r * (1 / 1260 - (r * r) / 1680)));
return (y - 0.5) * Math.log(y) - y + Math.log(2 * Math.PI) / 2 + tail - shift;`,
  ),
  helper(
    'polygamma',
    [['order', 'number'], ...x],
    T,
    'The order-th derivative of digamma for x > 0: shifted up by ten, then the asymptotic series (Abramowitz and Stegun 6.3.18, 6.4.11).',
    `const bernoulli = [1 / 6, -1 / 30, 1 / 42, -1 / 30];
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
return tf.add(tf.mul(sign, series), shifted);`,
    ['power'],
  ),
  helper(
    'polygammaOf',
    [
      ['order', 'number'],
      ['x', 'number'],
    ],
    'number',
    'The order-th derivative of digamma of a number.',
    'return tf.tidy(() => polygamma(order, tf.scalar(x)).dataSync()[0] /*!*/);',
    ['polygamma'],
  ),
  helper(
    'lookUp',
    [
      ['x', T],
      ['slot', 'number'],
      ['index', T],
    ],
    T,
    'The entries of x at positions along a slot, 0 where the position is outside.',
    `const length = x.shape[slot] ?? 1;
const inner = x.shape.slice(slot + 1).reduce((a, b) => a * b, 1);
const rest = x.shape.map((size, i) => (i === slot ? 1 : size));
const starts = new Int32Array(x.size / Math.max(length, 1));
for (let i = 0; i < starts.length; i++) starts[i] = Math.floor(i / inner) * inner * length + (i % inner);
const inside = tf.logicalAnd(tf.greaterEqual(index, 0), tf.less(index, length));
const position = tf.cast(tf.clipByValue(index, 0, Math.max(length - 1, 0)), 'int32');
const flat = tf.add(tf.tensor(starts, rest, 'int32'), tf.mul(position, tf.scalar(inner, 'int32')));
const entries = tf.reshape(tf.gather(tf.reshape(x, [-1]), tf.reshape(flat, [-1])), flat.shape);
return tf.where(inside, entries, tf.zerosLike(entries));`,
  ),
  helper(
    'entryAt',
    [
      ['x', T],
      ['slot', 'number'],
      ['index', 'number'],
    ],
    T,
    'The entry of x at one position along a slot, 0 when the position is outside.',
    `const sizes = x.shape.map((size, i) => (i === slot ? 1 : size));
if (index < 0 || index >= (x.shape[slot] ?? 1)) return tf.zeros(sizes);
return tf.slice(x, x.shape.map((_, i) => (i === slot ? index : 0)), sizes);`,
  ),
  helper(
    'spread',
    [
      ['x', 'tf.Tensor | number'],
      ['shape', 'number[]'],
    ],
    T,
    'A value repeated to a shape. By an addition: on wasm tf.broadcastTo, which tf.where and comparisons use too, is 100 times slower.',
    `if (typeof x === 'number') return tf.fill(shape, x);
if (String(x.shape) === String(shape)) return x;
if (x.dtype === 'int32') return tf.add(x, tf.zeros(shape, 'int32'));
const repeated = tf.add(tf.cast(x, 'float32'), tf.zeros(shape));
return x.dtype === 'bool' ? tf.cast(repeated, 'bool') : repeated;`,
  ),
];
