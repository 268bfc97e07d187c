import type { Node } from '../graph/graph.js';
import { type Builder, choose, reciprocal } from '../graph/raw.js';
import type { ElementwiseOp } from '../operators/elementwise.js';
import { buildFormula, type FormulaNames, parsedFormula } from '../rules/formula.js';

/**
 * The partial derivatives of an operator: one formula for each argument, in the language, or `undefined` for an argument that is a
 * condition. The arguments are called x, y and z, and the result is called out.
 */
type Formulas = readonly (string | undefined)[];
/** All of them in code. */
type Code = (b: Builder, args: readonly Node[], out: Node) => readonly Node[];

/** The result does not change with the arguments, or does so in jumps; `stop` says that it does not. */
const NONE: Formulas = [];

/** Longer products are differentiated through the products from each end, which is linear in their length. */
const SHORT_PRODUCT = 16;

function productsOfOthers(b: Builder, args: readonly Node[]): Node[] {
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
 * The slope of h = 2 / (sqrt(pi) * erfcx(x)): h * (h - 2 * x), a difference that keeps its digits as long as h is not near 2 * x, and
 * -h * erfcx'(x) / erfcx(x), which does not overflow above 1.
 */
function scaledSlope(b: Builder, x: Node, out: Node): Node {
  const above = b.apply('max', [x, b.constant(1)]);
  const ratio = b.mul([
    b.constant(-1),
    b.apply('erfcx', [above], 1),
    reciprocal(b, b.apply('erfcx', [above])),
  ]);
  const below = b.add([out, b.mul([b.constant(-2), x])]);
  return b.mul([out, choose(b, b.apply('lt', [x, b.constant(1)]), below, ratio)]);
}

/** The slope of a derivative is the derivative of the next order, which is no argument. */
const nextOrder: Code = (b, args, out) => [b.apply(out.op as ElementwiseOp, args, out.value + 1)];

/**
 * One row per operator. At kinks: `abs`, `relu` and `sign` have slope 0 at 0; `floor` and `round` have it everywhere; `max(a, b)` and `min(a, b)` give a tie to `a`;
 * every entry that attains `max(e, axis)` gets the whole slope. TensorFlow.js agrees but for `abs`, where it has -1.
 */
const DERIVATIVES: { readonly [K in ElementwiseOp]: Formulas | Code } = {
  add: (b, args) => args.map(() => b.constant(1)),
  mul: productsOfOthers,
  // By the exponent x^y * log(x), which is 0 where the power is.
  pow: ['y * x^(y - 1)', 'xlogy(out, x)'],
  max: ['if y <= x then 1 else 0', 'if y <= x then 0 else 1'],
  min: ['if x <= y then 1 else 0', 'if x <= y then 0 else 1'],
  exp: ['out'],
  log: ['1 / x'],
  log1p: ['1 / (1 + x)'],
  expm1: ['exp(x)'],
  // Of a large -x that is 0; as -1 / expm1(-x) it would be held at the end of float32.
  log1mexp: ['exp(x) / expm1(x)'],
  abs: ['sign(x)'],
  sign: NONE,
  floor: NONE,
  round: NONE,
  sin: ['cos(x)'],
  cos: ['-sin(x)'],
  acos: ['-(1 - x^2)^-0.5'],
  atan: ['1 / (1 + x^2)'],
  erf: ['2 * pi^-0.5 * exp(-x^2)'],
  erfc: ['-2 * pi^-0.5 * exp(-x^2)'],
  erfcx: nextOrder,
  logErfc: ['-logErfcSlope(x)'],
  logErfcSlope: (b, [x], out) => [scaledSlope(b, x!, out)],
  // That is i1(x).
  i0: (b, args, out) => [b.mul([out, b.apply('logI0', args, 1)])],
  i0e: (b, args, out) => [b.mul([out, b.apply('logI0e', args, 1)])],
  logI0: nextOrder,
  logI0e: nextOrder,
  lgamma: ['digamma(x)'],
  polygamma: nextOrder,
  sigmoid: ['out * sigmoid(-x)'],
  softplus: ['sigmoid(x)'],
  tanh: ['1 - out^2'],
  relu: ['if 0 < x then 1 else 0'],
  xlogy: ['log(y)', 'x / y'],
  stop: NONE,
  lt: NONE,
  le: NONE,
  eq: NONE,
  and: NONE,
  or: NONE,
  not: NONE,
  select: [undefined, 'if x then 1 else 0', 'if x then 0 else 1'],
};

/**
 * Derivatives that keep their digits wherever they stand, where the form that reads best does not: in a sum, `1 - tanh(x)^2` gives its 1
 * to the other terms.
 */
const STABLE: { readonly [K in ElementwiseOp]?: Formulas } = {
  tanh: ['4 * sigmoid(2 * x) * sigmoid(-(2 * x))'],
  // exp(-x) ends where float32 does; exp(x) goes on to 0.
  log1mexp: ['exp(x) / expm1(x)'],
};

/** What formulas call the arguments. */
const ARGUMENTS: readonly string[] = ['x', 'y', 'z'];

/** Whether the derivative is 0 wherever there is one though the result is not constant, or is said to be 0: of `stop`. */
export const isFlat = (op: ElementwiseOp): boolean => DERIVATIVES[op] === NONE;

/** The partial derivatives of a node by those arguments that are asked for. Undefined by a condition, and where there is none. */
export function partialsOf(
  b: Builder,
  op: ElementwiseOp,
  node: Node,
  isAsked: (arg: Node) => boolean,
  stable = false,
): readonly (Node | undefined)[] {
  const row = (stable ? STABLE[op] : undefined) ?? DERIVATIVES[op];
  const { args } = node;
  if (typeof row === 'function') return row(b, args, node);
  const names: FormulaNames = {
    variable: (name) => (name === 'out' ? node : args[ARGUMENTS.indexOf(name)]!),
    axis: () => 0,
  };
  return args.map((arg, i) => {
    const formula = row[i];
    return formula === undefined || !isAsked(arg)
      ? undefined
      : buildFormula(b, parsedFormula(formula), names);
  });
}
