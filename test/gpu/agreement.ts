/**
 * Whether a backend computes what the cpu backend computes: every operation that emitted code uses, every standard
 * loss that trains a classifier (value and gradient), and the gradients of the built-in models.
 */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { compileForTraining } from '../../src/runtime/compile-for-training.js';
import { targetTensor } from '../../src/runtime/data/batches.js';
import { convolution } from '../../src/runtime/models/convolution.js';
import { createResnet } from '../../src/runtime/models/convolutional.js';
import { dense } from '../../src/runtime/models/dense.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import type { Model, ModelRequest } from '../../src/runtime/models/model.js';
import { createNetwork } from '../../src/runtime/models/network.js';
import { maxPool } from '../../src/runtime/models/pooling.js';
import { flatten } from '../../src/runtime/models/reshaping.js';
import { classification } from '../../src/runtime/tasks/learning.js';
import type { TrainingLoss } from '../../src/runtime/training-loss.js';
import { importResolver, readLossFile, stdlibNames } from '../../src/stdlib.js';
import { normals, valuesOn } from '../helpers/backends.js';

export interface AgreementCase {
  readonly name: string;
  /** One tensor with everything that is compared. */
  readonly compute: () => tf.Tensor;
  /** Largest difference allowed, relative to the larger of 1 and the expected value. */
  readonly tolerance: number;
}

export interface Disagreement {
  readonly name: string;
  readonly worst: number;
  readonly expected: number;
  readonly actual: number;
}

/** Points that matter to losses: small, moderate, large, both signs. */
const POINTS = [-30, -8, -2.5, -1, -0.5, -1e-3, -1e-6, 0, 1e-6, 1e-3, 0.1, 0.5, 0.9, 1, 2.5, 8, 30];
const POSITIVE = POINTS.filter((x) => x > 0);
const UNIT = POINTS.filter((x) => Math.abs(x) <= 1);

const UNARY: readonly (readonly [string, (x: tf.Tensor) => tf.Tensor, readonly number[]])[] = [
  ['abs', tf.abs, POINTS],
  ['neg', tf.neg, POINTS],
  ['sign', tf.sign, POINTS],
  ['square', tf.square, POINTS],
  ['exp', tf.exp, POINTS],
  ['expm1', tf.expm1, POINTS],
  ['log', tf.log, POSITIVE],
  ['log1p', tf.log1p, POSITIVE],
  ['sqrt', tf.sqrt, POSITIVE],
  ['sigmoid', tf.sigmoid, POINTS],
  ['tanh', tf.tanh, POINTS],
  ['relu', tf.relu, POINTS],
  ['atan', tf.atan, POINTS],
  ['erf', tf.erf, POINTS],
  ['softmax', (x) => tf.softmax(x), POINTS],
  ['logSoftmax', (x) => tf.logSoftmax(x), POINTS],
];

/** WGSL promises no more of these than 2^-11 in absolute terms (its section "Accuracy of concrete expressions"). */
const TRIGONOMETRIC: typeof UNARY = [
  ['sin', tf.sin, POINTS.filter((x) => Math.abs(x) < 3)],
  ['cos', tf.cos, POINTS.filter((x) => Math.abs(x) < 3)],
  ['acos', tf.acos, UNIT],
];

const BINARY: readonly (readonly [string, (a: tf.Tensor, b: tf.Tensor) => tf.Tensor])[] = [
  ['add', tf.add],
  ['sub', tf.sub],
  ['mul', tf.mul],
  ['maximum', tf.maximum],
  ['minimum', tf.minimum],
  ['less', tf.less],
  ['lessEqual', tf.lessEqual],
  ['greater', tf.greater],
  ['greaterEqual', tf.greaterEqual],
  ['equal', tf.equal],
];

const REDUCTIONS: readonly (readonly [string, (x: tf.Tensor, axis: number) => tf.Tensor])[] = [
  ['sum', tf.sum],
  ['mean', tf.mean],
  ['max', tf.max],
  ['min', tf.min],
  ['prod', tf.prod],
];

const asFloat = (x: tf.Tensor): tf.Tensor => tf.cast(x, 'float32');

