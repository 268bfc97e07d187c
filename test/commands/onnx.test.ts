import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { scratch } from '../helpers/command-line.js';
import { call } from '../helpers/in-process.js';
import { onnxRuntime } from '../helpers/onnx.js';

const native = await onnxRuntime();
const commands = suite('commands with --backend onnx');
const add = native === undefined ? commands.skip : commands;

const words = (text: string): string[] => text.split(' ');
const SMALL = '--train-examples 300 --validation-examples 100 --hidden 6 --steps 40 --seed 3';

/** A command and its JSON, on both backends. */
async function both(name: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  for (const backend of ['wasm', 'onnx']) {
    const { code, stdout, stderr } = await call(name, words(`${text} ${SMALL} --json --backend ${backend}`));
    assert.is(code, 0, stderr);
    found.push(JSON.parse(stdout));
  }
  return found;
}

add('train says its backend, and gets where wasm gets', async () => {
  const [wasm, onnx] = await both('train', 'std/gce --optimizer momentum --decay cosine');
  assert.is(onnx!['backend'], 'onnx');
  assert.is(onnx!['validationValue'], wasm!['validationValue']);
  assert.is(onnx!['testValue'], wasm!['testValue']);
});

add('compare gets where wasm gets, at the same factors', async () => {
  const [wasm, onnx] = await both('compare', 'std/cross_entropy std/mse --seeds 2');
  const seen = (report: Record<string, unknown>): unknown =>
    (report['losses'] as { scale: number; runs: { testValue: number }[] }[]).map(({ scale, runs }) => [
      scale,
      runs.map(({ testValue }) => testValue),
    ]);
  assert.equal(seen(onnx!), seen(wasm!));
});

add('evolve records what its bits depend on, and is resumed', async () => {
  const folder = scratch({});
  const search =
    'std/cross_entropy std/gce --population 4 --generations 1 --tune-evaluations 0 --final-seeds 0 --workers 1 --out run';
  const { code, stderr } = await call('evolve', words(`${search} ${SMALL} --backend onnx`), { cwd: folder });
  assert.is(code, 0, stderr);
  const { environment, machine } = JSON.parse(readFileSync(join(folder, 'run/settings.json'), 'utf8'));
  assert.is(environment.backend, 'onnx');
  assert.match(environment.native, /^ONNX Runtime \d+\.\d+\.\d+, 1 thread, \S/);
  assert.match(machine.device, /^ONNX Runtime \d+\.\d+\.\d+ on the CPU, 1 thread$/);
  const again = await call('evolve', words('--resume run --generations 2'), { cwd: folder });
  assert.is(again.code, 0, again.stderr);
});

add('a model that is a module is refused before anything is trained', async () => {
  const folder = scratch({
    'mine.mjs': `export const createModel = ({ tf, inputShape, outputs, seed }) => tf.sequential({ layers: [
      tf.layers.flatten({ inputShape }),
      tf.layers.dense({ units: outputs, kernelInitializer: tf.initializers.glorotUniform({ seed }) }),
    ] });`,
  });
  const search =
    'std/mse --model ./mine.mjs --population 4 --generations 1 --workers 1 --out run --backend onnx';
  for (const [name, text] of [
    ['train', 'std/mse --model ./mine.mjs --steps 2 --backend onnx'],
    ['evolve', search],
  ] as const) {
    const { code, stderr } = await call(name, words(text), { cwd: folder });
    assert.is(code, 1, name);
    assert.match(stderr, /the backend onnx trains only the built-in models, and \.\/mine\.mjs is a module/);
    assert.match(stderr, /--backend wasm/);
  }
});

commands.run();
