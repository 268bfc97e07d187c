import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { arrayOf, evaluateLoss, type NumberArray } from '../../compiler/evaluate/bind.js';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { loadModule } from '../../src/runtime/load.js';
import { compiledText } from '../helpers/corpus.js';
import { loadOnnx, onnxRuntime, runOnnx } from '../helpers/onnx.js';
import { pythonWith } from '../helpers/programs.js';
import { asNumber, type PythonTarget, runPython } from '../helpers/python.js';

/** What a condition, a weight of 0 or an ignored label leaves out has no effect, be it infinite or no number: never 0 times infinity. */
const runtime = await onnxRuntime();
const leftOut = suite('what is left out');

interface Case {
  readonly name: string;
  readonly text: string;
  readonly inputs: Readonly<Record<string, ParameterValue>>;
  readonly labels?: readonly string[];
  readonly weights?: readonly number[];
  readonly reduction?: 'mean' | 'sum' | 'none' | 'weightedMean';
  readonly value: readonly number[];
  readonly gradients: Readonly<Record<string, readonly number[]>>;
}

const NEAR = `loss near(data label: integer, x: real; gamma: positive = 2) =
  gamma * min((x - rename(x, batch, other))^2, other where label == rename(label, batch, other) and index(other) != index(batch))`;
const LARGEST = `loss largest(prediction: real[class]; gamma: positive = 2) =
  gamma * max(prediction, class where prediction > 1)`;
const LABELLED = `loss labelled(target: onehot[class], prediction: real[class]; gamma: positive = 2) =
  gamma * max(prediction, class where prediction > 1) + gamma * sum(target * prediction, class)`;
const SQUARES = `loss squares(target: real[class], prediction: real[class]; gamma: positive = 2) =
  gamma * sum((prediction - target)^2, class)`;

