import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { CompiledLoss } from '../../compiler/compile.js';
import { secondDerivative } from '../../compiler/differentiate/second-derivative.js';
import { evaluateLoss } from '../../compiler/evaluate/bind.js';
import { simplifyingAlgebra } from '../../compiler/passes/simplify.js';
import { raise } from '../../compiler/raise/raise.js';
import { printExpr } from '../../grammar/print/print.js';
import { createRandom } from '../../src/random.js';
import { assertClose } from '../helpers/close.js';
import { compiledStandard } from '../stdlib/library.js';

/** Losses of one target and one prediction, independent and coupled items, with and without logits. */
const LOSSES: readonly (readonly [name: string, fromLogits: boolean, classes: number])[] = [
  ['mse', false, 0],
  ['huber', false, 0],
  ['log_cosh', false, 0],
  ['ccc', false, 0],
  ['cross_entropy', true, 3],
  ['baikal', true, 3],
  ['baikal', false, 3],
  ['gce', true, 4],
  ['focal', true, 3],
  ['tversky', false, 5],
  ['listnet', false, 4],
];

const second = suite('second derivative');

function withSecond(compiled: CompiledLoss): CompiledLoss {
  const algebra = simplifyingAlgebra(compiled.lowered.graph);
  const prediction = compiled.inputs.find((input) => !input.data)!;
  const gradient = compiled.formula.gradients.get(prediction.name)!;
  const coupled = compiled.coupled || compiled.scalar;
  const node = secondDerivative(algebra, gradient, prediction.node, coupled);
  return { ...compiled, gradients: new Map([[prediction.name, node]]) };
}

for (const [name, fromLogits, classes] of LOSSES) {
  second(`${name}${fromLogits ? ' from logits' : ''}: each entry is the slope of its own gradient`, () => {
    const compiled = compiledStandard(name, fromLogits);
    const random = createRandom(name);
    const shape = classes === 0 ? [4] : [2, classes];
    const size = shape.reduce((a, b) => a * b, 1);
    const bounded =
      !fromLogits && ['unit', 'probability'].includes(compiled.inputs.find((input) => !input.data)!.domain);
    const prediction = Float64Array.from({ length: size }, () =>
      bounded ? 0.1 + 0.8 * random.next() : random.normal(),
    );
    const onehot = (k: number): number => (k % classes === 1 ? 1 : 0);
    const target = Float64Array.from({ length: size }, (_, k) =>
      classes === 0 ? random.normal() : onehot(k),
    );
    const gradientAt = (loss: CompiledLoss, data: Float64Array): Float64Array => {
      const inputs = new Map([
        ['target', { shape, data: target }],
        ['prediction', { shape, data }],
      ]);
      return evaluateLoss(loss, inputs, new Map(), 'sum').gradient.get('prediction')!.data;
    };
    const found = gradientAt(withSecond(compiled), prediction);
    const step = 1e-5;
    const slopes = prediction.map((x, k) => {
      const moved = (by: number): number =>
        gradientAt(
          compiled,
          prediction.map((y, j) => (j === k ? x + by : y)),
        )[k]!;
      return (moved(step) - moved(-step)) / (2 * step);
    });
    assertClose(found, slopes, 1e-4, name);
  });
}

second('reads as a person would write it', () => {
  const compiled = withSecond(compiledStandard('bce', true));
  const node = compiled.gradients.get('prediction')!;
  assert.is(
    printExpr(raise(compiled.lowered.graph, node).result),
    'sigmoid(prediction) * sigmoid(-prediction)',
  );
});

second.run();
