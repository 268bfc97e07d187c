/** Whole numbers beyond 2^24, which float32 does not tell apart: int32 tensors are compared as they are. */
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';
import { suite } from 'uvu';
import { evaluateLoss } from '../../../../compiler/evaluate/bind.js';
import { assertClose } from '../../../helpers/close.js';
import { compiledText } from '../../../helpers/corpus.js';
import { emittedFunctions, numbersOf } from '../../../helpers/emitted-functions.js';

const LARGE = 2 ** 24;

interface Case {
  readonly text: string;
  readonly ids: readonly (readonly number[])[];
  readonly values: readonly number[];
}

/** The prediction is 1, 10, 100. */
const CASES: readonly Case[] = [
  {
    text: 'loss others(data id: integer, prediction: real) = sum(rename(prediction, batch, other), other where id == rename(id, batch, other))',
    ids: [[123456789, 123456790, 123456789]],
    values: [101, 10, 101],
  },
  {
    text: 'loss unlike(data id: integer, prediction: real) = sum(rename(prediction, batch, other), other where id != rename(id, batch, other))',
    ids: [[LARGE, LARGE + 1, LARGE + 2]],
    values: [110, 101, 11],
  },
  {
    text: 'loss less(data id: integer, data than: integer, prediction: real) = if id < than then prediction else 0',
    ids: [
      [LARGE, LARGE + 1, -LARGE - 1],
      [LARGE + 1, LARGE + 1, -LARGE],
    ],
    values: [1, 0, 100],
  },
  {
    text: `loss one(data id: integer, prediction: real; k: integer = ${LARGE + 1}) = if id == k or id <= -${LARGE + 1} then prediction else 0`,
    ids: [[LARGE, LARGE + 1, -LARGE - 1]],
    values: [0, 10, 100],
  },
  {
    text: 'loss matrix(data id: integer[slot], prediction: real) = prediction * sum(1, slot where id == 16777217)',
    ids: [[LARGE, LARGE + 1, LARGE + 1, LARGE + 1, 1, 2]],
    values: [1, 20, 0],
  },
];

const whole = suite('whole numbers');

for (const { text, ids, values } of CASES)
  whole(text, async () => {
    const compiled = compiledText(text);
    const shape = [3, ids[0]!.length / 3].filter((size, i) => i === 0 || size > 1);
    const inputs = new Map(
      compiled.inputs.map(({ name }, i) => [
        name,
        name === 'prediction'
          ? { shape: [3], data: Float64Array.of(1, 10, 100) }
          : { shape, data: Float64Array.from(ids[i]!) },
      ]),
    );
    assertClose(evaluateLoss(compiled, inputs, new Map()).items.data, values, 0);
    for (const backend of ['cpu', 'wasm']) {
      await tf.setBackend(backend);
      const given = [...ids.map((id) => tf.tensor(id.slice(), shape, 'int32')), tf.tensor([1, 10, 100])];
      const { value } = numbersOf(emittedFunctions(tf, compiled), given, { reduction: 'none' });
      assertClose(value, values, 0, backend);
    }
  });

whole('float32 tensors and int32 tensors of small numbers give the same', async () => {
  const compiled = compiledText(CASES[0]!.text);
  for (const backend of ['cpu', 'wasm']) {
    await tf.setBackend(backend);
    for (const type of ['int32', 'float32'] as const) {
      const given = [tf.tensor([7, 8, 7], undefined, type), tf.tensor([1, 10, 100])];
      const { value } = numbersOf(emittedFunctions(tf, compiled), given, { reduction: 'none' });
      assertClose(value, [101, 10, 101], 0, `${backend} ${type}`);
    }
  }
});

whole.run();
