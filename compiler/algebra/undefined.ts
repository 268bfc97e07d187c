import type { Node } from '../graph/graph.js';
import { isOutside } from '../operators/domain.js';
import { domainsOf, elementwise, isElementwise } from '../operators/elementwise.js';
import { isLargeFactor } from './large.js';
import type { Simplifier } from './simplifier.js';

/** A function of numbers at a pole or outside its domain: 1 / 0, log(0), sqrt(-1). What only overflows, exp(1000), is a number. */
function isOutsideDomain({ op, args, value: order }: Node): boolean {
  if (args.length === 0 || !isElementwise(op) || op === 'add' || op === 'mul') return false;
  if (!args.every((arg) => arg.op === 'const')) return false;
  const ranges = args.map((arg) => arg.range);
  if (domainsOf(op, ranges, order).some((domain, i) => isOutside(domain, ranges[i]!))) return true;
  return Number.isNaN(
    elementwise(op).evaluate(
      args.map((arg) => arg.value),
      order,
    ),
  );
}

/** 0 times what no number stands for: undefined whatever the inputs are, and so is every sum and product that has it. */
export function undefinedConstant(algebra: Simplifier, factor: Node): Node {
  return algebra.graph.make('mul', [algebra.constant(0), factor]);
}

/** What makes a product with a number 0 in front undefined for all inputs. */
export function undefinedFactor(factors: readonly Node[]): Node | undefined {
  return factors.find((factor) => isOutsideDomain(factor) && !isLargeFactor(factor));
}