function operations(): AgreementCase[] {
  const all = (): tf.Tensor => tf.tensor1d(POINTS);
  return [
    ...UNARY.map(([name, op, points]) => ({
      name,
      compute: () => op(tf.tensor1d([...points])),
      tolerance: 1e-5,
    })),
    ...TRIGONOMETRIC.map(([name, op, points]) => ({
      name,
      compute: () => op(tf.tensor1d([...points])),
      tolerance: 2 ** -11,
    })),
    ...BINARY.map(([name, op]) => ({
      name,
      compute: () => asFloat(op(tf.reshape(all(), [-1, 1]), all())),
      tolerance: 1e-6,
    })),
    {
      name: 'div',
      compute: () => tf.div(tf.reshape(all(), [-1, 1]), tf.tensor1d(POSITIVE)),
      tolerance: 1e-5,
    },
    {
      name: 'pow',
      compute: () =>
        tf.pow(tf.reshape(tf.tensor1d(POSITIVE), [-1, 1]), tf.tensor1d([-2, -0.5, 0, 0.7, 1, 3])),
      tolerance: 1e-4,
    },
    {
      name: 'where, logicalAnd, logicalOr, logicalNot',
      compute: () => {
        const [low, high] = [tf.less(all(), -1), tf.greater(all(), 1)];
        const chosen = tf.where(tf.logicalOr(low, high), all(), tf.scalar(7));
        return tf.add(chosen, asFloat(tf.logicalAnd(tf.logicalNot(low), tf.logicalNot(high))));
      },
      tolerance: 0,
    },
    ...REDUCTIONS.flatMap(([name, op]) =>
      [0, 1, 2].map((axis) => ({
        name: `${name} over axis ${axis}`,
        compute: () => op(tf.tensor(normals([5, 7, 33], 1), [5, 7, 33]), axis),
        tolerance: 1e-5,
      })),
    ),
    {
      name: 'matMul, transposed and not',
      compute: () => {
        const a = tf.tensor2d(normals([33, 17], 1), [33, 17]);
        return tf.concat1d([
          tf.reshape(tf.matMul(a, a, true, false), [-1]),
          tf.reshape(tf.matMul(a, a, false, true), [-1]),
        ] as tf.Tensor1D[]);
      },
      tolerance: 1e-4,
    },
  ];
}

const [BATCH, CLASSES] = [6, 5];

/** The standard losses that train a classifier; what does not take its targets and logits is left out. */
function standardLosses(): AgreementCase[] {
  return stdlibNames().flatMap((file) => {
    const path = `std/${file}`;
    const program = loadProgram(readLossFile(path), importResolver(path));
    return lossesOf(program).flatMap((decl) => {
      let loss: TrainingLoss;
      try {
        loss = compileForTraining(program, decl, classification(CLASSES));
        tf.dispose(tf.tidy(() => valueAndGradient(loss)));
      } catch {
        return [];
      }
      return [
        { name: `loss ${file}.${decl.name.name}`, compute: () => valueAndGradient(loss), tolerance: 2e-4 },
      ];
    });
  });
}

function valueAndGradient(loss: TrainingLoss): tf.Tensor {
  const labels = Int32Array.from({ length: BATCH }, (_, i) => i % CLASSES);
  const examples = { count: BATCH, pixels: new Uint8Array(BATCH), labels };
  const target = targetTensor(examples, [...labels.keys()], classification(CLASSES), loss.form ?? 'rows');
  const output = tf.tensor(normals([BATCH, CLASSES], 4), [BATCH, CLASSES]);
  const { value, gradient } = loss.valueAndGradient(target, output);
  return tf.concat([tf.reshape(value, [1]), tf.reshape(gradient, [-1])]);
}

const MODELS: readonly (readonly [string, (request: ModelRequest) => Model, number])[] = [
  ['mlp', (request) => createMlp(request, [9]), 6],
  [
    'convolutions, pooling and dense layers',
    (request) =>
      createNetwork(
        'small',
        [
          convolution({ filters: 4, size: 5, activation: 'relu' }),
          maxPool(2),
          convolution({ filters: 3, size: 3, strides: 2, padding: 'valid' }),
          flatten(),
          dense(6, 'relu'),
          dense(request.outputs),
        ],
        request,
      ),
    9,
  ],
  ['resnet', createResnet, 6],
];

function models(): AgreementCase[] {
  return MODELS.map(([name, create, side]) => ({
    name: `gradients of ${name}`,
    compute: () => {
      const model = create({ inputShape: [side, side, 2], outputs: 3, seed: 3 });
      const shape = [4, side, side, 2];
      const gradients = model.gradients(tf.tensor(normals(shape, 1), shape), () =>
        tf.tensor(normals([4, 3], 2), [4, 3]),
      );
      // Sums stand for the large ones, so that little is read back.
      const all = gradients.map((gradient) =>
        gradient.size > 5000 ? tf.reshape(tf.sum(gradient, 0), [-1]) : tf.reshape(gradient, [-1]),
      );
      const result = tf.concat(all);
      model.dispose();
      return result;
    },
    tolerance: 1e-3,
  }));
}

/** All cases. Needs the cpu backend to be current, which decides what losses can be computed at all. */
export function agreementCases(): readonly AgreementCase[] {
  return [...operations(), ...standardLosses(), ...models()];
}

/**
 * Compares one case; undefined when the backends agree. Equal infinities agree, and where the cpu has NaN (outside a
 * loss's domain) anything does: WGSL lets an implementation assume that there are none.
 */
export async function compareBackends(
  backend: string,
  entry: AgreementCase,
): Promise<Disagreement | undefined> {
  const expected = await valuesOn('cpu', entry.compute);
  const actual = await valuesOn(backend, entry.compute);
  let worst: Disagreement = { name: entry.name, worst: 0, expected: 0, actual: 0 };
  if (expected.length !== actual.length) return { ...worst, worst: Number.POSITIVE_INFINITY };
  for (const [index, y] of expected.entries()) {
    const x = actual[index]!;
    if (Number.isNaN(y) || x === y) continue;
    const difference = Math.abs(x - y) / Math.max(1, Math.abs(y));
    if (!(difference <= worst.worst)) worst = { name: entry.name, worst: difference, expected: y, actual: x };
  }
  return worst.worst <= entry.tolerance ? undefined : worst;
}
