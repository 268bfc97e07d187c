import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../compiler/compile.js';
import { BindError, type Evaluated, evaluateLoss } from '../../compiler/evaluate/bind.js';
import { createRandom } from '../../src/random.js';
import { type Backend, openBackend } from '../../src/runtime/backend.js';
import { type LegalInputs, legalInputs } from '../helpers/legal-inputs.js';
import { loadOnnx, onnxRuntime, runOnnx } from '../helpers/onnx.js';
import { pythonWith } from '../helpers/programs.js';
import { asNumber, type PythonTarget, runPython } from '../helpers/python.js';
import { type PythonCase, withParameters } from '../helpers/python-cases.js';
import { call, type Emitted, emitted, reshaped } from './emitted-cases.js';
import { FORMS } from './forms.js';

/** Losses that divide by a length of 0: whether that happens inside a sum over nothing or outside is another order of the same formula. */
const DIVIDES: Readonly<Record<string, readonly string[]>> = {
  batch: ['coral_domain'],
  class: ['multi_margin', 'sparse_lsr'],
  feature: ['vicreg'],
  pixel: ['min_snr'],
};

interface Case extends PythonCase {
  readonly emitted: Emitted;
  readonly right: Evaluated | undefined;
}

const runtime = await onnxRuntime();

const REDUCTIONS = ['mean', 'sum', 'none'] as const;

/** Inputs of which an axis has no entries. */
function without(compiled: CompiledLoss, axis: string): LegalInputs {
  if (axis === 'batch') return legalInputs(compiled, createRandom(1), 0);
  const { axes } = compiled.lowered.graph;
  const { inputs, parameters } = legalInputs(compiled, createRandom(1), 2);
  const emptied = compiled.inputs.map((input) => {
    const { shape, data } = inputs.get(input.name)!;
    const lengths = shape.map((size, i) => (i > 0 && axes.get(input.axes[i - 1]!).name === axis ? 0 : size));
    return [input.name, reshaped({ shape, data }, lengths)] as const;
  });
  return { inputs: new Map(emptied), parameters };
}

/** The axes of a loss's inputs whose length is not fixed. */
function axesOf({ inputs, lowered }: CompiledLoss): readonly string[] {
  const { axes } = lowered.graph;
  const own = inputs.flatMap((input) => input.axes.map((axis) => axes.get(axis)));
  return ['batch', ...new Set(own.filter(({ size }) => size === undefined).map(({ name }) => name))];
}

function rightOf(
  compiled: CompiledLoss,
  { inputs, parameters }: LegalInputs,
  reduction?: (typeof REDUCTIONS)[number],
) {
  try {
    return evaluateLoss(compiled, inputs, parameters, reduction);
  } catch (thrown) {
    if (!(thrown instanceof BindError)) throw thrown;
    return undefined;
  }
}

const CASES: readonly Case[] = FORMS.flatMap(({ name, fromLogits }) => {
  const loss = emitted(name, fromLogits);
  const { compiled } = loss;
  return axesOf(compiled)
    .filter((axis) => !DIVIDES[axis]?.includes(name))
    .flatMap((axis) => {
      const given = without(compiled, axis);
      return (compiled.scalar ? [undefined] : REDUCTIONS).map((reduction) => ({
        name: `${name}${fromLogits ? ' from logits' : ''} without ${axis}${reduction === undefined ? '' : `, ${reduction}`}`,
        emitted: loss,
        compiled,
        ...given,
        ...withParameters(compiled, given.parameters),
        ...(reduction !== undefined && { options: { reduction } }),
        seeds: () => [],
        right: rightOf(compiled, given, reduction),
      }));
    });
});
const OF_BATCH = CASES.filter(({ name }) => name.includes(' without batch'));

const alike = (found: ArrayLike<number>, right: ArrayLike<number>): boolean =>
  found.length === right.length &&
  Array.from(right).every((x, i) => {
    const y = found[i]!;
    return Object.is(x, y) || x === y || Math.abs(x - y) <= 1e-5 * Math.max(1, Math.abs(x));
  });
const numbersOf = ({ value }: Evaluated): ArrayLike<number> =>
  typeof value === 'number' ? [value] : value.data;

