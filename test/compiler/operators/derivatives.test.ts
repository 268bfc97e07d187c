/** The tables of derivatives against differences of the values, for every operator that there is. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { partialsOf } from '../../../compiler/differentiate/derivatives.js';
import { differentiate } from '../../../compiler/differentiate/differentiate.js';
import { evaluate } from '../../../compiler/evaluate/evaluate.js';
import { Graph, type Node } from '../../../compiler/graph/graph.js';
import { RawBuilder, sumOver } from '../../../compiler/graph/raw.js';
import { AXIS, type AxisOp, isAlong, isReduction } from '../../../compiler/operators/axis.js';
import { isOutside } from '../../../compiler/operators/domain.js';
import {
  domainsOf,
  ELEMENTWISE,
  type ElementwiseOp,
  elementwise,
} from '../../../compiler/operators/elementwise.js';
import { ANY, range } from '../../../compiler/operators/range.js';
import { createRandom } from '../../../src/random.js';

const STEP = 1e-5;
const TOLERANCE = 1e-6;
const POINTS = 60;

const close = (slope: number, difference: number): boolean =>
  Math.abs(slope - difference) <= TOLERANCE * Math.max(1, Math.abs(slope));

/** Operators that are derivatives of themselves. */
const OF_ORDERS: ReadonlySet<ElementwiseOp> = new Set(['polygamma', 'erfcx', 'logI0', 'logI0e']);

const derivatives = suite('derivatives');

function input(graph: Graph, name: string, position: number, axes = 0): Node {
  return graph.make('input', [], { axes, range: ANY, leaf: { kind: 'given', name, position, data: false } });
}

for (const op of Object.keys(ELEMENTWISE) as ElementwiseOp[]) {
  const { arity, conditions, gives, evaluate: value } = elementwise(op);
  if (gives === 'condition') continue;
  const count = arity === 'many' ? 3 : arity;

  for (const order of OF_ORDERS.has(op) ? [0, 1, 2, 3] : [0])
    derivatives(`${op}${order === 0 ? '' : ` of order ${order}`} has the slope of its values`, () => {
      const graph = new Graph();
      const args = Array.from({ length: count }, (_, i) => input(graph, `x${i}`, i));
      const node = graph.make(op, args, { value: order });
      const partials = partialsOf(new RawBuilder(graph), op, node, () => true);
      const random = createRandom(op);
      const draw = (i: number): number => (conditions.includes(i) ? random.int(2) : 1.5 * random.normal());
      const isInside = (point: readonly number[]): boolean => {
        const ranges = point.map((x) => range(x - 0.01, x + 0.01));
        return !domainsOf(op, ranges, order).some((domain, i) =>
          [-0.01, 0.01].some((step) => isOutside(domain, range(point[i]! + step, point[i]! + step))),
        );
      };
      let found = 0;
      for (let round = 0; found < POINTS; round++) {
        assert.ok(round < 50 * POINTS, 'points inside the domain');
        const point = args.map((_, i) => draw(i));
        if (!isInside(point)) continue;
        found++;
        const slopes = evaluate(
          graph,
          partials.filter((partial) => partial !== undefined),
          {
            sizes: [],
            leaf: ({ leaf }) => ({ axes: 0, data: Float64Array.of(point[leaf!.position]!) }),
          },
        );
        for (const [i, partial] of partials.entries()) {
          // A condition has no slope, and `stop` and `sign` have none that counts.
          if (partial === undefined) continue;
          const at = (step: number): number => value(point.with(i, point[i]! + step), order);
          const difference = (at(STEP) - at(-STEP)) / (2 * STEP);
          const slope = slopes.get(partial)!.data[0]!;
          assert.ok(
            close(slope, difference),
            `${op}(${point}) by argument ${i}: ${slope}, not ${difference}`,
          );
        }
      }
    });
}

for (const op of (Object.keys(AXIS) as AxisOp[]).filter((name) => isReduction(name) || isAlong(name))) {
  derivatives(`${op} along an axis has the slope of its values`, () => {
    const graph = new Graph();
    const axis = 1 << graph.axes.declare('class', 4);
    const b = new RawBuilder(graph);
    const [x, weight] = [input(graph, 'x', 0, axis), input(graph, 'w', 1, axis)];
    const made = isReduction(op) ? b.reduce(op, x, axis) : isAlong(op) ? b.along(op, x, axis) : x;
    const total = sumOver(b, b.mul([weight, made]), axis);
    for (const stable of [false, true]) {
      const [slope] = differentiate(b, total, [x], b.constant(1), { stable });
      const random = createRandom(op);
      for (let round = 0; round < 20; round++) {
        const [entries, weights] = [0, 1].map(() => Float64Array.from({ length: 4 }, () => random.normal()));
        const numbers = (root: Node, at: Float64Array): Float64Array =>
          evaluate(graph, [root], {
            sizes: [1, 4],
            leaf: ({ leaf }) => ({ axes: axis, data: leaf!.position === 0 ? at : weights! }),
          }).get(root)!.data;
        // One number where all entries have the same slope.
        const slopes = numbers(slope!, entries!);
        for (const [i, entry] of entries!.entries()) {
          const at = (step: number): number => numbers(total, entries!.with(i, entry + step))[0]!;
          const difference = (at(STEP) - at(-STEP)) / (2 * STEP);
          assert.ok(
            close(slopes[i] ?? slopes[0]!, difference),
            `${op} by entry ${i}: ${slopes[i]}, not ${difference}`,
          );
        }
      }
    }
  });
}

derivatives.run();
