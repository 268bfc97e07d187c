/** Emitted modules used as a user would use them: in TensorFlow.js layers, in a loop of one's own, with weights and options. */
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../../../compiler/compile.js';
import { javascriptText } from '../../../../compiler/emit/tfjs/javascript.js';
import { emitModule } from '../../../../compiler/emit/tfjs/module.js';
import { evaluateLoss } from '../../../../compiler/evaluate/bind.js';
import { createRandom } from '../../../../src/random.js';
import { assertClose } from '../../../helpers/close.js';
import { CORPUS, compiledCorpus, compiledText } from '../../../helpers/corpus.js';
import { legalInputs } from '../../../helpers/legal-inputs.js';

const dropIn = suite('emitted modules in use');

type Loss = (...args: unknown[]) => tf.Tensor;
type Gradients = (...args: unknown[]) => { value: tf.Tensor; gradients: Record<string, tf.Tensor> };

interface Emitted {
  readonly loss: Loss;
  readonly perExample: Loss;
  readonly gradients: Gradients;
}

/** The exported functions of a module. */
function functionsOf(compiled: CompiledLoss): Emitted {
  const module = emitModule(compiled);
  const names = module.functions.filter((entry) => entry.exported).map((entry) => entry.name);
  const found = new Function('tf', `${javascriptText(module, false)}\nreturn { ${names.join(', ')} };`)(tf);
  return {
    loss: found[module.name],
    perExample: found[`${module.name}PerExample`],
    gradients: found[`${module.name}Gradients`],
  };
}

const focal = functionsOf(compiledCorpus('focal', { fromLogits: true }));
const crossEntropy = functionsOf(compiledCorpus('cross_entropy', { fromLogits: true }));
const huber = functionsOf(compiledCorpus('huber'));

dropIn('one number for each example: the mean of its tokens that count', () => {
  const tokens = functionsOf(compiledCorpus('cross_entropy'));
  const prediction = tf.tensor([
    [
      [0.5, 0.5],
      [0.25, 0.75],
      [0.9, 0.1],
    ],
    [
      [0.125, 0.875],
      [0.5, 0.5],
      [0.9, 0.1],
    ],
    [
      [0.5, 0.5],
      [0.5, 0.5],
      [0.5, 0.5],
    ],
  ]);
  const labels = tf.tensor(
    [
      [0, 0, -100],
      [0, -100, -100],
      [-100, -100, -100],
    ],
    [3, 3],
    'int32',
  );
  // As torch: cross_entropy(..., reduction='none').sum(1) / (labels != -100).sum(1), and 0 where no label counts.
  assertClose(numbers(tokens.perExample(labels, prediction)), [1.5 * Math.LN2, 3 * Math.LN2, 0], 1e-6);
  const all = tf.tensor(
    [
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ],
    [3, 3],
    'int32',
  );
  const ninth = -Math.log(0.9);
  assertClose(
    numbers(tokens.perExample(all, prediction)),
    [(3 * Math.LN2 + ninth) / 3, (4 * Math.LN2 + ninth) / 3, Math.LN2],
    1e-6,
  );
});

const numbers = (tensor: tf.Tensor): number[] => Array.from(tensor.dataSync());

/** A linear model on fixed data, with the weights it starts from. */
function linearModel(): { model: tf.Sequential; x: tf.Tensor; y: tf.Tensor } {
  const random = createRandom(3);
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4], useBias: false })] });
  model.setWeights([
    tf.tensor(
      Array.from({ length: 12 }, () => random.normal()),
      [4, 3],
    ),
  ]);
  const x = tf.tensor(
    Array.from({ length: 32 }, () => random.normal()),
    [8, 4],
  );
  const y = tf
    .oneHot(
      tf.tensor1d(
        Array.from({ length: 8 }, () => random.int(3)),
        'int32',
      ),
      3,
    )
    .toFloat();
  return { model, x, y };
}

/** The weights after one step of gradient descent by hand: w - lr * d/dw sum(weights * items) / 8. */
function stepByHand(loss: CompiledLoss, weights: readonly number[]): number[] {
  const { model, x, y } = linearModel();
  const logits = model.predict(x) as tf.Tensor;
  const inputs = new Map([
    ['target', { shape: [8, 3], data: Float64Array.from(y.dataSync()) }],
    ['prediction', { shape: [8, 3], data: Float64Array.from(logits.dataSync()) }],
  ]);
  const gradient = evaluateLoss(loss, inputs, new Map(), 'sum').gradient.get('prediction')!.data;
  const weighted = tf.tensor(
    Array.from(gradient, (g, k) => (g * weights[Math.floor(k / 3)]!) / 8),
    [8, 3],
  );
  const update = tf.matMul(x, weighted, true);
  return numbers(tf.sub(model.getWeights()[0]!, tf.mul(update, 0.1)));
}

