/** Losses written by hand with TensorFlow.js ops, for tests of the training runtime. */
import * as tf from '@tensorflow/tfjs-core';
import type { TrainingLoss } from '../../src/runtime/training-loss.js';

/** Cross-entropy from logits, summed over classes, mean over the batch. */
export function crossEntropy(): TrainingLoss {
  return {
    name: 'cross-entropy',
    valueAndGradient: (target, output) =>
      tf.tidy(() => {
        const logs = tf.logSoftmax(output);
        const batch = output.shape[0]!;
        return {
          value: tf.neg(tf.div(tf.sum(tf.mul(target, logs)), batch)),
          gradient: tf.div(tf.sub(tf.exp(logs), target), batch),
        };
      }),
    dispose: () => undefined,
  };
}

/** A loss whose value is what is given at each call, in turn (the last one for good), with a gradient of zeros. */
export function scriptedLoss(values: readonly number[]): TrainingLoss {
  let calls = 0;
  return {
    name: 'scripted',
    valueAndGradient: (_target, output) => ({
      value: tf.scalar(values[Math.min(calls++, values.length - 1)]!),
      gradient: tf.zerosLike(output),
    }),
    dispose: () => undefined,
  };
}

/** Mean squared error of the softmax, summed over classes, mean over the batch. */
export function meanSquaredError(): TrainingLoss {
  return {
    name: 'mean squared error',
    valueAndGradient: (target, output) =>
      tf.tidy(() => {
        const p = tf.softmax(output);
        const batch = output.shape[0]!;
        const error = tf.sub(p, target);
        // With e = p - t: dL/dz = 2 p (e - sum(p e)) / batch.
        const inner = tf.sum(tf.mul(p, error), -1, true);
        return {
          value: tf.div(tf.sum(tf.square(error)), batch),
          gradient: tf.mul(tf.mul(p, tf.sub(error, inner)), 2 / batch),
        };
      }),
    dispose: () => undefined,
  };
}
