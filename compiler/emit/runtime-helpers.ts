import { type EmittedFunction, helper } from './helper.js';

const T = 'tf.Tensor';
const ITEMS = ['items', 'number[]'] as const;
const WEIGHTS = ['weights', 'tf.Tensor | undefined'] as const;
const OPTIONS_PARAMETER = ['options', 'OPTIONS'] as const;

/**
 * What the functions of a module share: shapes, parameters, reductions. `OPTIONS` stands for the type of the loss's options.
 * Only those that a loss needs are written.
 */
export const RUNTIME_HELPERS: readonly EmittedFunction[] = [
  helper(
    'fail',
    [['message', 'string']],
    'never',
    'Ends with an error that names the loss.',
    // The name is put in by the module.
    "throw new Error(LOSS + ': ' + message);",
  ),
  helper(
    'count',
    [['shape', 'number[]']],
    'number',
    'How many entries a shape has.',
    'return shape.reduce((a, b) => a * b, 1);',
  ),
  helper(
    'asFloat',
    [['x', T]],
    T,
    'The tensor as float32.',
    "return x.dtype === 'float32' ? x : tf.cast(x, 'float32');",
  ),
  helper(
    'shaped',
    [
      ['x', T],
      ['shape', 'number[]'],
    ],
    T,
    'The tensor as float32 in another shape.',
    'return tf.reshape(asFloat(x), shape);',
    ['asFloat'],
  ),
  helper(
    'shapeOf',
    [
      ['name', 'string'],
      ['shape', 'number[]'],
      ['expected', 'number[]'],
    ],
    'number[]',
    'The shape of an input, checked; -1 stands for any length.',
    `if (shape.length !== expected.length || expected.some((size, i) => size >= 0 && size !== shape[i])) {
  const wanted = expected.map((size) => (size < 0 ? 'any' : size)).join(', ');
  fail(\`\${name} has dimensions [\${shape.join(', ')}] where [\${wanted}] is needed\`);
}
return shape;`,
    ['fail'],
  ),
  helper(
    'merged',
    [
      ['name', 'string'],
      ['shape', 'number[]'],
      ['before', 'number'],
      ['after', 'number'],
    ],
    'number[]',
    'A shape with its middle dimensions made one.',
    `if (shape.length <= before + after) {
  fail(\`\${name} has dimensions [\${shape.join(', ')}], more than \${before + after} are needed\`);
}
const end = shape.length - after;
return [...shape.slice(0, before), count(shape.slice(before, end)), ...shape.slice(end)];`,
    ['fail', 'count'],
  ),
  helper(
    'agreedItems',
    [['shapes', '[string, number[]][]']],
    'number[]',
    'The shape of the items that all inputs share. A last dimension of 1 that some have and others lack is dropped.',
    `const items = shapes.map(([, shape]) => shape).reduce((a, b) => (b.length < a.length ? b : a));
const accepted = [String(items), String([...items, 1])];
if (!shapes.every(([, shape]) => accepted.includes(String(shape)))) {
  const given = shapes.map(([name, shape]) => \`[\${shape.join(', ')}] in \${name}\`);
  fail('the inputs do not go together: items are ' + given.join(', '));
}
return items;`,
    ['fail'],
  ),
  helper(
    'oneHotRows',
    [
      ['labels', T],
      ['classes', 'number'],
    ],
    T,
    'Labels as rows with a single 1; an unknown label gives a row of zeros.',
    `const rows = tf.cast(tf.oneHot(tf.cast(labels, 'int32'), Math.max(classes, 2)), 'float32');
return classes > 1 ? rows : tf.slice(rows, rows.shape.map(() => 0), [...labels.shape, classes]);`,
  ),
  helper(
    'checkParameter',
    [
      ['name', 'string'],
      ['value', 'unknown'],
      ['low', 'number'],
      ['high', 'number'],
      ['domain', 'string'],
      ['whole', 'boolean', 'false'],
    ],
    'void',
    'Checks a parameter, or each number of one that has axes, against its domain.',
    `if (Array.isArray(value)) {
  for (const entry of value) checkParameter(name, entry, low, high, domain, whole);
  return;
}
const inside = typeof value === 'number' && value >= low && value <= high;
if (!inside || (whole && !Number.isInteger(value))) {
  fail(value === undefined ? \`the option \${name} is required\` : \`\${name} = \${value} is not \${domain}\`);
}`,
    ['fail'],
  ),
  helper(
    'checkInput',
    [
      ['name', 'string'],
      ['tensor', T],
      ['domain', 'string'],
      ['fits', '(x: number) => boolean'],
      ['simplex', 'boolean', 'false'],
    ],
    'void',
    'Checks the values of an input against its domain; for debugging, since it reads the tensor back.',
    `const wrong = Array.from(tensor.dataSync()).find((value) => !fits(value));
if (wrong !== undefined) fail(\`\${name} holds \${wrong}, which is not \${domain}\`);
const sums = simplex ? Array.from(tf.tidy(() => tf.sum(tensor, -1).dataSync())) : [];
// A row of zeros is an unknown label.
const bad = sums.find((sum) => Math.abs(sum - 1) > 1e-3 && sum !== 0);
if (bad !== undefined) fail(\`\${name} adds up to \${bad} along its last axis, not to 1\`);`,
    ['fail'],
  ),
  helper(
    'lengthOf',
    [
      ['value', 'unknown'],
      ['depth', 'number', '0'],
    ],
    'number | undefined',
    'How many entries a list has at a depth; undefined for a number.',
    `let level = value;
for (let i = 0; i < depth && Array.isArray(level); i++) level = level[0];
return Array.isArray(level) ? level.length : undefined;`,
  ),
  helper(
    'entry',
    [
      ['list', 'number | number[]'],
      ['i', 'number'],
    ],
    'number',
    'A number of a parameter with an axis: one number stands for all of them.',
    "return typeof list === 'number' ? list : (list[i] ?? 0);",
  ),
  helper(
    'parameterTensor',
    [
      ['value', 'number | number[] | number[][] | number[][][]'],
      ['shape', 'number[]'],
      ['order', 'number[]', '[]'],
    ],
    T,
    'A parameter with axes as a tensor; one number is spread along them.',
    `if (typeof value === 'number') return tf.fill(shape, value);
const tensor = tf.tensor(value);
const size = count(shape);
if (tensor.size !== size) fail(\`a parameter has \${tensor.size} numbers where \${size} are needed\`);
return tf.reshape(order.length === 0 ? tensor : tf.transpose(tensor, order), shape);`,
    ['fail', 'count'],
  ),
  helper(
    'itemWeights',
    [ITEMS, OPTIONS_PARAMETER],
    'tf.Tensor | undefined',
    'The sample weights, one per item; undefined without any.',
    `const { sampleWeight } = options;
if (sampleWeight === undefined) return undefined;
const { shape } = sampleWeight;
if (shape.length > items.length || shape.some((size, i) => size !== items[i])) {
  fail(\`sampleWeight has dimensions [\${shape.join(', ')}], the items have [\${items.join(', ')}]\`);
}
const aligned = tf.reshape(asFloat(sampleWeight), [...shape, ...items.slice(shape.length).map(() => 1)]);
return tf.reshape(tf.broadcastTo(aligned, items), [-1]);`,
    ['fail', 'asFloat'],
  ),
  helper(
    'reduceItems',
    [['values', T], ITEMS, WEIGHTS, OPTIONS_PARAMETER],
    T,
    'Items to one number: mean is sum(w * l) / N over all items, weightedMean is sum(w * l) / sum(w); none keeps them.',
    `const weighted = weights === undefined ? values : tf.mul(weights, tf.reshape(values, [-1]));
switch (options.reduction ?? 'mean') {
  case 'mean':
    return tf.mean(weighted);
  case 'sum':
    return tf.sum(weighted);
  case 'none':
    return tf.reshape(weighted, items);
  case 'weightedMean':
    return weights === undefined ? tf.mean(values) : tf.div(tf.sum(weighted), tf.sum(weights));
  default:
    return fail(\`unknown reduction \${options.reduction}: use mean, sum, none or weightedMean\`);
}`,
    ['itemWeights', 'fail'],
  ),
  helper(
    'itemSeed',
    [['dy', T], ITEMS, WEIGHTS, OPTIONS_PARAMETER],
    T,
    'How much each item counts in the reduced value, times dy: a column, or one number for all.',
    `const reduction = options.reduction ?? 'mean';
const weighted = reduction === 'weightedMean' && weights !== undefined;
const mean = reduction === 'mean' || reduction === 'weightedMean';
const each = weighted ? tf.div(dy, tf.sum(weights)) : mean ? tf.div(dy, count(items)) : dy;
const flat = reduction === 'none' ? tf.reshape(each, [-1]) : each;
const seed = weights === undefined ? flat : tf.mul(weights, flat);
return seed.rank === 0 ? seed : tf.reshape(seed, COLUMN);`,
    ['count'],
  ),
  helper(
    'exampleMeans',
    [['values', T]],
    T,
    'The mean of the items of each example.',
    `if (values.rank <= 1) return values;
return tf.tidy(() => tf.mean(tf.reshape(values, [values.shape[0] /*!*/, -1]), 1));`,
  ),
];
