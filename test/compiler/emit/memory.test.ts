/** What would need a tensor of batch x feature x batch is computed without it: running sums, and reductions from slices. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompiledLoss, compileLoss } from '../../../compiler/compile.js';
import { emitModule } from '../../../compiler/emit/tfjs-module.js';
import { evaluateLoss } from '../../../compiler/evaluate/bind.js';
import type { NumberArray } from '../../../compiler/evaluate/binding.js';
import { loadProgram, lossesOf } from '../../../compiler/lower/program.js';
import { loadModule } from '../../../src/runtime/load.js';
import { importResolver } from '../../../src/stdlib.js';
import { normals } from '../../helpers/backends.js';
import { assertClose } from '../../helpers/close.js';

const memory = suite('memory of emitted code');

function compile(text: string): CompiledLoss {
  const program = loadProgram({ name: 'memory.loss', text }, importResolver('.'));
  return compileLoss(program, lossesOf(program).at(-1)!);
}

const array = (shape: readonly number[], seed: string): NumberArray => ({
  shape,
  data: Float64Array.from(normals(shape, seed)),
});

const tensor = ({ shape, data }: NumberArray): tf.Tensor => tf.tensor(Float32Array.from(data), [...shape]);

/** Value and gradients of the emitted code on backends, against the float64 reference. */
async function assertAgrees(
  text: string,
  inputs: ReadonlyMap<string, NumberArray>,
  backends: readonly string[] = ['cpu', 'wasm'],
): Promise<void> {
  const compiled = compile(text);
  const expected = evaluateLoss(compiled, inputs, new Map());
  const module = loadModule(tf, emitModule(compiled));
  for (const backend of backends) {
    await tf.setBackend(backend);
    tf.tidy(() => {
      const given = compiled.inputs.map(({ name }) => tensor(inputs.get(name)!));
      const { value, gradients } = module.valueAndGradients(given, {});
      assertClose(value.dataSync(), [expected.value as number], 1e-4, `${backend}, value of ${text}`);
      for (const [name, gradient] of expected.gradient) {
        const size = Math.max(...gradient.data.map(Math.abs), 1e-30);
        const scaled = (list: ArrayLike<number>): number[] => Array.from(list, (x) => x / size);
        const found = gradients[name]!.dataSync();
        assertClose(scaled(found), scaled(gradient.data), 1e-4, `${backend}, ${name} of ${text}`);
      }
    });
  }
}

const SIGNATURE = 'loss f(x: real[time]; scale: real = 1)';
const RUNNING: readonly string[] = [
  'index(past) <= index(time)',
  'index(past) < index(time)',
  'index(past) >= index(time)',
  'index(past) > index(time)',
  'not index(past) <= index(time)',
  'index(time) > index(past)',
];
for (const before of RUNNING) {
  memory(`a running sum, ${before}`, async () => {
    const sums = `sum(rename(x^2, time, past), past where ${before})`;
    const text = `${SIGNATURE} = sum(index(time) * sin(scale * ${sums}), time)`;
    await assertAgrees(text, new Map([['x', array([3, 7], 'running')]]));
    assert.match(emitted(text), 'tf.cumsum');
  });
}

const emitted = (text: string): string =>
  emitModule(compile(text))
    .functions.map(({ body }) => body)
    .join('\n');

memory('positions along axes of different length make no running sum', async () => {
  const text =
    'loss f(x: real[time], y: real[step]) = sum(y * sum(x, time where index(time) <= index(step)), step)';
  await assertAgrees(
    text,
    new Map([
      ['x', array([2, 3], 'x')],
      ['y', array([2, 5], 'y')],
    ]),
  );
});

memory('what comes later does not reach a running sum, not even if it is not a number', async () => {
  const text = `${SIGNATURE} = sum(sum(rename(x, time, past), past where index(past) < index(time)), time where index(time) < 2)`;
  const module = loadModule(tf, emitModule(compile(text)));
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    const { value } = module.valueAndGradients([tf.tensor([[1, 2, Number.NaN]])], {});
    assert.equal([...value.dataSync()], [1], backend);
  }
});

/** Operands of more than two million entries, so that they are cut. */
const SLICED: readonly (readonly [string, Readonly<Record<string, readonly number[]>>])[] = [
  ['mean(sum((x - rename(x, batch, other))^2, feature), other)', { x: [160, 90] }],
  ['mean(sqrt(1 + max(abs(x - rename(x, batch, other)), feature)), other)', { x: [160, 90] }],
  [
    'mean(min(abs(x - rename(x, batch, other)) + index(feature), feature where index(feature) > 1), other)',
    { x: [160, 90] },
  ],
  ['sum(exp(-abs(x - rename(x, batch, other))), feature, other) / 100', { x: [160, 90] }],
  ['mean(prod(1 + 0.01 * sin(x - rename(x, batch, other)), feature), other)', { x: [160, 90] }],
  [
    'min(sum(if abs(x - c) < 1 then (x - c)^2 / 2 else abs(x - c) - 1 / 2, feature), class)',
    { x: [160, 90], c: [160, 160, 90] },
  ],
];
for (const [body, shapes] of SLICED) {
  memory(`from slices: ${body}`, async () => {
    const inputs = new Map(Object.entries(shapes).map(([name, shape]) => [name, array(shape, name)]));
    const centers = 'c' in shapes ? ', data c: real[class, feature]' : '';
    await assertAgrees(`loss f(x: real[feature]${centers}) = ${body}`, inputs, ['wasm']);
  });
}

memory(
  'distances of 512 vectors of 256 numbers, which would be 268 MB at once, take less than 70',
  async () => {
    const text =
      'import { triplet_hard } from "std/triplet_hard"\nloss f(data label: integer, x: real[feature]) = triplet_hard(label, x)';
    const module = loadModule(tf, emitModule(compile(text)));
    await tf.setBackend('wasm');
    const label = tf.tensor(Float32Array.from({ length: 512 }, (_, i) => i % 128));
    const x = tensor(array([512, 256], 'embedding'));
    const { peakBytes } = await tf.profile(() =>
      tf.tidy(() => module.valueAndGradients([label, x], {}).value),
    );
    assert.ok(peakBytes < 70e6, `${(peakBytes / 1e6).toFixed(0)} MB`);
  },
);

memory('near neighbours far from the origin keep their distance', async () => {
  const text = 'loss f(x: real[feature]) = sum(sqrt(sum((x - rename(x, batch, other))^2, feature)), other)';
  const module = loadModule(tf, emitModule(compile(text)));
  await tf.setBackend('wasm');
  const { value } = module.valueAndGradients(
    [
      tf.tensor([
        [1000, 1000],
        [1000.5, 1000],
      ]),
    ],
    { reduction: 'sum' },
  );
  assertClose(value.dataSync(), [1], 1e-6);
});

memory.run();
