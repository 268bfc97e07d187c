/** Steps on the tensors of TensorFlow.js, whatever its backend. */
import * as tf from '@tensorflow/tfjs-core';
import { RunError } from '../errors.js';
import { batchTensors } from './data/batches.js';
import { predicting } from './evaluate.js';
import { createOptimizer } from './optimizer.js';
import { memoryProblem } from './room.js';
import type { Steps, StepsRequest } from './steps.js';
import type { TrainingLoss } from './training-loss.js';

/** The parameters of the model are what is learnt, at every moment. */
export function tensorSteps(request: StepsRequest): Steps {
  const { model, loss, data, augmented } = request;
  const optimizer = createOptimizer(request.optimizer);
  let pending: tf.Tensor[] = [];

  const step = (input: tf.Tensor, target: tf.Tensor, progress: number): tf.Tensor => {
    let value: tf.Tensor | undefined;
    try {
      const gradients = model.gradients(input, (output) => {
        const found = loss.valueAndGradient(target, output, progress);
        value = tf.keep(found.value);
        checkGradient(loss, found.gradient, output);
        return found.gradient;
      });
      optimizer.apply(model.parameters, gradients);
    } catch (thrown) {
      value?.dispose();
      throw memoryProblem(thrown);
    }
    return value!;
  };

  return {
    get unread() {
      return pending.length;
    },
    readsAtOnce: cheapReadback(),
    step(indices, progress) {
      const batch = batchTensors(data.train, indices, data, augmented, loss.form);
      try {
        pending.push(step(batch.input, batch.target, progress));
      } finally {
        tf.dispose([batch.input, batch.target]);
      }
    },
    async readLosses() {
      const losses: number[] = [];
      for (const value of pending) losses.push((cheapReadback() ? value.dataSync() : await value.data())[0]!);
      tf.dispose(pending);
      pending = [];
      return losses;
    },
    predict: predicting(model, data),
    settle: () => undefined,
    dispose() {
      tf.dispose(pending);
      optimizer.dispose();
    },
  };
}

function checkGradient(loss: TrainingLoss, gradient: tf.Tensor, output: tf.Tensor): void {
  if (tf.util.arraysEqual(gradient.shape, output.shape) && gradient.dtype === 'float32') return;
  throw new RunError(
    `the loss "${loss.name}" gives a gradient of ${gradient.dtype} [${gradient.shape.join(', ')}] ` +
      `for an output of float32 [${output.shape.join(', ')}]`,
  );
}

const cheapReadback = (): boolean =>
  tf.getBackend() !== 'webgpu' &&
  (tf.backend() as { readonly isUsingGpuDevice?: boolean }).isUsingGpuDevice !== true;
