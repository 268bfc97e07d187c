/** Which way formulas bend, by composition; a wrong answer here would be a wrong proof. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Curvature, curvatureOf } from '../../../compiler/explain/facts/curvature.js';
import { compiledText } from '../../helpers/corpus.js';

/** In `prediction`, a positive number p; t is any number, n is not negative. */
const CASES: readonly (readonly [formula: string, curvature: Curvature])[] = [
  ['p', 'affine'],
  ['3 * p - t', 'affine'],
  ['t * p', 'affine'],
  ['p^2', 'convex'],
  ['-n * p^2', 'concave'],
  ['t * p^2', 'unknown'],
  ['p^3', 'convex'],
  ['(p - t)^3', 'unknown'],
  ['(p - t)^4', 'convex'],
  ['sqrt(p)', 'concave'],
  ['sqrt(p^2 + 1)', 'convex'],
  ['sqrt((p - t)^2 + n)', 'convex'],
  ['sqrt(n * p + 1)', 'concave'],
  ['1 / p', 'convex'],
  ['1 / (1 + p^2)', 'unknown'],
  ['-log(p)', 'convex'],
  ['log(1 + p^2)', 'unknown'],
  ['xlogy(p, p)', 'convex'],
  ['xlogy(n, p)', 'concave'],
  ['xlogy(p, n + 1)', 'unknown'],
  ['exp(-p)', 'convex'],
  ['exp(p^2)', 'convex'],
  ['exp(-p^2)', 'unknown'],
  ['exp(0.5 * log(p))', 'concave'],
  ['exp(2 * log(p))', 'convex'],
  ['exp(-2 * log(p))', 'convex'],
  ['abs(p - t)', 'convex'],
  ['abs(p^2 - 1)', 'unknown'],
  ['relu(1 - t * p)', 'convex'],
  ['relu(1 - p)^2', 'convex'],
  ['relu(1 - p^2)', 'unknown'],
  ['max(p, 2 * p - t)', 'convex'],
  ['max(p^2, sqrt(p))', 'unknown'],
  ['min(p, t)', 'concave'],
  ['softplus(-p)', 'convex'],
  ['log(sigmoid(p - t))', 'concave'],
  ['sigmoid(p)', 'unknown'],
  ['tanh(p)', 'unknown'],
  ['p * (1 - p)', 'unknown'],
  ['if t > 0 then p else p^2', 'convex'],
  ['if p > 1 then p else p^2', 'unknown'],
];

const curvature = suite('curvature by composition');
for (const [formula, expected] of CASES) {
  curvature(`${formula}: ${expected}`, () => {
    const { formula: made, inputs } = compiledText(
      `loss f(data t: real, data n: nonnegative, p: positive) = ${formula}`,
    );
    const leaves = inputs.filter((input) => !input.data).map((input) => input.node);
    assert.is(curvatureOf(made.value, leaves), expected);
  });
}

curvature('log-softmax is concave, log-sum-exp convex', () => {
  const of = (formula: string): Curvature => {
    const { formula: made, inputs } = compiledText(`loss f(p: logits[class]) = ${formula}`);
    return curvatureOf(
      made.value,
      inputs.map((input) => input.node),
    );
  };
  assert.is(of('sum(log_softmax(p, class), class)'), 'concave');
  assert.is(of('logsumexp(2 * p, class)'), 'convex');
  assert.is(of('logsumexp(-p^2, class)'), 'unknown');
  assert.is(of('max(p, class) - min(p, class)'), 'convex');
  assert.is(of('sum(softmax(p, class)^2, class)'), 'unknown');
});

curvature.run();
