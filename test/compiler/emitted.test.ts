import * as tf from '@tensorflow/tfjs';
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { arrayOf, evaluateLoss } from '../../compiler/evaluate/bind.js';
import { evaluate } from '../../compiler/evaluate/evaluate.js';
import { loadProgram, lossesOf, programOf } from '../../compiler/resolve/program.js';
import { printDecl } from '../../grammar/print/print.js';
import type { LossDecl } from '../../grammar/tree/ast.js';
import { createRandom } from '../../src/random.js';
import { loadModule } from '../../src/runtime/load.js';
import { arbitraryLoss } from '../helpers/arbitrary-loss.js';
import { assertClose } from '../helpers/close.js';

/** Random programs in TensorFlow.js: the emitted gradient against the reference interpreter and against TensorFlow.js's own. */
const PROGRAMS = 60;
const ITEMS = 2;
const CLASSES = 3;
/** Float32 has seven digits: beyond this size of an intermediate result nothing can be said. */
const LARGEST = 100;
const TOLERANCE = 1e-4;

function pointFor(decl: LossDecl, seed: number): { target: number[][]; prediction: number[][] } {
  const random = createRandom(seed);
  const rows = (): number[][] =>
    Array.from({ length: ITEMS }, () => Array.from({ length: CLASSES }, () => Math.fround(random.normal())));
  const [target, prediction] = [rows(), rows()];
  if (decl.inputs[0]!.domain!.name.name !== 'onehot') return { target, prediction };
  const softmax = (row: number[]): number[] => {
    const sum = row.reduce((total, x) => total + Math.exp(x), 0);
    return row.map((x) => Math.fround(Math.exp(x) / sum));
  };
  return {
    target: target.map((row) => row.map((_, k) => (k === row.indexOf(Math.max(...row)) ? 1 : 0))),
    prediction: prediction.map(softmax),
  };
}

/** Whether every intermediate result is a number of moderate size, and no comparison or kink is decided by rounding. */
function isTame(compiled: CompiledLoss, target: number[][], prediction: number[][]): boolean {
  const values: Record<string, number[]> = {
    target: target.flat(),
    prediction: prediction.flat(),
    gamma: [1.5],
    '(seed)': Array.from({ length: ITEMS }, () => 1 / ITEMS),
  };
  const { graph } = compiled.lowered;
  const gradient = compiled.gradients.get('prediction')!;
  const results = evaluate(graph, [compiled.lowered.value, compiled.value, gradient], {
    sizes: [ITEMS, CLASSES],
    leaf: ({ leaf, axes }) => ({ axes, data: Float64Array.from(values[leaf!.name]!) }),
  });
  const near = (a: number, b: number): boolean => Math.abs(a - b) < 1e-3;
  for (const [node, { data }] of results) {
    for (const x of data) if (!(Math.abs(x) < LARGEST) || (x !== 0 && Math.abs(x) < 1e-6)) return false;
    const [x, y] = node.args.map((arg) => results.get(arg)!.data);
    if (['lt', 'le', 'max', 'min', 'eq'].includes(node.op)) {
      if (x!.some((a) => y!.some((b) => near(a, b)))) return false;
    } else if (['abs', 'sign', 'relu'].includes(node.op)) {
      if (x!.some((a) => near(a, 0))) return false;
    } else if (node.op === 'reduceMax' || node.op === 'reduceMin') {
      const best = [...data];
      for (const top of best) if ([...x!].filter((a) => near(a, top)).length > 1) return false;
    }
  }
  return true;
}

function compare(actual: tf.Tensor, expected: ArrayLike<number>, what: string): void {
  const found = tf
    .tidy(() => tf.broadcastTo(actual, expected.length === 1 ? actual.shape : [ITEMS, CLASSES]))
    .dataSync();
  for (const [k, x] of found.entries()) {
    const y = expected[expected.length === 1 ? 0 : k]!;
    assert.ok(Math.abs(x - y) <= TOLERANCE * Math.max(1, Math.abs(y)), `${what} [${k}]: ${x}, expected ${y}`);
  }
}

const emitted = suite('emitted modules of random programs');

