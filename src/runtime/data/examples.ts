/** Examples as they lie in memory. */

/** Labelled examples, one after another. Values in `pixels` are raw; `Normalisation` says what a model sees. */
export interface ExampleSet {
  readonly count: number;
  /** `count` times the product of the input shape. */
  readonly pixels: Uint8Array | Float32Array;
  /** `count` class numbers from 0; in other tasks `count` rows of numbers (see `labelsOfExample`). */
  readonly labels: Uint8Array | Int32Array | Float32Array;
}

/** A model sees `value * scale[channel] + offset[channel]`. One entry serves all channels. */
export interface Normalisation {
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** The examples with these numbers, copied. */
export function select(examples: ExampleSet, indices: readonly number[]): ExampleSet {
  const size = examples.count === 0 ? 0 : examples.pixels.length / examples.count;
  const pixels =
    examples.pixels instanceof Uint8Array
      ? new Uint8Array(indices.length * size)
      : new Float32Array(indices.length * size);
  const width = examples.count === 0 ? 1 : examples.labels.length / examples.count;
  const labels =
    examples.labels instanceof Float32Array
      ? new Float32Array(indices.length * width)
      : new Int32Array(indices.length * width);
  for (const [to, from] of indices.entries()) {
    pixels.set(examples.pixels.subarray(from * size, (from + 1) * size), to * size);
    labels.set(examples.labels.subarray(from * width, (from + 1) * width), to * width);
  }
  return { count: indices.length, pixels, labels };
}
