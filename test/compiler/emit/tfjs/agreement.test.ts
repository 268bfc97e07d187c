import * as tf from '@tensorflow/tfjs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../../../compiler/compile.js';
import { emitModule } from '../../../../compiler/emit/tfjs/module.js';
import { evaluateLoss } from '../../../../compiler/evaluate/bind.js';
import { createRandom } from '../../../../src/random.js';
import { loadModule } from '../../../../src/runtime/load.js';
import { assertClose } from '../../../helpers/close.js';
import { CORPUS, compiledCorpus } from '../../../helpers/corpus.js';
import { cornerInputs, type LegalInputs, legalInputs } from '../../../helpers/legal-inputs.js';

const agreement = suite('emitted code against the reference');

const tensorsOf = (compiled: CompiledLoss, { inputs }: LegalInputs): tf.Tensor[] =>
  compiled.inputs.map(({ name }) => tf.tensor([...inputs.get(name)!.data], [...inputs.get(name)!.shape]));

/** Float32 against float64: relative to the largest entry, since sums cancel. */
function assertSingle(actual: ArrayLike<number>, expected: ArrayLike<number>, context: string): void {
  const size = Math.max(1e-3, ...Array.from(expected, Math.abs));
  const scaled = (list: ArrayLike<number>): number[] => Array.from(list, (x) => x / size);
  assertClose(scaled(actual), scaled(expected), 1e-3, context);
}

for (const name of CORPUS) {
  agreement(`${name}: value, gradients, and the gradient on the tape`, () => {
    for (const fromLogits of [false, true]) {
      const compiled = compiledCorpus(name, { fromLogits });
      if (fromLogits && compiled.logits.length === 0) continue;
      const random = createRandom(5);
      const legal = legalInputs(compiled, random);
      const options = Object.fromEntries(legal.parameters);
      const module = loadModule(tf, emitModule(compiled));
      const expected = evaluateLoss(compiled, legal.inputs, legal.parameters);
      tf.tidy(() => {
        const tensors = tensorsOf(compiled, legal);
        const { value, gradients } = module.valueAndGradients(tensors, options);
        assertSingle(value.dataSync(), [expected.value as number], `${name}, value`);
        for (const [input, gradient] of expected.gradient) {
          assert.equal(gradients[input]!.shape, gradient.shape, `${name}, shape of ${input}`);
          assertSingle(gradients[input]!.dataSync(), gradient.data, `${name}, gradient of ${input}`);
        }
        const predictions = compiled.inputs.filter((input) => !input.data);
        const onTape = tf.grads((...args: tf.Tensor[]) => {
          const given = compiled.inputs.map((input, i) => args[predictions.indexOf(input)] ?? tensors[i]!);
          return module.lossValue(given, options) as tf.Scalar;
        })(predictions.map(({ position }) => tensors[position]!));
        for (const [k, { name: input }] of predictions.entries())
          assertSingle(
            onTape[k]!.dataSync(),
            expected.gradient.get(input)!.data,
            `${name}, tape of ${input}`,
          );
      });
    }
  });
}

agreement('at the corners of the domains nothing is NaN', () => {
  const bad: string[] = [];
  for (const name of CORPUS) {
    for (const fromLogits of [false, true]) {
      const compiled = compiledCorpus(name, { fromLogits });
      const corners = cornerInputs(compiled, createRandom(6));
      const module = loadModule(tf, emitModule(compiled));
      tf.tidy(() => {
        const { value, gradients } = module.valueAndGradients(
          tensorsOf(compiled, corners),
          Object.fromEntries(corners.parameters),
        );
        for (const [what, tensor] of Object.entries({ value, ...gradients }))
          if (tensor.dataSync().some(Number.isNaN))
            bad.push(`${name}${fromLogits ? ' from logits' : ''}: ${what}`);
      });
    }
  }
  assert.equal(bad, []);
});

agreement.before(async () => {
  await tf.setBackend('cpu');
});
agreement.run();
