/** Modules that carry the kernel of their loss along, on the backend that they are for and on another. */
import * as tf from '@tensorflow/tfjs-core';
// The whole package: differentiating needs its gradients registered.
import '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../../../compiler/compile.js';
import { moduleKernel } from '../../../../compiler/emit/simd/module-kernel.js';
import { emitModule } from '../../../../compiler/emit/tfjs/module.js';
import { createRandom } from '../../../../src/random.js';
import { type Backend, openBackend } from '../../../../src/runtime/backend.js';
import { type LoadedModule, loadModule } from '../../../../src/runtime/load.js';
import { assertClose } from '../../../helpers/close.js';
import { cornerInputs, legalInputs } from '../../../helpers/legal-inputs.js';
import { FORMS } from '../../../stdlib/forms.js';
import { compiledStandard, plainStandard } from '../../../stdlib/library.js';

const modules = suite('modules with a kernel');
let backend: Backend;
modules.before(async () => {
  backend = await openBackend({ name: 'wasm' });
});
modules.after(() => backend.release());

/** Of operators and of the kernel, in relation to the largest number. */
const SINGLE = 3e-5;

interface Pair {
  readonly compiled: CompiledLoss;
  readonly operators: LoadedModule;
  readonly kernel: LoadedModule;
  readonly name: string;
}

function pairOf(name: string, fromLogits: boolean): Pair | undefined {
  const own = moduleKernel(plainStandard(name, fromLogits));
  if (own === undefined) return undefined;
  const compiled = compiledStandard(name, fromLogits);
  return {
    compiled,
    operators: loadModule(tf, emitModule(compiled)),
    kernel: loadModule(tf, emitModule(compiled, own)),
    name: own.name,
  };
}

const isRegistered = (name: string): boolean => tf.getKernel(name, 'wasm') !== undefined;

/** Value and gradient by the first prediction, as TensorFlow.js differentiates the loss. */
function differentiated(
  module: LoadedModule,
  compiled: CompiledLoss,
  given: readonly tf.Tensor[],
  options: Readonly<Record<string, unknown>>,
): { readonly value: Float32Array; readonly gradient: Float32Array } {
  const at = compiled.inputs.findIndex((input) => !input.data);
  const before = tf.memory().numTensors;
  const f = (x: tf.Tensor): tf.Tensor => {
    const inputs = given.map((tensor, i) => (i === at ? x : tensor));
    // Not 1, so that what comes from above counts.
    return tf.mul(tf.sum(module.lossValue(inputs, options)), 3);
  };
  const { value, grad } = tf.valueAndGrad(f)(given[at]!);
  const found = { value: value.dataSync<'float32'>(), gradient: grad.dataSync<'float32'>() };
  tf.dispose([value, grad]);
  assert.is(tf.memory().numTensors, before, `${compiled.name} leaves tensors behind`);
  return found;
}

function assertSame(
  pair: Pair,
  given: readonly tf.Tensor[],
  options: Readonly<Record<string, unknown>>,
  what: string,
): void {
  const found = differentiated(pair.kernel, pair.compiled, given, options);
  const right = differentiated(pair.operators, pair.compiled, given, options);
  for (const key of ['value', 'gradient'] as const) {
    // Dino divides the rounding errors of probabilities by its temperature of 0.1.
    const least = pair.compiled.name === 'dino' ? 1e-2 : 1e-3;
    const size = Math.max(least, ...Array.from(right[key], (x) => (Math.abs(x) < 1e30 ? Math.abs(x) : 0)));
    const scaled = (list: Float32Array): number[] => Array.from(list, (x) => x / size);
    assertClose(scaled(found[key]), scaled(right[key]), SINGLE, `${what}, ${key}`);
  }
}

