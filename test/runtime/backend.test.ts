import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RunError } from '../../src/errors.js';
import { BACKEND_NAMES, describeBackends, openBackend } from '../../src/runtime/backend.js';
import { splitDataset } from '../../src/runtime/data/dataset.js';
import { drawDigits } from '../../src/runtime/data/digits.js';
import { wasmBackend } from '../../src/runtime/kernels/wasm-backend.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import { trainModel } from '../../src/runtime/train.js';
import { crossEntropy } from '../helpers/losses.js';

const folder = mkdtempSync(join(tmpdir(), 'lossc-backend-'));
const require = createRequire(import.meta.url);

async function errorOf(promise: Promise<unknown>): Promise<RunError> {
  try {
    await promise;
  } catch (thrown) {
    assert.instance(thrown, RunError);
    return thrown as RunError;
  }
  throw new Error('nothing was thrown');
}

const backends = suite('backends');

backends('an unknown name is an error that lists the known ones', async () => {
  const error = await errorOf(openBackend({ name: 'cuda' }));
  assert.is(error.message, 'unknown backend "cuda"');
  assert.match(error.hint!, BACKEND_NAMES.join(', '));
});

backends('each can be opened, used, released and opened again', async () => {
  for (const name of ['wasm', 'cpu', 'wasm', 'cpu'] as const) {
    const backend = await openBackend({ name });
    assert.is(backend.name, name);
    assert.is(tf.getBackend(), name);
    const sum = tf.tidy(() => tf.sum(tf.ones([3, 3])).dataSync()[0]);
    assert.is(sum, 9);
    backend.release();
    backend.release();
  }
});

backends('opening leaves no listener for uncaught errors and, released, none for exit', async () => {
  const count = (): readonly number[] =>
    ['uncaughtException', 'unhandledRejection', 'exit'].map((event) => process.listenerCount(event));
  const before = count();
  const backend = await openBackend({ name: 'wasm' });
  assert.equal(count().slice(0, 2), before.slice(0, 2));
  backend.release();
  assert.equal(count(), before);
});

backends('the description has one entry for each, with advice for what is missing', async () => {
  const reports = await describeBackends();
  assert.equal(
    reports.map(({ name }) => name),
    [...BACKEND_NAMES],
  );
  for (const { name, found, detail, advice } of reports) {
    assert.ok(detail.length > 0 && !detail.includes('\n'), name);
    assert.is(advice === '', found, name);
  }
  assert.is(reports.find(({ name }) => name === 'wasm')!.found, true);
  assert.is(reports.find(({ name }) => name === 'cpu')!.found, true);
});

backends('running out of memory is one clear error, and the backend goes on working', async () => {
  const backend = await openBackend({ name: 'wasm' });
  // Sizes that are negative as 32-bit numbers, that wrap around to small ones, and that simply cannot be had.
  for (const rows of [600_000, 1_073_000, 1_074_000, 2_000_000]) {
    assert.throws(() => tf.fill([rows, 1000], 1), /^out of memory: \d+\.\d MiB/);
  }
  const { wasm } = wasmBackend();
  const large = [1, 2, 3].map(() => {
    try {
      return wasm._malloc(1.9e9);
    } catch (thrown) {
      assert.match((thrown as Error).message, /^out of memory: 1812\.0 MiB/);
      return 0;
    }
  });
  assert.is(large.filter((offset) => offset === 0).length > 0, true);
  assert.is(
    tf.tidy(() => tf.sum(tf.ones([10])).dataSync()[0]),
    10,
  );
  backend.release();
});

/** Runs a module in a process of its own, within this package so that imports resolve. */
function runScript(
  name: string,
  text: string,
  environment: Readonly<Record<string, string>>,
): { readonly stdout: string; readonly stderr: string } {
  const path = join(import.meta.dirname, `${name}-${process.pid}.tmp.mts`);
  writeFileSync(path, text);
  try {
    return spawnSync(process.execPath, ['--import', 'tsx', path], {
      encoding: 'utf8',
      env: { ...process.env, ...environment },
      timeout: 60_000,
    });
  } finally {
    rmSync(path, { force: true });
  }
}

