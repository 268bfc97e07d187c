import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { ParameterValue } from '../../compiler/lower/lowered.js';
import { loadProgram, lossesOf, type Program } from '../../compiler/resolve/program.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { RunError } from '../../src/errors.js';
import { optimisePredictions } from '../../src/evolve/screening/probe.js';
import { nullEpoch, shapeProblem } from '../../src/evolve/screening/shape.js';
import { openBackend } from '../../src/runtime/backend.js';
import { splitDataset } from '../../src/runtime/data/dataset.js';
import { checkTrainable } from '../../src/runtime/feeding/trainable.js';
import { trainingLoss } from '../../src/runtime/loss.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import { classification } from '../../src/runtime/tasks/learning.js';
import { type TrainingResult, trainModel } from '../../src/runtime/train.js';
import { blobs } from '../helpers/blobs.js';
import { LOSSES, standardProgram } from '../stdlib/library.js';
import { GIVEN, PARAMETERS, REFUSED } from './feeding-cases.js';

const backend = await openBackend({ name: 'wasm' });

type Parameters = Readonly<Record<string, ParameterValue>>;

interface Training {
  readonly classes: number;
  readonly steps: number;
  readonly parameters?: Parameters;
  readonly batchSize?: number;
}

interface Trained extends TrainingResult {
  readonly moved: boolean;
}

/** A linear classifier, trained on clouds of points. */
async function train(
  program: Program,
  decl: LossDecl,
  { classes, steps, parameters = {}, batchSize = 20 }: Training,
): Promise<Trained> {
  const { search: data } = splitDataset(blobs(classes), 1);
  const model = createMlp({ ...data, seed: 1 }, []);
  const loss = trainingLoss(tf, program, decl, classification(classes), parameters);
  const before = model.parameters.map(({ value }) => value.dataSync().slice());
  try {
    const optimizer = { kind: 'sgd', learningRate: 0.1 } as const;
    const result = await trainModel({ model, loss, data, steps, batchSize, optimizer, seed: 1 });
    const after = model.parameters.map(({ value }) => value.dataSync());
    assert.ok(after.every((values) => values.every(Number.isFinite)));
    return { ...result, moved: after.some((values, i) => values.some((x, k) => x !== before[i]![k])) };
  } finally {
    loss.dispose();
    model.dispose();
  }
}

const declared = (name: string): LossDecl =>
  lossesOf(standardProgram(name)).find((decl) => decl.name.name === name)!;

const library = suite('training with each standard loss');

const sentences = new Map(
  Object.entries(REFUSED).flatMap(([kind, losses]) =>
    Object.entries(losses).map(([name, takes]) => {
      const given = GIVEN[kind as keyof typeof GIVEN];
      return [name, `the loss "${name}" cannot be trained here: ${takes}, but ${given}`] as const;
    }),
  ),
);

library('every refusal that is expected is of a loss of the library', () => {
  assert.equal(
    [...sentences.keys()].filter((name) => !LOSSES.includes(name)),
    [],
  );
});

for (const name of LOSSES) {
  const [program, decl] = [standardProgram(name), declared(name)];
  const sentence = sentences.get(name);
  const parameters = PARAMETERS[name] ?? {};
  if (sentence === undefined) {
    library(`${name}: two steps move the weights, and all numbers are finite`, async () => {
      checkTrainable(program, decl, classification(5), { parameters });
      const result = await train(program, decl, { classes: 5, steps: 2, parameters });
      assert.is(result.stoppedAt, undefined);
      assert.is(result.steps, 2);
      assert.ok(result.moved, 'no weight has moved');
      const alone = await train(program, decl, { classes: 5, steps: 2, parameters, batchSize: 1 });
      assert.is(alone.stoppedAt, undefined, 'with one example at a time');
    });
  } else {
    library(`${name}: is refused in one sentence`, () => {
      assert.throws(
        () => checkTrainable(program, decl, classification(5), { parameters }),
        (thrown: unknown) => thrown instanceof RunError && thrown.message === sentence,
      );
    });
  }
}

const own = suite('training with losses of one’s own');

