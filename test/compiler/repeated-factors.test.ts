/** Factors that stand several times in a product are as many factors, in what is collected and in what is left as it was written. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { shareProducts } from '../../compiler/emit/plan/share-products.js';
import { evaluate } from '../../compiler/evaluate/evaluate.js';
import { Graph, type Node } from '../../compiler/graph/graph.js';
import { RawBuilder } from '../../compiler/graph/raw.js';
import { without } from '../../compiler/graph/without.js';
import { ANY } from '../../compiler/operators/range.js';
import { normalise } from '../../compiler/passes/simplify.js';
import { compiled, referenceOutcome } from '../helpers/everywhere.js';

const repeated = suite('repeated factors');

/** A loss, and the same as a function of numbers. */
const LOSSES: readonly (readonly [body: string, f: (p: number, t: number, g: number) => number])[] = [
  ['prediction / (prediction^gamma / prediction^gamma)', (p) => p],
  ['prediction / (prediction^target / prediction^target)', (p) => p],
  ['target / (prediction^prediction / prediction^prediction)', (_, t) => t],
  ['prediction^gamma * prediction^gamma', (p, _, g) => p ** (2 * g)],
  ['prediction^gamma * prediction^gamma * prediction^gamma / prediction^gamma', (p, _, g) => p ** (2 * g)],
  [
    '(prediction^gamma + target) / (prediction^gamma * prediction^gamma)',
    (p, t, g) => (p ** g + t) / p ** (2 * g),
  ],
  ['prediction^gamma * prediction^gamma - prediction^gamma * target', (p, t, g) => p ** (2 * g) - p ** g * t],
  [
    '(prediction - target) * (prediction - target) - (prediction - target) * prediction',
    (p, t) => -(p - t) * t,
  ],
  ['(0.2 * prediction)^100 / (0.2 * prediction)^99', (p) => 0.2 * p],
  ['target * target * prediction - target * prediction * prediction', (p, t) => t * t * p - t * p * p],
  ['-((prediction - target) * (prediction - target))', (p, t) => -((p - t) ** 2)],
  [
    '(if prediction > target then prediction else 0) * (if prediction > target then prediction else 0) * gamma',
    (p, t, g) => (p > t ? p * p * g : 0),
  ],
];

for (const [body, f] of LOSSES)
  for (const guards of ['protected', 'none'] as const)
    repeated(`${body}, guards ${guards}`, () => {
      const source = `loss f(target: unit, prediction: unit; gamma: positive = 1.5) = ${body}`;
      const loss = compiled(source, { guards });
      for (const [p, t, g] of [
        [0.5, 0.3, 1.5],
        [0.2, 0.9, 0.7],
        [0.8, 0.1, 2.5],
      ] as const) {
        const found = referenceOutcome(loss, { target: [t], prediction: [p] }, { gamma: g });
        const step = 1e-6;
        const slope = (f(p + step, t, g) - f(p - step, t, g)) / (2 * step);
        assert.ok(Math.abs(found.value - f(p, t, g)) < 1e-12, `value ${found.value}, not ${f(p, t, g)}`);
        const actual = found.gradients['prediction']?.[0] ?? 0;
        assert.ok(Math.abs(actual - slope) < 1e-7, `slope ${actual}, not ${slope}`);
      }
    });

repeated('each is taken away once', () => {
  const graph = new Graph();
  const [a, b] = [graph.constant(1), graph.constant(2)];
  assert.equal(without([a, b, a], [a]), [b, a]);
  assert.equal(without([a, b, a], [a, a]), [b]);
  assert.is(without([a, b], [a, a]), undefined);
});

const leaf = (graph: Graph, name: string): Node =>
  graph.make('input', [], { axes: 1, range: ANY, leaf: { kind: 'given', name, position: 0, data: false } });

function numberOf(graph: Graph, root: Node, x: number, y: number): number {
  const found = evaluate(graph, [root], {
    sizes: [1],
    leaf: (node) => ({ axes: 1, data: Float64Array.of(node.leaf!.name === 'x' ? x : y) }),
  });
  return found.get(root)!.data[0]!;
}

repeated('sums of products that no one has collected', () => {
  const graph = new Graph();
  const raw = new RawBuilder(graph);
  const [x, y] = [leaf(graph, 'x'), leaf(graph, 'y')];
  for (const terms of [
    [
      [x, x],
      [x, y],
    ],
    [
      [x, x, y],
      [x, y, y],
    ],
    [
      [x, x, x],
      [x, x],
    ],
    [[x, x], [x]],
  ]) {
    const sum = raw.add(terms.map((factors) => raw.mul(factors)));
    const [normal] = normalise(graph, [sum]).roots;
    assert.is(numberOf(graph, normal!, 3, 5), numberOf(graph, sum, 3, 5));
  }
});

repeated('a long product that is a factor of one term and all of another', () => {
  const factors = Array.from({ length: 14 }, (_, i) => `sin(prediction + ${i}.5)`);
  const source = `loss f(target: real, prediction: real) =
  let long = ${factors.join(' * ')}
  let next = long * 1.0001 + sin(long)
  next * 1.0001 + sin(next)`;
  const f = (x: number): number => {
    const long = factors.reduce((product, _, i) => product * Math.sin(x + i + 0.5), 1);
    const next = long * 1.0001 + Math.sin(long);
    return next * 1.0001 + Math.sin(next);
  };
  const slope = (f(0.3 + 1e-5) - f(0.3 - 1e-5)) / 2e-5;
  const found = referenceOutcome(compiled(source), { target: [0], prediction: [0.3] });
  assert.ok(Math.abs(found.value / f(0.3) - 1) < 1e-9);
  assert.ok(Math.abs(found.gradients['prediction']![0]! / slope - 1) < 1e-6);
});

repeated('products that share a pair of equal factors', () => {
  const graph = new Graph();
  const raw = new RawBuilder(graph);
  const [x, y] = [leaf(graph, 'x'), leaf(graph, 'y')];
  const roots = [raw.mul([x, x]), raw.mul([x, x, y]), raw.mul([x, y]), raw.mul([y, x, y])];
  const shared = shareProducts(graph, roots);
  for (const [i, root] of roots.entries())
    assert.is(numberOf(graph, shared[i]!, 3, 5), numberOf(graph, root, 3, 5));
});

repeated('a coefficient whose power is no float stays in the power', () => {
  const loss = compiled('loss f(prediction: real) = (2 / softplus(10))^10000 + prediction');
  assert.is(referenceOutcome(loss, { prediction: [1] }).value, 1);
});

repeated.run();
