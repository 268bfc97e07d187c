/** What emitted functions refuse: options that there are not, numbers that are none, and, when asked, inputs outside their domains. */
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BindError, evaluateLoss } from '../../../../compiler/evaluate/bind.js';
import { compiledText } from '../../../helpers/corpus.js';
import { emittedFunctions } from '../../../helpers/emitted-functions.js';

const FOCAL = `loss focal(target: onehot[class], prediction: probability[class]; gamma: nonnegative = 2, alpha: real[class] = 1) =
  -sum(alpha * target * (1 - prediction)^gamma * log(prediction), class)`;
const MSE = 'loss mse(target: real, prediction: real) = (prediction - target)^2';
const SEGMENTATION = `loss seg(target: onehot[class, pixel...] over class, prediction: probability[class, pixel...] over class) =
  mean(-sum(target * log(prediction), class), pixel)`;
const NLL =
  'loss nll(target: integer, prediction: logits[class]) = -at(log_softmax(prediction, class), class, target)';
const PIXELS = `loss pixels(labels: integer[pixel], logits: logits[class, pixel]) =
  mean(-at(log_softmax(logits, class), class, labels), pixel)`;
const SAME = 'loss same(data id: integer, prediction: real) = if id == 3 then prediction else 0';

const LABEL = tf.tensor1d([0], 'int32');
const P = tf.tensor2d([[0.5, 0.25, 0.25]]);
const PICTURE = tf.tensor4d([[[[0.5, 0.25]], [[0.5, 0.75]]]]);

