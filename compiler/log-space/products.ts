import { splitCoefficient } from '../algebra/coefficient.js';
import type { Node } from '../graph/graph.js';
import { choose, negate, subtract } from '../graph/raw.js';
import { isNonnegative } from '../operators/range.js';
import { along } from './along.js';
import {
  certain,
  either,
  isUnit,
  type Log,
  type LogArithmetic,
  NEVER,
  never,
  product,
  sumOfExponentials,
} from './log.js';
import { nearZero } from './near.js';

/** Below this 1 - p and -log(p) are the same to the last digit of a double, and neither is near the end of float32. */
const TINY = -38;
/** Higher powers are as good as their logarithms. */
const MOST_POWERS = 4;

/** The logarithm of a product. Half of an erfc is a probability, whose logarithm near 0 is no difference of two that are log(2). */
export function logOfProduct(space: LogArithmetic, x: Node): Log {
  const { b } = space;
  const [number] = x.args;
  const tails = x.args.filter(({ op }) => op === 'erfc');
  if (tails.length === 0 || number!.op !== 'const') return product(b, x.args.map(space.logOf));
  const others = x.args.filter((arg) => arg !== number && !tails.includes(arg));
  const left = b.mul([b.constant(2 ** tails.length), number!]);
  return product(b, [
    ...(left.value === 1 ? [] : [space.logOf(left)]),
    ...others.map(space.logOf),
    ...tails.map(({ args }) => certain(logOfHalf(space, args[0]!))),
  ]);
}

/** log(erfc(u) / 2). */
function logOfHalf(space: LogArithmetic, u: Node): Node {
  const { b } = space;
  const half = (arg: Node): Node => b.mul([b.constant(0.5), b.apply('erfc', [arg])]);
  const isNearOne = b.apply('lt', [u, b.constant(0)]);
  const far = subtract(b, b.apply('logErfc', [u]), space.settle('log', b.constant(2)));
  return choose(b, isNearOne, space.settle('log1p', negate(b, half(negate(b, u)))), far);
}

/** The logarithm of a power of what is not negative, or of a whole power. */
export function logOfPower(space: LogArithmetic, x: Node): Log | undefined {
  const { b } = space;
  const [base, exponent] = [x.args[0]!, x.args[1]!];
  if (base.range.lo < 0 && !exponent.range.integer) return undefined;
  const { node, maybeNever } = space.logOf(base);
  const power = b.mul([exponent, node]);
  if (!maybeNever || exponent.range.nonzero) return { node: power, maybeNever };
  const isOne = b.apply('eq', [exponent, b.constant(0)]);
  return { node: choose(b, isOne, b.constant(0), power), maybeNever };
}

/** log(-log(p)): where p is near 1 that is log(1 - p). */
export function logOfMinusLog(space: LogArithmetic, p: Node): Log {
  const { b } = space;
  if (p.op === 'const')
    return p.value === 1 ? never(b) : certain(space.settle('log', negate(b, b.apply('log', [p]))));
  if (p.op === 'select')
    return either(b, p.args[0]!, space.minusLogOf(p.args[1]!), space.minusLogOf(p.args[2]!));
  if (p.op === 'exp' && p.args[0]!.op !== 'logSoftmax') return space.logOf(negate(b, p.args[0]!));
  const log = negate(b, space.logOf(p).node);
  const complement = space.complementOf(p);
  const plain: Log = {
    node: choose(b, b.apply('lt', [b.constant(0), log]), space.settle('log', log), b.constant(NEVER)),
    maybeNever: true,
  };
  if (complement === undefined) return plain;
  return {
    node: choose(
      b,
      b.apply('lt', [complement.node, b.constant(TINY)]),
      complement.node,
      space.settle('log', log),
    ),
    maybeNever: complement.maybeNever,
  };
}

/** log(1 - exp(log)) given log(-log), which keeps its digits where the log underflows. */
export function complementFromMinusLog(space: LogArithmetic, minusLog: Log, log: Node): Log {
  const { b } = space;
  const { node, maybeNever } = minusLog;
  const isTiny = b.apply('lt', [node, b.constant(TINY)]);
  return { node: choose(b, isTiny, node, space.settle('log1mexp', log)), maybeNever };
}

/** Far from 1 a product is as good as its logarithm, and it may be an exact 0, of which a logarithm knows no slope. */
export function complementOfProduct(space: LogArithmetic, x: Node): Log | undefined {
  return nearZero(space, x, complementNearOne(space, x));
}

