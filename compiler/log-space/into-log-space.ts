import type { Algebra } from '../algebra/algebra.js';
import { splitCoefficient } from '../algebra/coefficient.js';
import { type Node, reachable } from '../graph/graph.js';
import { choose, negate, subtract } from '../graph/raw.js';
import { isNonnegative, isPositive } from '../operators/range.js';
import { operatorsThat } from '../operators/traits.js';
import { asConjugate } from './conjugates.js';
import { finite, isUnit } from './log.js';
import { LogSpace } from './log-space.js';
import { rebuilt, replaced } from './replaced.js';
import { isSafe, mayHideZero, mayOverflow, mayVanish, saturates, staysInside } from './safe.js';
import { withScaledTail } from './scaled-tails.js';
import { logitOfShare, remainderOfWeightedSum, withShare } from './shares.js';
import { asSigmoid } from './sigmoids.js';
import { asSoftmax, withLogSoftmax, withoutShift } from './softmaxes.js';
import { withTails } from './tails.js';

/** Logarithms may show others, below them. */
const MOST_ROUNDS = 6;
/** How deep a product of probabilities is looked into. */
const MOST_FACTORS = 8;

/**
 * The same value with logarithms, quotients and roots of what float32 may not hold worked out in logarithms. Everything else stays as it is.
 */
export function intoLogSpace(b: Algebra, root: Node): Node {
  const space = new LogSpace(b);
  let current = withLogSoftmax(b, withTailsEverywhere(b, root));
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const next = replaced(b, current, (node) => inLogs(space, node), space.keepSettled);
    if (next === current) break;
    current = next;
  }
  return replaced(b, current, (node) => withoutShift(b, node) ?? withScaledTail(b, node));
}

/** The same with sums in terms of tails and shares of exponentials as sigmoids and softmaxes, from the arguments on. */
function withTailsEverywhere(b: Algebra, root: Node): Node {
  const made = new Map<Node, Node>();
  for (const node of reachable([root])) {
    const same = rebuilt(b, node, made);
    made.set(
      node,
      withTails(b, same) ?? asConjugate(b, same) ?? asSoftmax(b, same) ?? asSigmoid(b, same) ?? same,
    );
  }
  return made.get(root)!;
}

function inLogs(space: LogSpace, node: Node): Node | undefined {
  const { b } = space;
  if (space.isSettled(node)) return undefined;
  const [x, y] = node.args;
  switch (node.op) {
    case 'log': {
      const less = x!.op === 'add' ? subtract(b, x!, b.constant(1)) : undefined;
      if (less !== undefined && less.op !== 'add') return oneMore(space, less, x!);
      return isSafe(x!) && !saturates(x!) ? undefined : structured(space, x!);
    }
    case 'log1p': {
      const sum = b.add([b.constant(1), x!]);
      // 1 + 1e-7 has lost the digits of 1e-7, which may have been a term of a multiple.
      const isRounded = sum.args.some(({ op, value }) => op === 'const' && !Number.isInteger(value));
      return sum.op === 'add' && isRounded ? undefined : oneMore(space, x!, sum);
    }
    case 'log1mexp':
      return mayVanish(x!) ? space.complementOf(b.apply('exp', [x!]))?.node : undefined;
    case 'xlogy': {
      const log = isSafe(y!) || x === y ? undefined : structured(space, y!);
      return log && b.mul([x!, log]);
    }
    case 'add':
      return difference(space, node);
    case 'pow':
      return power(space, node);
    case 'mul':
      return quotient(space, node);
    case 'min':
    case 'max':
      return extreme(space, node);
    default:
      return undefined;
  }
}

/** The logarithm by structure; undefined where there is none. */
function structured(space: LogSpace, x: Node): Node | undefined {
  const log = space.logOf(x);
  return space.isSettled(log.node) ? undefined : finite(space.b, log);
}

/** log(1 + x). An x that vanishes is as good as 0 there; one that a prediction makes an exact 0 has a slope, of which a logarithm knows none. */
function oneMore(space: LogSpace, x: Node, sum: Node): Node | undefined {
  const { b } = space;
  const mayBeZero = isNonnegative(x.range) && mayHideZero(x, true);
  if (mayBeZero && !mayOverflow(x)) return undefined;
  if (isSafe(x) && isSafe(sum) && !saturates(sum)) return undefined;
  const found = structured(space, sum);
  if (found === undefined || !mayBeZero) return found;
  const isSmall = b.apply('lt', [space.logOf(x).node, b.constant(0)]);
  return choose(b, isSmall, space.settle('log1p', x), found);
}

