/**
 * Speed of training on wasm and in ONNX Runtime: `npm run bench:training [-- --out FILE] [--rounds N]`. Every figure is measured beside what
 * it is compared with, PyTorch too where a Python on the PATH has it, in turn within one run, because machines change speed from minute to
 * minute. Prints a table and writes JSON.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { parseArgs } from 'node:util';
// The whole package: stock training needs its gradients registered.
import '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { lossesOf } from '../../compiler/resolve/program.js';
import { createRandom } from '../../src/random.js';
import { loadOnnx } from '../../src/runtime/backends/onnx.js';
import { batchTensors, createSampler } from '../../src/runtime/data/batches.js';
import { type SearchData, splitDataset } from '../../src/runtime/data/dataset.js';
import { drawDigits } from '../../src/runtime/data/digits.js';
import { registerWasmTrainingKernels } from '../../src/runtime/kernels/index.js';
import { trainingCode } from '../../src/runtime/kernels/training-code.js';
import { wasmBackend } from '../../src/runtime/kernels/wasm-backend.js';
import { trainingLoss } from '../../src/runtime/loss.js';
import { createGloMnist } from '../../src/runtime/models/convolutional.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import type { Model } from '../../src/runtime/models/model.js';
import { onnxSteps } from '../../src/runtime/onnx/onnx-steps.js';
import { createOptimizer } from '../../src/runtime/optimizer.js';
import { scaledLoss } from '../../src/runtime/scaled-loss.js';
import type { StepsRequest } from '../../src/runtime/steps.js';
import { kernel, normals } from '../helpers/backends.js';
import { corpus } from '../helpers/corpus.js';
import { crossEntropy } from '../helpers/losses.js';
import { startPyTorch } from './pytorch-peer.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'runs/bench-training.json' },
    rounds: { type: 'string', default: '9' },
  },
});
const ROUNDS = Number(values.rounds);
const SEED = 1;

interface Variant {
  readonly name: string;
  /** Times the work is done in one round, so that a round takes some milliseconds. */
  readonly times: number;
  readonly work: () => void | Promise<void>;
  /** With the backend's own kernels instead of ours. */
  readonly stock?: boolean;
  /** With products of 128 bits where this engine makes them of 256. */
  readonly narrow?: boolean;
}

/** Work of another process, which measures itself. */
interface Peer {
  readonly name: string;
  readonly time: () => Promise<number>;
}

interface Timing {
  readonly name: string;
  readonly milliseconds: { readonly median: number; readonly low: number; readonly high: number };
}

tf.enableProdMode();
const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
setWasmPaths(join(dirname(main), sep));
await tf.setBackend('wasm');
let unregister = registerWasmTrainingKernels();

async function withStockKernels<T>(work: () => Promise<T>): Promise<T> {
  unregister();
  try {
    return await work();
  } finally {
    register();
  }
}

async function withNarrowProducts<T>(work: () => Promise<T>): Promise<T> {
  unregister();
  process.env['LOSSC_WIDE_PRODUCTS'] = 'off';
  register();
  try {
    return await work();
  } finally {
    unregister();
    delete process.env['LOSSC_WIDE_PRODUCTS'];
    register();
  }
}

function register(): void {
  unregister = registerWasmTrainingKernels();
  // Assembled outside the clock, as it is in a training.
  tf.tidy(() => tf.matMul(tf.ones([2, 2]), tf.ones([2, 2])));
}

/** Runs the variants in turn, several rounds; the median of the rounds with the quartiles. */
async function measure(variants: readonly (Variant | Peer)[]): Promise<readonly Timing[]> {
  const samples = variants.map((): number[] => []);
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, variant] of variants.entries()) {
      const time = await timeOf(variant);
      // The first round warms up.
      if (round >= 0) samples[index]!.push(time);
    }
  }
  return variants.map(({ name }, index) => {
    const sorted = samples[index]!.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))]!;
    return { name, milliseconds: { median: at(0.5), low: at(0.25), high: at(0.75) } };
  });
}

async function timeOf(variant: Variant | Peer): Promise<number> {
  if ('time' in variant) return variant.time();
  const { work, times } = variant;
  const timed = async (): Promise<number> => {
    await work();
    const start = performance.now();
    for (let i = 0; i < times; i++) {
      const done = work();
      if (done !== undefined) await done;
    }
    return (performance.now() - start) / times;
  };
  if (variant.narrow) return withNarrowProducts(timed);
  return variant.stock ? withStockKernels(timed) : timed();
}

const loss = crossEntropy();
const tensors = (...shapes: readonly (readonly number[])[]): tf.Tensor[] =>
  shapes.map((shape, index) => tf.tensor(normals(shape, index), [...shape]));

