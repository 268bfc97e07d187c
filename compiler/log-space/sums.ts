import { splitCoefficient } from '../algebra/coefficient.js';
import type { Node } from '../graph/graph.js';
import { choose, negate, subtract } from '../graph/raw.js';
import { isNonnegative } from '../operators/range.js';
import { certain, type Log, type LogArithmetic, product, sumOfExponentials } from './log.js';
import { nearOne } from './near.js';
import { isSafe, mayHideZero, staysInside } from './safe.js';
import { tailOf } from './tails.js';

/** A term that is taken away: the weight, in which no prediction takes part, times the value. */
interface Negative {
  readonly weight: Node;
  readonly value: Node;
  readonly log: Log;
  /** log(1 - value), where it follows from more than the value. */
  readonly complement?: Log;
}

/** log |x| of a sum by its terms; undefined where plain is as good. `asComplement`: only where every part is positive once complements are taken. */
export function logOfSum(space: LogArithmetic, x: Node, asComplement = false): Log | undefined {
  const { b } = space;
  if (!asComplement && isSafe(x)) return undefined;
  let rest: Node = b.constant(0);
  const positive: Log[] = [];
  const negative: Negative[] = [];
  const open = x.args.map((term) => splitCoefficient(b, term));
  for (let term = open.pop(); term !== undefined; term = open.pop()) {
    const { coefficient, rest: node } = term;
    const factor = b.constant(coefficient);
    const size = coefficient.value < 0 ? negate(b, factor) : factor;
    if (node === undefined) rest = b.add([rest, factor]);
    else if (node.op === 'add')
      open.push(...node.args.map((inner) => splitCoefficient(b, b.mul([factor, inner]))));
    else {
      const sum = asComplement ? sumIn(space, node) : undefined;
      if (sum !== undefined) {
        const others = node.args.filter((other) => other !== sum);
        open.push(...sum.args.map((inner) => splitCoefficient(b, b.mul([factor, ...others, inner]))));
        continue;
      }
      const tail = tailOf(b, coefficient, node);
      if (tail !== undefined) {
        positive.push(space.logOf(tail.term));
        rest = subtract(b, rest, tail.less);
        continue;
      }
      const isPositive = space.isNonnegative(node);
      if (!isPositive && node.range.hi > 0) return undefined;
      const sign = Math.sign(coefficient.value) * (isPositive ? 1 : -1);
      const log = product(b, [space.logOf(size), space.logOf(node)]);
      if (sign > 0) positive.push(log);
      else negative.push({ ...weighted(space, node, size), log });
    }
  }
  if (negative.length === 0 && rest.value >= 0) {
    if (rest.value > 0) positive.push(space.logOf(rest));
    return total(space, x, positive);
  }
  const found = withComplements(space, x, rest, positive, withMixtures(space, negative));
  return found ?? (asComplement ? undefined : difference(space, x, rest, positive, negative));
}

/** The sum in a product with it that is no product of probabilities: p (1 + q (1 - p)) is p + p q (1 - p). */
export function sumIn(space: LogArithmetic, { op, args }: Node): Node | undefined {
  if (op !== 'mul') return undefined;
  const sum = args.find((arg) => arg.op === 'add' && !space.isUnit(arg));
  return sum !== undefined && args.length > 2 - Number(args[0]!.op !== 'const') ? sum : undefined;
}

/** A number times a sum. */
export const isMultipleOfSum = ({ op, args }: Node): boolean =>
  op === 'mul' && args.length === 2 && args[0]!.op === 'const' && args[1]!.op === 'add';

const isAngle = (node: Node): boolean => node.op === 'atan' || (node.op === 'mul' && node.args.some(isAngle));

/** The logarithm of x, which is a sum of these terms. */
function total(space: LogArithmetic, x: Node, terms: readonly Log[]): Log | undefined {
  const total = sumOfExponentials(space.b, terms);
  const isItsOwn = terms.length === 1 && !x.args.some(isAngle);
  return isItsOwn ? total : nearOne(space, x, total);
}

/** A product as a weight, in which no prediction takes part, and the rest. */
function weighted(space: LogArithmetic, node: Node, size: Node): { weight: Node; value: Node } {
  const { b } = space;
  if (space.complementOf(node) !== undefined) return { weight: size, value: node };
  const factors = node.op === 'mul' ? node.args : [node];
  const moving = factors.filter((factor) => space.varies(factor));
  const still = factors.filter((factor) => !moving.includes(factor));
  const isWeight = moving.length > 0 && still.every(({ range }) => isNonnegative(range));
  const weight = b.mul([size, ...(isWeight ? still : [])]);
  return { weight, value: isWeight ? b.mul(moving) : node };
}

