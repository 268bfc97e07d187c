import { type EmittedFunction, helper } from './helper.js';

const T = 'tf.Tensor';
const READ = ['read', 'Read'] as const;
const WEIGHTS = ['weights', 'tf.Tensor | undefined'] as const;
const OPTIONS_PARAMETER = ['options', 'OPTIONS'] as const;

const UNKNOWN = "fail('unknown reduction ' + options.reduction + ': use mean, sum, none or weightedMean')";

const SHARED: readonly EmittedFunction[] = [
  helper(
    'sumOf',
    [['x', T]],
    T,
    'The sum of all entries. Over nothing wasm would give what lies in memory.',
    'return x.size > 0 ? tf.sum(x) : tf.scalar(0);',
  ),
  helper(
    'meanOf',
    [['x', T]],
    T,
    'The mean of all entries; over nothing it is not a number.',
    'return x.size > 0 ? tf.mean(x) : tf.scalar(NaN);',
  ),
  helper(
    'sampleWeights',
    [['items', 'number[]'], OPTIONS_PARAMETER],
    'tf.Tensor | undefined',
    'The sample weights, one per item; undefined without any.',
    `const { sampleWeight } = options;
if (sampleWeight === undefined) return undefined;
const { shape } = sampleWeight;
if (shape.length > items.length || shape.some((size, i) => size !== items[i])) {
  fail(\`sampleWeight has dimensions [\${shape.join(', ')}], the items have [\${items.join(', ')}]\`);
}
const aligned = tf.reshape(asFloat(sampleWeight), [...shape, ...items.slice(shape.length).map(() => 1)]);
return tf.reshape(spread(aligned, items), [-1]);`,
    ['fail', 'asFloat', 'spread'],
  ),
  helper(
    'weightedBy',
    [
      ['weights', T],
      ['values', T],
    ],
    T,
    'Values times weights; where a weight is 0 it is 0, whatever the value.',
    'return choose(tf.equal(weights, 0), 0, tf.mul(weights, values));',
    ['choose'],
  ),
  helper(
    'totalWeight',
    [['weights', T]],
    T,
    'The sum of weights, and 1 where all of them are 0: the mean over nothing is 0.',
    `const none = tf.equal(sumOf(tf.abs(weights)), 0);
return tf.add(sumOf(weights), tf.cast(none, 'float32'));`,
    ['sumOf'],
  ),
];

/** How the items become one number: `counted` where labels say which of them count. */
export const REDUCTION_HELPERS: {
  readonly plain: readonly EmittedFunction[];
  readonly counted: readonly EmittedFunction[];
} = {
  plain: [
    ...SHARED,
    helper(
      'itemWeights',
      [READ, OPTIONS_PARAMETER],
      'tf.Tensor | undefined',
      'The sample weights, one per item; undefined without any.',
      'return sampleWeights(read.items, options);',
      ['sampleWeights'],
    ),
    helper(
      'reduceItems',
      [['values', T], READ, WEIGHTS, OPTIONS_PARAMETER],
      T,
      'Items to one number: mean is sum(w * l) / N over all items, weightedMean is sum(w * l) / sum(w); none keeps them.',
      `const weighted = weights === undefined ? values : weightedBy(weights, tf.reshape(values, [-1]));
switch (options.reduction ?? 'mean') {
  case 'mean':
    return meanOf(weighted);
  case 'sum':
    return sumOf(weighted);
  case 'none':
    return tf.reshape(weighted, read.items);
  case 'weightedMean':
    return weights === undefined ? meanOf(values) : tf.div(sumOf(weighted), totalWeight(weights));
  default:
    return ${UNKNOWN};
}`,
      ['itemWeights', 'weightedBy', 'totalWeight', 'fail', 'sumOf', 'meanOf'],
    ),
    helper(
      'itemSeed',
      [['dy', T], READ, WEIGHTS, OPTIONS_PARAMETER],
      T,
      'How much each item counts in the reduced value, times dy: a column, or one number for all.',
      `const reduction = options.reduction ?? 'mean';
const weighted = reduction === 'weightedMean' && weights !== undefined;
const mean = reduction === 'mean' || reduction === 'weightedMean';
const each = weighted ? tf.div(dy, totalWeight(weights)) : mean ? tf.div(dy, count(read.items)) : dy;
const flat = reduction === 'none' ? tf.reshape(each, [-1]) : each;
const seed = weights === undefined ? flat : tf.mul(weights, flat);
return seed.rank === 0 ? seed : tf.reshape(seed, COLUMN);`,
      ['count', 'totalWeight'],
    ),
  ],
  counted: [
    ...SHARED,
    helper(
      'itemWeights',
      [READ, OPTIONS_PARAMETER],
      'tf.Tensor | undefined',
      'How much each item counts in the reduced value, of those that its label does not leave out; undefined where all count alike.',
      `const given = sampleWeights(read.items, options);
const { counts } = read;
const weights = counts === undefined ? given : given === undefined ? counts : tf.mul(given, counts);
if (weights === undefined) return undefined;
switch (options.reduction ?? 'mean') {
  case 'mean':
    return tf.div(weights, counts === undefined ? count(read.items) : totalWeight(counts));
  case 'weightedMean':
    return tf.div(weights, totalWeight(weights));
  default:
    return weights;
}`,
      ['sampleWeights', 'totalWeight', 'count'],
    ),
    helper(
      'reduceItems',
      [['values', T], READ, WEIGHTS, OPTIONS_PARAMETER],
      T,
      'Items to one number: mean is sum(w * l) / N over the items that count, weightedMean is sum(w * l) / sum(w); none keeps them, 0 where one does not count.',
      `const { items, counts } = read;
const flat = tf.reshape(values, [-1]);
const kept = counts === undefined ? flat : choose(tf.equal(counts, 0), 0, flat);
const weighted = weights === undefined ? kept : weightedBy(weights, kept);
switch (options.reduction ?? 'mean') {
  case 'mean':
  case 'weightedMean':
    return weights === undefined || values.size === 0 ? meanOf(weighted) : sumOf(weighted);
  case 'sum':
    return sumOf(weighted);
  case 'none':
    return tf.reshape(weighted, items);
  default:
    return ${UNKNOWN};
}`,
      ['itemWeights', 'weightedBy', 'choose', 'fail', 'sumOf', 'meanOf'],
    ),
    helper(
      'itemSeed',
      [['dy', T], READ, WEIGHTS, OPTIONS_PARAMETER],
      T,
      'How much each item counts in the reduced value, times dy: a column, or one number for all.',
      `const reduction = options.reduction ?? 'mean';
const flat = reduction === 'none' ? tf.reshape(dy, [-1]) : dy;
const mean = reduction === 'mean' || reduction === 'weightedMean';
const alike = mean ? tf.div(flat, count(read.items)) : flat;
const seed = weights === undefined ? alike : tf.mul(weights, flat);
return seed.rank === 0 ? seed : tf.reshape(seed, COLUMN);`,
      ['count'],
    ),
  ],
};
