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
const TOLERANCE = 1e-9;

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

/** Both sides at a point where every variable has its own value at each position of each axis. */
function valuesAt({ graph, from, to, needs }: Sides, seed: string): [Float64Array, Float64Array] {
  const sizes = graph.axes.all.map((_, i) => (i === 0 ? 2 : ENTRIES));
  const count = sizes.reduce((a, b) => a * b, 1);
  const point = drawPoint(variablesOf([from, to]), needs, count, seed);
  const results = evaluate(graph, [from, to], {
    sizes,
    leaf: (node) => ({ axes: node.axes, data: point.get(node.leaf!.name)! }),
  });
  const [left, right] = [results.get(from)!, results.get(to)!];
  // A side that is the same along an axis has fewer entries.
  const spread = (data: Float64Array): Float64Array =>
    data.length === 1 ? new Float64Array(Math.max(left.data.length, right.data.length)).fill(data[0]!) : data;
  return [spread(left.data), spread(right.data)];
}

const same = (a: number, b: number): boolean => Object.is(a, b) || a === b;

const rules = suite('rewrite rules');

for (const rule of [...SIMPLIFYING, ...STABILISING] as readonly Rule[]) {
  rules(`${rule.name}: ${rule.from} is ${rule.to}`, () => {
    const sides = sidesOf(rule);
    let found = 0;
    for (let i = 0; i < 40 * POINTS && found < POINTS; i++) {
      const [left, right] = valuesAt(sides, `${rule.name} ${i}`);
      if (rule.holds === 'reals' && !left.every(Number.isFinite)) continue;
      found++;
      for (const [k, x] of left.entries()) {
        const y = right[k]!;
        const fine =
          rule.holds === 'bits' ? same(x, y) : Math.abs(x - y) <= TOLERANCE * Math.max(1, Math.abs(x));
        assert.ok(fine, `point ${i}: ${rule.from} = ${x}, ${rule.to} = ${y}`);
      }
    }
    assert.is(found, POINTS, 'points at which the left side is defined');
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

rules('a rule that names something new on its right side is refused', () => {
  const rule: Rule = { name: 'invented', from: 'exp(x)', to: 'exp(y)', holds: 'reals' };
  const graph = new Graph();
  const algebra = new Algebra(graph, new RuleSet([rule]));
  assert.throws(() => algebra.apply('exp', [graph.constant(0.5)]), /y is not on the left side/);
});

rules.run();
