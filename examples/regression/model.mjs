// @ts-check
/**
 * A model of your own: a module that exports `createModel`, which answers a `tf.LayersModel`. Without one there is --model mlp, a
 * perceptron with --hidden 128 units.
 */

/** @type {import('lossc/training').CreateModel} */
export function createModel({ tf, inputShape, outputs }) {
  // Initial weights without a seed are drawn from the seed of the run.
  return tf.sequential({
    layers: [
      tf.layers.dense({ units: 32, activation: 'relu', inputShape: [...inputShape] }),
      tf.layers.dense({ units: 32, activation: 'relu' }),
      // No activation at the end: losses are compiled against what comes before softmax or sigmoid, and a regression has neither.
      tf.layers.dense({ units: outputs }),
    ],
  });
}
