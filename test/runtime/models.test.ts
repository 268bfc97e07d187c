import * as tf from '@tensorflow/tfjs-core';
// The whole package registers the gradients that the comparison needs.
import '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openBackend } from '../../src/runtime/backend.js';
import { createAllCnnC, createGloMnist, createResnet } from '../../src/runtime/models/convolutional.js';
import { dense } from '../../src/runtime/models/dense.js';
import { createMlp } from '../../src/runtime/models/mlp.js';
import { type Model, type ModelRequest, parameterCount } from '../../src/runtime/models/model.js';
import { createNetwork } from '../../src/runtime/models/network.js';
import { flatten } from '../../src/runtime/models/reshaping.js';
import { normals } from '../helpers/backends.js';
import { assertClose } from '../helpers/close.js';

const backend = await openBackend({ name: 'wasm' });
const MNIST: ModelRequest = { inputShape: [28, 28, 1], outputs: 10, seed: 1 };
const CIFAR: ModelRequest = { inputShape: [32, 32, 3], outputs: 10, seed: 1 };

const models = suite('models');

/** Counts worked out by hand from the layers' sizes. */
const COUNTS: readonly (readonly [string, (request: ModelRequest) => Model, ModelRequest, number])[] = [
  ['mlp', createMlp, MNIST, 784 * 128 + 128 + 128 * 10 + 10],
  ['glo-mnist', createGloMnist, MNIST, 832 + 51264 + 3136 * 1024 + 1024 + 10250],
  ['allcnn-c', createAllCnnC, CIFAR, 1369738],
  ['resnet', createResnet, CIFAR, 78042],
];

for (const [name, create, request, count] of COUNTS) {
  models(`${name} has ${count} parameters, gives logits and leaves nothing behind`, () => {
    const before = tf.memory().numTensors;
    const model = create(request);
    assert.is(parameterCount(model), count);
    const shape = [2, ...request.inputShape];
    const input = tf.tensor(normals(shape, 1), shape);
    const output = model.predict(input);
    assert.equal(output.shape, [2, 10]);
    assert.ok([...output.dataSync()].every(Number.isFinite));
    const gradients = model.gradients(input, (logits) => tf.onesLike(logits));
    assert.equal(
      gradients.map((gradient) => gradient.shape),
      model.parameters.map((parameter) => parameter.value.shape),
    );
    tf.dispose([input, output, ...gradients]);
    model.dispose();
    assert.is(tf.memory().numTensors, before);
  });
}

models('the same seed gives the same parameters, another seed others', () => {
  const values = (seed: number): number[] => {
    const model = createMlp({ ...MNIST, seed }, [4]);
    const result = [...model.parameters[0]!.value.dataSync()];
    model.dispose();
    return result;
  };
  assert.equal(values(1), values(1));
  assert.not.equal(values(1), values(2));
});

/** Models small enough for the comparison: the layers are the same as in the large ones. */
const SMALL: readonly (readonly [string, (request: ModelRequest) => Model, number])[] = [
  // Layer by layer: the tape does not see the fast path of `createMlp`, which is compared with this below.
  [
    'dense layers',
    (request) => createNetwork('dense', [flatten(), dense(5, 'relu'), dense(request.outputs)], request),
    7,
  ],
  ['resnet', createResnet, 6],
  ['glo-mnist', createGloMnist, 7],
  ['allcnn-c', createAllCnnC, 12],
];

for (const [name, create, side] of SMALL) {
  models(`gradients of ${name} agree with TensorFlow.js's autodiff`, () => {
    const model = create({ inputShape: [side, side, 2], outputs: 3, seed: 3 });
    const shape = [4, side, side, 2];
    const input = tf.tensor(normals(shape, 1), shape);
    const weights = tf.tensor(normals([4, 3], 2), [4, 3]);
    let ours: readonly tf.Tensor[] = [];
    // The tape sees the same forward pass, with the same dropout; the backward pass is recorded too, to no effect.
    const theirs = tf.grads(() => {
      let value: tf.Tensor | undefined;
      ours = model
        .gradients(input, (output) => {
          value = tf.keep(tf.sum(tf.mul(output, weights)));
          return tf.clone(weights);
        })
        .map((gradient) => tf.keep(gradient));
      return value as tf.Scalar;
    })(model.parameters.map((parameter) => parameter.value));
    for (const [index, parameter] of model.parameters.entries()) {
      const [a, b] = [ours[index]!.dataSync(), theirs[index]!.dataSync()];
      assert.ok(
        b.some((value) => Math.abs(value) > 1e-6),
        `${parameter.name} of ${name} has a gradient`,
      );
      assertClose(a as Float32Array, b as Float32Array, 1e-4, `${parameter.name} of ${name}`);
    }
    tf.dispose([input, weights, ...ours, ...theirs]);
    model.dispose();
  });
}

for (const hidden of [[], [7], [9, 4, 6]]) {
  models(
    `a perceptron with hidden layers [${hidden}] has the same gradients on wasm as layer by layer`,
    () => {
      const request: ModelRequest = { inputShape: [3, 5, 2], outputs: 3, seed: 5 };
      const layers = [flatten(), ...hidden.map((units) => dense(units, 'relu')), dense(3)];
      const [fast, plain] = [createMlp(request, hidden), createNetwork('plain', layers, request)];
      const before = tf.memory().numTensors;
      const input = tf.tensor(normals([4, 3, 5, 2], 1), [4, 3, 5, 2]);
      const gradientsOf = (model: Model): readonly (readonly number[])[] => {
        const gradients = model.gradients(input, (output) => tf.sin(output));
        const values = gradients.map((gradient) => [...gradient.dataSync()]);
        tf.dispose(gradients);
        return values;
      };
      assert.equal(gradientsOf(fast), gradientsOf(plain));
      input.dispose();
      assert.is(tf.memory().numTensors, before);
      fast.dispose();
      plain.dispose();
    },
  );
}

models('a hidden layer of no units is refused', () => {
  assert.throws(() => createMlp(MNIST, [128, 0]), /whole numbers of units, not 128, 0/);
});

models.after(() => backend.release());
models.run();
