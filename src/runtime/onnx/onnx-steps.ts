/** Steps as one run each of a graph in ONNX Runtime. What a step gives is what the next one takes: it never becomes a tensor of TensorFlow.js. */
import * as tf from '@tensorflow/tfjs-core';
import { messageOf, RunError } from '../../errors.js';
import type { NativeSession, NativeTensor, OnnxRuntime } from '../backends/onnx-runtime.js';
import { copyAugmented } from '../data/augment.js';
import { fillTargets } from '../data/batches.js';
import type { ExampleSet } from '../data/examples.js';
import type { Parameter } from '../models/parameter.js';
import { checkRate, numbersAt } from '../optimizer.js';
import type { Steps, StepsRequest } from '../steps.js';
import { PIXELS, ROWS } from './graph-parts.js';
import { OUTPUTS, predictionGraph } from './prediction-graph.js';
import { requireLayers, requireSource } from './refusals.js';
import { NEXT, type TrainingGraph, trainingGraph, VALUE } from './training-graph.js';
import { UPDATES } from './updates.js';

type Tensors = Record<string, NativeTensor>;

/** Opens a session for this training. Throws a RunError for what cannot be trained so. */
export async function onnxSteps(runtime: OnnxRuntime, request: StepsRequest): Promise<Steps> {
  const { model, loss, optimizer } = request;
  checkRate(optimizer);
  const graph = trainingGraph(request, requireLayers(model), requireSource(loss));
  const session = await told(loss.name, () => runtime.open(graph.model));
  return new GraphSteps(runtime, request, graph, session);
}

/** What ONNX Runtime refuses, as an error of a run. */
async function told<T>(loss: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw new RunError(`ONNX Runtime cannot train with "${loss}": ${messageOf(thrown)}`, undefined, {
      cause: thrown,
    });
  }
}

class GraphSteps implements Steps {
  readonly readsAtOnce = true;
  /** Inputs that are the same tensors in every step; their numbers are written anew. */
  readonly #given: Tensors;
  readonly #rows: Int32Array;
  readonly #examples: Float32Array | undefined;
  readonly #target: Float32Array;
  readonly #masks: readonly { readonly data: Float32Array; readonly fill: (mask: Float32Array) => void }[];
  readonly #numbers: ReadonlyMap<string, Float32Array>;
  readonly #shares: ReadonlyMap<string, Float32Array>;
  /** What is in the model: parameters, then state. */
  readonly #learnt: readonly Parameter[];
  readonly #value = new Float32Array(1);
  /** What a step takes and what it gives: the next one has them the other way round. */
  #taken: Tensors;
  #free: Tensors;
  readonly #valueTensor: NativeTensor;
  /** Opened at the first look. */
  #prediction: NativeSession | undefined;
  #losses: number[] = [];
  #step = 0;

