/**
 * The second phase of GLO: a coefficient at every node of a tree, without those that others absorb. Which ones do is
 * found by their effect: a coefficient whose effect on the gradient is a combination of the effects of others (or of the
 * gradient itself, where scale does not matter) is left out. That covers 3 (5 x + 2 y) = 15 x + 6 y, constants under a
 * logarithm, and whatever else.
 */
import { exp } from '../../../compiler/elementary/exponential.js';
import { hypot } from '../../../compiler/elementary/hyperbolic.js';
import type { Expr } from '../../../grammar/tree/ast.js';
import { binary, name as nameExpr, num } from '../../../grammar/tree/build.js';
import { mapChildren } from '../../../grammar/tree/walk.js';
import { createRandom } from '../../random.js';
import type { Learning } from '../../runtime/tasks/learning.js';
import { childrenOf, constantOf } from '../gp/tree.js';
import type { Trees } from '../model/genome.js';
import { randomBatch } from '../screening/fixed-inputs.js';

interface Coefficient {
  readonly name: string;
  readonly start: number;
}

export interface WithCoefficients {
  readonly trees: Trees;
  readonly coefficients: readonly Coefficient[];
}

const nameOf = (index: number): string => `c${index + 1}`;

/** Coefficients at the nodes whose number, in pre-order over all trees, `keep` accepts. Constants become coefficients. */
export function withCoefficients(
  trees: Trees,
  keep: (node: number) => boolean = () => true,
): WithCoefficients {
  const coefficients: Coefficient[] = [];
  let node = -1;
  const visit = (expression: Expr): Expr => {
    node++;
    const mine = keep(node);
    const value = constantOf(expression);
    let coefficient: Expr | undefined;
    if (mine) {
      const name = nameOf(coefficients.length);
      coefficients.push({ name, start: value ?? 1 });
      coefficient = nameExpr(name);
    }
    if (value !== undefined) return coefficient ?? expression;
    const inner = childrenOf(expression).length === 0 ? expression : mapChildren(expression, visit);
    return coefficient === undefined ? inner : binary('*', coefficient, inner);
  };
  return { trees: trees.map(visit), coefficients };
}

/** Digits of a tuned coefficient: far below what training can tell apart. */
const DIGITS = 6;

/** The trees with numbers in the place of their coefficients. */
export function fillCoefficients(
  { trees, coefficients }: WithCoefficients,
  values: readonly number[],
): Trees {
  const known = new Map(
    coefficients.map(({ name }, i) => [name, num(Number(values[i]!.toPrecision(DIGITS)))]),
  );
  const fill = (expression: Expr): Expr => {
    if (expression.kind === 'name') return known.get(expression.name) ?? expression;
    return childrenOf(expression).length === 0 ? expression : mapChildren(expression, fill);
  };
  return trees.map(fill);
}

/** Gradient of a loss with coefficients on the fixed inputs, as one long vector. */
export type GradientOf = (
  candidate: WithCoefficients,
  values: readonly number[],
) => (target: Float64Array, output: Float64Array, batch: number, outputs: number) => Float64Array;

const ITEMS = 12;
/** Step of the central differences, relative to a coefficient of about 1. */
const STEP = 1e-4;
/** An effect that differs from combinations of others by less than this share of itself is absorbed. */
const TOLERANCE = 1e-5;

/** The coefficients that matter, each for itself. `scaleMatters`: the size of the gradient counts too. */
export function independentCoefficients(
  trees: Trees,
  learning: Learning,
  scaleMatters: boolean,
  gradientOf: GradientOf,
): WithCoefficients {
  const all = withCoefficients(trees);
  const { target, output, batch, outputs } = randomBatch(ITEMS, learning, 'coefficients');
  // Near the start but not on it, where effects may coincide by chance.
  const random = createRandom('coefficients');
  const point = all.coefficients.map(({ start }) => (start === 0 ? 0.1 : start) * exp(0.1 * random.normal()));
  const gradient = (values: readonly number[]): Float64Array =>
    gradientOf(all, values)(target, output, batch, outputs);
  const effects = point.map((value, i) => {
    const moved = (by: number): Float64Array => gradient(point.with(i, value + by));
    const [up, down] = [moved(STEP), moved(-STEP)];
    return up.map((entry, k) => (entry - down[k]!) / (2 * STEP));
  });
  const basis: Float64Array[] = [];
  const add = (vector: Float64Array): boolean => {
    const left = basis.reduce(without, Float64Array.from(vector));
    const [size, whole] = [hypot(...left), hypot(...vector)];
    if (!(size > TOLERANCE * Math.max(whole, 1e-12))) return false;
    basis.push(left.map((entry) => entry / size));
    return true;
  };
  if (!scaleMatters) add(gradient(point));
  // Constants first: tuning them adds no node.
  const order = constantsFirst(trees);
  const kept = new Set(order.filter((node) => add(effects[node]!)));
  return withCoefficients(trees, (node) => kept.has(node));
}

function without(vector: Float64Array, unit: Float64Array): Float64Array {
  const share = vector.reduce((sum, entry, k) => sum + entry * unit[k]!, 0);
  return vector.map((entry, k) => entry - share * unit[k]!);
}

function constantsFirst(trees: Trees): number[] {
  const constants: number[] = [];
  const others: number[] = [];
  let node = 0;
  const visit = (expression: Expr): void => {
    (constantOf(expression) === undefined ? others : constants).push(node++);
    for (const child of childrenOf(expression)) visit(child);
  };
  for (const tree of trees) visit(tree);
  return [...constants, ...others];
}
