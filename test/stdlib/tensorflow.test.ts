import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assertClose } from '../helpers/close.js';
import { type Case, casesOf, type Nested } from './cases.js';
import { readme } from './library.js';

/** TensorFlow.js computes in float32 and adds or clips at 1e-7. */
const TOLERANCE = 2e-5;

const losses = suite('losses of TensorFlow.js');

const tensor = (value: Nested): tf.Tensor => tf.tensor(value as number[], undefined, 'float32');
const target = (entry: Case): tf.Tensor => tensor(entry.inputs['target']!);
const prediction = (entry: Case): tf.Tensor => tensor(entry.inputs['prediction']!);

/** Targets on classes as one-hot rows, whichever way the case gives them. */
function rows(entry: Case): tf.Tensor {
  const labels = target(entry);
  const given = prediction(entry);
  return labels.rank < given.rank ? tf.oneHot(labels.toInt(), given.shape.at(-1)!).toFloat() : labels;
}

/** What `tf.losses` gives for a case. */
const CORE: readonly (readonly [name: string, loss: string, compute: (entry: Case) => tf.Tensor])[] = [
  ['meanSquaredError', 'mse', (c) => tf.losses.meanSquaredError(target(c), prediction(c))],
  ['absoluteDifference', 'mae', (c) => tf.losses.absoluteDifference(target(c), prediction(c))],
  [
    'huberLoss',
    'huber',
    (c) => tf.losses.huberLoss(target(c), prediction(c), undefined, (c.parameters['delta'] as number) ?? 1),
  ],
  ['logLoss', 'bce', (c) => tf.losses.logLoss(target(c), prediction(c))],
  ['hingeLoss', 'hinge', (c) => tf.losses.hingeLoss(target(c).add(1).div(2), prediction(c))],
  [
    'cosineDistance',
    'cosine_similarity',
    (c) => {
      const unit = (x: tf.Tensor): tf.Tensor => x.div(x.norm('euclidean', -1, true));
      return tf.losses.cosineDistance(unit(target(c)), unit(prediction(c)), -1).sub(1);
    },
  ],
  [
    'sigmoidCrossEntropy',
    'multilabel_soft_margin',
    (c) => {
      const weight = c.parameters['weight'];
      const each = tf.losses.sigmoidCrossEntropy(
        target(c),
        prediction(c),
        weight === undefined ? undefined : tensor(weight).expandDims(0),
        undefined,
        tf.Reduction.NONE,
      );
      return each.mean();
    },
  ],
  [
    'softmaxCrossEntropy',
    'cross_entropy_logits',
    (c) => tf.losses.softmaxCrossEntropy(rows(c), prediction(c)),
  ],
  [
    'softmaxCrossEntropy',
    'label_smoothing',
    (c) =>
      tf.losses.softmaxCrossEntropy(
        rows(c),
        prediction(c).log(),
        undefined,
        (c.parameters['smoothing'] as number) ?? 0.1,
      ),
  ],
];

for (const [name, loss, compute] of CORE) {
  losses(`tf.losses.${name} is ${loss}`, () => {
    for (const entry of casesOf(loss)) {
      const theirs = tf.tidy(() => compute(entry)).dataSync()[0]!;
      assertClose(theirs, entry.value, TOLERANCE, entry.note);
    }
    assert.ok(readme().includes(`\`${name}\``), `${name} is not in the table of equivalents`);
  });
}

/** The loss that `model.compile` knows by a name, on a model that hands its input through. */
function compiled(name: string, given: tf.Tensor, wanted: tf.Tensor): number {
  const input = tf.input({ shape: given.shape.slice(1) });
  const output = tf.layers.activation({ activation: 'linear' }).apply(input) as tf.SymbolicTensor;
  const model = tf.model({ inputs: input, outputs: output });
  model.compile({ optimizer: 'sgd', loss: name });
  const value = (model.evaluate(given, wanted, { batchSize: given.shape[0]! }) as tf.Scalar).dataSync()[0]!;
  model.dispose();
  return value;
}

const column = (x: tf.Tensor): tf.Tensor => (x.rank === 1 ? x.expandDims(-1) : x);

/** Names for `model.compile`, the loss they are, and how the target goes in. */
const NAMED: readonly (readonly [name: string, loss: string, wanted: (entry: Case) => tf.Tensor])[] = [
  ['meanSquaredError', 'mse', target],
  ['meanAbsoluteError', 'mae', target],
  ['meanAbsolutePercentageError', 'mape', target],
  ['meanSquaredLogarithmicError', 'msle', target],
  ['logcosh', 'log_cosh', target],
  ['hinge', 'hinge', target],
  ['squaredHinge', 'squared_hinge', target],
  ['categoricalHinge', 'categorical_hinge', rows],
  ['categoricalCrossentropy', 'cross_entropy', rows],
  ['sparseCategoricalCrossentropy', 'cross_entropy', target],
  ['binaryCrossentropy', 'bce', target],
  ['kullbackLeiblerDivergence', 'kl', target],
  ['poisson', 'poisson', target],
  ['cosineProximity', 'cosine_similarity', target],
];

/** Points where the README states a difference: they floor a target of 0, count the true class, or want labels. */
const DIFFERENT: ReadonlySet<string> = new Set([
  'mape: a target of 0 is divided by epsilon',
  'categorical_hinge: beyond the margin, and all scores below 0',
]);

for (const [name, loss, wanted] of NAMED) {
  losses(`compile({ loss: '${name}' }) is ${loss}`, () => {
    const usable = casesOf(loss).filter((entry) => {
      const labels = target(entry).rank < prediction(entry).rank;
      return name !== 'sparseCategoricalCrossentropy' || (labels && prediction(entry).rank === 2);
    });
    assert.ok(usable.length > 0);
    for (const entry of usable) {
      const theirs = compiled(name, column(prediction(entry)), column(wanted(entry)));
      const key = `${loss}: ${entry.note}`;
      if (DIFFERENT.has(key)) assert.ok(Math.abs(theirs - entry.value) > 0.1, `${key} does not differ`);
      else assertClose(theirs, entry.value, TOLERANCE, key);
    }
    assert.ok(readme().includes(`\`${name}\``), `${name} is not in the table of equivalents`);
  });
}

losses.before(async () => {
  await tf.setBackend('cpu');
});

losses.run();