/** One step with the tape and TensorFlow.js's own optimizer, as its users write it. */
function tapeStep(model: Model, learningRate: number): (input: tf.Tensor, target: tf.Tensor) => void {
  const variables = model.parameters.map((parameter) => tf.variable(parameter.value));
  const [w1, b1, w2, b2] = variables as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const optimizer = tf.train.sgd(learningRate);
  return (input, target) => {
    optimizer
      .minimize(
        () => {
          const flat = tf.reshape(input, [input.shape[0]!, -1]);
          const hidden = tf.relu(tf.add(tf.matMul(flat, w1), b1));
          const logits = tf.add(tf.matMul(hidden, w2), b2);
          return tf.losses.softmaxCrossEntropy(target, logits) as tf.Scalar;
        },
        true,
        variables,
      )
      ?.dispose();
  };
}

function ourStep(model: Model, learningRate: number): (input: tf.Tensor, target: tf.Tensor) => void {
  const optimizer = createOptimizer({ kind: 'sgd', learningRate });
  return (input, target) => {
    const gradients = model.gradients(input, (output) => {
      const { value, gradient } = loss.valueAndGradient(target, output);
      value.dataSync();
      return gradient;
    });
    optimizer.apply(model.parameters, gradients);
  };
}

const isWide = trainingCode(wasmBackend()).gemm.bits === 256;
const onnx = await loadOnnx();
if (!onnx.found) console.log(`left out: ${onnx.reason}`);
const torch = await startPyTorch();
if (torch === undefined) console.log('left out: PyTorch is not installed');

/** PyTorch as one of the variants, where it is there. */
const peers = (network: 'mlp' | 'glo-mnist', times: number): readonly Peer[] =>
  torch === undefined
    ? []
    : [{ name: `PyTorch ${torch.version}, 1 thread`, time: () => torch.time(network, times) }];

/** Steps in ONNX Runtime that draw their batches, and what it takes to come to the first one with a new loss. */
async function inOnnx(
  model: Model,
  data: SearchData,
  learningRate: number,
  times: number,
): Promise<readonly Variant[]> {
  if (!onnx.found) return [];
  const decl = lossesOf(corpus).find(({ name }) => name.name === 'cross_entropy')!;
  let made = 0;
  const request = (): StepsRequest => ({
    model,
    // Another constant in each, so that none is like one before.
    loss: scaledLoss(trainingLoss(tf, corpus, decl, data), 1 + made++ / 1e6),
    data,
    batchSize: 100,
    optimizer: { kind: 'sgd', learningRate },
    augmented: undefined,
  });
  const sample = createSampler(data.train.count, createRandom(SEED));
  const steps = await onnxSteps(onnx.native, request());
  return [
    {
      name: 'ONNX Runtime, with drawing the batch',
      times,
      work: async () => {
        await steps.step(sample(100), 0);
        await steps.readLosses();
      },
    },
    {
      name: 'ONNX Runtime, a new loss to its first step',
      times: Math.min(times, 5),
      work: async () => {
        const fresh = await onnxSteps(onnx.native, request());
        await fresh.step(sample(100), 0);
        await fresh.dispose();
      },
    },
  ];
}

interface Section {
  readonly title: string;
  readonly timings: readonly Timing[];
  /** What the figures are compared with: the index of a timing. */
  readonly reference: number;
  readonly note?: string;
}

async function perceptron(): Promise<Section> {
  const { search } = splitDataset(drawDigits({ train: 2000, test: 10 }), SEED);
  const sample = createSampler(search.train.count, createRandom(SEED));
  const { input, target } = batchTensors(search.train, sample(100), search);
  const create = (): Model => createMlp({ ...search, seed: SEED });
  const [stock, half, full] = [tapeStep(create(), 0.1), tapeStep(create(), 0.1), ourStep(create(), 0.1)];
  const loop = ourStep(create(), 0.1);
  const [x, w1, g1, h, w2, g2] = tensors(
    [100, 784],
    [784, 128],
    [100, 128],
    [100, 128],
    [128, 10],
    [100, 10],
  );
  const [xt, ht, w2t] = [x!, h!, w2!].map((matrix) => tf.transpose(matrix)) as [
    tf.Tensor,
    tf.Tensor,
    tf.Tensor,
  ];
  // The five products of a step, none of them transposed.
  const products = (): void => {
    tf.dispose([
      tf.matMul(x!, w1!),
      tf.matMul(h!, w2!),
      tf.matMul(xt, g1!),
      tf.matMul(ht, g2!),
      tf.matMul(g2!, w2t),
    ]);
  };
  return {
    title: 'training step of 784-128-10, batch 100, plain SGD',
    reference: 0,
    note: 'the ceilings are the step’s five products alone, as plain products',
    timings: await measure([
      { name: 'stock kernels, tape, tf.train.sgd', times: 5, stock: true, work: () => stock(input, target) },
      { name: 'our kernels, tape, tf.train.sgd', times: 20, work: () => half(input, target) },
      { name: 'our kernels, no tape, updates in place', times: 20, work: () => full(input, target) },
      {
        name: 'the same with drawing and uploading the batch',
        times: 20,
        work: () => {
          const batch = batchTensors(search.train, sample(100), search);
          loop(batch.input, batch.target);
          tf.dispose(batch);
        },
      },
      { name: 'ceiling: plain products, stock', times: 20, stock: true, work: products },
      { name: 'ceiling: plain products, ours', times: 20, work: products },
      ...(isWide
        ? [
            {
              name: 'our kernels, products of 128 bits',
              times: 20,
              narrow: true,
              work: () => full(input, target),
            },
            { name: 'ceiling: plain products, ours, of 128 bits', times: 20, narrow: true, work: products },
          ]
        : []),
      ...(await inOnnx(create(), search, 0.1, 50)),
      ...peers('mlp', 50),
    ]),
  };
}

