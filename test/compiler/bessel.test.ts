/** What the compiler makes of Bessel functions. Numbers of float32 are held against mpmath's: `besseli(1, x) / besseli(0, x)` and so on, to 40 digits. */
import * as tf from '@tensorflow/tfjs-core';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { secondDerivative } from '../../compiler/differentiate/second-derivative.js';
import { emitModule } from '../../compiler/emit/tfjs/module.js';
import { arrayOf, evaluateLoss } from '../../compiler/evaluate/bind.js';
import type { Node } from '../../compiler/graph/graph.js';
import { simplifyingAlgebra } from '../../compiler/passes/simplify.js';
import { raise } from '../../compiler/raise/raise.js';
import { printExpr } from '../../grammar/print/print.js';
import { openBackend } from '../../src/runtime/backend.js';
import { loadModule } from '../../src/runtime/load.js';
import { compiledText } from '../helpers/corpus.js';

const bessel = suite('Bessel functions');

function assertRelative(found: number, right: number, tolerance: number, what: string): void {
  assert.ok(
    Math.abs(found - right) <= tolerance * Math.abs(right),
    `${what} is ${found}, and ${right} is right`,
  );
}

/** What a formula in one number is simplified to, and its slope. */
function simplified(formula: string, domain = 'real'): readonly [string, string] {
  const compiled = compiledText(`loss f(x: ${domain}) = ${formula}`);
  const { graph } = compiled.lowered;
  const print = (node: Node): string => printExpr(raise(graph, node).result);
  return [print(compiled.formula.value), print(compiled.formula.gradients.get('x')!)];
}

for (const [formula, domain, value, slope] of [
  ['log(i0(x))', 'real', 'log_i0(x)', 'i1e(x) / i0e(x)'],
  ['i1(x) / i0(x)', 'real', 'i1e(x) / i0e(x)', '1 - i1e(x) / i0e(x) / x - (i1e(x) / i0e(x))^2'],
  ['i0(x)', 'real', 'i0(x)', 'i1(x)'],
  ['log(i0e(x))', 'positive', 'log_i0e(x)', 'i1e(x) / i0e(x) - sign(x)'],
  ['log_i0(x) - abs(x)', 'real', 'log_i0e(x)', 'i1e(x) / i0e(x) - sign(x)'],
  ['log_i0(x) - x', 'positive', 'log_i0e(x)', 'i1e(x) / i0e(x) - sign(x)'],
] as const)
  bessel(`${formula} of a ${domain} number is ${value}`, () =>
    assert.equal(simplified(formula, domain), [value, slope]),
  );

bessel('what holds of the function does not hold of its slope', () => {
  const [value] = simplified('i1(x) / i0(x) - x', 'positive');
  assert.is(value, 'i1e(x) / i0e(x) - x');
});

const POINTS = [2 ** -20, 0.5, 3, 10000];
const CASES = [
  {
    name: 'the logarithm of what the ratio lacks to 1',
    text: 'loss f(x: positive) = -log(1 - i1(x) / i0(x))',
    values: [4.768372718899e-7, 0.2777312301543, 1.660653809588, 9.903462550348],
    slopes: [0.5000002384185, 0.6022369365259, 0.3890684417435, 0.0001000025004376],
  },
  {
    name: 'the likelihood of von Mises',
    text: 'loss f(x: positive) = log(i0(x)) - x * cos(0.5)',
    values: [-8.369277224272e-7, -0.3772415617597, -1.047440063858, 1218.650284878],
    slopes: [-0.8775820850532, -0.6350829493096, -0.06759726793387, 0.1223674368595],
  },
] as const;

for (const place of ['cpu', 'wasm'] as const)
  for (const { name, text, values, slopes } of CASES)
    bessel(`${name} keeps its digits in float32 on ${place}`, async () => {
      const backend = await openBackend({ name: place });
      await tf.setBackend(place);
      const module = loadModule(tf, emitModule(compiledText(text)));
      tf.tidy(() => {
        const { value, gradients } = module.valueAndGradients([tf.tensor1d(POINTS)], { reduction: 'none' });
        const found = value.dataSync();
        const slope = gradients['x']!.dataSync();
        POINTS.forEach((x, i) => {
          assertRelative(found[i]!, values[i]!, 1e-6, `value at ${x}`);
          assertRelative(slope[i]!, slopes[i]!, 2e-6, `slope at ${x}`);
        });
      });
      backend.release();
    });

bessel('what grows too large for float32 is guarded on both sides', () => {
  const { guards } = compiledText('loss f(x: real) = i0(x)');
  assert.equal(
    guards.map(({ bound, distance }) => [bound, distance]),
    [
      ['most', 88],
      ['least', -88],
    ],
  );
});

bessel('the second derivative of a ratio is the slope of the first, and can be written', () => {
  const compiled = compiledText('loss f(prediction: real) = i1(prediction) / i0(prediction)');
  const prediction = compiled.inputs[0]!;
  const node = secondDerivative(
    simplifyingAlgebra(compiled.lowered.graph),
    compiled.formula.gradients.get('prediction')!,
    prediction.node,
    false,
  );
  const written = printExpr(raise(compiled.lowered.graph, node).result);
  const again = compiledText(`loss f(prediction: real) = ${written}`, { guards: 'none' });
  // diff(lambda x: besseli(1, x) / besseli(0, x), x, 2) of mpmath.
  for (const [x, right] of [
    [0.5, -0.16364505735],
    [3, -0.05440690358997],
    [12, -0.0006227114117497],
  ] as const) {
    const inputs = new Map([['prediction', arrayOf([x])]]);
    const slope = evaluateLoss(
      { ...compiled, gradients: new Map([['prediction', node]]) },
      inputs,
      new Map(),
      'sum',
    );
    assertRelative(slope.gradient.get('prediction')!.data[0]!, right, 1e-12, `at ${x}`);
    assertRelative(evaluateLoss(again, inputs, new Map(), 'sum').value as number, right, 1e-8, written);
  }
});

bessel.run();