const CORE = JSON.stringify(require.resolve('@tensorflow/tfjs-core'));
const CPU = JSON.stringify(require.resolve('@tensorflow/tfjs-backend-cpu'));
/** Stands in for the native package: noisy, and in need of the helper that Node 23 removed. */
const WORKING = (usingGpu: boolean): string => `
  const tf = require(${CORE});
  const { MathBackendCPU } = require(${CPU});
  console.log('greetings'); console.warn('advice');
  if (!require('util').isNullOrUndefined(null)) throw new Error('helper is wrong');
  tf.registerBackend('tensorflow', () => Object.assign(new MathBackendCPU(), { isUsingGpuDevice: ${usingGpu} }));`;

/** Opens a native backend in a process where a stand-in for its package is, or is not, installed. */
function openNative(
  name: string,
  packageText: string | undefined,
): { readonly stdout: string; readonly stderr: string } {
  const modules = mkdtempSync(join(folder, 'modules-'));
  if (packageText !== undefined) {
    const own = join(modules, '@tensorflow', name);
    mkdirSync(own, { recursive: true });
    writeFileSync(
      join(own, 'package.json'),
      JSON.stringify({ name: `@tensorflow/${name}`, main: 'index.js' }),
    );
    writeFileSync(join(own, 'index.js'), packageText);
  }
  const script = `
    import util from 'node:util';
    import { openBackend } from ${JSON.stringify(fileURLToPath(new URL('../../src/runtime/backend.ts', import.meta.url)))};
    delete util.isNullOrUndefined;
    try {
      const backend = await openBackend({ name: ${JSON.stringify(name)} });
      console.log('opened', backend.name, '|', backend.device);
      backend.release();
    } catch (error) {
      console.log(error.name, '|', error.message, '|', error.hint);
    }`;
  return runScript('native', script, { NODE_PATH: modules });
}

const installed = (name: string): boolean => {
  try {
    require.resolve(`@tensorflow/${name}/package.json`);
    return true;
  } catch {
    return false;
  }
};

for (const name of ['tfjs-node-gpu', 'tfjs-node'] as const) {
  const test = installed(name) ? backends.skip : backends;
  if (installed(name)) console.log(`SKIPPED simulating ${name}: it is installed`);

  test(`${name} absent: the error says what to install`, () => {
    const { stdout } = openNative(name, undefined);
    assert.match(
      stdout,
      new RegExp(`^RunError \\| the backend "${name}" is not available: the package is not installed`),
    );
    assert.match(stdout, new RegExp(`npm install @tensorflow/${name}@\\d`));
  });

  test(`${name} with a native library that does not load: the error says so`, () => {
    const { stdout, stderr } = openNative(
      name,
      `throw new Error('libtensorflow.so.2: cannot open shared object file');`,
    );
    assert.match(
      stdout,
      /its native library does not load \(libtensorflow\.so\.2: cannot open shared object file\)/,
    );
    assert.is(stderr, '');
  });

  test(`${name} that loads is used, without its noise, on Node 23 and later too`, () => {
    const { stdout } = openNative(name, WORKING(true));
    assert.match(stdout, new RegExp(`^opened ${name} \\| .*libtensorflow\\n$`));
  });
}

(installed('tfjs-node-gpu') ? backends.skip : backends)(
  'tfjs-node-gpu without a GPU is not taken for one',
  () => {
    assert.match(openNative('tfjs-node-gpu', WORKING(false)).stdout, /it loads, but there is no CUDA device/);
  },
);

backends('10,000 training steps do not raise memory', async () => {
  const backend = await openBackend({ name: 'wasm' });
  const before = tf.memory().numTensors;
  const { search: data } = splitDataset(drawDigits({ train: 300, test: 10 }), 1);
  const model = createMlp({ ...data, seed: 1 }, [8]);
  const sizes: number[] = [];
  const tensors: number[] = [];
  await trainModel({
    model,
    loss: crossEntropy(),
    data,
    steps: 10_000,
    batchSize: 10,
    optimizer: { kind: 'adam', learningRate: 0.001 },
    seed: 1,
    evaluateEvery: 1000,
    continueAfter: () => {
      sizes.push(wasmBackend().wasm.asm.memory.buffer.byteLength);
      tensors.push(tf.memory().numTensors);
      return true;
    },
  });
  model.dispose();
  assert.is(sizes.length, 9);
  assert.is(new Set(sizes).size, 1, `bytes of memory: ${sizes.join(', ')}`);
  assert.is(new Set(tensors).size, 1, `tensors: ${tensors.join(', ')}`);
  assert.is(tf.memory().numTensors, before);
  backend.release();
});

backends.after(() => rmSync(folder, { recursive: true, force: true }));
backends.run();
