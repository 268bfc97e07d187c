/**
 * Value and gradient of a loss from logits on wasm: `npm run bench:loss [-- --out FILE] [--rounds N]`. TensorFlow.js's operators, as an
 * emitted module calls them under `tf.valueAndGrad`, beside our loops in JavaScript and our kernel, in turn within one run. Ratios are those
 * of each round, so that they hold on a loaded machine. Prints a table and writes JSON.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { createRandom } from '../../src/random.js';
import { fusedLoss } from '../../src/runtime/fused-loss.js';
import { registerWasmTrainingKernels } from '../../src/runtime/kernels/index.js';
import { loadModule } from '../../src/runtime/load.js';
import { loadFused } from '../../src/runtime/load-fused.js';
import { compiledStandard, plainStandard } from '../stdlib/library.js';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'runs/bench-loss.json' },
    rounds: { type: 'string', default: '15' },
  },
});
const ROUNDS = Number(values.rounds);
const LOSSES = ['cross_entropy', 'baikal', 'focal'];
const SHAPES = [
  [100, 10],
  [1000, 10],
  [1000, 1000],
  [100_000, 10],
] as const;

tf.enableProdMode();
const main = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm');
setWasmPaths(join(dirname(main), sep));
await tf.setBackend('wasm');
registerWasmTrainingKernels();

const WAYS = ['operators', 'loops', 'kernel', 'kernel in valueAndGrad'] as const;
type Way = (typeof WAYS)[number];
type PerWay<T> = Readonly<Record<Way, T>>;

function workOf(name: string, target: tf.Tensor, logits: tf.Tensor, classes: number): PerWay<() => void> {
  const compiled = plainStandard(name, true);
  const module = loadModule(tf, emitModule(compiledStandard(name, true)));
  const [loops, kernel] = [loadFused(compiled)!, fusedLoss(tf, compiled, {})!];
  const [t, o] = [target.dataSync<'float32'>(), logits.dataSync<'float32'>()];
  const gradient = new Float32Array(o.length);
  const differentiable = tf.customGrad((x, save) => {
    const found = kernel(target, x as tf.Tensor)!;
    (save as tf.GradSaveFunc)([found.gradient]);
    return { value: found.value, gradFunc: (dy, saved) => tf.mul(dy, saved[0]!) };
  });
  const both = (f: (x: tf.Tensor) => tf.Tensor): void => {
    tf.dispose(tf.valueAndGrad(f)(logits));
  };
  return {
    operators: () => both((x) => module.lossValue([target, x], {})),
    loops: () => void loops.run(t, o, gradient, o.length / classes, classes),
    kernel: () => tf.dispose({ ...kernel(target, logits)! }),
    'kernel in valueAndGrad': () => both((x) => differentiable(x)),
  };
}

/** Microseconds of each way in each round. */
async function measure(work: PerWay<() => void>, size: number): Promise<PerWay<readonly number[]>> {
  const times = Math.max(1, Math.round(2e5 / size));
  const samples = Object.fromEntries(WAYS.map((way) => [way, [] as number[]])) as Record<Way, number[]>;
  // Until V8's optimizing compiler has had its turn.
  for (let round = -5; round < ROUNDS; round++)
    for (const way of WAYS) {
      const start = performance.now();
      for (let i = 0; i < times; i++) work[way]();
      const time = (1000 * (performance.now() - start)) / times;
      if (round >= 0) samples[way].push(time);
      await new Promise(setImmediate);
    }
  return samples;
}

const middle = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1]!;
/** How often the time of one way fits into that of another: the median of the rounds, and the quartiles. */
function ratio(samples: PerWay<readonly number[]>, slow: Way, fast: Way): string {
  const each = samples[slow].map((time, i) => time / samples[fast][i]!).sort((a, b) => a - b);
  const at = (share: number): string => each[Math.round(share * (each.length - 1))]!.toFixed(1);
  return `${at(0.5)} (${at(0.25)} to ${at(0.75)})`;
}

const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
console.log(
  `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, wasm with 1 thread, ${ROUNDS} rounds`,
);
console.log('median microseconds; in valueAndGrad / operators, kernel / loops: how many times as fast');
const results: unknown[] = [];
for (const shape of SHAPES) {
  const [batch, classes] = shape;
  const random = createRandom(1);
  const logits = tf.tensor2d(
    Float32Array.from({ length: batch * classes }, () => random.normal()),
    [...shape],
  );
  const labels = Int32Array.from({ length: batch }, () => random.int(classes));
  // On wasm oneHot gives whole numbers, whatever it is asked for.
  const target = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels), classes), 'float32'));
  for (const loss of LOSSES) {
    const samples = await measure(workOf(loss, target, logits, classes), batch * classes);
    const ratios = {
      'valueAndGrad / operators': ratio(samples, 'operators', 'kernel in valueAndGrad'),
      'kernel / operators': ratio(samples, 'operators', 'kernel'),
      'kernel / loops': ratio(samples, 'loops', 'kernel'),
    };
    const times = WAYS.map(
      (way) => `${way} ${middle(samples[way]).toFixed(middle(samples[way]) < 100 ? 1 : 0)}`,
    );
    console.log(`[${shape.join(', ')}] ${loss}: ${times.join(', ')}`);
    console.log(
      `    ${Object.entries(ratios)
        .map((pair) => pair.join(' '))
        .join('; ')}`,
    );
    results.push({ shape, loss, microseconds: samples, ratios });
  }
  tf.dispose([logits, target]);
}
mkdirSync(dirname(values.out), { recursive: true });
writeFileSync(values.out, `${JSON.stringify({ machine, rounds: ROUNDS, results }, undefined, 2)}\n`);
