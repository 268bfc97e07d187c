import type * as tf from '@tensorflow/tfjs-core';
import { type BatchShape, batchTensors } from './data/batches.js';
import type { ExampleSet, Normalisation } from './data/examples.js';
import type { Model } from './models/model.js';
import type { TaskKind } from './tasks/learning.js';
import { METRICS, type MetricName } from './tasks/metrics.js';
import { varianceOf } from './tasks/moments.js';

export interface Measurement {
  /** Of the metric, over the examples that were looked at. */
  readonly value: number;
  /** Whether every output was a finite number. */
  readonly finite: boolean;
  /** Whether all examples were looked at; false only after an abort. */
  readonly complete: boolean;
}

/** Examples predicted at once: large enough for fast products, small enough for convolutions to fit in memory. */
const EVALUATION_BATCH = 250;

/** Milliseconds between two chances for the process to handle signals. */
const SLICE = 100;

/** Outputs for the examples with these numbers, row by row. */
type Predict = (examples: ExampleSet, indices: Uint32Array) => Promise<Float32Array>;

/** What TensorFlow.js makes of examples of this shape with a model. */
export const predicting =
  (model: Model, described: BatchShape): Predict =>
  async (examples, indices) => {
    const { input, target } = batchTensors(examples, indices, described);
    const output: tf.Tensor = model.predict(input);
    const outputs = await output.data<'float32'>();
    input.dispose();
    target.dispose();
    output.dispose();
    return outputs;
  };

/** The metric over a set of examples, or, after an abort, over those seen so far. */
export async function evaluate(
  predict: Predict,
  examples: ExampleSet,
  described: BatchShape,
  metric: MetricName,
  signal?: AbortSignal,
): Promise<Measurement> {
  const width = described.outputs;
  const outputs = new Float32Array(examples.count * width);
  let seen = 0;
  let sliceStart = performance.now();
  for (let start = 0; start < examples.count && !signal?.aborted; start += EVALUATION_BATCH) {
    const count = Math.min(EVALUATION_BATCH, examples.count - start);
    const indices = Uint32Array.from({ length: count }, (_, index) => start + index);
    outputs.set(await predict(examples, indices), start * width);
    seen += count;
    if (performance.now() - sliceStart > SLICE) {
      await new Promise(setImmediate);
      sliceStart = performance.now();
    }
  }
  const shown = outputs.subarray(0, seen * width);
  return {
    value: measured(shown, examples, described, metric),
    finite: shown.every((x) => Number.isFinite(x)),
    complete: seen === examples.count,
  };
}

/** The value of a model that has learnt nothing but the middle of the targets, and of a variance that it is of the size of their spread. */
export const valueOfNothing = (examples: ExampleSet, described: BatchShape, metric: MetricName): number =>
  measured(new Float32Array(examples.count * described.outputs), examples, described, metric);

/** What a training that ended in numbers that are not finite counts as. */
export function valueOfBroken(examples: ExampleSet, described: BatchShape, metric: MetricName): number {
  const { broken } = METRICS[metric];
  return broken === 'nothing' ? valueOfNothing(examples, described, metric) : broken;
}

function measured(
  outputs: Float32Array,
  { labels }: ExampleSet,
  { task, outputs: width, units }: BatchShape,
  metric: MetricName,
): number {
  const answers = IN_UNITS_OF_DATA[task](outputs, units);
  return METRICS[metric].measure({ count: outputs.length / width, width, outputs: answers, labels });
}

type Answer = (outputs: Float32Array, units: Normalisation | undefined) => Float32Array;

const asTheyAre: Answer = (outputs) => outputs;

const asTargets: Answer = (outputs, units) => {
  if (units === undefined) return outputs;
  const { scale, offset } = units;
  const width = scale.length;
  return outputs.map((output, i) => (output - offset[i % width]!) / scale[i % width]!);
};

/** A mean and a variance, the latter in squared units. */
const asMoments: Answer = (outputs, units) => {
  const [scale, offset] = [units?.scale[0] ?? 1, units?.offset[0] ?? 0];
  return outputs.map((output, i) =>
    i % 2 === 0 ? (output - offset) / scale : varianceOf(output) / (scale * scale),
  );
};

/** What a metric is given of the outputs of a network. */
const IN_UNITS_OF_DATA: { readonly [K in TaskKind]: Answer } = {
  classification: asTheyAre,
  regression: asTargets,
  'multi-label': asTheyAre,
  quantiles: asTargets,
  'mean-and-variance': asMoments,
};