dropIn('model.compile and fit, with sample weights and class weights', async () => {
  const compiled = compiledCorpus('cross_entropy', { fromLogits: true });
  const perExample = crossEntropy.perExample;
  const classWeight = { 0: 1, 1: 2, 2: 3 };
  const sampleWeight = [1, 0, 2, 1, 1, 0.5, 1, 3];
  const fit = async (args: tf.ModelFitArgs): Promise<number[]> => {
    const { model, x, y } = linearModel();
    model.compile({ optimizer: tf.train.sgd(0.1), loss: perExample as never });
    await model.fit(x, y, { epochs: 1, batchSize: 8, shuffle: false, verbose: 0, ...args });
    return numbers(model.getWeights()[0]!);
  };
  assertClose(await fit({}), stepByHand(compiled, Array(8).fill(1)), 1e-5, 'no weights');
  const { y } = linearModel();
  const labels = numbers(tf.argMax(y, 1));
  const byClass = labels.map((label) => classWeight[label as 0 | 1 | 2]);
  assertClose(await fit({ classWeight }), stepByHand(compiled, byClass), 1e-5, 'class weights');
  const { model, x } = linearModel();
  model.compile({ optimizer: tf.train.sgd(0.1), loss: perExample as never });
  // fit of TensorFlow.js 4.22 refuses sampleWeight; the loop that it documents instead is trainOnBatch of weighted losses.
  const { grads } = tf.variableGrads(
    () =>
      crossEntropy.loss(y, model.predict(x), {
        sampleWeight: tf.tensor1d(sampleWeight),
      }) as tf.Scalar,
  );
  const [gradient] = Object.values(grads);
  const stepped = numbers(tf.sub(model.getWeights()[0]!, tf.mul(gradient!, 0.1)));
  assertClose(stepped, stepByHand(compiled, sampleWeight), 1e-5, 'sample weights');
});

dropIn('the loss itself as model.compile({ loss }): the mean', async () => {
  const { model, x, y } = linearModel();
  model.compile({ optimizer: tf.train.sgd(0.1), loss: crossEntropy.loss as never });
  await model.fit(x, y, { epochs: 1, batchSize: 8, shuffle: false, verbose: 0 });
  const compiled = compiledCorpus('cross_entropy', { fromLogits: true });
  assertClose(numbers(model.getWeights()[0]!), stepByHand(compiled, Array(8).fill(1)), 1e-5);
});

dropIn('labels train a layers model as one-hot rows do', () => {
  // fit itself wants targets in the shape of the output for every loss that is not its own, so labels go through a loop.
  const compiled = compiledCorpus('cross_entropy', { fromLogits: true });
  const { model, x, y } = linearModel();
  const labels = tf.argMax(y, 1);
  for (const target of [labels, tf.cast(labels, 'float32')]) {
    const { model: own } = linearModel();
    tf.train
      .sgd(0.1)
      .minimize(() => crossEntropy.loss(target, own.apply(x, { training: true }) as tf.Tensor) as tf.Scalar);
    assertClose(numbers(own.getWeights()[0]!), stepByHand(compiled, Array(8).fill(1)), 1e-5);
  }
  model.compile({ optimizer: 'sgd', loss: crossEntropy.perExample as never });
  assert.throws(() => model.evaluate(x, tf.reshape(labels, [8, 1])), /shape/);
});

dropIn('fit and evaluate leave no tensor behind', async () => {
  const { model, x, y } = linearModel();
  model.compile({ optimizer: tf.train.sgd(0.1), loss: focal.perExample as never, metrics: ['accuracy'] });
  const fit = async (epochs: number): Promise<void> => {
    await model.fit(x, y, { epochs, batchSize: 3, verbose: 0, validationData: [x, y] });
    tf.dispose(model.evaluate(x, y));
  };
  await fit(1);
  const before = tf.memory().numTensors;
  await fit(3);
  assert.is(tf.memory().numTensors, before);
});

