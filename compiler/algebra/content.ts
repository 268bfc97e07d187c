import { type Constant, divideConstants, multiplyConstants } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { ONE, splitCoefficient } from './coefficient.js';
import type { Simplifier } from './simplifier.js';

/** The numbers of longer sums stay where they are. */
const MOST_TERMS = 24;

/**
 * (0.15 - x / 2) * (0.6 - 2 * y) is (0.3 - x) * (0.3 - y): numbers that several sums of a product can do without, merged in front of it.
 * The new factors, the number among them; undefined where fewer than two sums have such a number, for one may as well stay inside.
 */
export function withoutContents(algebra: Simplifier, factors: readonly Node[]): readonly Node[] | undefined {
  const contents = factors.map((factor) => contentOf(algebra, factor));
  if (contents.filter(({ value }) => value !== 1).length < 2) return undefined;
  const divided = factors.map((factor, i) => {
    const content = contents[i]!;
    if (content.value === 1) return factor;
    const inverse = algebra.constant(divideConstants(ONE, content));
    return algebra.add(factor.args.map((term) => algebra.mul([inverse, term])));
  });
  return [algebra.constant(contents.reduce(multiplyConstants, ONE)), ...divided];
}

/** The size of a coefficient by which the others are divided to read best; 1 where they read best as they are. */
function contentOf(algebra: Simplifier, node: Node): Constant {
  if (node.op !== 'add' || node.args.length > MOST_TERMS) return ONE;
  const terms = node.args.map((arg) => splitCoefficient(algebra, arg));
  if (!terms.every(({ coefficient }) => coefficient.exact !== undefined)) return ONE;
  let best = ONE;
  let least = lengthOver(ONE);
  for (const { coefficient } of terms) {
    const content = absolute(coefficient);
    if (content.value === best.value) continue;
    const length = lengthOver(content);
    if (length < least) [best, least] = [content, length];
  }
  return best;

  /** Characters of all coefficients over a number; sizes decide between equal lengths: 1 - 2 * x, not 3 - 6 * x. */
  function lengthOver(content: Constant): number {
    let sum = 0;
    for (const { coefficient, rest } of terms) {
      const quotient = absolute(divideConstants(coefficient, content));
      if (quotient.exact === undefined) return Infinity;
      if (rest === undefined || quotient.value !== 1) sum += String(quotient.value).length;
      sum += SIZE * Math.min(1, quotient.value / LARGE);
    }
    return sum;
  }
}

/** All sizes together are less than a character. */
const SIZE = 1 / (2 * MOST_TERMS);
const LARGE = 1e6;

const absolute = ({ value, exact }: Constant): Constant => ({
  value: Math.abs(value),
  exact: exact && { n: Math.abs(exact.n), d: exact.d },
});