/** p q and (1 - p) r among the terms as one, whose complement is p (1 - q) + (1 - p) (1 - r). */
function withMixtures(space: LogArithmetic, negative: readonly Negative[]): readonly Negative[] {
  for (const [i, first] of negative.entries()) {
    for (const second of negative.slice(i + 1)) {
      const mixture = first.weight === second.weight ? mixtureOf(space, first, second) : undefined;
      if (mixture === undefined) continue;
      const others = negative.filter((term) => term !== first && term !== second);
      return withMixtures(space, [mixture, ...others]);
    }
  }
  return negative;
}

function mixtureOf(space: LogArithmetic, first: Negative, second: Negative): Negative | undefined {
  const { b } = space;
  for (const p of factorsOf(first.value)) {
    const rest = p.op === 'sigmoid' ? b.apply('sigmoid', [negate(b, p.args[0]!)]) : undefined;
    if (rest === undefined || !factorsOf(second.value).includes(rest)) continue;
    const [q, r] = [without(b, first.value, p), without(b, second.value, rest)];
    if (!space.isUnit(q) || !space.isUnit(r)) continue;
    const parts = [
      product(b, [space.logOf(p), space.complementOrPlain(q)]),
      product(b, [space.logOf(rest), space.complementOrPlain(r)]),
    ];
    return {
      weight: first.weight,
      value: b.add([first.value, second.value]),
      log: sumOfExponentials(b, [first.log, second.log]),
      complement: sumOfExponentials(b, parts),
    };
  }
  return undefined;
}

/** Those of a product, and of a square or cube. */
function factorsOf(node: Node): readonly Node[] {
  if (node.op === 'mul') return node.args.flatMap(factorsOf);
  if (node.op !== 'pow' || node.args[1]!.op !== 'const' || !Number.isInteger(node.args[1]!.value))
    return [node];
  return node.args[1]!.value > 0 ? [node.args[0]!] : [node];
}

const without = (b: LogArithmetic['b'], node: Node, factor: Node): Node =>
  b.mul([node, b.pow(factor, b.constant(-1))]);

/** k - w p - v q as (k - w - v) + w (1 - p) + v (1 - q), where no part is negative. */
function withComplements(
  space: LogArithmetic,
  x: Node,
  rest: Node,
  positive: readonly Log[],
  negative: readonly Negative[],
): Log | undefined {
  const { b } = space;
  if (!negative.every(({ value, complement }) => complement !== undefined || space.isUnit(value)))
    return undefined;
  const left = b.add([rest, ...negative.map(({ weight }) => negate(b, weight))]);
  if (!isNonnegative(left.range)) return undefined;
  if (!negative.some(({ value, complement }) => (complement ?? space.complementOf(value)) !== undefined))
    return undefined;
  const terms = [
    ...positive,
    ...(left.op === 'const' && left.value === 0 ? [] : [space.logOf(left)]),
    ...negative.flatMap(({ weight, value, complement: known }) => {
      if (value.op === 'const' && value.value === 1) return [];
      const complement =
        known ?? space.complementOf(value) ?? certain(space.settle('log1p', negate(b, value)));
      return [
        weight.op === 'const' && weight.value === 1
          ? complement
          : product(b, [space.logOf(weight), complement]),
      ];
    }),
  ];
  return terms.length === 0 ? undefined : total(space, x, terms);
}

/** log |P - N|. */
function difference(
  space: LogArithmetic,
  x: Node,
  rest: Node,
  positive: readonly Log[],
  negative: readonly Negative[],
): Log | undefined {
  const { b } = space;
  const ofOne = differenceOfSigmoids(space, x) ?? differenceOfErrors(space, x);
  if (ofOne !== undefined) return ofOne;
  if (x.args.every(staysInside) || x.args.some((term) => mayHideZero(term, false))) return undefined;
  const plus = rest.value > 0 ? [...positive, space.logOf(rest)] : positive;
  const minus = negative.map(({ log }) => log);
  if (rest.value < 0) minus.push(space.logOf(negate(b, rest)));
  if (plus.length === 0) return sumOfExponentials(b, minus);
  if (minus.length === 0) return sumOfExponentials(b, plus);
  const special = betweenTwo(space, rest, positive, negative);
  if (special !== undefined) return special;
  const [p, n] = [sumOfExponentials(b, plus).node, sumOfExponentials(b, minus).node];
  const gap = subtract(b, n, p);
  if (isNonnegative(x.range))
    return certain(b.add([p, space.settle('log1mexp', b.apply('min', [gap, b.constant(0)]))]));
  const top = b.apply('max', [p, n]);
  return certain(b.add([top, space.settle('log1mexp', negate(b, b.apply('abs', [gap])))]));
}