dropIn('a loop with variableGrads lowers the loss', () => {
  const { x, y } = linearModel();
  const weight = tf.variable(tf.zeros([4, 3]));
  const optimizer = tf.train.adam(0.1);
  const step = (): number =>
    optimizer.minimize(() => focal.loss(y, tf.matMul(x, weight)) as tf.Scalar, true)!.dataSync()[0]!;
  const first = step();
  for (let i = 0; i < 30; i++) step();
  assert.ok(step() < first / 2);
});

dropIn('mean divides by all items, weightedMean by the weights, none keeps the shape of the items', () => {
  const target = tf.tensor2d([
    [0, 0, 0],
    [0, 0, 0],
  ]);
  const prediction = tf.tensor2d([
    [1, 2, 0],
    [0.5, 0, 3],
  ]);
  const items = [0.5, 1.5, 0, 0.125, 0, 2.5];
  const weights = [2, 1, 1, 1, 1, 4];
  const perItem = tf.tensor2d(weights, [2, 3]);
  const weighted = items.map((item, i) => item * weights[i]!);
  const sum = (list: readonly number[]): number => list.reduce((a, b) => a + b, 0);
  const value = (options: object): number[] => numbers(huber.loss(target, prediction, options));
  assertClose(value({}), [sum(items) / 6]);
  assertClose(value({ reduction: 'sum' }), [sum(items)]);
  assertClose(value({ reduction: 'weightedMean' }), [sum(items) / 6]);
  assertClose(value({ sampleWeight: perItem }), [sum(weighted) / 6]);
  assertClose(value({ reduction: 'sum', sampleWeight: perItem }), [sum(weighted)]);
  assertClose(value({ reduction: 'weightedMean', sampleWeight: perItem }), [sum(weighted) / sum(weights)]);
  assertClose(value({ reduction: 'none', sampleWeight: perItem }), weighted);
  assert.equal(huber.loss(target, prediction, { reduction: 'none' }).shape, [2, 3]);
  // Weights of the first axes count for all items below them.
  assertClose(value({ sampleWeight: tf.tensor1d([1, 10]) }), [
    (sum(items.slice(0, 3)) + 10 * sum(items.slice(3))) / 6,
  ]);
  assertClose(numbers(huber.perExample(target, prediction)), [2 / 3, 2.625 / 3]);
  assert.throws(() => huber.loss(target, prediction, { sampleWeight: tf.ones([3]) }), /sampleWeight/);
  assert.throws(() => huber.loss(target, prediction, { reduction: 'avarage' }), /unknown reduction/);
});

for (const reduction of ['mean', 'sum', 'weightedMean', 'none'] as const) {
  for (const weighted of [false, true]) {
    dropIn(`gradient of ${reduction}${weighted ? ' with weights' : ''} is what the values say`, () => {
      for (const name of ['focal', 'info_nce', 'huber', 'cross_entropy']) {
        const compiled = compiledCorpus(name, { fromLogits: true });
        const functions = functionsOf(compiled);
        const { inputs } = legalInputs(compiled, createRandom(5));
        const tensors = compiled.inputs.map(({ name: input }) =>
          tf.tensor([...inputs.get(input)!.data], [...inputs.get(input)!.shape]),
        );
        const at = compiled.inputs.findIndex((input) => !input.data);
        const sampleWeight = tf.tensor1d([0.5, 2, 1, 3]);
        const options = { reduction, ...(weighted && { sampleWeight }) };
        const pull = tf.tensor1d([1, -2, 3, 0.5]);
        const total = (x: tf.Tensor): tf.Scalar => {
          const value = functions.loss(...tensors.map((tensor, i) => (i === at ? x : tensor)), options);
          return tf.sum(reduction === 'none' ? tf.mul(value, pull) : tf.mul(value, 2)) as tf.Scalar;
        };
        const gradient = numbers(tf.grad(total)(tensors[at]!));
        const data = numbers(tensors[at]!);
        for (const k of [0, 3, data.length - 1]) {
          const moved = (step: number): number =>
            total(
              tf.tensor(
                data.map((x, i) => (i === k ? x + step : x)),
                tensors[at]!.shape,
              ),
            ).dataSync()[0]!;
          assertClose(gradient[k]!, (moved(1e-2) - moved(-1e-2)) / 2e-2, 4e-3, `${name}[${k}]`);
        }
      }
    });
  }
}

