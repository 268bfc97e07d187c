import type { EmittedFunction } from './helpers.js';

const T = 'tf.Tensor';
const READ = '{ inputs: tf.Tensor[]; sizes: number[]; items: number[] }';

function runtime(
  name: string,
  parameters: readonly (readonly [string, string])[],
  returns: string,
  doc: string,
  body: string,
): EmittedFunction {
  return {
    name,
    parameters: parameters.map(([parameter, type]) => ({
      name: parameter,
      type,
      ...(type.endsWith('| undefined') && { initializer: 'undefined' }),
    })),
    returns,
    body: body.trim(),
    doc,
    exported: false,
    uses: [],
  };
}

/** Shapes, parameters and reductions: the same in every module, driven by the constants at its top. */
export const SHARED_RUNTIME: readonly EmittedFunction[] = [
  runtime(
    'fail',
    [['message', 'string']],
    'never',
    'Ends with an error that names the loss.',
    "throw new Error(LOSS + ': ' + message);",
  ),
  runtime(
    'readParameters',
    [['options', 'any']],
    'any[]',
    'Parameters in order, from options or defaults, checked against their domains.',
    `return PARAMETERS.map((info) => {
  const value = options[info.name] ?? info.default;
  if (value === null) return fail(\`the option \${info.name} is required\`);
  const check = (x /*: any */) /*: any */ => {
    if (Array.isArray(x)) return x.forEach(check);
    const inside = typeof x === 'number' && !Number.isNaN(x) && (info.low === null || x >= info.low) && (info.high === null || x <= info.high);
    if (!inside || (info.whole && !Number.isInteger(x)) || (info.nonzero && x === 0)) fail(\`\${info.name} = \${x} is not \${info.domain}\`);
  };
  check(value);
  return value;
});`,
  ),
  runtime(
    'entry',
    [
      ['list', 'any'],
      ['i', 'number'],
    ],
    'number',
    'An entry of a parameter: one number stands for all of them.',
    "return typeof list === 'number' ? list : list[i] ?? 0;",
  ),
  runtime(
    'parameterTensor',
    [
      ['value', 'any'],
      ['shape', 'number[]'],
      ['order', 'number[] | undefined'],
    ],
    T,
    'A parameter with axes as a tensor; one number is spread along them.',
    `if (typeof value === 'number') return tf.fill(shape, value);
const tensor = tf.tensor(value);
const moved = order === undefined ? tensor : tf.transpose(tensor, order);
if (moved.size !== shape.reduce((a, b) => a * b, 1)) fail(\`a parameter has \${moved.size} entries where the inputs need \${shape}\`);
return tf.reshape(moved, shape);`,
  ),
  runtime(
    'itemShape',
    [
      ['info', '(typeof INPUTS)[number]'],
      ['shape', 'number[]'],
      ['axes', 'number'],
    ],
    'number[] | null',
    'The dimensions of the items when the input has this many axes of its own; null if it cannot.',
    `if (info.items === 'any') return shape;
if (info.items === 'rest') return shape.length >= axes ? shape.slice(0, shape.length - axes) : null;
const fits = info.many >= 0 ? shape.length > axes : shape.length === axes + 1;
return fits ? shape.slice(0, 1) : null;`,
  ),
  runtime(
    'agreedItems',
    [
      ['shapes', '(number[] | null)[]'],
      ['given', 'tf.Tensor[]'],
    ],
    'number[]',
    'The shape of the items that all inputs share. A last dimension of 1 that some have and others lack is dropped.',
    `const known = shapes.filter((shape) => shape !== null) /*: as number[][] */;
const shortest = known.reduce((a, b) => (b.length < a.length ? b : a));
shapes.forEach((shape, i) => {
  const text = shape === null ? '' : shape.join();
  if (shape === null || (text !== shortest.join() && text !== [...shortest, 1].join())) {
    fail(\`\${INPUTS[i].name} has shape [\${given[i].shape}], which does not go with \${INPUTS.map((info, k) => \`\${info.name} [\${given[k].shape}]\`).join(', ')}\`);
  }
});
return shortest;`,
  ),
  runtime(
    'readInputs',
    [
      ['given', 'tf.Tensor[]'],
      ['parameters', 'any[]'],
    ],
    READ,
    'Brings the inputs to one dimension per axis, items first and flat, and finds the length of every axis. Labels become one-hot rows.',
    `const plain = given.map((tensor, i) => itemShape(INPUTS[i], tensor.shape, INPUTS[i].slots.length));
const reference = INPUTS.findIndex((info) => !info.labels);
const isLabels = INPUTS.map((info, i) => {
  if (!info.labels) return false;
  const own = plain[i];
  const other = plain[reference];
  if (own === null || other === null) return own === null;
  return info.items === 'rest' && own.join() !== other.join() && given[i].shape.join() === [...other, ...given[reference].shape.slice(other.length, other.length + info.slots.length - 1)].join();
});
const items = agreedItems(INPUTS.map((info, i) => (isLabels[i] ? itemShape(info, given[i].shape, info.slots.length - 1) : plain[i])), given);
const count = items.reduce((a, b) => a * b, 1);
const sizes = AXES.map((axis) => axis.fixed);
sizes[0] = count;
const learn = (slot /*: number */, size /*: number */, name /*: string */) => {
  if (sizes[slot] !== 0 && sizes[slot] !== size) fail(\`\${name} has \${size} entries along \${AXES[slot].name}, which has \${sizes[slot]}\`);
  sizes[slot] = size;
};
const ownShapes = given.map((tensor, i) => {
  const info = INPUTS[i];
  const start = info.items === 'any' ? tensor.shape.length : info.items === 'exact' ? 1 : tensor.shape.length - info.slots.length + (isLabels[i] ? 1 : 0);
  const rest = tensor.shape.slice(start);
  const extra = rest.length - info.slots.length;
  if (info.many < 0 || extra <= 0) return rest;
  return [...rest.slice(0, info.many), rest.slice(info.many, info.many + extra + 1).reduce((a, b) => a * b, 1), ...rest.slice(info.many + extra + 1)];
});
ownShapes.forEach((shape, i) => shape.forEach((size, k) => learn(INPUTS[i].slots[k], size, INPUTS[i].name)));
PARAMETERS.forEach((info, i) => {
  let level = parameters[i];
  info.slots.forEach((slot) => {
    if (Array.isArray(level)) {
      learn(slot, level.length, info.name);
      level = level[0];
    }
  });
});
AXES.forEach((axis, slot) => {
  if (sizes[slot] === 0) sizes[slot] = sizes[axis.root] || 1;
});
const inputs = given.map((tensor, i) => {
  const info = INPUTS[i];
  const dense = isLabels[i] ? tf.oneHot(tf.cast(tensor, 'int32'), sizes[info.slots[info.slots.length - 1]]) : tensor;
  const values = tf.reshape(dense.dtype === 'float32' ? dense : tf.cast(dense, 'float32'), [count, ...info.slots.map((slot) => sizes[slot])]);
  const order = info.slots.map((_, k) => k).sort((a, b) => info.slots[a] - info.slots[b]);
  const sorted = order.every((k, at) => k === at) ? values : tf.transpose(values, [0, ...order.map((k) => k + 1)]);
  return tf.reshape(sorted, AXES.map((_, slot) => (slot === 0 ? count : info.slots.includes(slot) ? sizes[slot] : 1)));
});
return { inputs, sizes, items };`,
  ),
  runtime(
    'spreadTo',
    [
      ['gradient', T],
      ['read', READ],
      ['position', 'number'],
      ['given', T],
    ],
    T,
    'A derivative in the shape of its input; what is the same along an axis is repeated.',
    `const slots = INPUTS[position].slots;
const full = AXES.map((_, slot) => (slot === 0 || slots.includes(slot) ? read.sizes[slot] : 1));
const same = gradient.shape.length === full.length && gradient.shape.every((size, slot) => size === full[slot]);
const whole = same ? gradient : spread(gradient, full);
const ascending = slots.slice().sort((a, b) => a - b);
if (ascending.every((slot, k) => slot === slots[k])) return tf.reshape(whole, given.shape);
const flat = tf.reshape(whole, [read.sizes[0], ...ascending.map((slot) => read.sizes[slot])]);
return tf.reshape(tf.transpose(flat, [0, ...slots.map((slot) => ascending.indexOf(slot) + 1)]), given.shape);`,
  ),
  runtime(
    'parameterGradient',
    [
      ['gradient', T],
      ['read', READ],
      ['position', 'number'],
      ['value', 'any'],
    ],
    T,
    'A derivative in the shape of its parameter: summed when one number stands for all entries.',
    `const info = PARAMETERS[position];
const full = AXES.map((_, slot) => (info.slots.includes(slot) ? read.sizes[slot] : 1));
const whole = spread(gradient, full);
if (typeof value === 'number') return tf.sum(whole);
const ascending = info.slots.slice().sort((a, b) => a - b);
const flat = tf.reshape(whole, ascending.map((slot) => read.sizes[slot]));
return tf.transpose(flat, info.slots.map((slot) => ascending.indexOf(slot)));`,
  ),
  runtime(
    'valueAndGradients',
    [
      ['given', 'tf.Tensor[]'],
      ['options', 'any'],
    ],
    '{ value: tf.Tensor; gradients: Record<string, tf.Tensor> }',
    'The reduced value and all derivatives in one pass.',
    `const parameters = readParameters(options);
return tf.tidy(() => {
  const read = readInputs(given, parameters);
  const [values, ...derivatives] = itemValuesAndGradients(read.inputs, parameters, read.sizes, itemSeed(read, options));
  const positions = INPUTS.map((_, i) => i).filter((i) => !INPUTS[i].data);
  const gradients = Object.fromEntries([
    ...positions.map((position, k) => [INPUTS[position].name, spreadTo(derivatives[k], read, position, given[position])]),
    ...PARAMETERS.map((info, k) => [info.name, parameterGradient(derivatives[positions.length + k], read, k, parameters[k])]),
  ]);
  return { value: reduceItems(values, read, options), gradients };
});`,
  ),
];