/** k - c p as (k - c) + c (1 - p), as long as k does not become negative, where 1 - p follows from more than p. */
function difference(space: LogSpace, node: Node): Node | undefined {
  const { b } = space;
  if (space.isSettled(node)) return undefined;
  const number = node.args.find(({ op }) => op === 'const');
  let left = number?.value ?? 0;
  if (left === 1 && node.args.length === 2)
    return !space.isNonnegative(node) ? undefined : complementNode(space, subtract(b, number!, node), true);
  const near: Node[] = [];
  const others: Node[] = [];
  const terms = node.args.flatMap((term) => {
    const { coefficient, rest: p } = splitCoefficient(b, term);
    const fits = p !== undefined && coefficient.value < 0 && -coefficient.value <= left && isUnit(p);
    const complement = fits ? complementNode(space, p, false) : undefined;
    if (p === undefined || complement === undefined) {
      if (term !== number) others.push(term);
      return [term];
    }
    left += coefficient.value;
    near.push(p);
    const factor = b.constant(coefficient);
    return [factor, negate(b, b.mul([factor, complement]))];
  });
  const [p, ...more] = near;
  if (p === undefined) return undefined;
  const sum = b.add(terms);
  if (more.length > 0 || !mayCancel(number!.value, others)) return sum;
  // What is left then is p, and its digits count where it is small.
  return choose(b, b.apply('lt', [p, b.constant(0.5)]), space.asItStands(node), sum);
}

/** Whether terms may be what a number is, with the other sign. */
const mayCancel = (number: number, terms: readonly Node[]): boolean =>
  terms.length > 0 &&
  terms.reduce((sum, { range }) => sum + range.lo, number) <= 0 &&
  terms.reduce((sum, { range }) => sum + range.hi, number) >= 0;

/** 1 - p for a product, a power or an entry: from the logarithm of p, or that of its complement. */
function complementNode(space: LogSpace, p: Node, isAlone: boolean): Node | undefined {
  const { b } = space;
  switch (p.op) {
    case 'exp':
      return isAlone ? undefined : negate(b, b.apply('expm1', [p.args[0]!]));
    case 'mul':
    case 'pow':
    case 'prod':
      if (isOfProbabilities(p)) return negate(b, b.apply('expm1', [space.logOf(p).node]));
      return nearOneFromLog(space, p) ?? fromComplement(space, p);
    case 'at':
    case 'select':
    case 'max':
    case 'min':
    case 'reduceMax':
    case 'reduceMin':
      return fromComplement(space, p);
    case 'sum':
      return remainderOfWeightedSum(space, p);
    default:
      return undefined;
  }
}

/**
 * 1 - p where a prediction may make it an exact 0, at which exp of a logarithm has no slope: from the logarithm of p,
 * and only where that knows more than p does.
 */
function nearOneFromLog(space: LogSpace, p: Node): Node | undefined {
  const { b } = space;
  const difference = subtract(b, b.constant(1), p);
  if (!mayHideZero(difference, true)) return undefined;
  if (!hasComplement(space, p) && !isSaturated(space, p)) return undefined;
  const isFar = b.apply('lt', [p, b.constant(0.5)]);
  return choose(b, isFar, difference, negate(b, b.apply('expm1', [space.logOf(p).node])));
}

const SATURATING = operatorsThat('saturates');

/** Whether a part comes nearer to 1 than floats can tell, and the whole knows by how much. */
const isSaturated = (space: LogSpace, p: Node): boolean =>
  reachable([p]).some(({ op }) => SATURATING.has(op)) && space.complementOf(p) !== undefined;

/** Whether a product or power of what lies within [0, 1] has 1 - q among its factors, which is near 1 for any small q. */
function hasComplement(space: LogSpace, { op, args }: Node, depth = MOST_FACTORS): boolean {
  if (depth === 0) return false;
  const has = (arg: Node): boolean => hasComplement(space, arg, depth - 1);
  if (op === 'pow' || op === 'prod') return has(args[0]!);
  if (op === 'mul') return args.some(has) && args.every(space.isUnit);
  return (
    op === 'add' && args.length === 2 && args.some(({ value, op: each }) => each === 'const' && value === 1)
  );
}

