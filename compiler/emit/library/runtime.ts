import { type EmittedFunction, helper } from './helper.js';

const T = 'tf.Tensor';
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
    'checkOptions',
    [OPTIONS_PARAMETER],
    'OPTIONS',
    'Refuses options that there are not: one that is misspelt would be ignored.',
    `if (typeof options !== 'object' || options === null) fail('the options are ' + options + ', not an object');
const known /*: string[] */ = KNOWN_OPTIONS;
for (const [name, value] of Object.entries(options)) {
  if (!known.includes(name)) fail(\`there is no option \${name}; it has \${known.join(', ')}\`);
  if (value === null) fail(\`\${name} is null; leave it out for its default\`);
}
return options;`,
    ['fail'],
  ),
  helper(
    'checkParameter',
    [
      ['name', 'string'],
      ['value', 'unknown'],
      ['axes', 'number'],
      ['low', 'number'],
      ['high', 'number'],
      ['domain', 'string'],
      ['whole', 'boolean', 'false'],
    ],
    'void',
    'Checks a parameter, or each number of one that has axes, against its domain.',
    `if (Array.isArray(value) && axes > 0) {
  for (const entry of value) checkParameter(name, entry, axes - 1, low, high, domain, whole);
  return;
}
if (value === undefined) fail(\`the option \${name} is required\`);
const inside = typeof value === 'number' && Number.isFinite(value) && value >= low && value <= high;
if (inside && (!whole || Number.isInteger(value))) return;
const shown = typeof value === 'number' ? value : JSON.stringify(value);
fail(\`\${name} = \${shown} is not \${Array.isArray(value) ? 'one number, ' : ''}\${domain}\`);`,
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
      ['size', 'number'],
    ],
    'number',
    'A number of a parameter with an axis, 0 outside: one number stands for all of them.',
    "if (i < 0 || i >= size) return 0;\nreturn typeof list === 'number' ? list : (list[i] ?? 0);",
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
return tf.reshape(order.length === 0 ? tensor : transposed(tensor, order), shape);`,
    ['fail', 'count', 'transposed'],
  ),
  helper(
    'exampleMeans',
    [['values', T]],
    T,
    'The mean of the items of each example.',
    `if (values.rank <= 1) return values;
return tf.tidy(() => {
  const examples = values.shape[0] /*!*/;
  const each = count(values.shape.slice(1));
  const sums = reduced(tf.sum, tf.reshape(values, [examples, each]), 1);
  return tf.reshape(tf.div(sums, each), [examples]);
});`,
    ['reduced', 'count'],
  ),
  helper(
    'countedMeans',
    [
      ['values', T],
      ['counts', 'tf.Tensor | undefined'],
    ],
    T,
    'The mean of the items of each example that count: those that a label leaves out are in neither sum. 0 where none counts.',
    `if (values.rank <= 1) return values;
const rows = [values.shape[0] /*!*/, -1];
const flat = tf.reshape(values, rows);
if (counts === undefined) return tf.mean(flat, 1);
return tf.div(tf.sum(flat, 1), tf.maximum(tf.sum(tf.reshape(counts, rows), 1), 1));`,
  ),
];
