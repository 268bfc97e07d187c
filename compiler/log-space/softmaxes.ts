import type { Algebra } from '../algebra/algebra.js';
import { splitCoefficient } from '../algebra/coefficient.js';
import type { AxisSet } from '../graph/axes.js';
import { type Node, reachable } from '../graph/graph.js';
import { choose, negate, subtract } from '../graph/raw.js';
import { replaced } from './replaced.js';

/** exp(x) / sum(exp(x)) and sum(w * exp(x)) / sum(exp(x)) by the softmax of x, which does not depend on how far from 0 all x are. */
export function asSoftmax(b: Algebra, node: Node): Node | undefined {
  if (node.op !== 'mul') return undefined;
  const inverse = asInverse(b, node);
  if (inverse !== undefined) return inverse;
  for (const [i, divisor] of node.args.entries()) {
    const [total, exponent] = divisor.args;
    if (divisor.op !== 'pow' || total!.op !== 'sum' || total!.args[0]!.op !== 'exp') continue;
    if (exponent!.op !== 'const' || exponent!.value !== -1) continue;
    const [whole] = total!.args;
    const softmax = b.apply('exp', [b.along('logSoftmax', whole!.args[0]!, total!.axis)]);
    if (!isOneAxis(total!.axis)) continue;
    for (const [j, factor] of node.args.entries()) {
      const share = j === i ? undefined : shareOf(b, factor, whole!, softmax, total!.axis);
      if (share !== undefined) return b.mul([share, ...node.args.filter((_, k) => k !== i && k !== j)]);
    }
  }
  return undefined;
}

/** sum(exp(x)) * exp(y - x) as the exponential of y and minus the log softmax of x. */
function asInverse(b: Algebra, { args }: Node): Node | undefined {
  for (const total of args) {
    const whole = total.op === 'sum' && isOneAxis(total.axis) ? total.args[0]! : undefined;
    if (whole?.op !== 'exp') continue;
    const x = whole.args[0]!;
    for (const factor of args) {
      if (
        factor.op !== 'exp' ||
        !termsOf(negate(b, x)).every((term) => termsOf(factor.args[0]!).includes(term))
      )
        continue;
      const logs = b.along('logSoftmax', x, total.axis);
      const share = b.apply('exp', [b.add([factor.args[0]!, x, negate(b, logs)])]);
      return b.mul([share, ...args.filter((arg) => arg !== total && arg !== factor)]);
    }
  }
  return undefined;
}

const isOneAxis = (axes: AxisSet): boolean => (axes & (axes - 1)) === 0;

function shareOf(b: Algebra, factor: Node, whole: Node, softmax: Node, axis: AxisSet): Node | undefined {
  if (factor === whole) return softmax;
  if (factor.op !== 'sum' || factor.axis !== axis) return undefined;
  const inner = weighted(b, factor.args[0]!, whole, softmax);
  return inner && b.reduce('sum', inner, axis);
}

/** A product, or a choice of products, with one of its factors as another. */
function weighted(b: Algebra, inner: Node, whole: Node, softmax: Node): Node | undefined {
  if (inner === whole) return softmax;
  const { op, args } = inner;
  if (op === 'mul' && args.includes(whole)) return b.mul(args.map((arg) => (arg === whole ? softmax : arg)));
  if (op !== 'select') return undefined;
  const [yes, no] = args
    .slice(1)
    .map((part) => (part.op === 'const' && part.value === 0 ? part : weighted(b, part, whole, softmax)));
  return yes && no && choose(b, args[0]!, yes, no);
}

/** c_i * logsumexp(a_i * x + …) where the c_i * a_i add up to 0: without what all x have in common, which costs digits far from 0. */
export function withoutShift(b: Algebra, node: Node): Node | undefined {
  if (node.op !== 'add') return undefined;
  const parts = node.args.map((term) => ({ term, ...splitCoefficient(b, term) }));
  const sums = parts.filter(({ rest }) => rest?.op === 'logsumexp');
  if (sums.length < 2) return undefined;
  for (const base of basesOf(b, sums[0]!.rest!)) {
    const own = sums.filter(
      ({ rest }) => rest!.axis === sums[0]!.rest!.axis && timesOf(b, rest!, base) !== 0,
    );
    const moved = own.reduce(
      (sum, { coefficient, rest }) => sum + coefficient.value * timesOf(b, rest!, base),
      0,
    );
    if (own.length < 2 || moved !== 0) continue;
    const { axis } = own[0]!.rest!;
    const shift = b.apply('stop', [b.reduce('reduceMax', base, axis & base.axes)]);
    return b.add(
      parts.map(({ term, coefficient, rest }) => {
        if (!own.some((part) => part.term === term)) return term;
        const moved = subtract(b, rest!.args[0]!, b.mul([b.constant(timesOf(b, rest!, base)), shift]));
        return b.mul([b.constant(coefficient), b.reduce('logsumexp', moved, axis)]);
      }),
    );
  }
  return undefined;
}

const termsOf = (node: Node): readonly Node[] => (node.op === 'add' ? node.args : [node]);

/** What stands, with a number in front, in the exponent of a sum. */
const basesOf = (b: Algebra, sum: Node): readonly Node[] =>
  termsOf(sum.args[0]!).flatMap((term) => {
    const { rest } = splitCoefficient(b, term);
    return rest !== undefined && (rest.axes & sum.axis) !== 0 && rest.op !== 'select' ? [rest] : [];
  });

/** The number in front of it in the exponent of a sum; 0 where it does not stand there. */
const timesOf = (b: Algebra, sum: Node, base: Node): number =>
  termsOf(sum.args[0]!)
    .map((term) => splitCoefficient(b, term))
    .find(({ rest }) => rest === base)?.coefficient.value ?? 0;

/**
 * A softmax as the exponential of its logarithm where it is a term of a sum, as in 1 - softmax(x), or where its logarithm is there anyway: then
 * the rules of exp find what is near 1.
 */
export function withLogSoftmax(b: Algebra, root: Node): Node {
  const nodes = reachable([root]);
  const logs = new Set(nodes.filter(({ op }) => op === 'logSoftmax'));
  const terms = new Set(
    nodes.flatMap(({ op, args }) => (op === 'add' ? args.map((term) => splitCoefficient(b, term).rest) : [])),
  );
  return replaced(b, root, (node) => {
    if (node.op !== 'softmax') return undefined;
    const log = b.along('logSoftmax', node.args[0]!, node.axis);
    return terms.has(node) || logs.has(log) ? b.apply('exp', [log]) : undefined;
  });
}