  constructor(
    private readonly runtime: OnnxRuntime,
    private readonly request: StepsRequest,
    private readonly graph: TrainingGraph,
    private readonly session: NativeSession,
  ) {
    const { model, data, batchSize, augmented } = request;
    const { memories, numbers, shares, masks, target, examples } = graph;
    const kept = [...graph.parameters, ...graph.state, ...memories];
    const zeros = (dims: readonly number[]): Float32Array =>
      new Float32Array(tf.util.sizeFromShape([...dims]));
    const tensorsOf = (values: readonly Float32Array[]): Tensors =>
      Object.fromEntries(kept.map(({ name, dims }, i) => [name, runtime.tensor(values[i]!, dims)]));
    this.#learnt = [...model.parameters, ...requireLayers(model).flatMap((layer) => layer.state ?? [])];
    const first = this.#learnt.map(({ value }) => value.dataSync<'float32'>().slice());
    const nothing = memories.map(({ dims }) => zeros(dims));
    this.#taken = tensorsOf([...first, ...nothing]);
    this.#free = tensorsOf(kept.map(({ dims }) => zeros(dims)));
    this.#rows = new Int32Array(batchSize);
    this.#target = zeros(target.dims);
    this.#examples = augmented === undefined ? undefined : zeros(examples.dims);
    this.#masks = masks.map(({ dims, fill }) => ({ data: zeros(dims), fill }));
    this.#numbers = new Map(numbers.map((name) => [name, new Float32Array(1)]));
    this.#shares = new Map(shares.map((name) => [name, new Float32Array(1)]));
    this.#valueTensor = runtime.tensor(this.#value, []);
    this.#given = {
      ...(this.#examples === undefined
        ? {
            [PIXELS]: runtime.tensor(data.train.pixels, [data.train.count, examples.dims[1]!]),
            [ROWS]: runtime.tensor(this.#rows, [batchSize]),
          }
        : { [examples.name]: runtime.tensor(this.#examples, examples.dims) }),
      [target.name]: runtime.tensor(this.#target, target.dims),
      ...Object.fromEntries(
        masks.map(({ name, dims }, i) => [name, runtime.tensor(this.#masks[i]!.data, dims)]),
      ),
      ...Object.fromEntries(
        [...this.#numbers, ...this.#shares].map(([name, place]) => [name, runtime.tensor(place, [])]),
      ),
    };
  }

  get unread(): number {
    return this.#losses.length;
  }

  async step(indices: Uint32Array, progress: number): Promise<void> {
    const { data, loss, optimizer, augmented } = this.request;
    if (augmented === undefined) this.#rows.set(indices);
    else {
      const { augmentation, random } = augmented;
      copyAugmented(this.#examples!, data.train, indices, data.inputShape, augmentation, random);
    }
    fillTargets(this.#target, data.train, indices, data, loss.form ?? 'rows');
    for (const mask of this.#masks) mask.fill(mask.data);
    const numbers = numbersAt(optimizer, this.#step++);
    const { changing } = UPDATES[optimizer.kind];
    for (const [name, place] of this.#numbers) place[0] = changing[name]!(numbers);
    for (const place of this.#shares.values()) place[0] = progress;
    const given: Tensors = { [VALUE]: this.#valueTensor };
    for (const [name, tensor] of Object.entries(this.#free)) given[name + NEXT] = tensor;
    await told(loss.name, () => this.session.run({ ...this.#given, ...this.#taken }, given));
    [this.#taken, this.#free] = [this.#free, this.#taken];
    this.#losses.push(this.#value[0]!);
  }

  async readLosses(): Promise<readonly number[]> {
    const losses = this.#losses;
    this.#losses = [];
    return losses;
  }

  async predict(examples: ExampleSet, indices: Uint32Array): Promise<Float32Array> {
    const { model, data, loss } = this.request;
    const layers = requireLayers(model);
    this.#prediction ??= await told(loss.name, () =>
      this.runtime.open(predictionGraph(layers, examples, data)),
    );
    const { runtime } = this;
    const size = examples.pixels.length / examples.count;
    const learnt = [...this.graph.parameters, ...this.graph.state].map(({ name }) => [
      name,
      this.#taken[name]!,
    ]);
    const found = await told(loss.name, () =>
      this.#prediction!.run({
        ...Object.fromEntries(learnt),
        [PIXELS]: runtime.tensor(examples.pixels, [examples.count, size]),
        [ROWS]: runtime.tensor(Int32Array.from(indices), [indices.length]),
      }),
    );
    return found[OUTPUTS]!.data as Float32Array;
  }

  settle(): void {
    const ports = [...this.graph.parameters, ...this.graph.state];
    for (const [i, parameter] of this.#learnt.entries()) {
      const { name, dims } = ports[i]!;
      const numbers = (this.#taken[name]!.data as Float32Array).slice();
      parameter.assign(tf.tensor(numbers, [...dims], 'float32'));
    }
  }

  async dispose(): Promise<void> {
    await this.session.release();
    await this.#prediction?.release();
  }
}
