import { type Node, reachable } from '../../graph/graph.js';
import { factorsOf } from '../../graph/node-range.js';
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

function bend(node: Node, of: Of): Curvature {
  const [x, y] = node.args;
  switch (node.op) {
    case 'add':
      return together(node.args.map(of));
    case 'mul':
      return product(node, of);
    case 'pow':
      return y!.op === 'const' ? power(x!, y!.value, y!.value, of) : 'unknown';
    case 'exp':
    case 'expm1': {
      // exp(q log x) is x^q.
      const root = powerInDisguise(x!, of);
      return root ?? risingConvex(of(x!));
    }
    case 'softplus':
    case 'relu':
      return risingConvex(of(x!));
    case 'log':
      // log(sigmoid(z)) is -softplus(-z).
      return x!.op === 'sigmoid' && isAffine(of(x!.args[0]!)) ? 'concave' : risingConcave(of(x!));
    case 'log1p':
      return risingConcave(of(x!));
    case 'abs':
      return isAffine(of(x!)) || (isConvex(of(x!)) && isNonnegative(x!.range)) ? 'convex' : 'unknown';
    case 'max':
    case 'reduceMax':
    case 'logsumexp':
      return node.args.every((arg) => isConvex(of(arg))) ? 'convex' : 'unknown';
    case 'min':
    case 'reduceMin':
      return node.args.every((arg) => isConcave(of(arg))) ? 'concave' : 'unknown';
    case 'logSoftmax':
      return isAffine(of(x!)) ? 'concave' : 'unknown';
    case 'xlogy':
      return xlogy(x!, y!, of);
    case 'select':
      return of(x!) === 'constant' ? together([of(y!), of(node.args[2]!)]) : 'unknown';
    case 'sum':
    case 'rename':
      return of(x!);
    case 'at':
      return of(y!) === 'constant' ? of(x!) : 'unknown';
    default:
      return 'unknown';
  }
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
