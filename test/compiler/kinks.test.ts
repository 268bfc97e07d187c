import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type CompiledLoss, compileLoss } from '../../compiler/compile.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { arrayOf, evaluateLoss } from '../../compiler/evaluate/bind.js';
import { loadProgram, lossesOf } from '../../compiler/resolve/program.js';
import { loadModule } from '../../src/runtime/load.js';
import { assertClose } from '../helpers/close.js';

/**
 * The derivatives at kinks, as the table in the reference states them: by the reference evaluator, by emitted TensorFlow.js, and by
 * `tf.grad` of the same expression written in TensorFlow.js, which the last column says where it differs.
 */
const reference = readFileSync(new URL('../../grammar/REFERENCE.md', import.meta.url), 'utf8');

/** One row: values of the variables, and what the derivative by each of them is. */
interface Kink {
  readonly expression: string;
  readonly at: ReadonlyMap<string, number | readonly number[]>;
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** All numbers of a cell, lists and their brackets aside. */
const numbers = (cell: string): readonly number[] =>
  (cell.match(/-?(Infinity|NaN|[\d.]+(e[+-]?\d+)?)/g) ?? []).map(Number);

function readKink(line: string): Kink {
  const [expression, at, ours, theirs] = line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('`', ''));
  const values = [...at!.matchAll(/(\w+) = (\[[^\]]*\]|[^,]+)/g)].map(([, name, value]) => {
    const list = numbers(value!);
    return [name!, value!.startsWith('[') ? list : list[0]!] as const;
  });
  return {
    expression: expression!,
    at: new Map(values),
    ours: numbers(ours!),
    theirs: numbers(theirs! === '' ? ours! : theirs!),
  };
}

const section = /^## Derivatives .*?^(\| Expression .*?)\n\n/ms.exec(reference)![1]!;
const KINKS = section.split('\n').slice(2).map(readKink);

type Expression = (...variables: tf.Tensor[]) => tf.Tensor;
const last = (x: tf.Tensor): number => x.rank - 1;
/** Conditions have no gradient in TensorFlow.js, so they are made from values. */
const above = (x: tf.Tensor, bound: number): tf.Tensor => tf.greater(tf.tensor(x.arraySync()), bound);

/** The same expressions in TensorFlow.js; null where it has nothing that says the same. */
const IN_TENSORFLOW: Readonly<Record<string, Expression | null>> = {
  'abs(x)': (x) => tf.abs(x!),
  'sign(x) * y': (x, y) => tf.mul(tf.sign(x!), y!),
  'relu(x)': (x) => tf.relu(x!),
  'max(x, y)': (x, y) => tf.maximum(x!, y!),
  'min(x, y)': (x, y) => tf.minimum(x!, y!),
  'clip(x, -1, 1)': (x) => tf.clipByValue(x!, -1, 1),
  'max(x, k)': (x) => tf.max(x!, last(x!)),
  'min(x, k)': (x) => tf.min(x!, last(x!)),
  'max(x, k where x > 5)': null,
  'prod(x, k)': (x) => tf.prod(x!, last(x!)),
  'sqrt(sum(x^2, k))': (x) => tf.sqrt(tf.sum(tf.square(x!), last(x!))),
  'sqrt(x^2)': (x) => tf.sqrt(tf.square(x!)),
  'sqrt(x)': (x) => tf.sqrt(x!),
  'x^0.5': (x) => tf.pow(x!, 0.5),
  'x^1.5': (x) => tf.pow(x!, 1.5),
  'x^0': (x) => tf.pow(x!, 0),
  'x^y': (x, y) => tf.pow(x!, y!),
  'log(x)': (x) => tf.log(x!),
  'xlogy(x, y)': (x, y) => tf.mul(x!, tf.log(y!)),
  '1 / x': (x) => tf.div(1, x!),
  'acos(x)': (x) => tf.acos(x!),
  'if x > 0 then x^2 else -x': (x) => tf.where(above(x!, 0), tf.square(x!), tf.neg(x!)),
  'if x > 0 then log(x) else x': (x) => tf.where(above(x!, 0), tf.log(x!), x!),
  'y * (if x > 0 then log(x) else 0)': (x, y) =>
    tf.mul(y!, tf.where(above(x!, 0), tf.log(x!), tf.zerosLike(x!))),
  'stop_gradient(x) * x': (x) => tf.mul(tf.tensor(x!.arraySync()), x!),
};

function compiledKink({ expression, at }: Kink): CompiledLoss {
  const inputs = [...at].map(([name, value]) => `${name}: ${typeof value === 'number' ? 'real' : 'real[k]'}`);
  const program = loadProgram({ name: 'kink.loss', text: `loss kink(${inputs.join(', ')}) = ${expression}` });
  return compileLoss(program, lossesOf(program)[0]!);
}

/** A batch of one item. */
const batches = ({ at }: Kink): readonly (readonly [string, readonly unknown[]])[] =>
  [...at].map(([name, value]) => [name, [value]]);

const kinks = suite('derivatives at kinks');
await tf.setBackend('cpu');

for (const kink of KINKS) {
  const title = `${kink.expression} at ${[...kink.at].map(([name, value]) => `${name} = ${value}`).join(', ')}`;

  kinks(`${title}: here`, () => {
    const inputs = new Map(batches(kink).map(([name, value]) => [name, arrayOf(value as number[])]));
    const { gradient } = evaluateLoss(compiledKink(kink), inputs, new Map(), 'sum');
    assertClose(
      [...gradient.values()].flatMap(({ data }) => [...data]),
      kink.ours,
      1e-6,
      title,
    );
  });

  kinks(`${title}: emitted`, () => {
    const compiled = compiledKink(kink);
    const given = batches(kink).map(([, value]) => tf.tensor(value as number[]));
    const module = loadModule(tf, emitModule(compiled));
    const { gradients } = module.valueAndGradients(given, { reduction: 'sum' });
    assertClose(
      Object.values(gradients).flatMap((x) => [...x.dataSync()]),
      kink.ours,
      1e-6,
      title,
    );
    const total = (...xs: tf.Tensor[]): tf.Scalar => module.lossValue(xs, { reduction: 'sum' }) as tf.Scalar;
    const taped = tf.grads(total)(given);
    assertClose(
      taped.flatMap((x) => [...x.dataSync()]),
      kink.ours,
      1e-6,
      `${title}, tf.grads`,
    );
  });

  const plain = IN_TENSORFLOW[kink.expression];
  if (plain !== null)
    kinks(`${title}: TensorFlow.js`, () => {
      assert.ok(plain, `no TensorFlow.js expression for ${kink.expression}`);
      const given = batches(kink).map(([, value]) => tf.tensor(value as number[]));
      const gradients = tf.grads((...xs: tf.Tensor[]) => tf.sum(plain(...xs)))(given);
      assertClose(
        gradients.flatMap((x) => [...x.dataSync()]),
        kink.theirs,
        1e-6,
        title,
      );
    });
}

kinks('the table has every expression, and names a difference only where there is one', () => {
  assert.equal([...new Set(KINKS.map(({ expression }) => expression))], Object.keys(IN_TENSORFLOW));
  for (const { ours, theirs, expression } of KINKS) assert.is(ours.length, theirs.length, expression);
  const abs = KINKS.find(({ expression }) => expression === 'abs(x)')!;
  assert.equal([abs.ours, abs.theirs], [[0], [-1]]);
});

kinks.run();
