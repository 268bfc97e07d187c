import { type EmittedFunction, helper } from './helper.js';

const T = 'tf.Tensor';
const WEIGHTS = ['weights', 'tf.Tensor | undefined'] as const;
const OPTIONS_PARAMETER = ['options', 'OPTIONS'] as const;

const DIFFERENTIABLE = [
  ['predictions', 'tf.Tensor[]'],
  ['data', 'tf.Tensor[]'],
  ['read', '(...given: tf.Tensor[]) => Read'],
  OPTIONS_PARAMETER,
] as const;
const UNPACK = `const here = args.slice(0, -1) /*: as tf.Tensor[] */;
    const save = args[args.length - 1] /*: as (tensors: tf.Tensor[]) => void */;
    // Under a nested tape the gradient is computed in its sight, so that it has a gradient too.
    const nested = tf.engine().state.gradientDepth > 1;
    const inputs = read(...here, ...data);`;
/** The caller may have disposed of data and weights when the backward pass comes. */
const KEEP = `save(weights === undefined ? kept : [...kept, weights]);`;
const SHAPED = `predictions.map((prediction, i) => tf.reshape(GRADIENT, prediction.shape))`;

/** The loss as one step of the tape, with the symbolic gradient. One form for each way in which items and batch hang together. */
export const DIFFERENTIABLE_FORMS: {
  readonly [K in 'itemwise' | 'coupled' | 'scalar']: EmittedFunction;
} = {
  itemwise: helper(
    'differentiable',
    DIFFERENTIABLE,
    T,
    'The reduced loss as one step of the tape, with the symbolic gradient.',
    `return tf.tidy(() => {
  if (!tf.engine().isTapeOn()) {
    const inputs = read(...predictions, ...data);
    return reduceItems(itemValues(inputs), inputs, itemWeights(inputs, options), options);
  }
  const loss = tf.customGrad((...args) => {
    ${UNPACK}
    const weights = itemWeights(inputs, options);
    const [value, ...gradients] = nested ? [itemValues(inputs)] : itemGradients(inputs);
    const kept = nested ? data : gradients;
    ${KEEP}
    return {
      value: reduceItems(value, inputs, weights, options),
      gradFunc: (dy /*: tf.Tensor */, saved /*: tf.Tensor[] */) => {
        const seed = itemSeed(dy, inputs, saved[kept.length], options);
        const first = saved.slice(0, kept.length);
        const found = nested ? itemGradients(read(...here, ...first)).slice(1) : first;
        const seeded = found.map((gradient) =>
          weights === undefined ? tf.mul(gradient, seed) : weightedBy(seed, gradient),
        );
        return ${SHAPED.replace('GRADIENT', 'seeded[i] /*!*/')};
      },
    };
  });
  return loss(...predictions);
});`,
    ['reduceItems', 'itemSeed', 'weightedBy'],
  ),
  coupled: helper(
    'differentiable',
    DIFFERENTIABLE,
    T,
    'The reduced loss as one step of the tape, with the symbolic gradient. Items depend on each other, so their weights go in first.',
    `return tf.tidy(() => {
  if (!tf.engine().isTapeOn()) {
    const inputs = read(...predictions, ...data);
    return reduceItems(itemValues(inputs), inputs, itemWeights(inputs, options), options);
  }
  const loss = tf.customGrad((...args) => {
    ${UNPACK}
    const later = nested || options.reduction === 'none';
    const weights = itemWeights(inputs, options);
    const now = () => itemGradients(inputs, seedOf(tf.scalar(1), inputs, weights, options));
    const [value, ...gradients] = later ? [itemValues(inputs)] : now();
    const kept = later ? data : gradients;
    ${KEEP}
    return {
      value: reduceItems(value, inputs, weights, options),
      gradFunc: (dy /*: tf.Tensor */, saved /*: tf.Tensor[] */) => {
        const first = saved.slice(0, kept.length);
        const again = () => {
          const now = read(...here, ...first);
          return itemGradients(now, seedOf(dy, now, saved[kept.length], options)).slice(1);
        };
        const found = later ? again() : first.map((gradient) => tf.mul(gradient, dy));
        return ${SHAPED.replace('GRADIENT', 'found[i] /*!*/')};
      },
    };
  });
  return loss(...predictions);
});`,
    ['reduceItems', 'seedOf'],
  ),
  scalar: helper(
    'differentiable',
    DIFFERENTIABLE,
    T,
    'The loss as one step of the tape, with the symbolic gradient.',
    `return tf.tidy(() => {
  noWeights(options);
  if (!tf.engine().isTapeOn()) return tf.reshape(itemValues(read(...predictions, ...data)), []);
  const loss = tf.customGrad((...args) => {
    ${UNPACK}
    const [value, ...gradients] = nested ? [itemValues(inputs)] : itemGradients(inputs);
    save(nested ? data : gradients);
    return {
      value: tf.reshape(value, []),
      gradFunc: (dy /*: tf.Tensor */, saved /*: tf.Tensor[] */) => {
        const found = nested ? itemGradients(read(...here, ...saved)).slice(1) : saved;
        return ${SHAPED.replace('GRADIENT', 'tf.mul(found[i] /*!*/, dy)')};
      },
    };
  });
  return loss(...predictions);
});`,
    ['noWeights'],
  ),
};

/** For losses that couple their items: the seed in full, since it takes part in sums over the batch. */
export const SEED_IN_FULL: EmittedFunction = helper(
  'seedOf',
  [['dy', T], ['read', 'Read'], WEIGHTS, OPTIONS_PARAMETER],
  T,
  'How much each item counts, one number per item.',
  'return spread(itemSeed(dy, read, weights, options), COLUMN_SHAPE);',
  ['itemSeed', 'spread'],
);

export const NO_WEIGHTS: EmittedFunction = helper(
  'noWeights',
  [OPTIONS_PARAMETER],
  'void',
  'A loss that reduces the batch itself has no items to weight.',
  "if (options.sampleWeight !== undefined) fail('it reduces the batch itself, so sampleWeight has no meaning');",
  ['fail'],
);