/** For losses with a value per item. */
export const ITEM_RUNTIME: readonly EmittedFunction[] = [
  runtime(
    'itemWeights',
    [
      ['read', READ],
      ['options', 'any'],
    ],
    'tf.Tensor | null',
    'The sample weights, one per item; null without any.',
    `const weight = options.sampleWeight;
if (weight === undefined) return null;
if (weight.shape.length > read.items.length || weight.shape.some((size, i) => size !== read.items[i])) {
  fail(\`sampleWeight has shape [\${weight.shape}], the items have [\${read.items}]\`);
}
const shape = read.items.map((_, i) => (i < weight.shape.length ? weight.shape[i] : 1));
return tf.reshape(tf.broadcastTo(tf.reshape(tf.cast(weight, 'float32'), shape), read.items), [read.sizes[0]]);`,
  ),
  runtime(
    'itemSeed',
    [
      ['read', READ],
      ['options', 'any'],
    ],
    T,
    'The derivative of the reduced value with respect to each item.',
    `const weights = itemWeights(read, options);
const count = read.sizes[0];
const shape = AXES.map((_, slot) => (slot === 0 ? count : 1));
const reduction = options.reduction ?? 'mean';
if (weights === null) return tf.fill(shape, reduction === 'sum' || reduction === 'none' ? 1 : 1 / count);
const scaled = reduction === 'mean' ? tf.div(weights, count) : reduction === 'weightedMean' ? tf.div(weights, tf.sum(weights)) : weights;
return tf.reshape(scaled, shape);`,
  ),
  runtime(
    'reduceItems',
    [
      ['values', T],
      ['read', READ],
      ['options', 'any'],
    ],
    T,
    'Items to one number: mean is sum(w * l) / N over all items, weightedMean is sum(w * l) / sum(w); none keeps them.',
    `const weights = itemWeights(read, options);
const flat = tf.reshape(values, [read.sizes[0]]);
const weighted = weights === null ? flat : tf.mul(weights, flat);
switch (options.reduction ?? 'mean') {
  case 'mean':
    return tf.mean(weighted);
  case 'sum':
    return tf.sum(weighted);
  case 'none':
    return tf.reshape(weighted, read.items);
  case 'weightedMean':
    return weights === null ? tf.mean(weighted) : tf.div(tf.sum(weighted), tf.sum(weights));
  default:
    return fail(\`unknown reduction \${options.reduction}: use mean, sum, none or weightedMean\`);
}`,
  ),
  runtime(
    'differentiableItems',
    [
      ['given', 'tf.Tensor[]'],
      ['parameters', 'any[]'],
    ],
    '{ values: tf.Tensor; read: { inputs: tf.Tensor[]; sizes: number[]; items: number[] } }',
    'The items, differentiable with respect to the predictions by the symbolic gradient. Under a nested tape the gradient is recomputed, so that it can be differentiated again.',
    `const read = readInputs(given, parameters);
if (tf.engine().state.gradientDepth === 0) return { values: itemValues(read.inputs, parameters, read.sizes), read };
const positions = INPUTS.map((_, i) => i).filter((i) => !INPUTS[i].data);
const seedShape = AXES.map((_, slot) => (slot === 0 ? read.sizes[0] : 1));
const loss = tf.customGrad((...args /*: any[] */) => {
  const save = args[positions.length];
  const replaced = given.map((tensor, i) => (positions.includes(i) ? args[positions.indexOf(i)] : tensor));
  const here = readInputs(replaced, parameters);
  const joint = (seed /*: tf.Tensor */) => itemValuesAndGradients(here.inputs, parameters, here.sizes, seed);
  const shaped = (gradients /*: tf.Tensor[] */) => positions.map((position, i) => spreadTo(gradients[i], here, position, given[position]));
  if (ITEMWISE && !isNested()) {
    const [values, ...gradients] = joint(tf.ones(seedShape));
    save(gradients.slice(0, positions.length));
    return { value: tf.reshape(values, [here.sizes[0]]), gradFunc: (dy /*: tf.Tensor */, saved /*: tf.Tensor[] */) => shaped(saved.map((gradient) => tf.mul(tf.reshape(dy, seedShape), gradient))) };
  }
  const value = tf.reshape(itemValues(here.inputs, parameters, here.sizes), [here.sizes[0]]);
  return { value, gradFunc: (dy /*: tf.Tensor */) => shaped(joint(tf.reshape(dy, seedShape)).slice(1)) };
});
return { values: loss(...positions.map((position) => given[position])), read };`,
  ),
  runtime(
    'lossValue',
    [
      ['given', 'tf.Tensor[]'],
      ['options', 'any'],
    ],
    T,
    'The reduced loss, differentiable with respect to the predictions.',
    `const parameters = readParameters(options);
return tf.tidy(() => {
  const { values, read } = differentiableItems(given, parameters);
  return reduceItems(values, read, options);
});`,
  ),
  runtime(
    'perExample',
    [['given', 'tf.Tensor[]']],
    T,
    'The mean of the items of each example of the batch.',
    `const parameters = readParameters({});
return tf.tidy(() => {
  const { values, read } = differentiableItems(given, parameters);
  const batch = read.items[0] ?? 1;
  return tf.mean(tf.reshape(values, [batch, -1]), 1);
});`,
  ),
];