/** Where a module differs from the reference, which may refuse. */
function faults(entry: Case): string[] {
  const { right, name } = entry;
  return tf.tidy(() => {
    let found: ReturnType<typeof call>;
    try {
      found = call(entry.emitted, entry);
    } catch (thrown) {
      const message = String(thrown);
      const isOurs = thrown instanceof Error && message.startsWith(`Error: ${entry.compiled.name}: `);
      return right === undefined && isOurs ? [] : [`${name}: ${message}`];
    }
    if (right === undefined) return [`${name}: is not refused`];
    const value = found.value.dataSync();
    const wrong = alike(value, numbersOf(right))
      ? []
      : [`${name}: ${value}, and ${numbersOf(right)} is right`];
    for (const [input, { shape, data }] of right.gradient) {
      const gradient = found.gradients[entry.emitted.property(input)]!;
      const [numbers, lengths] = [gradient.dataSync(), gradient.shape];
      if (lengths.join() !== shape.join() || !alike(numbers, data))
        wrong.push(
          `${name}, gradient of ${input}: [${numbers}] in [${lengths}], and [${data}] in [${shape}] is right`,
        );
    }
    return wrong;
  });
}

/** The gradient of the mean by the predictions, on the tape. */
function tapeFaults({ emitted: { module }, compiled, inputs, parameters, name }: Case): string[] {
  return tf.tidy(() => {
    const tensors = compiled.inputs.map((input) => tf.zeros([...inputs.get(input.name)!.shape]));
    const predictions = compiled.inputs.filter((input) => !input.data);
    const gradients = tf.grads((...args: tf.Tensor[]) =>
      module.lossValue(
        compiled.inputs.map((input, i) => args[predictions.indexOf(input)] ?? tensors[i]!),
        Object.fromEntries(parameters),
      ),
    )(predictions.map(({ position }) => tensors[position]!));
    return gradients.flatMap((gradient, i) => {
      const right = tensors[predictions[i]!.position]!.shape.join();
      return gradient.shape.join() === right
        ? []
        : [`${name}: a gradient in [${gradient.shape}] for [${right}]`];
    });
  });
}

for (const place of ['cpu', 'wasm']) {
  const empty = suite(`the standard library over nothing on ${place}`);
  let backend: Backend;
  empty.before(async () => {
    backend = await openBackend({ name: 'wasm' });
    await tf.setBackend(place);
    // So that memory that is read by mistake does not hold zeros.
    tf.dispose(Array.from({ length: 100 }, (_, i) => tf.fill([i + 1], 7)));
  });
  empty.after(() => backend.release());

  empty('an axis without entries: value and gradients as in the reference, or refused with it', () => {
    assert.ok(CASES.length > 1000);
    assert.equal(CASES.flatMap(faults), []);
  });

  empty('an empty batch has an empty gradient on the tape', () => {
    const means = OF_BATCH.filter(({ options }) => options?.['reduction'] !== 'none');
    assert.equal(means.flatMap(tapeFaults), []);
  });
  empty.run();
}

const inPython = suite('the standard library over nothing in Python');
const PYTHONS: readonly (readonly [PythonTarget, string])[] = [
  ['pytorch', 'torch'],
  ['jax', 'numpy'],
  ['keras', 'numpy'],
];
for (const [target, needed] of PYTHONS) {
  const interpreter = pythonWith(needed);
  if (interpreter === undefined) console.log(`SKIPPED ${target}: no Python on the PATH has ${needed}`);
  const withPython = interpreter === undefined ? inPython.skip : inPython;
  withPython(`an empty batch in ${target}: value and gradients as in the reference`, async () => {
    const outcomes = await runPython(interpreter!, target, OF_BATCH);
    const wrong = OF_BATCH.flatMap(({ name, right }, i) => {
      const { error, value, gradients } = outcomes[i]!;
      if (error !== undefined) return [`${name}: ${error}`];
      const pairs = [
        ['value', value, numbersOf(right!)] as const,
        ...Object.entries(gradients).map(
          ([key, data]) => [key, data, right!.gradient.get(key)!.data] as const,
        ),
      ];
      return pairs.flatMap(([what, found, expected]) =>
        alike(found.map(asNumber), expected)
          ? []
          : [`${name}, ${what}: [${found}], and [${expected}] is right`],
      );
    });
    assert.equal(wrong, []);
  });
}
inPython.run();

const inOnnx = suite('the standard library over nothing in ONNX');
(runtime === undefined ? inOnnx.skip : inOnnx)(
  'an empty batch: value and gradients as in the reference',
  async () => {
    const wrong: string[] = [];
    for (const { name, compiled, inputs, parameters, options, right } of OF_BATCH) {
      const model = await loadOnnx(runtime!, compiled);
      const reduction = (options?.['reduction'] as string | undefined) ?? 'mean';
      const { value, gradients } = await runOnnx(model, { inputs, parameters, reduction });
      const pairs = [
        ['value', value, numbersOf(right!)] as const,
        ...[...gradients].map(([key, data]) => [key, data, right!.gradient.get(key)!.data] as const),
      ];
      for (const [what, found, expected] of pairs)
        if (!alike(found, expected)) wrong.push(`${name}, ${what}: [${found}], and [${expected}] is right`);
      await model.session.release();
    }
    assert.equal(wrong, []);
  },
);
inOnnx.run();
