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