/** For losses that reduce the batch themselves: one number, whatever the reduction. */
export const SCALAR_RUNTIME: readonly EmittedFunction[] = [
  runtime(
    'itemSeed',
    [
      ['read', READ],
      ['options', 'any'],
    ],
    T,
    'The value is one number already.',
    `if (options.sampleWeight !== undefined) fail('it reduces the batch itself, so sampleWeight has no meaning');
return tf.ones(read.sizes.map(() => 1));`,
  ),
  runtime(
    'reduceItems',
    [
      ['values', T],
      ['read', READ],
      ['options', 'any'],
    ],
    T,
    'The value is one number already.',
    'return tf.reshape(values, []);',
  ),
  runtime(
    'lossValue',
    [
      ['given', 'tf.Tensor[]'],
      ['options', 'any'],
    ],
    T,
    'The loss, differentiable with respect to the predictions.',
    `const parameters = readParameters(options);
return tf.tidy(() => {
  const read = readInputs(given, parameters);
  itemSeed(read, options);
  const forward = (inputs /*: { inputs: tf.Tensor[]; sizes: number[]; items: number[] } */) => tf.reshape(itemValues(inputs.inputs, parameters, inputs.sizes), []);
  if (tf.engine().state.gradientDepth === 0) return forward(read);
  const positions = INPUTS.map((_, i) => i).filter((i) => !INPUTS[i].data);
  const loss = tf.customGrad((...args /*: any[] */) => {
    const save = args[positions.length];
    const replaced = given.map((tensor, i) => (positions.includes(i) ? args[positions.indexOf(i)] : tensor));
    const here = readInputs(replaced, parameters);
    const joint = () => itemValuesAndGradients(here.inputs, parameters, here.sizes, itemSeed(here, {}));
    const shaped = (gradients /*: tf.Tensor[] */) => positions.map((position, i) => spreadTo(gradients[i], here, position, given[position]));
    if (!isNested()) {
      const [value, ...gradients] = joint();
      save(gradients.slice(0, positions.length));
      return { value: tf.reshape(value, []), gradFunc: (dy /*: tf.Tensor */, saved /*: tf.Tensor[] */) => shaped(saved.map((gradient) => tf.mul(dy, gradient))) };
    }
    return { value: forward(here), gradFunc: (dy /*: tf.Tensor */) => shaped(joint().slice(1).map((gradient) => tf.mul(dy, gradient))) };
  });
  return loss(...positions.map((position) => given[position]));
});`,
  ),
];
