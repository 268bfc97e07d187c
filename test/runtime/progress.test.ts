import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { RunError } from '../../src/errors.js';
import type { BackendName } from '../../src/runtime/backend.js';
import { openBackend } from '../../src/runtime/backend.js';
import { compileForTraining } from '../../src/runtime/compile-for-training.js';
import { splitDataset } from '../../src/runtime/data/dataset.js';
import { checkTrainable } from '../../src/runtime/feeding/trainable.js';
import { trialBatch } from '../../src/runtime/feeding/trial-batch.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import { scaledLoss } from '../../src/runtime/scaled-loss.js';
import { trainModel } from '../../src/runtime/train.js';
import type { TrainingLoss } from '../../src/runtime/training-loss.js';
import { blobs } from '../helpers/blobs.js';
import { assertClose } from '../helpers/close.js';
import { crossEntropy } from '../helpers/losses.js';
import { onnxRuntime } from '../helpers/onnx.js';
import { resolveStandard } from '../stdlib/library.js';

const progress = suite('a loss that takes the progress of a training');
const held = await openBackend({ name: 'wasm' });
const native = await onnxRuntime();
const { search: data } = splitDataset(blobs(3), 1);
const STEPS = 40;

/** `more` is another input, or a parameter behind a `;`. */
const programFor = (more: string, value: string) =>
  loadProgram(
    {
      name: 'annealed.loss',
      text: `import { cross_entropy } from "std/cross_entropy"\nloss annealed(target: onehot[class], prediction: probability[class]${more}) = ${value}`,
    },
    resolveStandard,
  );

function compiled(value: string, more = ', data progress: unit'): TrainingLoss {
  const program = programFor(more, value);
  return compileForTraining(program, lossesOf(program).at(-1)!, data);
}

/** The loss of each step, and the weights at the end. */
async function train(name: BackendName, loss: TrainingLoss, steps = STEPS) {
  const backend = await openBackend({ name });
  const model = createMlp({ ...data, seed: 1 }, [5]);
  try {
    const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
    const { lossCurve } = await trainModel({
      ...{ model, loss, data, steps, optimizer },
      ...{ batchSize: 20, seed: 1 },
    });
    return {
      losses: lossCurve.map(({ value }) => value),
      weights: model.parameters.map(({ value }) => value.dataSync<'float32'>().slice()),
    };
  } finally {
    model.dispose();
    backend.release();
  }
}

/** Cross-entropy by hand, times a number for each step. */
function byHand(factor: (step: number) => number): TrainingLoss {
  const plain = crossEntropy();
  let step = 0;
  return {
    name: 'by hand',
    valueAndGradient: (target, output) => scaledLoss(plain, factor(step++)).valueAndGradient(target, output),
    dispose: () => plain.dispose(),
  };
}

const ANNEALED = '(2 - progress) ^ 2 * cross_entropy(target, prediction)';
const BACKENDS: readonly BackendName[] = [
  'cpu',
  'wasm',
  ...(native === undefined ? [] : (['onnx'] as const)),
];

for (const backend of BACKENDS)
  progress(
    `on ${backend} it is 0 in the first step, and has its steps before it over all steps after`,
    async () => {
      const expected = await train(
        'wasm',
        byHand((step) => (2 - step / STEPS) ** 2),
      );
      const found = await train(backend, compiled(ANNEALED));
      assertClose(found.losses, expected.losses, 1e-5, 'losses');
      for (const [i, weights] of expected.weights.entries())
        assertClose(found.weights[i]!, weights, 1e-4, `weights ${i}`);
    },
  );

progress('operators without a fused form take it, too', async () => {
  // The largest of a batch has no loops.
  const value =
    'max(cross_entropy(target, prediction), batch) * 0 + cross_entropy(target, prediction) * (1 - progress)';
  const found = await train('wasm', compiled(value));
  const expected = await train(
    'wasm',
    byHand((step) => 1 - step / STEPS),
  );
  assertClose(found.losses, expected.losses, 1e-5, 'losses');
});

progress('a loss that ends half way learns nothing more from there on', async () => {
  const value = 'if progress < 0.5 then cross_entropy(target, prediction) else 0 * sum(prediction, class)';
  const whole = await train('wasm', compiled(value));
  const plain = await train('wasm', crossEntropy(), STEPS / 2);
  assertClose(whole.losses.slice(0, STEPS / 2), plain.losses, 1e-5, 'losses');
  assert.equal([...new Set(whole.losses.slice(STEPS / 2))], [0]);
  for (const [i, weights] of plain.weights.entries())
    assertClose(whole.weights[i]!, weights, 1e-4, `weights ${i}`);
});

progress('screening looks at the beginning, the middle and the end of a training', () => {
  const program = programFor(', data progress: unit', 'progress * cross_entropy(target, prediction)');
  const loss = checkTrainable(program, lossesOf(program).at(-1)!, data);
  const { target, output, batch, outputs } = trialBatch(data);
  const { values } = loss.evaluate(target, output, batch, outputs);
  const plain = programFor('; other: unit = 0', 'cross_entropy(target, prediction)');
  const expected = checkTrainable(plain, lossesOf(plain).at(-1)!, data).evaluate(
    target,
    output,
    batch,
    outputs,
  ).values;
  const shares = [0, 0.5, 1].flatMap((share) => Array<number>(batch / 3).fill(share));
  assertClose(
    values,
    expected.map((x, i) => shares[i]! * x),
    1e-12,
    'values',
  );
});

const refused = (work: () => unknown, message: RegExp, hint: RegExp): void => {
  assert.throws(work, (thrown: unknown) => {
    assert.instance(thrown, RunError);
    assert.match((thrown as RunError).message, message);
    assert.match((thrown as RunError).hint ?? '', hint);
    return true;
  });
};

for (const declared of ['data progress: unit[class]', 'data progress: positive', 'data progress: binary'])
  progress(`"${declared}" is no share of a training`, () => {
    refused(
      () =>
        compiled(
          'cross_entropy(target, prediction) * (1 + 0 * sum(progress * target, class))',
          `, ${declared}`,
        ),
      /^the loss "annealed" cannot be trained here: its input of data is progress: .*one number from 0 to 1$/,
      /declare it as "data progress: unit"/,
    );
  });

progress('a value that the user gives for it is refused, and so is a call without it', () => {
  const program = programFor(', data progress: unit', ANNEALED);
  const decl = lossesOf(program).at(-1)!;
  refused(
    () => compileForTraining(program, decl, data, { progress: 0.5 }),
    /^"progress" is an input of the loss "annealed" and no parameter/,
    /leave --param progress out/,
  );
  const rows = tf.tensor2d([[1, 0, 0]]);
  refused(
    () => compiled(ANNEALED).valueAndGradient(rows, rows),
    /^the loss "annealed" takes the share of the training that is done, and it is not given$/,
    /a number from 0 to 1 as its third argument/,
  );
  rows.dispose();
});

progress('a parameter of that name stays what it was declared to be', async () => {
  const loss = compiled(ANNEALED, '; progress: unit = 0.5');
  const found = await train('wasm', loss);
  const expected = await train(
    'wasm',
    byHand(() => 1.5 ** 2),
  );
  assertClose(found.losses, expected.losses, 1e-5, 'losses');
});

progress.after(() => held.release());
progress.run();