const CASES: readonly Case[] = [
  {
    name: 'a power of a parameter that no entry attains',
    text: 'loss f(score: logits; alpha: positive = 0.5) = max(alpha^-10000, batch where score > 0.5)',
    inputs: { score: [-1.375, 0.125] },
    value: [-Infinity],
    gradients: { score: [0, 0], alpha: [0] },
  },
  {
    name: 'a power of a parameter in items of weight 0',
    text: `loss f(prediction: real; gamma: between(-100, 0.5) = -14.5, alpha: positive = 0.5) =
      alpha^-erfcx(gamma) + prediction`,
    inputs: { prediction: [1, 2] },
    weights: [0, 0],
    reduction: 'sum',
    value: [0],
    gradients: { prediction: [0, 0], gamma: [0], alpha: [0] },
  },
  {
    name: 'a minimum over nothing in a branch that is not taken',
    text: 'loss f(score: nonnegative; gamma: positive = 1.25) = if score > 2 then min(1, batch where score >= 2) / gamma else 1',
    inputs: { score: [0.5, 1.5] },
    value: [1],
    gradients: { score: [0, 0], gamma: [0] },
  },
  {
    name: 'a power without end in a branch that is not taken',
    text: `loss f(prediction: positive[class]; delta: between(0, 50) = 17) =
      if mean(prediction, class) >= 2 then 2^exp(delta) else 1`,
    inputs: { prediction: [[1, 1]] },
    value: [1],
    gradients: { prediction: [0, 0], delta: [0] },
  },
  {
    name: 'a quotient of numbers beyond float32 in a branch that is not taken',
    text: `loss f(target: nonnegative[class], prediction: positive[class]; gamma: real = 0) =
      sum(if target < 2 then 1 else prediction + gamma^-0.5, class)`,
    inputs: { target: [[1, 0.5]], prediction: [[5, 1]] },
    value: [2],
    gradients: { prediction: [0, 0], gamma: [0] },
  },
  {
    name: 'items that a condition over nothing leaves out',
    text: `fn chosen(x1, axis) = sum(1, axis where x1 < 1)
      loss f(prediction: unit[class]) = chosen(min(prediction, class where 1 < 0) + 1, batch)`,
    inputs: { prediction: [[1, 0]] },
    value: [0],
    gradients: { prediction: [0, 0] },
  },
  {
    name: 'a mean over entries that a condition over nothing leaves out',
    text: `loss f(prediction: real[row, column]; alpha: positive = 2) =
      mean(2^alpha, column where max(prediction, row where 0.5 == 1) >= 0.5) + mean(prediction, column, row)`,
    inputs: { prediction: [[[1, 2]]] },
    value: [1.5],
    gradients: { prediction: [0.5, 0.5], alpha: [0] },
  },
  {
    name: '0 times the logarithm of what has none',
    text: 'loss f(target: real, prediction: real) = min(prediction, xlogy(0, target))',
    inputs: { target: [1, -0.625], prediction: [1, 1] },
    value: [0],
    gradients: { prediction: [0, 0] },
  },
  {
    name: 'the same branch where it is taken',
    text: 'loss f(score: nonnegative; gamma: positive = 1.25) = if score > 2 then min(1, batch where score >= 2) / gamma else 1',
    inputs: { score: [0.5, 3] },
    value: [0.9],
    gradients: { score: [0, 0], gamma: [-0.32] },
  },
  {
    name: 'a maximum over nothing in entries that a condition leaves out',
    text: `loss f(prediction: real[class]; gamma: positive = 2) =
      sum(if prediction > 2 then gamma * max(prediction, class where prediction > 2) else prediction, class)`,
    inputs: {
      prediction: [
        [0.5, 1],
        [3, 1],
      ],
    },
    reduction: 'sum',
    value: [8.5],
    gradients: { prediction: [1, 1, 2, 1], gamma: [3] },
  },
  {
    name: 'a softmax that is no number, looked up where there is no entry',
    text: `loss f(score: real[class], prediction: real[class]) =
      at(softmax(score * max(1, class where 0 >= prediction), class), class, 2)`,
    inputs: { score: [[1, 2]], prediction: [[0.5, 2]] },
    value: [0],
    gradients: { score: [0, 0], prediction: [0, 0] },
  },
  {
    name: 'entries that are no numbers, looked up where there is none',
    text: 'loss f(prediction: unit[class]) = at(prediction * xlogy(logsumexp(1, class where prediction >= 1), 1), class, 2)',
    inputs: { prediction: [[0.5, 0.5]] },
    value: [0],
    gradients: { prediction: [0, 0] },
  },
  {
    name: 'a root of what is always negative, of which nothing is kept',
    text: `loss f(prediction: real[class]; gamma: between(-1, 1) = 0.5) =
      sum(prediction, class) + sum((gamma - 2)^0.5 + 0 * index(class), class where prediction > 5)`,
    inputs: { prediction: [[0.5, 2]] },
    value: [2.5],
    gradients: { prediction: [1, 1], gamma: [0] },
  },
  {
    name: 'an infinite item of weight 0',
    text: LARGEST,
    inputs: {
      prediction: [
        [2, 3],
        [0, 0.5],
      ],
    },
    weights: [1, 0],
    value: [3],
    gradients: { prediction: [0, 1, 0, 0], gamma: [1.5] },
  },
  {
    name: 'an infinite item of weight 0 in the weighted mean',
    text: LARGEST,
    inputs: {
      prediction: [
        [2, 3],
        [0, 0.5],
      ],
    },
    weights: [0.5, 0],
    reduction: 'weightedMean',
    value: [6],
    gradients: { prediction: [0, 2, 0, 0], gamma: [3] },
  },
  {
    name: 'items of weight 0 that are no numbers',
    text: SQUARES,
    inputs: {
      target: [
        [1, 1],
        [Number.NaN, 1],
        [1, 1],
      ],
      prediction: [
        [2, 3],
        [0, 0.5],
        [Number.NaN, Number.POSITIVE_INFINITY],
      ],
    },
    weights: [1, 0, 0],
    reduction: 'none',
    value: [10, 0, 0],
    gradients: { prediction: [4, 8, 0, 0, 0, 0], gamma: [5] },
  },
  {
    name: 'an infinite item of weight 0 among items that depend on each other',
    text: NEAR,
    inputs: { label: [0, 0, 1], x: [1, 3, 5] },
    weights: [1, 1, 0],
    reduction: 'sum',
    value: [16],
    gradients: { x: [-16, 16, 0], gamma: [8] },
  },
  ...(['mean', 'sum', 'weightedMean'] as const).map(
    (reduction): Case => ({
      name: `an infinite item with an ignored label, ${reduction}`,
      text: LABELLED,
      inputs: {
        target: [0, -100],
        prediction: [
          [2, 3],
          [0, 0.5],
        ],
      },
      labels: ['target'],
      reduction,
      value: [10],
      gradients: { prediction: [2, 2, 0, 0], gamma: [5] },
    }),
  ),
  {
    name: 'an ignored label beside infinite predictions',
    text: 'loss f(target: onehot[class], prediction: real[class]; gamma: positive = 2) = gamma * sum(target * prediction^2, class)',
    inputs: {
      target: [0, -100],
      prediction: [
        [2, 3],
        [Number.POSITIVE_INFINITY, Number.NaN],
      ],
    },
    labels: ['target'],
    value: [8],
    gradients: { prediction: [8, 0, 0, 0], gamma: [4] },
  },
];

const arraysOf = ({ inputs }: Case): ReadonlyMap<string, NumberArray> =>
  new Map(Object.entries(inputs).map(([name, value]) => [name, arrayOf(value)]));

