import { divideConstants } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { factorsOf } from '../graph/node-range.js';
import { without } from '../graph/without.js';
import { splitCoefficient, type Term } from './coefficient.js';
import type { Simplifier } from './simplifier.js';

/** Longer sums are not searched for pairs. */
const MOST_TERMS = 24;

/**
 * x * (1 - y) - x is -x * y: a term goes into the sum inside another term when that sum has a term of its kind already. One product
 * and one term less. Undefined when no two terms are such a pair.
 */
export function absorbed(algebra: Simplifier, terms: readonly Term[]): readonly Node[] | undefined {
  if (terms.length > MOST_TERMS) return undefined;
  for (const outer of terms) {
    const factors = factorsOf(outer.node);
    const sum = factors.find(({ op }) => op === 'add');
    if (sum === undefined || factors.length < 2 || sum.args.length > MOST_TERMS) continue;
    const common = without(factors, [sum])!;
    for (const other of terms) {
      if (other === outer) continue;
      const inside = quotientOf(other.node, common);
      if (inside === undefined || !hasKind(algebra, sum, inside)) continue;
      const scale = divideConstants(other.coefficient, outer.coefficient);
      const widened = algebra.add([sum, algebra.mul([algebra.constant(scale), ...inside])]);
      return [
        algebra.mul([algebra.constant(outer.coefficient), ...common, widened]),
        ...terms
          .filter((term) => term !== outer && term !== other)
          .map((term) => algebra.mul([algebra.constant(term.coefficient), term.node])),
      ];
    }
  }
  return undefined;
}

/** What is left of a product without some of its factors; undefined if it lacks one. */
function quotientOf(node: Node, common: readonly Node[]): readonly Node[] | undefined {
  const factors = factorsOf(node);
  return factors.length < common.length ? undefined : without(factors, common);
}

/** Whether a sum has a term that is a multiple of the product of these factors. */
function hasKind(algebra: Simplifier, sum: Node, factors: readonly Node[]): boolean {
  return sum.args.some((arg) => {
    const { rest } = splitCoefficient(algebra, arg);
    if (rest === undefined) return factors.length === 0;
    const own = factorsOf(rest);
    return own.length === factors.length && without(own, factors) !== undefined;
  });
}