function fromComplement(space: LogSpace, p: Node): Node | undefined {
  if (mayHideZero(subtract(space.b, space.b.constant(1), p), true)) return undefined;
  const complement = isSafe(p) && !saturates(p) ? undefined : space.complementOf(p);
  return complement && space.b.apply('exp', [complement.node]);
}

/** Whether a product or power is one of what a sigmoid, a softmax or an exponential gives. */
function isOfProbabilities({ op, args, range }: Node, depth = MOST_FACTORS): boolean {
  if (depth === 0) return false;
  const are = (parts: readonly Node[]): boolean => parts.every((part) => isOfProbabilities(part, depth - 1));
  if (op === 'pow') return args[1]!.range.lo > 0 && are([args[0]!]);
  if (op === 'mul' || op === 'prod') return are(args);
  if (op === 'select') return are(args.slice(1));
  return range.hi <= 1 && (op === 'sigmoid' || op === 'exp');
}

/** A power of what may vanish whose own size may be anything: 1 / x, x^0.1. */
function power(space: LogSpace, node: Node): Node | undefined {
  const { b } = space;
  const [base, exponent] = [node.args[0]!, node.args[1]!];
  if (exponent.op !== 'const' || exponent.value >= 1 || !space.isNonnegative(base)) return undefined;
  // A term that a prediction makes an exact 0 adds nothing; its guarded logarithm would.
  const mayLoseTerms = base.op === 'add' && base.args.some((term) => mayHideZero(term, true));
  const isFar = !mayLoseTerms && ((isPositive(base.range) && !staysInside(base)) || mayOverflow(base));
  if (!isFar && !isComplement(space, base)) return undefined;
  const log = space.logOf(base);
  if (space.isSettled(log.node)) return undefined;
  // A root of an exact 0 is 0; only what divides by it needs a number.
  const root = exponent.value > 0 ? log.node : finite(b, log);
  return b.apply('exp', [b.mul([exponent, root])]);
}

/** Whether a value is 1 - p for a p that knows its complement. */
function isComplement(space: LogSpace, node: Node): boolean {
  if (node.op !== 'add') return false;
  const p = subtract(space.b, space.b.constant(1), node);
  return p.op !== 'add' && isNonnegative(p.range) && space.complementOf(p) !== undefined;
}

/** p / q of two that may vanish together is the exponential of a difference of logarithms. */
function quotient(space: LogSpace, node: Node): Node | undefined {
  const { b } = space;
  const powers = node.args.map((arg) => (arg.op === 'pow' ? power(space, arg) : undefined));
  if (powers.every((found) => found === undefined)) return undefined;
  const share = logitOfShare(space, node);
  if (share !== undefined) return b.apply('sigmoid', [share.logit]);
  const shared = withShare(space, node);
  if (shared !== undefined) return shared;
  const logs: Node[] = [];
  const others: Node[] = [];
  for (const [i, arg] of node.args.entries()) {
    if (powers[i] !== undefined) logs.push(space.logOf(powers[i]!).node);
    else {
      const isLarge = isNonnegative(arg.range) && !staysInside(arg) && !mayHideZero(arg, true);
      const log = isLarge ? space.logOf(arg).node : undefined;
      if (log === undefined || space.isSettled(log)) others.push(arg);
      else logs.push(log);
    }
  }
  return b.mul([...others, b.apply('exp', [b.add(logs)])]);
}

/** The smaller or larger of two probabilities by their logarithms: floats do not tell apart two that are nearly 1. At a tie it is the first. */
function extreme(space: LogSpace, node: Node): Node | undefined {
  const { b } = space;
  const [first, second] = node.args as [Node, Node];
  if (![first, second].every(mayRoundToOne)) return undefined;
  const logs = [space.logOf(first).node, space.logOf(second).node];
  const [low, high] = node.op === 'min' ? logs.toReversed() : logs;
  return choose(b, b.apply('lt', [low!, high!]), second, first);
}

const mayRoundToOne = ({ op, args, range }: Node): boolean =>
  op === 'at'
    ? mayRoundToOne(args[0]!)
    : range.hi <= 1 && (op === 'sigmoid' || op === 'softmax' || op === 'exp');