dropIn('integer labels stand for one-hot rows; one that is none of the classes makes its item NaN', () => {
  const logits = tf.tensor2d([
    [2, 1, 0],
    [0, 3, 1],
  ]);
  const rows = tf.tensor2d([
    [1, 0, 0],
    [0, 0, 1],
  ]);
  const labels = tf.tensor1d([0, 2], 'int32');
  assertClose(numbers(focal.loss(labels, logits)), numbers(focal.loss(rows, logits)));
  assertClose(numbers(crossEntropy.loss(labels, logits)), numbers(crossEntropy.loss(rows, logits)));
  // Any axes in front: items are [2, 2].
  const deep = tf.stack([logits, logits]);
  const deepLabels = tf.tensor2d(
    [
      [0, 2],
      [0, 2],
    ],
    [2, 2],
    'int32',
  );
  assertClose(numbers(crossEntropy.loss(deepLabels, deep)), numbers(crossEntropy.loss(rows, logits)));
  const [first, second, third] = numbers(
    focal.loss(tf.tensor1d([-1, 2, 7], 'int32'), tf.concat([logits, tf.tensor2d([[1, 1, 1]])]), {
      reduction: 'none',
    }),
  );
  assert.ok(Number.isNaN(first) && Number.isNaN(third) && Number.isFinite(second));
  const masks = functionsOf(compiledCorpus('generalized_dice', { fromLogits: true }));
  const picture = tf.randomNormal([2, 3, 4, 3], 0, 1, 'float32', 1);
  const map = tf.tensor(
    Array.from({ length: 24 }, (_, i) => i % 3),
    [2, 3, 4],
    'int32',
  );
  assertClose(numbers(masks.loss(map, picture)), numbers(masks.loss(tf.oneHot(map, 3), picture)));
});