const tensorsOf = ({ compiled }: Pair, inputs: ReturnType<typeof legalInputs>['inputs']): tf.Tensor[] =>
  compiled.inputs.map(({ name }) => {
    const { data, shape } = inputs.get(name)!;
    return tf.tensor(Float32Array.from(data), [...shape]);
  });

for (const { name, fromLogits } of FORMS) {
  modules(`${name}${fromLogits ? ' from logits' : ''}: what the kernel gives is what operators give`, () => {
    const pair = pairOf(name, fromLogits);
    if (pair === undefined) return;
    const random = createRandom(3);
    for (const { inputs, parameters } of [
      legalInputs(pair.compiled, random, 6),
      cornerInputs(pair.compiled, random),
    ]) {
      const given = tensorsOf(pair, inputs);
      assertSame(pair, given, Object.fromEntries(parameters), name);
      tf.dispose(given);
    }
    assert.ok(isRegistered(pair.name), `${pair.name} is registered`);
  });
}

/** What a kernel does not do, by the option or input that asks for it. */
modules('weights, labels and other reductions are left to operators', () => {
  const pair = pairOf('focal', true)!;
  const rows = tf.tensor2d([
    [1, 0, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
  const logits = tf.tensor2d([
    [2, 1, 0],
    [0, 3, 1],
    [-1, 0, 1],
  ]);
  const options = {
    'a sum': { reduction: 'sum' },
    'a number for each item': { reduction: 'none' },
    weights: { sampleWeight: tf.tensor1d([1, 0, 2]) },
    'a parameter': { gamma: 1.5 },
    'a list': { alpha: [0.1, 0.2, 0.9] },
    'what float32 does not hold': { gamma: 1e-60 },
  };
  for (const [what, given] of Object.entries(options)) assertSame(pair, [rows, logits], given, what);
  assertSame(pair, [tf.tensor1d([0, 2, 1], 'int32'), logits], {}, 'labels');
  assertSame(pair, [tf.tensor1d([0, -100, 1], 'int32'), logits], {}, 'a label that is left out');
  const deep = tf.tensor3d([
    [
      [2, 1, 0],
      [0, 3, 1],
    ],
  ]);
  assertSame(
    pair,
    [
      tf.tensor3d([
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ]),
      deep,
    ],
    {},
    'items in two dimensions',
  );
  assert.throws(
    () => pair.kernel.lossValue([rows, logits], { gamma: -1 }),
    'focal: gamma = -1 is not nonnegative',
  );
  assert.throws(
    () => tf.grad((x) => pair.kernel.lossValue([rows, x], { gamma: -1 }))(logits),
    'focal: gamma = -1 is not nonnegative',
  );
  assert.throws(() => tf.grad((x) => pair.kernel.lossValue([tf.ones([3, 4]), x], {}))(logits), /focal: /);
});

modules('a second derivative is that of operators', () => {
  const pair = pairOf('cross_entropy', true)!;
  const rows = tf.tensor2d([[1, 0, 0]]);
  const twice = (module: LoadedModule): Float32Array =>
    tf
      .grad((x) => tf.sum(tf.square(tf.grad((z) => module.lossValue([rows, z], {}))(x))))(
        tf.tensor2d([[2, 1, 0]]),
      )
      .dataSync<'float32'>();
  assertClose(twice(pair.kernel), twice(pair.operators), SINGLE);
});

modules('on another backend operators do all', async () => {
  const pair = pairOf('baikal', true)!;
  await tf.setBackend('cpu');
  const given = [
    tf.tensor2d([
      [1, 0, 0],
      [0, 0, 1],
    ]),
    tf.tensor2d([
      [2, 1, 0],
      [0, 3, 1],
    ]),
  ];
  assertSame(pair, given, {}, 'cpu');
  await tf.setBackend('wasm');
});

modules('there is no kernel for items that depend on each other, and for special functions', () => {
  for (const name of ['info_nce', 'evidential'])
    assert.is(moduleKernel(plainStandard(name, false)), undefined, name);
});

modules.run();
