import type { Algebra } from '../algebra/algebra.js';
import { splitCoefficient } from '../algebra/coefficient.js';
import type { Constant } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { negate, subtract } from '../graph/raw.js';

/** A term of a sum as one that is not negative and a number that is taken away. */
interface Tail {
  readonly term: Node;
  readonly less: Node;
}

/** c * tanh(z) is 2 |c| sigmoid(± 2 z) - |c|, c * erf(x) is |c| erfc(∓ x) - |c|, and -c * erfc(x) is c * erfc(-x) - 2 c. */
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
    default:
      return undefined;
  }
}

/** A sum in such terms, where the number in it does not become negative by that: 1 + tanh(z) is 2 * sigmoid(2 * z). */
export function withTails(b: Algebra, node: Node): Node | undefined {
  if (node.op !== 'add') return undefined;
  let found = false;
  let number: Node = b.constant(0);
  const terms = node.args.flatMap((term) => {
    const { coefficient, rest } = splitCoefficient(b, term);
    const tail = rest && tailOf(b, coefficient, rest);
    if (tail !== undefined) {
      found = true;
      number = subtract(b, number, tail.less);
      return [tail.term];
    }
    if (rest !== undefined) return [term];
    number = b.add([number, term]);
    return [];
  });
  return found && number.value >= 0 ? b.add([...terms, number]) : undefined;
}
