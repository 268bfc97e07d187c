import { type Node, reachable } from '../../graph/graph.js';
import { factorsOf } from '../../graph/node-range.js';
import type { AxisOp } from '../../operators/axis.js';
import { isInside } from '../../operators/domain.js';
import { domainsOf, type ElementwiseOp, isElementwise } from '../../operators/elementwise.js';
import { isLeaf } from '../../operators/order.js';
import { isNonnegative } from '../../operators/range.js';

/**
 * Convexity by composition (Grant, Boyd and Ye 2006, "Disciplined convex programming"): each operator tells what it makes of
 * the curvature of its arguments. Never wrong where it answers; `unknown` says nothing.
 */
export type Curvature = 'constant' | 'affine' | 'convex' | 'concave' | 'unknown';

/** How a node bends in the leaves, taken together, wherever they are in their domains. */
export function curvatureOf(root: Node, leaves: readonly Node[]): Curvature {
  const known = new Map<Node, Curvature>();
  const of = (node: Node): Curvature => known.get(node)!;
  for (const node of reachable([root])) {
    const constant = !leaves.includes(node) && node.args.every((arg) => of(arg) === 'constant');
    known.set(node, constant ? 'constant' : leaves.includes(node) ? 'affine' : bend(node, of));
  }
  return of(root);
}

type Of = (node: Node) => Curvature;

const isConvex = (c: Curvature): boolean => c === 'convex' || c === 'affine' || c === 'constant';
const isConcave = (c: Curvature): boolean => c === 'concave' || c === 'affine' || c === 'constant';
const isAffine = (c: Curvature): boolean => c === 'affine' || c === 'constant';

function flipped(c: Curvature): Curvature {
  return c === 'convex' ? 'concave' : c === 'concave' ? 'convex' : c;
}

function together(parts: readonly Curvature[]): Curvature {
  if (parts.every(isAffine)) return parts.every((part) => part === 'constant') ? 'constant' : 'affine';
  return parts.every(isConvex) ? 'convex' : parts.every(isConcave) ? 'concave' : 'unknown';
}

/** An increasing convex function of a convex argument. */
const risingConvex = (c: Curvature): Curvature => (isConvex(c) ? 'convex' : 'unknown');
const risingConcave = (c: Curvature): Curvature => (isConcave(c) ? 'concave' : 'unknown');

const fallingConvex = (c: Curvature): Curvature => (isConcave(c) ? 'convex' : 'unknown');

type Bend = (args: readonly Node[], of: Of, node: Node) => Curvature;

const unknown: Bend = () => 'unknown';
/** The curvature of the value itself: it is only moved, or added up. */
const own: Bend = ([x], of) => of(x!);
const rising =
  (bend: (c: Curvature) => Curvature): Bend =>
  ([x], of) =>
    bend(of(x!));
/** Convex, and rising on both sides of 0. */
const evenConvex: Bend = ([x], of) =>
  isAffine(of(x!)) || (isConvex(of(x!)) && isNonnegative(x!.range)) ? 'convex' : 'unknown';
const largest: Bend = (args, of) => (args.every((arg) => isConvex(of(arg))) ? 'convex' : 'unknown');
const smallest: Bend = (args, of) => (args.every((arg) => isConcave(of(arg))) ? 'concave' : 'unknown');
/** exp(q log x) is x^q. */
const exponential: Bend = ([x], of) => powerInDisguise(x!, of) ?? risingConvex(of(x!));

/** What each operator makes of the curvature of its arguments, of which one is not constant at least. */
const BEND: { readonly [K in ElementwiseOp | AxisOp]: Bend } = {
  add: (args, of) => together(args.map(of)),
  mul: (_, of, node) => product(node, of),
  pow: ([x, y], of) => (y!.op === 'const' ? power(x!, y!.value, y!.value, of) : 'unknown'),
  max: largest,
  min: smallest,
  exp: exponential,
  // log(sigmoid(z)) is -softplus(-z).
  log: ([x], of) => (x!.op === 'sigmoid' && isAffine(of(x!.args[0]!)) ? 'concave' : risingConcave(of(x!))),
  log1p: rising(risingConcave),
  expm1: exponential,
  log1mexp: unknown,
  abs: evenConvex,
  sign: unknown,
  floor: unknown,
  round: unknown,
  sin: unknown,
  cos: unknown,
  acos: unknown,
  atan: unknown,
  erf: unknown,
  erfc: unknown,
  // Convex, and falling.
  erfcx: ([x], of, { value }) => (value % 2 === 0 ? fallingConvex(of(x!)) : flipped(fallingConvex(of(x!)))),
  // Concave, and falling.
  logErfc: ([x], of) => flipped(risingConvex(of(x!))),
  logErfcSlope: rising(risingConvex),
  i0: evenConvex,
  // Convex, and falling from 0 on.
  i0e: ([x], of) => (isNonnegative(x!.range) ? fallingConvex(of(x!)) : 'unknown'),
  logI0: (args, of, node) => (node.value === 0 ? evenConvex(args, of, node) : 'unknown'),
  logI0e: ([x], of, { value }) =>
    value === 0 && isNonnegative(x!.range) ? fallingConvex(of(x!)) : 'unknown',
  lgamma: unknown,
  polygamma: unknown,
  sigmoid: unknown,
  softplus: rising(risingConvex),
  tanh: unknown,
  relu: rising(risingConvex),
  xlogy: ([x, y], of) => xlogy(x!, y!, of),
  stop: unknown,
  lt: unknown,
  le: unknown,
  eq: unknown,
  and: unknown,
  or: unknown,
  not: unknown,
  select: ([c, x, y], of) => (of(c!) === 'constant' ? together([of(x!), of(y!)]) : 'unknown'),
  sum: own,
  prod: unknown,
  reduceMax: largest,
  reduceMin: smallest,
  logsumexp: largest,
  softmax: unknown,
  logSoftmax: ([x], of) => (isAffine(of(x!)) ? 'concave' : 'unknown'),
  at: ([x, position], of) => (of(position!) === 'constant' ? of(x!) : 'unknown'),
  rename: own,
};