async function convolution(
  batch: number,
  side: number,
  channels: number,
  size: number,
  filters: number,
  strides: number,
): Promise<Section> {
  const x = tf.tensor4d(normals([batch, side, side, channels], 1), [batch, side, side, channels]);
  const filterShape: [number, number, number, number] = [size, size, channels, filters];
  const filter = tf.tensor4d(normals(filterShape, 2), filterShape);
  const dy = tf.conv2d(x, filter, strides, 'same');
  const common = { strides, pad: 'same', dataFormat: 'NHWC', dimRoundingMode: 'floor' };
  const gradient = (): tf.Tensor =>
    kernel('Conv2DBackpropInput', { dy, filter }, { ...common, inputShape: x.shape });
  const section: Section = {
    title: `convolution ${batch}x${side}x${side}x${channels} by ${size}x${size} to ${filters}, strides ${strides}`,
    reference: 0,
    note: 'the stock backend has no gradient of the filter',
    timings: await measure([
      { name: 'forward', times: 1, work: () => tf.conv2d(x, filter, strides, 'same').dispose() },
      { name: 'gradient of the input, stock', times: 1, stock: true, work: () => gradient().dispose() },
      { name: 'gradient of the input, ours', times: 1, work: () => gradient().dispose() },
      {
        name: 'gradient of the filter, ours',
        times: 1,
        work: () => kernel('Conv2DBackpropFilter', { x, dy }, { ...common, filterShape }).dispose(),
      },
    ]),
  };
  tf.dispose([x, filter, dy]);
  return section;
}

async function gloNetwork(): Promise<Section> {
  const { search } = splitDataset(drawDigits({ train: 2000, test: 10 }), SEED);
  const model = createGloMnist({ ...search, seed: SEED });
  const step = ourStep(model, 0.01);
  const input = tf.tensor(normals([100, 28, 28, 1], 1), [100, 28, 28, 1]);
  const labels = tf.tensor1d(
    Array.from({ length: 100 }, (_, i) => i % 10),
    'int32',
  );
  const target = tf.cast(tf.oneHot(labels, 10), 'float32');
  return {
    title: 'glo-mnist, batch 100',
    reference: 0,
    timings: await measure([
      { name: 'forward pass', times: 1, work: () => model.predict(input).dispose() },
      { name: 'training step', times: 1, work: () => step(input, target) },
      ...(await inOnnx(createGloMnist({ ...search, seed: SEED }), search, 0.01, 1)),
      ...peers('glo-mnist', 1),
    ]),
  };
}

const sections = [
  await perceptron(),
  await convolution(100, 28, 1, 5, 32, 1),
  await convolution(100, 14, 32, 5, 64, 1),
  await convolution(16, 32, 96, 3, 96, 2),
  await gloNetwork(),
];
torch?.close();

const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
console.log(
  `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, wasm with 1 thread, seed ${SEED}, ${ROUNDS} rounds`,
);
for (const { title, timings, reference, note } of sections) {
  console.log(`\n${title}${note === undefined ? '' : ` (${note})`}`);
  const base = timings[reference]!.milliseconds.median;
  for (const { name, milliseconds } of timings) {
    const { median, low, high } = milliseconds;
    const spread = `(${low.toFixed(2)} to ${high.toFixed(2)})`;
    const ratio =
      median < base
        ? `${(base / median).toFixed(2)} times as fast`
        : `${(median / base).toFixed(2)} times the time`;
    console.log(`  ${name.padEnd(48)} ${median.toFixed(2).padStart(8)} ms ${spread.padEnd(22)} ${ratio}`);
  }
}
mkdirSync(dirname(values.out), { recursive: true });
writeFileSync(
  values.out,
  `${JSON.stringify({ machine, seed: SEED, rounds: ROUNDS, sections }, undefined, 2)}\n`,
);
