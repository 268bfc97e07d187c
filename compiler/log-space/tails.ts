import type { Algebra } from '../algebra/algebra.js';
import { splitCoefficient } from '../algebra/coefficient.js';
import type { Constant } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { choose, negate, reciprocal } from '../graph/raw.js';

/** pi / 2 + atan of this loses no digits. */
const LEAST_ANGLE = -2;

/** A term of a sum as one that is not negative and a number that is taken away. */
interface Tail {
  readonly term: Node;
  readonly less: Node;
}

/**
 * c * tanh(z) is 2 |c| sigmoid(± 2 z) - |c|, c * erf(x) is |c| erfc(∓ x) - |c|, -c * erfc(x) is c * erfc(-x) - 2 c, and c * atan(x) is |c| times
 * the angle between ± x and minus infinity, less |c| pi / 2.
 */
export function tailOf(b: Algebra, coefficient: Constant, node: Node): Tail | undefined {
  const isNegative = coefficient.value < 0;
  const size = isNegative ? negate(b, b.constant(coefficient)) : b.constant(coefficient);
  const twice = b.mul([b.constant(2), size]);
  const [x] = node.args;
  switch (node.op) {
    case 'tanh':
      return {
        term: b.mul([twice, b.apply('sigmoid', [b.mul([b.constant(isNegative ? -2 : 2), x!])])]),
        less: size,
      };
    case 'erf':
      return { term: b.mul([size, b.apply('erfc', [isNegative ? x! : negate(b, x!)])]), less: size };
    case 'erfc':
      return isNegative ? { term: b.mul([size, b.apply('erfc', [negate(b, x!)])]), less: twice } : undefined;
    case 'atan': {
      const side = isNegative ? negate(b, x!) : x!;
      if (side.range.lo >= LEAST_ANGLE) return undefined;
      return { term: b.mul([size, angle(b, side)]), less: b.mul([size, b.constant(Math.PI / 2)]) };
    }
    default:
      return undefined;
  }
}

/** pi / 2 + atan(x), which is the atan(-1 / x) of a negative x. */
function angle(b: Algebra, x: Node): Node {
  const below = reciprocal(b, b.apply('max', [negate(b, x), b.constant(0.5)]));
  const above = b.add([
    b.constant(Math.PI / 2),
    b.apply('atan', [b.apply('max', [x, b.constant(LEAST_ANGLE)])]),
  ]);
  return choose(b, b.apply('lt', [x, b.constant(-1)]), b.apply('atan', [below]), above);
}

/**
 * A sum in such terms, where no number in it becomes negative by that: 1 + tanh(z) is 2 * sigmoid(2 * z). What is taken away from the
 * number is its complement: 1 - sigmoid(z) is sigmoid(-z).
 */
export function withTails(b: Algebra, node: Node): Node | undefined {
  if (node.op !== 'add') return undefined;
  const parts = node.args.map((term) => splitCoefficient(b, term));
  const tails = parts.map(({ coefficient, rest }) =>
    rest === undefined || rest.op === 'atan' ? undefined : tailOf(b, coefficient, rest),
  );
  // Without one the sum stays as it is written: its normal form may be a longer one.
  const made = tails.every((tail) => tail === undefined) ? undefined : sumOfTails(b, node.args, tails);
  return withComplements(b, made ?? node) ?? made;
}

/** The sum with the tails in place of their terms; undefined where the number in it becomes negative by that. */
function sumOfTails(
  b: Algebra,
  terms: readonly Node[],
  tails: readonly (Tail | undefined)[],
): Node | undefined {
  const sum = b.add(
    terms.flatMap((term, i) => {
      const tail = tails[i];
      return tail === undefined ? [term] : [tail.term, negate(b, tail.less)];
    }),
  );
  return numberIn(b, sum) >= 0 ? sum : undefined;
}

/** The number in a sum, which may stand in a multiple of one. */
function numberIn(b: Algebra, sum: Node): number {
  const { coefficient, rest } = splitCoefficient(b, sum);
  if (rest === undefined) return coefficient.value;
  const number = rest.op === 'add' ? rest.args.find(({ op }) => op === 'const') : undefined;
  return number === undefined ? 0 : coefficient.value * number.value;
}

/** k - c * sigmoid(z) as (k - c) + c * sigmoid(-z), as long as k does not become negative. */
function withComplements(b: Algebra, sum: Node): Node | undefined {
  const { coefficient: content, rest } = splitCoefficient(b, sum);
  if (rest?.op !== 'add') return undefined;
  let left = numberIn(b, rest);
  const terms = rest.args.flatMap((term) => {
    const { coefficient, rest } = splitCoefficient(b, term);
    if (rest?.op !== 'sigmoid' || coefficient.value >= 0 || -coefficient.value > left) return [term];
    left += coefficient.value;
    const number = b.constant(coefficient);
    return [number, negate(b, b.mul([number, b.apply('sigmoid', [negate(b, rest.args[0]!)])]))];
  });
  return terms.length === rest.args.length ? undefined : b.mul([b.constant(content), b.add(terms)]);
}
