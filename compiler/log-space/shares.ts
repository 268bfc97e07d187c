import type { Algebra } from '../algebra/algebra.js';
import { splitCoefficient } from '../algebra/coefficient.js';
import type { Node } from '../graph/graph.js';
import { choose, negate, subtract } from '../graph/raw.js';
import { isNonnegative } from '../operators/range.js';
import { along, countOf } from './along.js';
import { certain, isUnit, type Log, type LogArithmetic, NEVER, product } from './log.js';
import { NEAR_ONE } from './near.js';

/** log(1 - p) of an entry of a softmax, given its logarithm: that of the sum of the others, where it is the largest. */
export function complementOfSoftmax(space: LogArithmetic, logits: Node): Log | undefined {
  const { b } = space;
  // Making it may have brought out something else.
  if (logits.op !== 'logSoftmax') return undefined;
  // Before anything is rounded.
  const given = logits.args[0]!;
  const isTop = b.apply('eq', [given, b.reduce('reduceMax', given, logits.axis)]);
  const others = b.reduce('logsumexp', choose(b, isTop, b.constant(NEVER), logits), logits.axis);
  const isNear = b.apply('lt', [b.constant(NEAR_ONE), logits]);
  return { node: choose(b, isNear, others, space.settle('log1mexp', logits)), maybeNever: true };
}

/** p / (p + q) is the sigmoid of log(p / q): p and q may be far from 1, and near each other. */
interface ShareLogit {
  readonly logit: Node;
  readonly part: Log;
  readonly others: Log;
}

export function logitOfShare(space: LogArithmetic, x: Node): ShareLogit | undefined {
  const { b } = space;
  // A logarithm does not know of a sign.
  if (x.op !== 'mul' || !isNonnegative(x.range)) return undefined;
  for (const divisor of x.args) {
    const [total, exponent] = divisor.args;
    if (divisor.op !== 'pow' || exponent!.op !== 'const' || exponent!.value !== -1) continue;
    const factors = x.args.filter((arg) => arg !== divisor);
    if (factors.length === 0) return undefined;
    const node = b.mul(factors);
    const beside = total!.op === 'sum' ? sumOfOthers(b, node, total!) : termsBeside(space, node, total!);
    if (beside === undefined) continue;
    const [part, others] = [space.logOf(node), space.logOf(beside)];
    // 0 / 0 has none.
    if (part.maybeNever && others.maybeNever && !total!.range.nonzero) return undefined;
    return { logit: subtract(b, part.node, others.node), part, others };
  }
  return undefined;
}

/** The complement of p / (p + q) is q / (p + q). */
export function complementOfShare(space: LogArithmetic, x: Node): Log | undefined {
  const share = logitOfShare(space, x);
  if (share !== undefined)
    return {
      node: negate(space.b, space.b.apply('softplus', [share.logit])),
      maybeNever: share.others.maybeNever,
    };
  if (!isNonnegative(x.range)) return undefined;
  return complementOfSoftmax(space, space.logOf(x).node);
}

/** The complement of a mean is the mean of the complements. */
export function complementOfMean(space: LogArithmetic, x: Node): Log | undefined {
  const { b } = space;
  const sum = x.args.find(({ op }) => op === 'sum');
  if (sum === undefined) return undefined;
  const weight = b.mul(x.args.filter((arg) => arg !== sum));
  const share = b.mul([weight, countOf(space, sum.axis)]);
  if (share.op !== 'const' || share.value !== 1) return undefined;
  const inner = space.complementOf(sum.args[0]!);
  return inner && product(b, [space.logOf(weight), along(space, 'logsumexp', sum, inner)]);
}

/** 1 - sum(w p) is sum((1 - w) p) where p is a softmax along the axis, and of a mean it is the mean of the complements. */
export function complementOfWeightedSum(space: LogArithmetic, x: Node, inner: Node): Log | undefined {
  const { b } = space;
  const mean = inner.op === 'mul' ? complementOfWeightedMean(space, x, inner) : undefined;
  if (mean !== undefined) return mean;
  const parts = weightAndSoftmax(b, inner, x.axis);
  if (parts === undefined || !space.isUnit(parts.weight)) return undefined;
  const weight = space.complementOrPlain(parts.weight);
  return along(space, 'logsumexp', x, product(b, [weight, certain(parts.logs)]));
}

/** The complement of a mean with given weights is the mean of the complements. */
function complementOfWeightedMean(space: LogArithmetic, x: Node, inner: Node): Log | undefined {
  const { b } = space;
  const weight = inner.args.find(({ leaf }) => leaf?.data === true && leaf.simplex?.axis === x.axis);
  if (weight === undefined) return undefined;
  const value = b.mul(inner.args.filter((arg) => arg !== weight));
  const complement = space.complementOf(value);
  return complement && along(space, 'logsumexp', x, product(b, [space.logOf(weight), complement]));
}