function complementNearOne(space: LogArithmetic, x: Node): Log | undefined {
  const { b } = space;
  const { node } = space.logOf(x);
  const [u] = x.args;
  switch (x.op) {
    case 'mul': {
      const tails = x.args.filter(({ op }) => op === 'erfc').map(({ args }) => args[0]!);
      const others = othersThanTails(b, x, tails.length);
      if (tails.length === 1 && others.length === 0) return certain(logOfHalf(space, negate(b, tails[0]!)));
      if (!others.every(space.isUnit)) return undefined;
      const parts = [...others.map(space.minusLogOf), ...tails.map((tail) => minusLogOfHalf(space, tail))];
      return complementFromMinusLog(space, sumOfExponentials(b, parts), node);
    }
    case 'pow': {
      const exponent = x.args[1]!;
      if (u!.op === 'tanh' && exponent.op === 'const' && exponent.value === 2)
        return complementOfSquaredTanh(space, u!.args[0]!);
      if (!space.isUnit(u!) || !isNonnegative(exponent.range)) return undefined;
      const whole = complementOfWholePower(space, u!, exponent);
      if (whole !== undefined) return whole;
      return complementFromMinusLog(space, product(b, [space.logOf(exponent), space.minusLogOf(u!)]), node);
    }
    default:
      if (!space.isUnit(u!)) return undefined;
      return complementFromMinusLog(space, along(space, 'logsumexp', x, space.minusLogOf(u!)), node);
  }
}

/** The factors of a product beside its erfc, each of which takes a half from the number in front. */
function othersThanTails(b: LogArithmetic['b'], x: Node, tails: number): readonly Node[] {
  if (tails === 0) return x.args;
  const isNumber = x.args[0]!.op === 'const';
  const others = x.args.slice(isNumber ? 1 : 0).filter(({ op }) => op !== 'erfc');
  const left = b.mul([b.constant(2 ** tails), isNumber ? x.args[0]! : b.constant(1)]);
  return left.value === 1 ? others : [left, ...others];
}

/** log(-log(erfc(u) / 2)). */
function minusLogOfHalf(space: LogArithmetic, u: Node): Log {
  const { b } = space;
  const complement = logOfHalf(space, negate(b, u));
  const isTiny = b.apply('lt', [complement, b.constant(TINY)]);
  const log = negate(b, logOfHalf(space, u));
  return certain(choose(b, isTiny, complement, space.settle('log', log)));
}

/** 1 - p^3 is (1 - p) (1 + p + p^2). */
function complementOfWholePower(space: LogArithmetic, p: Node, exponent: Node): Log | undefined {
  const { b } = space;
  if (exponent.op !== 'const' || !Number.isInteger(exponent.value) || exponent.value > MOST_POWERS)
    return undefined;
  const complement = space.complementOf(p);
  if (complement === undefined) return undefined;
  const powers = Array.from({ length: exponent.value - 1 }, (_, i) => b.pow(p, b.constant(i + 1)));
  return product(b, [
    complement,
    certain(space.settle('log1p', powers.length === 1 ? powers[0]! : b.add(powers))),
  ]);
}

/** log(1 - tanh(z)^2). */
function complementOfSquaredTanh(space: LogArithmetic, z: Node): Log {
  const { b } = space;
  const twice = (sign: number): Node => b.apply('softplus', [b.mul([b.constant(2 * sign), z])]);
  const log4 = b.apply('log', [b.constant(4)]);
  return certain(b.add([log4, negate(b, twice(1)), negate(b, twice(-1))]));
}

/** Near 1 from the distance to it. */
export function logOfErf(space: LogArithmetic, u: Node): Node {
  const { b } = space;
  const isSmall = b.apply('lt', [u, b.constant(0.5)]);
  const far = negate(b, b.apply('erfc', [u]));
  return choose(b, isSmall, space.settle('log', b.apply('erf', [u])), space.settle('log1p', far));
}

/** Near 1 from the distance to it. */
export function logOfTanh(space: LogArithmetic, u: Node): Node {
  const { b } = space;
  const far = b.mul([b.constant(-2), b.apply('sigmoid', [b.mul([b.constant(-2), u])])]);
  const isSmall = b.apply('lt', [u, b.constant(0.5)]);
  return choose(b, isSmall, space.settle('log', b.apply('tanh', [u])), space.settle('log1p', far));
}

/** |t - p| for a binary label is p or 1 - p. */
export function logOfDistance(space: LogArithmetic, x: Node, isComplement: boolean): Log | undefined {
  const { b } = space;
  if (x.op !== 'add' || x.args.length !== 2) return undefined;
  const parts = x.args.map((term) => splitCoefficient(b, term));
  if (!parts.every(({ coefficient }) => Math.abs(coefficient.value) === 1)) return undefined;
  if (parts[0]!.coefficient.value === parts[1]!.coefficient.value) return undefined;
  const nodes = parts.map(({ rest }) => rest);
  const label = nodes.find((node) => node?.range.integer && isUnit(node));
  const value = nodes.find((node) => node !== label);
  if (label === undefined || value === undefined || !isUnit(value)) return undefined;
  const isOne = b.apply('eq', [label, b.constant(1)]);
  const [near, far] = [space.complementOrPlain(value), space.logOf(value)];
  return isComplement ? either(b, isOne, far, near) : either(b, isOne, near, far);
}
