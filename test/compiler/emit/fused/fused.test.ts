import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../../../compiler/compile.js';
import { compileLoss } from '../../../../compiler/compile.js';
import { evaluateLoss } from '../../../../compiler/evaluate/bind.js';
import { lossesOf } from '../../../../compiler/resolve/program.js';
import { createRandom } from '../../../../src/random.js';
import { loadFused } from '../../../../src/runtime/load-fused.js';
import { assertClose } from '../../../helpers/close.js';
import { CORPUS, compiledCorpus, compiledText } from '../../../helpers/corpus.js';
import { cornerInputs, type LegalInputs, legalInputs } from '../../../helpers/legal-inputs.js';
import { LOSSES, standardProgram } from '../../../stdlib/library.js';

const fused = suite('fused functions');

/** Losses that the training loop needs fused: if one of them is not, training is several times slower. */
const NEEDED = [
  'cross_entropy',
  'focal',
  'gce',
  'baikal',
  'baikal_cma',
  'taylor3',
  'symmetric_ce',
  'poly1',
  'huber',
  'mse',
  'l1',
];

function run(
  compiled: CompiledLoss,
  { inputs, parameters }: LegalInputs,
): { value: number; gradient: Float32Array; items: Float64Array } | undefined {
  const loss = loadFused(compiled, Object.fromEntries(parameters));
  if (loss === undefined) return undefined;
  const arrays = compiled.inputs.map((input) => Float32Array.from(inputs.get(input.name)!.data));
  const at = compiled.inputs.findIndex((input) => !input.data);
  const { shape } = inputs.get(compiled.inputs[at]!.name)!;
  const batch = shape[0]!;
  const classes = compiled.inputs.map((input) => inputs.get(input.name)!.shape[1] ?? 1);
  const gradient = new Float32Array(arrays[at]!.length);
  const items = new Float64Array(batch);
  const value = loss.run(arrays[1 - at]!, arrays[at]!, gradient, batch, Math.max(...classes), items);
  return { value, gradient, items };
}

const both = (name: string, compile: (fromLogits: boolean, plainMean: boolean) => CompiledLoss): void => {
  fused(`${name}: value and gradient are those of the reference, or it is not fused`, () => {
    for (const fromLogits of [false, true]) {
      const compiled = compile(fromLogits, true);
      const random = createRandom(4);
      for (const values of [legalInputs(compiled, random, 7), cornerInputs(compiled, random)]) {
        const found = run(compiled, values);
        if (found === undefined) {
          assert.not.ok(NEEDED.includes(name), `${name} is not fused`);
          return;
        }
        const expected = evaluateLoss(compiled, values.inputs, values.parameters);
        const gradient = [...expected.gradient.values()][0]!.data;
        const single = (list: Iterable<number>): number[] => Array.from(list, (x) => Math.fround(x));
        assertClose(found.value, expected.value as number, 1e-9, `${name} ${fromLogits}`);
        assertClose(found.items, expected.items.data, 1e-9, `${name} ${fromLogits}, items`);
        assertClose(single(found.gradient), single(gradient), 1e-6, `${name} ${fromLogits}, gradient`);
      }
    }
  });
};

for (const name of CORPUS)
  both(name, (fromLogits, plainMean) => compiledCorpus(name, { fromLogits, plainMean }));
for (const name of LOSSES) {
  const program = standardProgram(name);
  const decl = lossesOf(program).find((loss) => loss.name.name === name)!;
  both(`std/${name}`, (fromLogits, plainMean) => compileLoss(program, decl, { fromLogits, plainMean }));
}

fused('a confident prediction keeps its digits, a wrong one stays finite', () => {
  const compiled = compiledCorpus('cross_entropy', { fromLogits: true, plainMean: true });
  const loss = loadFused(compiled)!;
  const gradient = new Float32Array(3);
  const value = loss.run(Float32Array.of(1, 0, 0), Float32Array.of(40, 0, 0), gradient, 1, 3);
  assertClose(value / (2 * Math.exp(-40)), 1, 1e-12);
  assertClose(gradient[0]! / (-2 * Math.exp(-40)), 1, 1e-6);
  const wrong = loss.run(Float32Array.of(0, 1, 0), Float32Array.of(1000, 0, 0), gradient, 1, 3);
  assertClose(wrong, 1000);
  assertClose(gradient, [1, -1, 0]);
});

fused('a class that cannot be, with a logit of -Infinity, adds nothing where the target is 0', () => {
  const compiled = compiledCorpus('cross_entropy', { fromLogits: true, plainMean: true });
  const gradient = new Float32Array(3);
  const logits = Float32Array.of(0, -Infinity, 0);
  const value = loadFused(compiled)!.run(Float32Array.of(1, 0, 0), logits, gradient, 1, 3);
  assertClose(value, Math.log(2), 1e-12);
  assertClose(gradient, [-0.5, 0, 0.5]);
});

fused('a choice that is compared stays one', () => {
  const compiled = compiledText(
    'loss l(target: real[class], prediction: real[class]) = max(2^prediction, class)',
    { plainMean: true },
  );
  const gradient = new Float32Array(3);
  const value = loadFused(compiled)!.run(
    Float32Array.of(1, 1, 1),
    Float32Array.of(1, 0.5, 0.5),
    gradient,
    1,
    3,
  );
  assertClose(value, 2, 1e-12);
  assertClose(gradient, [2 * Math.log(2), 0, 0], 1e-6);
});

fused('what cannot be fused is left to the tensors', () => {
  for (const name of ['info_nce', 'ccc', 'tversky_of_two', 'distillation', 'triplet'])
    if (CORPUS.includes(name))
      assert.is(loadFused(compiledCorpus(name, { plainMean: true })), undefined, name);
});

fused('parameters are numbers or lists, and one number stands for a list', () => {
  const compiled = compiledText(
    'loss l(target: onehot[class], prediction: probability[class]; w: nonnegative[class] = 1) = -sum(w * target * log(prediction), class)',
    { plainMean: true },
  );
  const at = (w: number | number[]): number =>
    loadFused(compiled, { w })!.run(
      Float32Array.of(0, 1),
      Float32Array.of(0.5, 0.5),
      new Float32Array(2),
      1,
      2,
    );
  assertClose(at([5, 2]), 2 * Math.log(2));
  assertClose(at(3), 3 * Math.log(2));
});

fused.run();