dropIn('options are parameters, and are held to their domains', () => {
  const [target, prediction] = [tf.tensor1d([0]), tf.tensor2d([[0, 0, 0]])];
  const value = (options: object): number => focal.loss(target, prediction, options).dataSync()[0]!;
  assertClose(value({ gamma: 0, alpha: 1 }), Math.log(3));
  assertClose(value({ gamma: 0, alpha: [2, 3, 4].map((x) => x / 4) }), Math.log(3) / 2);
  const message = (options: object): string => {
    try {
      value(options);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  assert.is(message({ gamma: -1 }), 'focal: gamma = -1 is not nonnegative');
  assert.is(message({ gamma: Number.NaN }), 'focal: gamma = NaN is not nonnegative');
  assert.is(message({ gamma: '2' }), 'focal: gamma = "2" is not nonnegative');
  assert.is(message({ alpha: [0, 0.5, 2] }), 'focal: alpha = 2 is not unit');
  assert.is(message({ alpha: [0.5, 0.5] }), 'focal: a parameter has 2 numbers where 3 are needed');
  const ldam = functionsOf(compiledCorpus('ldam'));
  assert.throws(() => ldam.loss(target, prediction, {}), /^ldam: the option count is required$/);
});

dropIn(
  'shapes that do not go together, and values outside the domain when asked to check them, are errors',
  () => {
    const message = (run: () => unknown): string => {
      try {
        run();
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    };
    assert.is(
      message(() => focal.loss(tf.ones([2, 4]), tf.ones([2, 3]))),
      'focal: target has dimensions [2, 4] where [2, 3] is needed',
    );
    assert.is(
      message(() => huber.loss(tf.ones([2]), tf.ones([3]))),
      'huber: the inputs do not go together: items are [2] in target, [3] in prediction',
    );
    assertClose(numbers(huber.loss(tf.ones([4, 1]), tf.zeros([4]))), [0.5]);
    const wrong = tf.tensor2d([[0.5, 0.2]]);
    const plain = functionsOf(compiledCorpus('cross_entropy'));
    assert.is(
      message(() => plain.loss(tf.tensor1d([0]), wrong, {})),
      '',
    );
    assert.match(
      message(() => plain.loss(tf.tensor1d([0]), wrong, { checkInputs: true })),
      /^cross_entropy: prediction adds up to 0\.69/,
    );
    const tversky = functionsOf(compiledCorpus('tversky'));
    assert.is(
      message(() => tversky.loss(tf.tensor2d([[0, 2]]), tf.tensor2d([[0.5, 0.5]]), { checkInputs: true })),
      'tversky: target holds 2, which is not binary',
    );
    const scalar = functionsOf(compiledCorpus('ccc'));
    assert.match(
      message(() => scalar.loss(tf.ones([2]), tf.ones([2]), { sampleWeight: tf.ones([2]) })),
      /sampleWeight has no meaning/,
    );
  },
);

const KINKED = [
  ['abs', 'abs(prediction - target)^3'],
  ['max', 'max(prediction, target)^3 + min(prediction, 2 * target)^2'],
  ['if', 'if prediction > target then prediction^3 else -prediction^2'],
  ['relu', 'relu(prediction - target)^3 * sign(prediction)'],
  ['clip', 'clip(prediction, -1, 1)^3 * exp(prediction)'],
] as const;

for (const [name, body] of KINKED) {
  dropIn(`the gradient of the gradient with ${name} in it is right`, () => {
    const { loss } = functionsOf(compiledText(`loss l(target: real, prediction: real) = ${body}`));
    const target = tf.tensor1d([0.3, -0.4, 0.2, 0.9]);
    const points = [0.7, -1.4, 1.6, -0.5];
    const first = (x: tf.Tensor): tf.Tensor =>
      tf.grad((y: tf.Tensor) => loss(target, y, { reduction: 'sum' }) as tf.Scalar)(x);
    const second = numbers(tf.grad((x: tf.Tensor) => tf.sum(first(x)) as tf.Scalar)(tf.tensor1d(points)));
    const ahead = numbers(first(tf.tensor1d(points.map((x) => x + 1e-2))));
    const behind = numbers(first(tf.tensor1d(points.map((x) => x - 1e-2))));
    assertClose(
      second,
      ahead.map((x, i) => (x - behind[i]!) / 2e-2),
      3e-3,
    );
  });
}

dropIn('the gradient of the gradient goes through classes, couplings and labels', () => {
  for (const name of [
    'focal',
    'cross_entropy',
    'info_nce',
    'categorical_hinge',
    'tversky',
    'ccc',
    'baikal',
  ]) {
    const compiled = compiledCorpus(name, { fromLogits: true });
    const functions = functionsOf(compiled);
    const { inputs } = legalInputs(compiled, createRandom(9));
    const tensors = compiled.inputs.map(({ name: input }) =>
      tf.tensor([...inputs.get(input)!.data], [...inputs.get(input)!.shape]),
    );
    const at = compiled.inputs.findIndex((input) => !input.data);
    const first = (x: tf.Tensor): tf.Tensor =>
      tf.grad(
        (y: tf.Tensor) => functions.loss(...tensors.map((tensor, i) => (i === at ? y : tensor))) as tf.Scalar,
      )(x);
    const [x] = [tensors[at]!];
    const pull = tf.tensor(
      Array.from({ length: x.size }, (_, i) => Math.cos(i)),
      x.shape,
    );
    const second = numbers(tf.grad((y: tf.Tensor) => tf.sum(tf.mul(first(y), pull)) as tf.Scalar)(x));
    const data = numbers(x);
    for (const k of [0, data.length - 2]) {
      const moved = (step: number): number =>
        tf
          .sum(
            tf.mul(
              first(
                tf.tensor(
                  data.map((v, i) => (i === k ? v + step : v)),
                  x.shape,
                ),
              ),
              pull,
            ),
          )
          .dataSync()[0]!;
      assertClose(second[k]!, (moved(1e-2) - moved(-1e-2)) / 2e-2, 1e-2, `${name}[${k}]`);
    }
  }
});

dropIn('no function leaves a tensor behind', () => {
  for (const name of CORPUS) {
    const compiled = compiledCorpus(name);
    const functions = functionsOf(compiled);
    const { inputs, parameters } = legalInputs(compiled, createRandom(2));
    const options = Object.fromEntries(parameters);
    const tensors = compiled.inputs.map(({ name: input }) =>
      tf.tensor([...inputs.get(input)!.data], [...inputs.get(input)!.shape]),
    );
    const at = compiled.inputs.findIndex((input) => !input.data);
    const before = tf.memory().numTensors;
    functions.loss(...tensors, options).dispose();
    assert.is(tf.memory().numTensors, before, `${name}, value`);
    const { value, gradients } = functions.gradients(...tensors, options);
    tf.dispose([value, gradients]);
    assert.is(tf.memory().numTensors, before, `${name}, gradients`);
    tf.grad(
      (x: tf.Tensor) =>
        functions.loss(...tensors.map((tensor, i) => (i === at ? x : tensor)), options) as tf.Scalar,
    )(tensors[at]!).dispose();
    assert.is(tf.memory().numTensors, before, `${name}, tape`);
  }
});

dropIn.before(async () => {
  await tf.setBackend('cpu');
});
dropIn.run();
