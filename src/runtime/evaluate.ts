import type * as tf from '@tensorflow/tfjs-core';
import { type BatchShape, batchTensors } from './data/batches.js';
import type { ExampleSet } from './data/dataset.js';
import type { Model } from './models/model.js';

export interface Accuracy {
  /** Share of examples whose largest logit is the label's, in [0, 1]; the first of equal ones counts. */
  readonly accuracy: number;
  /** Whether every logit was a finite number. An example with a NaN counts as wrong. */
  readonly finite: boolean;
}

/** Examples predicted at once: large enough for fast products, small enough for convolutions to fit in memory. */
const EVALUATION_BATCH = 250;

/** Accuracy of a model over a set of examples. */
export async function evaluate(model: Model, examples: ExampleSet, described: BatchShape): Promise<Accuracy> {
  let right = 0;
  let finite = true;
  for (let start = 0; start < examples.count; start += EVALUATION_BATCH) {
    const count = Math.min(EVALUATION_BATCH, examples.count - start);
    const indices = Uint32Array.from({ length: count }, (_, index) => start + index);
    const { input, target } = batchTensors(examples, indices, described);
    const output: tf.Tensor = model.predict(input);
    const logits = await output.data();
    for (let row = 0; row < count; row++) {
      const first = row * described.classes;
      let best = 0;
      for (let k = 0; k < described.classes; k++) {
        const logit = logits[first + k]!;
        if (!Number.isFinite(logit)) finite = false;
        if (logit > logits[first + best]!) best = k;
      }
      if (best === examples.labels[start + row] && !Number.isNaN(logits[first + best])) right++;
    }
    input.dispose();
    target.dispose();
    output.dispose();
  }
  return { accuracy: examples.count === 0 ? 0 : right / examples.count, finite };
}
