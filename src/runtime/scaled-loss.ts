/** Bringing losses to the same gradient size, so that a comparison is about shape and not about learning rate. */
import * as tf from '@tensorflow/tfjs-core';
import { createRandom } from '../random.js';
import { batchTensors, createSampler, targetTensor } from './data/batches.js';
import type { SearchData } from './data/dataset.js';
import type { Model } from './models/model.js';
import { QUANTILES, type TaskKind } from './tasks/learning.js';
import { LEAST_VARIANCE } from './tasks/moments.js';
import type { TrainingLoss } from './training-loss.js';

/** `loss` times a positive factor. */
export function scaledLoss(loss: TrainingLoss, factor: number): TrainingLoss {
  if (factor === 1) return loss;
  const { name, form = 'rows', source } = loss;
  return {
    name,
    form,
    ...(source !== undefined && { source: { ...source, factor: source.factor * factor } }),
    valueAndGradient: (target, output, progress) =>
      tf.tidy(() => {
        const { value, gradient } = loss.valueAndGradient(target, output, progress);
        return { value: tf.mul(value, factor), gradient: tf.mul(gradient, factor) };
      }),
    dispose: () => loss.dispose(),
  };
}

/** Batches over which gradient sizes are averaged. */
const BATCHES = 8;

/** The gradient of the task's baseline by the outputs, mean over the batch, from rows of targets. */
const REFERENCES: { readonly [K in TaskKind]: (rows: tf.Tensor, output: tf.Tensor) => tf.Tensor } = {
  classification: (rows, output) => tf.div(tf.sub(tf.softmax(output), rows), output.shape[0]!),
  regression: (rows, output) => tf.mul(tf.sub(output, rows), 2 / output.size),
  'multi-label': (rows, output) => tf.div(tf.sub(tf.sigmoid(output), rows), output.size),
  quantiles: (rows, output) =>
    tf.div(tf.sub(tf.cast(tf.greater(output, rows), 'float32'), tf.tensor1d([...QUANTILES])), output.size),
  'mean-and-variance': (rows, output) => {
    const [mean, raw] = tf.split(output, 2, 1) as [tf.Tensor, tf.Tensor];
    const error = tf.sub(mean, tf.slice(rows, [0, 0], mean.shape));
    const variance = tf.add(tf.softplus(raw), LEAST_VARIANCE);
    const byMean = tf.div(error, variance);
    const byVariance = tf.div(tf.sub(tf.div(1, variance), tf.square(byMean)), 2);
    return tf.div(tf.concat([byMean, tf.mul(byVariance, tf.sigmoid(raw))], 1), mean.size);
  },
};

/**
 * The factor that gives a loss's gradient on the outputs, at the model's initial parameters, the size (root of the mean
 * square) of that of the task's baseline over the same batches. 1 where the loss has no finite gradient there, or none at all.
 */
export async function matchingFactor(
  loss: TrainingLoss,
  model: Model,
  data: SearchData,
  batchSize: number,
  seed: string | number,
): Promise<number> {
  const sample = createSampler(data.train.count, createRandom(`${seed}/scale`));
  let [own, reference] = [0, 0];
  for (let batch = 0; batch < BATCHES; batch++) {
    const sums = tf.tidy(() => {
      const indices = sample(batchSize);
      const { input, target } = batchTensors(data.train, indices, data, undefined, loss.form);
      const rows = targetTensor(data.train, indices, data, 'rows');
      const output = model.predict(input);
      const { gradient } = loss.valueAndGradient(target, output, 0);
      const difference = REFERENCES[data.task](rows, output);
      return tf.stack([tf.sum(tf.square(gradient)), tf.sum(tf.square(difference))]);
    });
    const [a, b] = await sums.data();
    sums.dispose();
    own += a!;
    reference += b!;
  }
  const factor = Math.sqrt(reference / own);
  return Number.isFinite(factor) && factor > 0 ? factor : 1;
}
