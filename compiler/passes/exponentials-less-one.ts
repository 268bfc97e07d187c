import type { Algebra } from '../algebra/algebra.js';
import { splitCoefficient } from '../algebra/coefficient.js';
import type { Node } from '../graph/graph.js';
import { sumOver } from '../graph/raw.js';

/**
 * `sum(exp(x) - x) - n` over n entries as `sum(expm1(x) - x)`, which keeps its digits near 0: normal form has taken the 1 of each entry
 * out of the sum. Undefined where there is nothing of that kind.
 */
export function withExponentialsLessOne(algebra: Algebra, total: Node): Node | undefined {
  if (total.op !== 'add') return undefined;
  for (const part of total.args) {
    const { coefficient, rest: sum } = splitCoefficient(algebra, part);
    const entry = sum?.op === 'sum' ? sum.args[0]! : undefined;
    if (sum === undefined || entry?.op !== 'add') continue;
    for (const term of entry.args) {
      const { coefficient: inner, rest: exponential } = splitCoefficient(algebra, term);
      if (exponential?.op !== 'exp') continue;
      const outer = algebra.constant(coefficient);
      const count = sumOver(algebra, algebra.constant(1), sum.axis);
      const ones = algebra.mul([algebra.constant(-1), outer, algebra.constant(inner), count]);
      if (!total.args.includes(ones)) continue;
      const less = algebra.mul([algebra.constant(inner), algebra.apply('expm1', exponential.args)]);
      const entries = algebra.add([...entry.args.filter((other) => other !== term), less]);
      return algebra.add([
        ...total.args.filter((other) => other !== part && other !== ones),
        algebra.mul([outer, algebra.reduce('sum', entries, sum.axis)]),
      ]);
    }
  }
  return undefined;
}
