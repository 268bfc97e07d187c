// A compiled loss in a TensorFlow.js layers model: `model.compile({ loss })` takes the per-example form.
//
//   npm run build && node examples/layers.mjs
import { mkdtempSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import { compileLoss, emitTarget, importResolver, loadProgram, lossesOf, readLossFile } from 'lossc';

// What `lossc compile std/focal --from-logits --js` writes.
const name = 'std/focal';
const program = loadProgram(readLossFile(name), importResolver(name));
const loss = compileLoss(program, lossesOf(program)[0], { fromLogits: true });
const folder = mkdtempSync(join(dirname(fileURLToPath(import.meta.url)), '../dist/example-'));
for (const { fileName, text } of await emitTarget('js', loss, { version: '0', file: 'focal.loss' })) {
  writeFileSync(join(folder, fileName), text);
}
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
const { focalPerExample } = await import(pathToFileURL(join(folder, 'focal.js')).href);

// Three blobs of points, one a class.
const points = Array.from({ length: 150 }, (_, i) => [
  Math.cos(i * 2.1) + ((i * 7) % 10) / 20,
  Math.sin(i * 2.1) + ((i * 3) % 10) / 20,
]);
const labels = points.map((_, i) => i % 3);
const inputs = tf.tensor2d(points);
const targets = tf.oneHot(labels, 3).toFloat();

const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2] })] });
model.compile({ optimizer: tf.train.sgd(0.5), loss: focalPerExample, metrics: ['accuracy'] });
const history = await model.fit(inputs, targets, { epochs: 30, verbose: 0 });
const { loss: losses, acc } = history.history;
console.log(`loss ${losses[0].toFixed(4)} -> ${losses.at(-1).toFixed(4)}, accuracy ${acc.at(-1).toFixed(3)}`);