emitted(
  'value and gradient are those of the reference interpreter, and the gradient is that of tf.grad',
  () => {
    let compared = 0;
    let shown = '';
    const property = fc.property(arbitraryLoss, fc.nat(), (decl, seed) => {
      shown = printDecl(decl);
      const compiled = compileLoss(programOf([decl]), decl);
      const { target, prediction } = pointFor(decl, seed);
      if (!isTame(compiled, target, prediction)) return;
      compared++;
      const inputs = new Map([
        ['target', arrayOf(target)],
        ['prediction', arrayOf(prediction)],
      ]);
      const reference = evaluateLoss(compiled, inputs, new Map());
      const module = loadModule(tf, emitModule(compiled));
      tf.tidy(() => {
        const [t, p] = [tf.tensor2d(target), tf.tensor2d(prediction)];
        const { value, gradients } = module.valueAndGradients([t, p], {});
        const expected = reference.gradient.get('prediction')!.data;
        compare(value, [reference.value as number], 'value');
        compare(gradients['prediction']!, expected, 'gradient');
        const own = tf.grad((x: tf.Tensor) => module.lossValue([t, x], {}))(p);
        compare(own, expected, 'gradient of lossValue');
      });
    });
    try {
      fc.assert(property, { numRuns: PROGRAMS });
    } catch (error) {
      throw new Error(
        `${(error as Error).message.slice(0, 200)}\n${shown}\n${(error as Error & { cause?: Error }).cause?.message ?? ''}`,
      );
    }
    assert.ok(compared > PROGRAMS / 10, `only ${compared} points were compared`);
    console.log(`compared ${compared} of ${PROGRAMS}`);
  },
);

// In JavaScript a sign in front of the base of ** is a syntax error.
for (const body of [
  'exp(-gamma^3) * prediction',
  'prediction / (1 + exp(-gamma^3 * delta))',
  'prediction * (-gamma^3 - delta)',
  'prediction * (-gamma^3 * delta - delta^5)',
  'prediction * erf(gamma)',
]) {
  emitted(`a negative power of parameters is a program: ${body}`, () => {
    const text = `loss f(prediction: real; gamma: positive = 1.5, delta: positive = 0.5) = ${body}`;
    const program = loadProgram({ name: 'f.loss', text });
    const compiled = compileLoss(program, lossesOf(program)[0]!);
    const point = arrayOf([[0.3], [-2]]);
    const expected = evaluateLoss(compiled, new Map([['prediction', point]]), new Map());
    const module = loadModule(tf, emitModule(compiled));
    tf.tidy(() => {
      const { value, gradients } = module.valueAndGradients([tf.tensor2d([[0.3], [-2]])], {});
      assert.ok(Math.abs(value.dataSync()[0]! - (expected.value as number)) < 1e-5);
      for (const name of ['prediction', 'gamma', 'delta']) {
        const [found, known] = [gradients[name], expected.gradient.get(name)?.data[0]];
        if (found === undefined || known === undefined) continue;
        assert.ok(Math.abs(found.dataSync()[0]! - known) < 1e-5, `${name}: ${found.dataSync()[0]}, ${known}`);
      }
    });
  });
}

// A condition on parameters and sizes alone is a boolean, one on inputs a tensor.
for (const body of [
  'if gamma < 2 and prediction > 0 then prediction^2 else gamma * prediction',
  'if prediction > 0 or gamma >= 2 then prediction^2 else gamma * prediction',
  'if prediction > 0 and not (gamma > 1 or size(batch) > 1) then prediction^2 else 3 * prediction',
  'sum(prediction^2, batch where size(batch) > 1 and prediction > 0) + 0 * prediction',
]) {
  emitted(`conditions on numbers and on tensors meet: ${body}`, () => {
    const text = `loss f(prediction: real; gamma: between(0, 4) = 1.5) = ${body}`;
    const program = loadProgram({ name: 'f.loss', text });
    const compiled = compileLoss(program, lossesOf(program)[0]!);
    const point = arrayOf([0.5, -2, 3]);
    const module = loadModule(tf, emitModule(compiled));
    for (const gamma of [1, 3]) {
      const given = new Map([['gamma', gamma]]);
      const expected = evaluateLoss(compiled, new Map([['prediction', point]]), given);
      tf.tidy(() => {
        const prediction = tf.tensor1d([0.5, -2, 3]);
        const { value, gradients } = module.valueAndGradients([prediction], { gamma });
        const own = tf.grad((x: tf.Tensor) => module.lossValue([x], { gamma }))(prediction);
        assertClose(value.dataSync(), [expected.value as number]);
        assertClose(gradients['prediction']!.dataSync(), expected.gradient.get('prediction')!.data);
        assertClose(own.dataSync(), expected.gradient.get('prediction')!.data);
        assertClose(gradients['gamma']!.dataSync(), expected.gradient.get('gamma')!.data);
      });
    }
  });
}

emitted('a copy of an axis whose length is written has a name', () => {
  const text = `loss f(prediction: real[box = 2]; weight: real[box = 2] = [1, 3]) =
  max(rename(weight, box, other) * min(prediction, box), other)`;
  const program = loadProgram({ name: 'f.loss', text });
  const module = loadModule(tf, emitModule(compileLoss(program, lossesOf(program)[0]!)));
  tf.tidy(() => {
    const { value, gradients } = module.valueAndGradients([tf.tensor2d([[2, 5]])], {});
    assertClose(value.dataSync(), [6]);
    assertClose(gradients['prediction']!.dataSync(), [3, 0]);
    assertClose(gradients['weight']!.dataSync(), [0, 2]);
  });
});

emitted.before(async () => {
  await tf.setBackend('cpu');
});

emitted.run();