/** 1 - p - q: the larger of the two is taken away first. */
function betweenTwo(
  space: LogArithmetic,
  rest: Node,
  positive: readonly Log[],
  negative: readonly Negative[],
): Log | undefined {
  const { b } = space;
  if (positive.length > 0 || negative.length !== 2 || rest.value !== 1) return undefined;
  if (!negative.every(({ weight, value }) => weight.value === 1 && space.complementOf(value) !== undefined))
    return undefined;
  const without = (large: Node, small: Node): Node => {
    const complement = space.complementOf(large)!.node;
    const gap = b.apply('min', [subtract(b, space.logOf(small).node, complement), b.constant(0)]);
    return b.add([complement, space.settle('log1mexp', gap)]);
  };
  const [p, q] = [negative[0]!, negative[1]!];
  const isLess = b.apply('lt', [p.log.node, q.log.node]);
  return certain(choose(b, isLess, without(q.value, p.value), without(p.value, q.value)));
}

/** erf(x) - erf(y) by the tails of the side on which they are. */
function differenceOfErrors(space: LogArithmetic, x: Node): Log | undefined {
  const { b } = space;
  if (x.args.length !== 2) return undefined;
  const parts = x.args.map((term) => splitCoefficient(b, term));
  if (!parts.every(({ rest }) => rest?.op === 'erf' || rest?.op === 'erfc')) return undefined;
  if (
    parts[0]!.rest!.op !== parts[1]!.rest!.op ||
    parts[0]!.coefficient.value !== -parts[1]!.coefficient.value
  )
    return undefined;
  const [y, z] = [parts[0]!.rest!.args[0]!, parts[1]!.rest!.args[0]!];
  const byTails = (first: Node, second: Node): Node => {
    const [p, q] = [first, second].map((arg) => b.apply('logErfc', [arg])) as [Node, Node];
    const gap = negate(b, b.apply('abs', [subtract(b, p, q)]));
    return b.add([b.apply('max', [p, q]), space.settle('log1mexp', gap)]);
  };
  const isAbove = b.apply('lt', [b.constant(0), b.add([y, z])]);
  const size = space.logOf(b.apply('abs', [b.constant(parts[0]!.coefficient)])).node;
  return certain(b.add([size, choose(b, isAbove, byTails(y, z), byTails(negate(b, y), negate(b, z)))]));
}

/** sigmoid(x) - sigmoid(y) is sigmoid(x) * sigmoid(-y) * (1 - exp(y - x)). */
function differenceOfSigmoids(space: LogArithmetic, x: Node): Log | undefined {
  const { b } = space;
  if (x.args.length !== 2) return undefined;
  const parts = x.args.map((term) => splitCoefficient(b, term));
  const [plus, minus] = parts[0]!.coefficient.value > 0 ? parts : [parts[1]!, parts[0]!];
  if (plus?.rest?.op !== 'sigmoid' || minus?.rest?.op !== 'sigmoid') return undefined;
  if (plus.coefficient.value !== -minus.coefficient.value) return undefined;
  const [y, z] = [plus.rest.args[0]!, minus.rest.args[0]!];
  const gap = negate(b, b.apply('abs', [subtract(b, y, z)]));
  const [top, low] = [b.apply('max', [y, z]), b.apply('min', [y, z])];
  return certain(
    b.add([
      space.logOf(b.constant(plus.coefficient.value)).node,
      negate(b, b.apply('softplus', [negate(b, top)])),
      negate(b, b.apply('softplus', [low])),
      space.settle('log1mexp', gap),
    ]),
  );
}

/** The complement of a sum is the difference of its terms and 1, where that has structure. */
export function complementOfTerms(space: LogArithmetic, x: Node): Log | undefined {
  const difference = subtract(space.b, space.b.constant(1), x);
  if (difference.op === 'const' || difference.args.length === 0 || !space.isNonnegative(x)) return undefined;
  if (difference.op !== 'add') {
    if (!space.isNonnegative(difference)) return undefined;
    const log = space.logOf(difference);
    return space.isSettled(log.node) ? undefined : log;
  }
  return logOfSum(space, difference, true);
}
