// @ts-check
/** A small convolutional network of one's own, as a model module. */

/** @type {import('lossc/training').CreateModel} */
export function createModel({ tf, inputShape, outputs }) {
  return tf.sequential({
    layers: [
      tf.layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu', inputShape: [...inputShape] }),
      tf.layers.maxPooling2d({ poolSize: 2 }),
      tf.layers.flatten(),
      tf.layers.dense({ units: 32, activation: 'relu' }),
      // Logits: no softmax, which the compiled losses have in them.
      tf.layers.dense({ units: outputs }),
    ],
  });
}