/** What a loss may say of its target; each has to learn clouds that lie apart. */
const LEARNED: Readonly<Record<string, string>> = {
  'one-hot rows':
    'target: onehot[class], prediction: probability[class]) = -sum(target * log(prediction), class)',
  'labels as integers, on logits':
    'target: integer, prediction: logits[class]) = -at(log_softmax(prediction, class), class, target)',
  'labels as integers, on probabilities':
    'target: integer, prediction: probability[..., class]) = -log(at(prediction, class, target))',
  'labels as integers, other names':
    'data answer: integer, score: logits[k]) = logsumexp(score, k) - at(score, k, answer)',
  'labels as integers, the batch reduced':
    'target: integer, prediction: logits[class]; scale: positive = 1) = -scale * mean(at(log_softmax(prediction, class), class, target), batch)',
  'signs, item by item': 'target: sign, prediction: real) = relu(1 - target * prediction)',
  'signs along the classes':
    'target: sign[class], prediction: real[class]) = mean(softplus(-target * prediction), class)',
  'binary, item by item':
    'target: binary, prediction: unit) = -target * log(prediction) - (1 - target) * log(1 - prediction)',
  'binary along the classes':
    'target: binary[class], prediction: unit[class]) = sum(abs(target - prediction), class)',
  'real numbers': 'target: real, prediction: real) = (target - prediction)^2',
  'whole numbers item by item': 'target: integer, prediction: real) = (target - prediction)^2',
  'a scalar loss with a parameter':
    'target: real, prediction: real; k: positive = 2) = mean((target - prediction)^2, batch) / k',
};

const declaration = (text: string): { program: Program; decl: LossDecl } => {
  const program = loadProgram({ name: 'own.loss', text: `loss own(${text}\n` }, () => ({ problem: '' }));
  return { program, decl: lossesOf(program)[0]! };
};

for (const [what, text] of Object.entries(LEARNED)) {
  own(`${what}: learns classes that lie apart`, async () => {
    const { program, decl } = declaration(text);
    checkTrainable(program, decl, classification(3));
    const result = await train(program, decl, { classes: 3, steps: 60 });
    assert.ok(result.validationValue! >= 0.95, `accuracy ${result.validationValue}`);
  });
}

/** What cannot be fed, and the sentence. */
const UNFED: Readonly<Record<string, readonly [text: string, sentence: string, parameters?: Parameters]>> = {
  'a positive target': [
    'target: positive, prediction: real) = (log(target) - prediction)^2',
    'its target "target" is positive, but labels become rows of 0 and 1',
  ],
  'a target in a range without 0': [
    'target: between(1, 3), prediction: real) = (target - prediction)^2',
    'its target "target" is between(1, 3), but labels become rows of 0 and 1',
  ],
  'a target on logits': [
    'data teacher: logits[class], prediction: probability[class]) = -sum(softmax(teacher, class) * log(prediction), class)',
    'its target "teacher" is logits, but labels become rows of 0 and 1',
  ],
  'as many classes as the signature says': [
    'target: onehot[class = 2], prediction: probability[class = 2]) = -sum(target * log(prediction), class)',
    'its axis "class" has 2 entries, but the data has 3 classes',
  ],
  'a default for other classes': [
    'target: onehot[class], prediction: probability[class]; weight: real[class] = [1, 2]) = -sum(weight * target * log(prediction), class)',
    'its parameter "weight" has 2 entries along "class", but the data has 3 classes',
  ],
  'a parameter that is not given': [
    'target: real, prediction: real; scale: positive) = scale * (target - prediction)^2',
    'its parameter "scale" has no default, but no value is given',
  ],
  'a list where a number is expected': [
    'target: real, prediction: real; scale: positive = 1) = scale * (target - prediction)^2',
    'its parameter "scale" does not fit: a list where a number is expected',
    { scale: [1, 2] },
  ],
};

for (const [what, [text, sentence, parameters]] of Object.entries(UNFED)) {
  own(`refused: ${what}`, () => {
    const { program, decl } = declaration(text);
    const expected = `the loss "own" cannot be trained here: ${sentence}`;
    assert.throws(
      () => checkTrainable(program, decl, classification(3), parameters === undefined ? {} : { parameters }),
      (thrown: unknown) => thrown instanceof RunError && thrown.message === expected,
    );
  });
}

own('refused: a parameter that the loss does not have', () => {
  const { program, decl } = declaration('target: real, prediction: real) = (target - prediction)^2');
  assert.throws(
    () => checkTrainable(program, decl, classification(3), { parameters: { gamma: 1 } }),
    (thrown: unknown) =>
      thrown instanceof RunError && thrown.message === 'the loss "own" has no parameter "gamma"',
  );
});

for (const [what, text] of Object.entries(LEARNED)) {
  own(`${what}: screening lets it pass`, () => {
    const { program, decl } = declaration(text);
    const loss = checkTrainable(program, decl, classification(3));
    assert.is(nullEpoch(loss, classification(3)), 'raises');
    assert.is(shapeProblem(loss, classification(3)), undefined);
    assert.ok(optimisePredictions(loss, classification(3)) >= 0.9);
  });
}

own('a loss that teaches nothing at its defaults may be tuned', () => {
  const program = standardProgram('taylor3');
  checkTrainable(program, declared('taylor3'), classification(3), { tuned: true });
});

own('nothing is left behind', () => {
  assert.is(tf.memory().numTensors, 0);
});

own.after(() => backend.release());
library.run();
own.run();
