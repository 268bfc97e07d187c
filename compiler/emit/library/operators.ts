import { type EmittedFunction, helper } from './helper.js';

const T = 'tf.Tensor';
const x = [['x', T]] as const;
const v = [['x', 'number']] as const;

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