type Numbers = ArrayLike<number>;
function compare(entry: Case, value: Numbers, gradient: (name: string) => Numbers, tolerance: number): void {
  const near = (given: Numbers, expected: readonly number[], what: string): void =>
    assert.ok(
      given.length === expected.length &&
        expected.every(
          (x, i) => x === given[i] || Math.abs(given[i]! - x) <= tolerance * Math.max(1, Math.abs(x)),
        ),
      `${entry.name}: ${what} is ${Array.from(given)}, not ${expected}`,
    );
  near(value, entry.value, 'the value');
  for (const [name, expected] of Object.entries(entry.gradients))
    near(gradient(name), expected, `the gradient of ${name}`);
}

leftOut('has no effect in the reference', () => {
  for (const entry of CASES.filter(({ weights }) => weights === undefined)) {
    const reduction = entry.reduction === 'weightedMean' ? 'mean' : entry.reduction;
    const { value, gradient } = evaluateLoss(compiledText(entry.text), arraysOf(entry), new Map(), reduction);
    compare(
      entry,
      typeof value === 'number' ? [value] : value.data,
      (name) => gradient.get(name)!.data,
      1e-12,
    );
  }
});

leftOut('has no effect in TensorFlow.js, with and without the tape', async () => {
  await tf.setBackend('cpu');
  for (const entry of CASES) {
    const compiled = compiledText(entry.text);
    const emitted = emitModule(compiled);
    const module = loadModule(tf, emitted);
    tf.tidy(() => {
      const given = arraysOf(entry);
      const tensors = compiled.inputs.map(({ name }) => {
        const { shape, data } = given.get(name)!;
        return tf.tensor([...data], [...shape], entry.labels?.includes(name) ? 'int32' : 'float32');
      });
      const options = {
        reduction: entry.reduction ?? 'mean',
        ...(entry.weights !== undefined && { sampleWeight: tf.tensor([...entry.weights]) }),
      };
      const found = module.valueAndGradients(tensors, options);
      compare(
        entry,
        found.value.dataSync(),
        (name) => found.gradients[emitted.properties.get(name) ?? name]!.dataSync(),
        1e-6,
      );
      const isPrediction = compiled.inputs.map(({ data }) => !data);
      const predictions = tensors.filter((_, i) => isPrediction[i]);
      const onTape = tf.grads((...moving: tf.Tensor[]) => {
        const left = [...moving];
        return tf.sum(
          module.lossValue(
            tensors.map((tensor, i) => (isPrediction[i] ? left.shift()! : tensor)),
            options,
          ),
        );
      })(predictions);
      const names = compiled.inputs.filter(({ data }) => !data).map(({ name }) => name);
      for (const [i, tensor] of onTape.entries()) {
        const name = names[i]!;
        const gradients = { [name]: entry.gradients[name]! };
        compare({ ...entry, gradients }, found.value.dataSync(), () => tensor.dataSync(), 1e-6);
      }
    });
  }
});

const TARGETS: readonly (readonly [PythonTarget, string])[] = [
  ['pytorch', 'torch'],
  ['jax', 'numpy'],
  ['keras', 'numpy'],
];
for (const [target, needed] of TARGETS) {
  const interpreter = pythonWith(needed);
  if (interpreter === undefined) console.log(`SKIPPED ${target}: no Python on the PATH has ${needed}`);
  const test = interpreter === undefined ? leftOut.skip : leftOut;
  test(`has no effect in ${target}`, async () => {
    const jobs = CASES.map((entry) => {
      const compiled = compiledText(entry.text);
      return {
        compiled,
        inputs: arraysOf(entry),
        parameters: new Map(
          compiled.parameters.map(({ name, default: initial }) => [name, initial!] as const),
        ),
        whole: entry.labels ?? [],
        learnt: compiled.parameters.map(({ name }) => name),
        options: {
          ...(!compiled.scalar && { reduction: entry.reduction ?? 'mean' }),
          ...(entry.weights !== undefined && { sample_weight: entry.weights }),
        },
      };
    });
    const outcomes = await runPython(interpreter!, target, jobs);
    for (const [i, { error, value, gradients }] of outcomes.entries()) {
      const entry = CASES[i]!;
      assert.is(error, undefined, `${entry.name}: ${error}`);
      compare(entry, value.map(asNumber), (name) => gradients[name]!.map(asNumber), 1e-6);
    }
  });
}

(runtime === undefined ? leftOut.skip : leftOut)('has no effect in ONNX', async () => {
  for (const entry of CASES) {
    const model = await loadOnnx(runtime!, compiledText(entry.text));
    const { value, gradients } = await runOnnx(model, {
      inputs: arraysOf(entry),
      parameters: new Map(),
      ...(entry.reduction !== undefined && { reduction: entry.reduction }),
      ...(entry.weights !== undefined && { weights: entry.weights }),
    });
    compare(entry, value, (name) => gradients.get(name)!, 1e-6);
    await model.session.release();
  }
});

leftOut.run();
