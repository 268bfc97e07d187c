/** What would need a tensor of batch x feature x batch is computed without it: running sums, and reductions from slices. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompiledLoss, compileLoss } from '../../../../compiler/compile.js';
import { emitModule } from '../../../../compiler/emit/tfjs/module.js';
import { type Evaluated, evaluateLoss } from '../../../../compiler/evaluate/bind.js';
import type { NumberArray } from '../../../../compiler/evaluate/binding.js';
import { loadProgram, lossesOf } from '../../../../compiler/resolve/program.js';
import { loadModule } from '../../../../src/runtime/load.js';
import { importResolver } from '../../../../src/stdlib.js';
import { normals } from '../../../helpers/backends.js';
import { assertClose } from '../../../helpers/close.js';
import { pythonWith } from '../../../helpers/programs.js';
import { type PythonTarget, runPython } from '../../../helpers/python.js';

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

const references = new Map<string, Evaluated>();

/** What the float64 reference gives, once for each text and its inputs. */
function reference(text: string, inputs: ReadonlyMap<string, NumberArray>): Evaluated {
  const known = references.get(text);
  const found = known ?? evaluateLoss(compile(text), inputs, new Map());
  references.set(text, found);
  return found;
}

/** Value and gradients of the emitted code on backends, against the float64 reference. */
async function assertAgrees(
  text: string,
  inputs: ReadonlyMap<string, NumberArray>,
  backends: readonly string[] = ['cpu', 'wasm'],
): Promise<void> {
  const compiled = compile(text);
  const expected = reference(text, inputs);
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
const runningText = (before: string): string =>
  `${SIGNATURE} = sum(index(time) * sin(scale * sum(rename(x^2, time, past), past where ${before})), time)`;
const runningInputs = new Map([['x', array([3, 7], 'running')]]);
for (const before of RUNNING) {
  memory(`a running sum, ${before}`, async () => {
    const text = runningText(before);
    await assertAgrees(text, runningInputs);
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

/** Operands of 160 x 90 x 160 entries, more than fit one slice. */
const DIFFERENCE = 'x - rename(x, batch, other)';
const SLICED: readonly string[] = [
  `mean(sum((${DIFFERENCE})^2, feature), other)`,
  `mean(sqrt(1 + max(abs(${DIFFERENCE}), feature)), other)`,
  `mean(min(abs(${DIFFERENCE}) + index(feature), feature where index(feature) > 1), other)`,
  `sum(exp(-abs(${DIFFERENCE})), feature, other) / 100`,
  `mean(prod(1 + 0.01 * sin(${DIFFERENCE}), feature), other)`,
  `max(sum(if abs(${DIFFERENCE}) < 1 then (${DIFFERENCE})^2 / 2 else abs(${DIFFERENCE}) - 1 / 2, feature), other)`,
];
const slicedText = (body: string): string => `loss f(x: real[feature]) = ${body}`;
const slicedInputs = new Map([['x', array([160, 90], 'sliced')]]);
for (const body of SLICED) {
  memory(`from slices: ${body}`, async () => {
    assert.match(emitted(slicedText(body)), 'inSlices');
    await assertAgrees(slicedText(body), slicedInputs, ['wasm']);
  });
}

const numpy = pythonWith('numpy');
const PYTHON: readonly (readonly [PythonTarget, string | undefined, string])[] = [
  ['pytorch', pythonWith('torch'), 'torch'],
  ['jax', numpy, 'numpy'],
  ['keras', numpy, 'numpy'],
];
for (const [target, interpreter, library] of PYTHON) {
  if (interpreter === undefined)
    console.log(`SKIPPED memory in ${target}: no Python with ${library} (Debian: python3-${library})`);
  const test = interpreter === undefined ? memory.skip : memory;
  test(`running sums and slices in ${target}`, async () => {
    const cases = [
      ...RUNNING.map((before) => ({ text: runningText(before), inputs: runningInputs })),
      ...SLICED.map((body) => ({ text: slicedText(body), inputs: slicedInputs })),
    ];
    const jobs = cases.map(({ text, inputs }) => ({
      compiled: compile(text),
      inputs,
      parameters: new Map(),
    }));
    const outcomes = await runPython(interpreter!, target, jobs, 'float64');
    for (const [i, { text, inputs }] of cases.entries()) {
      const expected = reference(text, inputs);
      const { error, value, gradients } = outcomes[i]!;
      assert.is(error, undefined, text);
      assertClose(value as number[], [expected.value as number], 1e-9, text);
      for (const [name, found] of Object.entries(gradients))
        assertClose(found as number[], expected.gradient.get(name)!.data, 1e-9, `${name} of ${text}`);
    }
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
