import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Algebra } from '../../compiler/algebra/algebra.js';
import { evaluate } from '../../compiler/evaluate/evaluate.js';
import { cost } from '../../compiler/graph/cost.js';
import { Graph, type Node } from '../../compiler/graph/graph.js';
import { RawBuilder } from '../../compiler/graph/raw.js';
import { ANY, type Range, range } from '../../compiler/operators/range.js';
import { PatternReader } from '../../compiler/rules/pattern.js';
import type { Need, Rule } from '../../compiler/rules/rule.js';
import { RuleSet } from '../../compiler/rules/rule-set.js';
import { SIMPLIFYING } from '../../compiler/rules/simplifying.js';
import { STABILISING } from '../../compiler/rules/stabilising.js';
import { type Sampled, sampleRule } from '../helpers/exact-sides.js';
import { drawPoint, variablesOf } from '../helpers/points.js';

const RANGES: { readonly [K in Need]: Range } = {
  positive: range(0, Infinity, { nonzero: true }),
  nonnegative: range(0, Infinity),
  negative: range(-Infinity, 0, { nonzero: true }),
  nonpositive: range(-Infinity, 0),
  binary: range(0, 1, { integer: true }),
  unit: range(0, 1),
  varying: ANY,
  target: range(0, 1),
};
const known = (rule: Rule): Record<string, { range: Range; data: boolean }> =>
  Object.fromEntries(
    Object.entries(rule.needs ?? {}).map(([name, need]) => [
      name,
      { range: RANGES[need], data: need === 'target' },
    ]),
  );
const POINTS = 200;
const ENTRIES = 3;

interface Sides {
  readonly graph: Graph;
  readonly from: Node;
  readonly to: Node;
  readonly needs: Readonly<Record<string, Need>>;
}

function sidesOf(rule: Rule): Sides {
  const graph = new Graph();
  const needs = rule.needs ?? {};
  const reader = new PatternReader(new RawBuilder(graph), known(rule));
  return { graph, from: reader.readFirst(rule.from), to: reader.read(rule.to), needs };
}

const same = (a: number, b: number): boolean => Object.is(a, b) || a === b;

/** The sides of a rule that keeps bits, as floats: at each point they are the same, NaN included. */
function sampleBits(rule: Rule): Sampled {
  const { graph, from, to, needs } = sidesOf(rule);
  for (let i = 0; i < POINTS; i++) {
    const sizes = graph.axes.all.map((_, axis) => (axis === 0 ? 2 : ENTRIES));
    const count = sizes.reduce((a, b) => a * b, 1);
    const point = drawPoint(variablesOf([from, to]), needs, count, `${rule.name} ${i}`);
    const results = evaluate(graph, [from, to], {
      sizes,
      leaf: (node) => ({ axes: node.axes, data: point.get(node.leaf!.name)! }),
    });
    const [left, right] = [results.get(from)!.data, results.get(to)!.data];
    // A side that is the same along an axis has fewer entries.
    const wrong = left.findIndex((x, k) => !same(x, right[right.length === 1 ? 0 : k]!));
    if (wrong >= 0) return { count: i, counterexample: `${rule.from} is ${left[wrong]}, ${rule.to} is not` };
  }
  return { count: POINTS, counterexample: undefined };
}

const rules = suite('rewrite rules');

for (const rule of [...SIMPLIFYING, ...STABILISING] as readonly Rule[]) {
  rules(`${rule.name}: ${rule.from} is ${rule.to}`, async () => {
    const { count, counterexample } =
      rule.holds === 'reals' ? await sampleRule(rule, POINTS) : sampleBits(rule);
    assert.is(counterexample, undefined);
    assert.is(count, POINTS, 'points at which the left side is defined');
  });

  rules(`${rule.name} fires on its own left side`, () => {
    const graph = new Graph();
    const algebra = new Algebra(graph, new RuleSet([rule]));
    const reader = new PatternReader(algebra, known(rule));
    reader.readFirst(rule.from);
    assert.ok(algebra.fired.has(rule.name), [...algebra.fired.keys()].join());
  });
}

for (const rule of SIMPLIFYING as readonly Rule[]) {
  rules(`${rule.name} lowers the cost`, () => {
    const { from, to } = sidesOf(rule);
    assert.ok(cost([to]) < cost([from]), `${cost([from])} to ${cost([to])}`);
  });
}

const TRUE: readonly Rule[] = [
  // The inverse of tanh: in float64 tanh(20) is 1, and the logarithm infinite.
  { name: 'atanh-of-tanh', from: 'log((1 + tanh(x)) / (1 - tanh(x))) / 2', to: 'x', holds: 'reals' },
  { name: 'log-of-product', from: 'log(exp(x) * exp(y))', to: 'x + y', holds: 'reals' },
];
for (const rule of TRUE)
  rules(`${rule.name} is seen to be true`, async () => {
    assert.is((await sampleRule(rule, POINTS)).counterexample, undefined);
  });

const FALSE: Readonly<Record<string, Rule>> = {
  'at -1': { name: 'sqrt-of-square', from: 'sqrt(x ^ 2)', to: 'x', holds: 'reals' },
  'at 0 and 0': {
    name: 'log-of-power',
    from: 'log(x ^ y)',
    to: 'y * log(x)',
    holds: 'reals',
    needs: { x: 'nonnegative' },
  },
  'by 1e-20': { name: 'nearly', from: 'x', to: 'x + 1e-20', holds: 'reals' },
};
for (const [where, rule] of Object.entries(FALSE))
  rules(`${rule.name} is seen to be false ${where}`, async () => {
    assert.ok((await sampleRule(rule, POINTS)).counterexample !== undefined);
  });

rules('a rule that names something new on its right side is refused', () => {
  const rule: Rule = { name: 'invented', from: 'exp(x)', to: 'exp(y)', holds: 'reals' };
  const graph = new Graph();
  const algebra = new Algebra(graph, new RuleSet([rule]));
  assert.throws(() => algebra.apply('exp', [graph.constant(0.5)]), /y is not on the left side/);
});

rules.run();