/** What the function says with these options, in every form in which it can be called; undefined if it computes something. */
function said(text: string, given: readonly tf.Tensor[], options: unknown, fromLogits = false): unknown {
  const functions = emittedFunctions(tf, compiledText(text, { fromLogits }));
  const messages = [functions.loss, functions.perExample, functions.gradients].map((call) => {
    try {
      tf.tidy(() => void call(...given, options));
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  });
  assert.is(new Set(messages).size, 1, messages.join('\n'));
  return messages[0];
}

const options = suite('options of emitted functions');

const KNOWN = 'gamma, alpha, reduction, sampleWeight, ignoreLabel, checkInputs';
const REFUSED: readonly (readonly [given: unknown, message: string])[] = [
  [{ gama: 1 }, `there is no option gama; it has ${KNOWN}`],
  [{ toString: 1 }, `there is no option toString; it has ${KNOWN}`],
  [null, 'the options are null, not an object'],
  [3, 'the options are 3, not an object'],
  [{ gamma: null }, 'gamma is null; leave it out for its default'],
  [{ sampleWeight: null }, 'sampleWeight is null; leave it out for its default'],
  [{ gamma: [2] }, 'gamma = [2] is not one number, nonnegative'],
  [{ gamma: '2' }, 'gamma = "2" is not nonnegative'],
  [{ gamma: Number.NaN }, 'gamma = NaN is not nonnegative'],
  [{ gamma: Infinity }, 'gamma = Infinity is not nonnegative'],
  [{ alpha: -Infinity }, 'alpha = -Infinity is not real'],
  [{ alpha: [1, Number.NaN, 2] }, 'alpha = NaN is not real'],
  [{ alpha: [[1, 2, 3]] }, 'alpha = [1,2,3] is not one number, real'],
];

for (const [given, message] of REFUSED)
  options(`refused: ${JSON.stringify(given)} (${message})`, () =>
    assert.is(said(FOCAL, [LABEL, P], given), `focal: ${message}`),
  );

options('a loss without parameters refuses what it does not know too', () =>
  assert.is(
    said(MSE, [tf.tensor1d([0]), tf.tensor1d([1])], { pos_wieght: 2 }),
    'mse: there is no option pos_wieght; it has reduction, sampleWeight, checkInputs',
  ),
);

const ACCEPTED: readonly unknown[] = [
  undefined,
  {},
  { gamma: undefined, reduction: undefined },
  { gamma: 0, alpha: [1, 2, 3], checkInputs: false },
  { ignoreLabel: 255, sampleWeight: tf.tensor1d([1]) },
];

for (const given of ACCEPTED)
  options(`accepted: ${JSON.stringify(given)}`, () => assert.is(said(FOCAL, [LABEL, P], given), undefined));

options('the reference refuses parameters that are not finite', () => {
  const inputs = new Map([
    ['target', { shape: [1], data: Float64Array.of(0) }],
    ['prediction', { shape: [1, 3], data: Float64Array.of(0.5, 0.25, 0.25) }],
  ]);
  assert.throws(
    () => evaluateLoss(compiledText(FOCAL), inputs, new Map([['gamma', Infinity]])),
    (error: unknown) => error instanceof BindError && error.subject === 'gamma',
  );
});

const labelOutside = (label: number): string =>
  `holds the label ${label} (entry 0), and a label of class goes from 0 to 2, or is -100 to leave its item out`;
const CHECKED: readonly (readonly [
  text: string,
  given: readonly tf.Tensor[],
  message: string | undefined,
  fromLogits?: boolean,
])[] = [
  [FOCAL, [LABEL, P], undefined],
  [FOCAL, [tf.tensor1d([-100]), P], undefined],
  [FOCAL, [tf.tensor1d([3]), P], `focal: target ${labelOutside(3)}`],
  [FOCAL, [tf.tensor2d([[0.5]]), P], `focal: target ${labelOutside(0.5)}`],
  [FOCAL, [tf.tensor2d([[0, 0, 0]]), P], 'focal: target adds up to 0 along class, not to 1'],
  [FOCAL, [LABEL, tf.tensor2d([[0.5, 0.5, 0.5]])], 'focal: prediction adds up to 1.5 along class, not to 1'],
  // The tolerance is 1e-3.
  [FOCAL, [LABEL, tf.tensor2d([[0.5, 0.25, 0.2505]])], undefined],
  [
    FOCAL,
    [LABEL, tf.tensor2d([[Number.NaN, 0, 1]])],
    'focal: prediction holds NaN, which is not probability',
  ],
  [FOCAL, [LABEL, tf.tensor2d([[-Infinity, 0, 1]])], undefined, true],
  [
    FOCAL,
    [LABEL, tf.tensor2d([[Infinity, 0, 1]])],
    'focal: prediction holds Infinity, which is not a finite number or -Infinity',
    true,
  ],
  [
    FOCAL,
    [LABEL, tf.tensor2d([[Number.NaN, 0, 1]])],
    'focal: prediction holds NaN, which is not a finite number or -Infinity',
    true,
  ],
  [
    MSE,
    [tf.tensor1d([0]), tf.tensor1d([Number.NaN])],
    'mse: prediction holds NaN, which is not a finite number',
  ],
  [
    MSE,
    [tf.tensor1d([Infinity]), tf.tensor1d([0])],
    'mse: target holds Infinity, which is not a finite number',
  ],
  [NLL, [tf.tensor1d([3]), P], `nll: target ${labelOutside(3)}`],
  [NLL, [tf.tensor1d([-100]), P], undefined],
  [PIXELS, [tf.tensor2d([[1, 0]]), tf.zeros([1, 2, 2])], undefined],
  [
    PIXELS,
    [tf.tensor2d([[1, -100]]), tf.zeros([1, 2, 2])],
    'pixels: labels holds the label -100 (entry 1), and a label of class goes from 0 to 1',
  ],
  [
    PIXELS,
    [tf.tensor2d([[1, 255]]), tf.zeros([1, 2, 2])],
    'pixels: labels holds the label 255 (entry 1), and a label of class goes from 0 to 1',
  ],
  [SEGMENTATION, [tf.tensor3d([[[0, 1]]]), PICTURE], undefined],
  [
    SEGMENTATION,
    [tf.tensor3d([[[0, 2]]]), PICTURE],
    'seg: target holds the label 2 (entry 1), and a label of class goes from 0 to 1',
  ],
  [
    SEGMENTATION,
    [tf.tensor3d([[[0, 1]]]), tf.tensor4d([[[[0.5, 0.5]], [[0.5, 0.25]]]])],
    'seg: prediction adds up to 0.75 along class, not to 1',
  ],
  [SAME, [tf.tensor1d([16777217], 'int32'), tf.tensor1d([1])], undefined],
  [
    SAME,
    [tf.tensor1d([16777218], 'float32'), tf.tensor1d([1])],
    'same: id holds 16777218, which is not a whole number, or too large to be exact in float32',
  ],
];

for (const [text, given, message, fromLogits] of CHECKED)
  options(`checkInputs, ${given.map(String).join(' and ').replace(/\s+/g, ' ')}: ${message}`, () =>
    assert.is(said(text, given, { checkInputs: true }, fromLogits), message),
  );

options.run();
