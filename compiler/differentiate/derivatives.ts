import type { Node } from '../graph/graph.js';
import {
  type Builder,
  choose,
  divide,
  indicator,
  negate,
  reciprocal,
  square,
  subtract,
} from '../graph/raw.js';
import type { ElementwiseOp } from '../operators/elementwise.js';

const PI = { value: Math.PI, exact: undefined };

/** Partial derivatives with respect to each argument; undefined where there is none (conditions, stop_gradient). */
type Partials = (b: Builder, args: readonly Node[], out: Node) => readonly (Node | undefined)[];

const unary =
  (derivative: (b: Builder, x: Node, out: Node) => Node): Partials =>
  (b, args, out) => [derivative(b, args[0]!, out)];
const none: Partials = (_, args) => args.map(() => undefined);

const exponential = (b: Builder, x: Node): Node => b.apply('exp', [x]);

/** Longer products are differentiated through the products from each end, which is linear in their length. */
const SHORT_PRODUCT = 16;

function productPartials(b: Builder, args: readonly Node[]): Node[] {
  if (args.length <= SHORT_PRODUCT) {
    return args.map((_, i) => {
      const others = args.toSpliced(i, 1);
      return others.length === 1 ? others[0]! : b.mul(others);
    });
  }
  const before: Node[] = [b.constant(1)];
  for (const arg of args.slice(0, -1)) before.push(b.mul([before.at(-1)!, arg]));
  const after: Node[] = [b.constant(1)];
  for (const arg of args.slice(1).reverse()) after.push(b.mul([arg, after.at(-1)!]));
  after.reverse();
  return args.map((_, i) => b.mul([before[i]!, after[i]!]));
}

/**
 * One row per operator. At kinks: `abs`, `relu` and `sign` have slope 0 at 0; `max(a, b)` and `min(a, b)` give a tie to `a`;
 * every entry that attains `max(e, axis)` gets the whole slope. TensorFlow.js agrees but for `abs`, where it has -1.
 */
export const DERIVATIVES: { readonly [K in ElementwiseOp]: Partials } = {
  add: (b, args) => args.map(() => b.constant(1)),
  mul: productPartials,
  pow: (b, [x, y], out) => [
    b.mul([y!, b.pow(x!, b.add([y!, b.constant(-1)]))]),
    // x^y * log(x), which is 0 where the power is.
    y!.op === 'const' ? undefined : b.apply('xlogy', [out, x!]),
  ],
  max: (b, [x, y]) => {
    const first = b.apply('le', [y!, x!]);
    return [indicator(b, first), choose(b, first, b.constant(0), b.constant(1))];
  },
  min: (b, [x, y]) => {
    const first = b.apply('le', [x!, y!]);
    return [indicator(b, first), choose(b, first, b.constant(0), b.constant(1))];
  },
  exp: unary((_, __, out) => out),
  log: unary((b, x) => reciprocal(b, x)),
  log1p: unary((b, x) => reciprocal(b, b.add([b.constant(1), x]))),
  expm1: unary((b, x) => exponential(b, x)),
  log1mexp: unary((b, x) => negate(b, reciprocal(b, b.apply('expm1', [negate(b, x)])))),
  abs: unary((b, x) => b.apply('sign', [x])),
  sign: none,
  sin: unary((b, x) => b.apply('cos', [x])),
  cos: unary((b, x) => negate(b, b.apply('sin', [x]))),
  acos: unary((b, x) => negate(b, b.pow(subtract(b, b.constant(1), square(b, x)), b.constant(-0.5)))),
  atan: unary((b, x) => reciprocal(b, b.add([b.constant(1), square(b, x)]))),
  erf: unary((b, x) =>
    b.mul([b.constant(2), b.pow(b.constant(PI), b.constant(-0.5)), exponential(b, negate(b, square(b, x)))]),
  ),
  lgamma: unary((b, x) => b.apply('polygamma', [x])),
  polygamma: unary((b, x, out) => b.apply('polygamma', [x], out.value + 1)),
  sigmoid: unary((b, x, out) => b.mul([out, b.apply('sigmoid', [negate(b, x)])])),
  softplus: unary((b, x) => b.apply('sigmoid', [x])),
  tanh: unary((b, _, out) => subtract(b, b.constant(1), square(b, out))),
  relu: unary((b, x) => indicator(b, b.apply('lt', [b.constant(0), x]))),
  xlogy: (b, [x, y]) => [b.apply('log', [y!]), divide(b, x!, y!)],
  stop: none,
  lt: none,
  le: none,
  eq: none,
  and: none,
  or: none,
  not: none,
  select: (b, [condition]) => [
    undefined,
    indicator(b, condition!),
    choose(b, condition!, b.constant(0), b.constant(1)),
  ],
};
