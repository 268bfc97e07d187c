/**
 * Integer labels in compiled losses: one-hot rows, as the modules make them, beside a gather at the label.
 * `node --import tsx test/bench/labels.bench.ts`. Cross-entropy from logits, value alone and with its gradient, as tensor
 * operations and as the fused pass. Variants run in turn within one run; the figure is the median of the rounds.
 */
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { createRandom } from '../../src/random.js';
import { fusedLoss } from '../../src/runtime/fused-loss.js';
import { registerWasmTrainingKernels } from '../../src/runtime/kernels/index.js';
import { loadModule } from '../../src/runtime/load.js';
import { compiledText } from '../helpers/corpus.js';

const ROUNDS = 15;
const DENSE = `loss dense(target: onehot[class], prediction: probability[class]) =
  -sum(target * log(prediction), class)`;
const SPARSE = `loss sparse(target: integer, prediction: logits[class]) =
  -at(log_softmax(prediction, class), class, target)`;

const dense = compiledText(DENSE, { fromLogits: true });
const module = loadModule(tf, emitModule(dense));
const picking = loadModule(tf, emitModule(compiledText(SPARSE)));
const fusedRows = fusedLoss(tf, compiledText(DENSE, { fromLogits: true, plainMean: true }), {})!;
const fusedLabels = fusedLoss(tf, compiledText(SPARSE, { plainMean: true }), {})!;

tf.enableProdMode();
const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
setWasmPaths(join(dirname(main), sep));

for (const backend of ['wasm', 'cpu']) {
  await tf.setBackend(backend);
  if (backend === 'wasm') registerWasmTrainingKernels();
  for (const [batch, classes] of [
    [100, 10],
    [100, 1000],
  ] as const) {
    const random = createRandom(1);
    const logits = tf.tensor2d(
      Float32Array.from({ length: batch * classes }, () => random.normal()),
      [batch, classes],
    );
    const numbers = Array.from({ length: batch }, () => random.int(classes));
    const labels = tf.tensor1d(numbers, 'int32');
    const floats = tf.tensor1d(numbers, 'float32');
    const rows = tf.cast(tf.oneHot(labels, classes), 'float32');
    const starts = tf.range(0, batch * classes, classes, 'int32');
    const flat = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [-1]);
    /** By hand: what a gather would be, with the one-hot rows that the gradient needs anyhow. */
    const byHand = (withGradient: boolean): tf.Tensor[] => {
      const logs = tf.logSoftmax(logits);
      const own = tf.gather(flat(logs), tf.add(labels, starts));
      const value = tf.neg(tf.mean(own));
      if (!withGradient) return [value];
      const gradient = tf.sub(tf.exp(logs), tf.cast(tf.oneHot(labels, classes), 'float32'));
      return [value, tf.div(gradient, batch)];
    };
    const gradients = (loaded: typeof module, target: tf.Tensor): tf.Tensor[] => {
      const found = loaded.valueAndGradients([target, logits], {});
      return [found.value, ...Object.values(found.gradients)];
    };
    const variants: Readonly<Record<string, () => tf.Tensor | tf.Tensor[]>> = {
      'value, labels to rows': () => module.lossValue([labels, logits], {}),
      'value, rows given': () => module.lossValue([rows, logits], {}),
      'value, gather': () => byHand(false),
      'value, at': () => picking.lossValue([labels, logits], {}),
      'gradient, labels to rows': () => gradients(module, labels),
      'gradient, rows given': () => gradients(module, rows),
      'gradient, gather': () => byHand(true),
      'gradient, at': () => gradients(picking, labels),
      'fused, labels to rows': () => {
        const made = tf.cast(tf.oneHot(labels, classes), 'float32');
        const { value, gradient } = fusedRows(made, logits)!;
        return [value, gradient];
      },
      'fused, rows given': () => Object.values(fusedRows(rows, logits)!),
      'fused, compared with the label': () => Object.values(fusedLabels(floats, logits)!),
    };
    const times = Math.max(10, Math.round(2e5 / (batch * classes)));
    const samples = new Map(Object.keys(variants).map((name) => [name, [] as number[]]));
    for (let round = -3; round < ROUNDS; round++)
      for (const [name, work] of Object.entries(variants)) {
        const start = performance.now();
        for (let i = 0; i < times; i++) tf.dispose(tf.tidy(work as () => tf.Tensor[]));
        if (round >= 0) samples.get(name)!.push((1000 * (performance.now() - start)) / times);
      }
    console.log(`${backend} ${batch}x${classes}, microseconds`);
    for (const [name, list] of samples) {
      const sorted = list.sort((a, b) => a - b);
      console.log(`  ${name.padEnd(32)} ${sorted[sorted.length >> 1]!.toFixed(0).padStart(7)}`);
    }
  }
}
