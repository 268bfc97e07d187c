import type * as tf from '@tensorflow/tfjs-core';
import { type BatchShape, batchTensors } from './data/batches.js';
import type { ExampleSet } from './data/dataset.js';
import type { Model } from './models/model.js';

export interface Accuracy {
  /** Share of examples whose largest logit is the label's, in [0, 1]; the first of equal ones counts. */
  readonly accuracy: number;
  /** Whether every logit was a finite number. An example with a NaN counts as wrong. */
  readonly finite: boolean;
  /** Whether all examples were looked at; false only after an abort. */
  readonly complete: boolean;
}

/** Examples predicted at once: large enough for fast products, small enough for convolutions to fit in memory. */
const EVALUATION_BATCH = 250;

/** Milliseconds between two chances for the process to handle signals. */
const SLICE = 100;

/** Accuracy of a model over a set of examples, or, after an abort, over those seen so far. */
export async function evaluate(
  model: Model,
  examples: ExampleSet,
  described: BatchShape,
  signal?: AbortSignal,
): Promise<Accuracy> {
  let right = 0;
  let seen = 0;
  let sliceStart = performance.now();
  let finite = true;
  for (let start = 0; start < examples.count && !signal?.aborted; start += EVALUATION_BATCH) {
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
    seen += count;
    if (performance.now() - sliceStart > SLICE) {
      await new Promise(setImmediate);
      sliceStart = performance.now();
    }
  }
  return { accuracy: seen === 0 ? 0 : right / seen, finite, complete: seen === examples.count };
}