/** A leaf that does not bend is known before. */
const bend = (node: Node, of: Of): Curvature =>
  isLeaf(node.op) || leavesDomain(node) ? 'unknown' : BEND[node.op](node.args, of, node);

/** Outside of a domain, the bounds apart, a guard decides. That a value may be 0 is a bound where it has one sign. */
function leavesDomain({ op, args, value }: Node): boolean {
  if (!isElementwise(op)) return false;
  const ranges = args.map(({ range }) => range);
  return domainsOf(op, ranges, value).some((domain, i) => {
    const { lo, hi } = ranges[i]!;
    const nonzero = domain.nonzero === true && lo < 0 && hi > 0;
    return !isInside({ ...domain, nonzero }, ranges[i]!, false);
  });
}

function product(node: Node, of: Of): Curvature {
  const moving = node.args.filter((arg) => of(arg) !== 'constant');
  if (moving.length !== 1) return 'unknown';
  const own = of(moving[0]!);
  if (own === 'affine') return 'affine';
  let sign = 1;
  for (const arg of node.args) {
    if (arg === moving[0]) continue;
    if (arg.range.hi <= 0) sign = -sign;
    else if (arg.range.lo < 0) return 'unknown';
  }
  return sign > 0 ? own : flipped(own);
}

/** base to a power that lies between two bounds. */
function power(base: Node, low: number, high: number, of: Of): Curvature {
  const c = of(base);
  const nonnegative = isNonnegative(base.range);
  const whole = low === high && Number.isInteger(low);
  if (whole && low > 0 && low % 2 === 0) {
    if (isAffine(c) || (isConvex(c) && nonnegative) || (isConcave(c) && base.range.hi <= 0)) return 'convex';
    return 'unknown';
  }
  if (low === 0.5 && high === 0.5 && isSumOfSquares(base, of)) return 'convex';
  if (!nonnegative) return 'unknown';
  if (low >= 1) return isConvex(c) ? 'convex' : 'unknown';
  if (low >= 0 && high <= 1) return isConcave(c) ? 'concave' : 'unknown';
  return high <= 0 && isConcave(c) ? 'convex' : 'unknown';
}

/** The square root of squares of affine parts and constants is a norm. */
function isSumOfSquares(node: Node, of: Of): boolean {
  if (of(node) === 'constant') return isNonnegative(node.range);
  if (node.op === 'pow')
    return node.args[1]!.op === 'const' && node.args[1]!.value === 2 && isAffine(of(node.args[0]!));
  if (node.op === 'add') return node.args.every((arg) => isSumOfSquares(arg, of));
  if (node.op === 'sum') return isSumOfSquares(node.args[0]!, of);
  const moving = node.args.filter((arg) => of(arg) !== 'constant');
  return node.op === 'mul' && moving.length === 1 && node.args.every((arg) => isSumOfSquares(arg, of));
}

function powerInDisguise(exponent: Node, of: Of): Curvature | undefined {
  const factors = factorsOf(exponent);
  const log = factors.find((factor) => factor.op === 'log' && of(factor) !== 'constant');
  const rest = factors.filter((factor) => factor !== log);
  if (log === undefined || rest.length !== 1 || of(rest[0]!) !== 'constant') return undefined;
  const { lo, hi } = rest[0]!.range;
  return power(log.args[0]!, lo, hi, of);
}

/** x log y: in y alone concave where x is not negative; x log x is convex. */
function xlogy(x: Node, y: Node, of: Of): Curvature {
  if (x === y) return isAffine(of(x)) ? 'convex' : 'unknown';
  if (of(x) !== 'constant') return 'unknown';
  if (isNonnegative(x.range)) return risingConcave(of(y));
  return x.range.hi <= 0 ? flipped(risingConcave(of(y))) : 'unknown';
}