/** A product of a weight and a softmax along the axis, as the weight and log softmax. */
function weightAndSoftmax(b: Algebra, inner: Node, axis: number): { weight: Node; logs: Node } | undefined {
  if (inner.op === 'select') {
    const [condition, yes, no] = inner.args;
    const isZero = (node: Node): boolean => node.op === 'const' && node.value === 0;
    const [kept, flag] = isZero(no!) ? [yes!, [1, 0]] : isZero(yes!) ? [no!, [0, 1]] : [undefined, [0, 0]];
    const parts = kept && weightAndSoftmax(b, kept, axis);
    if (parts === undefined) return undefined;
    const mask = choose(b, condition!, b.constant(flag[0]!), b.constant(flag[1]!));
    return { weight: b.mul([mask, parts.weight]), logs: parts.logs };
  }
  const factors = inner.op === 'mul' ? inner.args : [inner];
  for (const factor of factors) {
    const logs = softmaxIn(b, factor, axis);
    if (logs === undefined) continue;
    const left = factor.op === 'exp' ? b.apply('exp', [subtract(b, factor.args[0]!, logs)]) : b.constant(1);
    return { weight: b.mul([left, ...factors.filter((other) => other !== factor)]), logs };
  }
  return undefined;
}

/** The log softmax along the axis of which a value is at least the first power. */
function softmaxIn(b: Algebra, { op, args, axis: along }: Node, axis: number): Node | undefined {
  if (op === 'softmax') return along === axis ? b.along('logSoftmax', args[0]!, axis) : undefined;
  if (op !== 'exp') return undefined;
  const terms = args[0]!.op === 'add' ? args[0]!.args : args;
  for (const term of terms) {
    const { coefficient, rest } = splitCoefficient(b, term);
    if (rest?.op === 'logSoftmax' && rest.axis === axis && coefficient.value >= 1) return rest;
  }
  return undefined;
}

/** 1 - sum(w p) as the sum of (1 - w) p, where p is a softmax along the axis and 1 - w follows from more than w. */
export function remainderOfWeightedSum(space: LogArithmetic, { op, args, axis }: Node): Node | undefined {
  const { b } = space;
  const parts = op === 'sum' ? weightAndSoftmax(b, args[0]!, axis) : undefined;
  const exponent = parts?.weight.op === 'exp' ? parts.weight.args[0]! : undefined;
  if (parts === undefined || exponent === undefined || exponent.range.hi > 0) return undefined;
  return negate(
    b,
    b.reduce('sum', b.mul([b.apply('expm1', [exponent]), b.apply('exp', [parts.logs])]), axis),
  );
}

/** The other terms of a sum, where they and the part are nonnegative. The part may be a sum that was taken apart in it. */
function termsBeside(space: LogArithmetic, part: Node, total: Node): Node | undefined {
  if (total.op !== 'add' || !space.isNonnegative(part)) return undefined;
  const terms = part.op === 'add' ? part.args : [part];
  if (!terms.every((term) => total.args.includes(term))) return undefined;
  const others = total.args.filter((term) => !terms.includes(term));
  if (others.length === 0 || !others.every(space.isNonnegative)) return undefined;
  return others.length === 1 ? others[0]! : space.b.add(others);
}

/** p r / (p + q) as r times the sigmoid of log(p / q): p may be there several times. */
export function withShare(space: LogArithmetic, x: Node): Node | undefined {
  const { b } = space;
  if (x.op !== 'mul') return undefined;
  for (const divisor of x.args) {
    const [total, exponent] = divisor.args;
    if (divisor.op !== 'pow' || exponent!.op !== 'const' || exponent!.value !== -1) continue;
    for (const factor of x.args) {
      const part = factor.op === 'pow' && factor.args[1]!.range.lo >= 1 ? factor.args[0]! : factor;
      const beside = factor === divisor ? undefined : termsBeside(space, part, total!);
      if (beside === undefined) continue;
      const [first, second] = [space.logOf(part), space.logOf(beside)];
      if (first.maybeNever || second.maybeNever) continue;
      const rest = b.mul([...x.args.filter((arg) => arg !== divisor), b.pow(part, b.constant(-1))]);
      return b.mul([rest, b.apply('sigmoid', [subtract(b, first.node, second.node)])]);
    }
  }
  return undefined;
}

/** sum((1 - w) x) for the part sum(w x) of the total sum(x). */
function sumOfOthers(b: Algebra, part: Node, total: Node): Node | undefined {
  const [whole] = total.args;
  if (part.op !== 'sum' || part.axis !== total.axis || !isNonnegative(whole!.range)) return undefined;
  const inner = part.args[0]!;
  const zero = b.constant(0);
  if (inner.op === 'select') {
    const [condition, yes, no] = inner.args;
    if (yes === whole && no === zero) return b.reduce('sum', choose(b, condition!, zero, whole!), total.axis);
    if (no === whole && yes === zero) return b.reduce('sum', choose(b, condition!, whole!, zero), total.axis);
    return undefined;
  }
  if (inner.op !== 'mul' || !inner.args.includes(whole!)) return undefined;
  const weight = b.mul(inner.args.filter((arg) => arg !== whole));
  if (!isUnit(weight)) return undefined;
  return b.reduce('sum', b.mul([subtract(b, b.constant(1), weight), whole!]), total.axis);
}
