import { type Constant, multiplyConstants } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { factorsOf } from '../graph/node-range.js';
import { without } from '../graph/without.js';
import { isPositive } from '../operators/range.js';
import { MINUS_ONE, MOST_TAKEN_APART, splitCoefficient } from './coefficient.js';
import { withoutContents } from './content.js';
import { FactorList } from './factor-list.js';
import { infiniteFactor, isLargeFactor } from './large.js';
import { compareNodes } from './order.js';
import type { Simplifier } from './simplifier.js';
import { undefinedConstant, undefinedFactor } from './undefined.js';

/** The normal form of a product: one factor per base, one exponential, the number first. */
export function normalProduct(algebra: Simplifier, args: readonly Node[]): Node {
  const list = new FactorList(algebra);
  for (const arg of args) list.push(arg);
  if (list.coefficient.value === 0) {
    if (list.infinite) return undefinedConstant(algebra, infiniteFactor(algebra));
    const outside = undefinedFactor(list.finish());
    if (outside !== undefined) return undefinedConstant(algebra, outside);
    for (const factor of list.factors)
      if (!factor.base.range.total) algebra.widen('multiplied by 0', factor.base);
    return algebra.constant(0);
  }
  const nodes = list.finish();
  if (nodes.length === 0) return algebra.constant(list.coefficient);
  const choice = smallestChoice(nodes);
  if (choice !== undefined && nodes.some((node) => node !== choice && !isLargeFactor(node))) {
    return intoSelect(algebra, choice, nodes, list.coefficient);
  }
  const cancelled = intoSum(algebra, nodes);
  if (cancelled !== undefined) return algebra.mul([algebra.constant(list.coefficient), ...cancelled]);
  const shorter = nodes.length > 1 ? withoutContents(algebra, nodes) : undefined;
  if (shorter !== undefined) return algebra.mul([algebra.constant(list.coefficient), ...shorter]);
  return assemble(algebra, list.coefficient, nodes);
}

/** Most pairs of terms and factors that are looked at for a quotient that cancels. */
const MAX_PAIRS = 2000;

/**
 * f * (a + b / f) is f * a + b: a factor goes into a sum that divides by it, for the quotient may be too large for a float where
 * the product is not. Gives the new factors.
 */
function intoSum(algebra: Simplifier, nodes: readonly Node[]): Node[] | undefined {
  if (nodes.length < 2) return undefined;
  for (const sum of nodes) {
    if (sum.op !== 'add' || sum.args.length * nodes.length > MAX_PAIRS || !hasQuotient(sum)) continue;
    const moving = nodes.filter(
      (node) => node !== sum && sum.args.some((term) => divides(algebra, term, node)),
    );
    if (moving.length === 0) continue;
    const expanded = algebra.add(sum.args.map((term) => algebra.mul([...moving, term])));
    return [...without(nodes, [sum, ...moving])!, expanded];
  }
  return undefined;
}

/** Whether a term of the sum has a factor that could cancel one outside: a power with a constant exponent, or an exponential. */
function hasQuotient(sum: Node): boolean {
  const { cache } = sum;
  cache.quotient ??= sum.args.some((term) => factorsOf(term).some(canCancel));
  return cache.quotient;
}

const canCancel = (factor: Node): boolean =>
  factor.op === 'exp' || (factor.op === 'pow' && factor.args[1]!.op === 'const');

/** Whether a term has a reciprocal of the factor, or of a power of it. */
function divides(algebra: Simplifier, term: Node, factor: Node): boolean {
  const factors = factorsOf(term);
  if (factor.op === 'exp') {
    const outer = splitCoefficient(algebra, factor.args[0]!);
    return factors.some((inner) => {
      if (inner.op !== 'exp') return false;
      const { coefficient, rest } = splitCoefficient(algebra, inner.args[0]!);
      return rest === outer.rest && coefficient.value * outer.coefficient.value < 0;
    });
  }
  const isPower = factor.op === 'pow' && factor.args[1]!.op === 'const';
  const [base, exponent] = isPower ? [factor.args[0]!, factor.args[1]!.value] : [factor, 1];
  if (!base.range.nonzero) return false;
  return factors.some((inner) => {
    if (inner.op !== 'pow' || inner.args[0] !== base || inner.args[1]!.op !== 'const') return false;
    const { value } = inner.args[1]!;
    const combines = isPositive(base.range) || (Number.isInteger(value) && Number.isInteger(exponent));
    // A power of what is at most 1 is never too large, and 1 - tanh(x)^2 is a factor that keeps its digits.
    const mayBeLarge = value < 0 || base.range.hi > 1 || base.range.lo < -1;
    return combines && mayBeLarge && value * exponent < 0;
  });
}

/** The smallest choice with a branch of 0: the others go into it, so a long chain of choices is not taken apart. */
function smallestChoice(nodes: readonly Node[]): Node | undefined {
  let smallest: Node | undefined;
  for (const node of nodes) {
    if (node.op !== 'select' || zeroBranch(node) === undefined) continue;
    if (smallest === undefined || compareNodes(node, smallest) < 0) smallest = node;
  }
  return smallest;
}

const zeroBranch = (select: Node): 1 | 2 | undefined => {
  if (select.args[2]!.op === 'const' && select.args[2]!.value === 0) return 2;
  return select.args[1]!.op === 'const' && select.args[1]!.value === 0 ? 1 : undefined;
};

/**
 * (if c then a else 0) * b is if c then a * b else 0: what b is where c fails, an infinity perhaps, does not leak. Numbers stay
 * outside, also those too large for a coefficient, which a choice would only give back.
 */
function intoSelect(algebra: Simplifier, choice: Node, nodes: readonly Node[], coefficient: Constant): Node {
  const large = nodes.filter(isLargeFactor);
  const others = without(nodes, [choice, ...large])!;
  const scaled = (branch: Node): Node => algebra.mul([branch, ...others]);
  const [condition, yes, no] = [choice.args[0]!, choice.args[1]!, choice.args[2]!];
  const chosen =
    zeroBranch(choice) === 2
      ? algebra.apply('select', [condition, scaled(yes), no])
      : algebra.apply('select', [condition, yes, scaled(no)]);
  return algebra.mul([algebra.constant(coefficient), ...large, chosen]);
}

function assemble(algebra: Simplifier, coefficient: Constant, nodes: readonly Node[]): Node {
  const sorted = [...nodes].sort(compareNodes);
  const only = sorted.length === 1 ? sorted[0]! : undefined;
  if (only !== undefined && coefficient.value === 1) return only;
  if (only?.op === 'add' && coefficient.value !== 1) {
    if (only.args.length > MOST_TAKEN_APART || only.args.every(hasUnitCoefficient))
      return product(algebra, coefficient, sorted);
    // A number moves into a sum whose terms have numbers anyway; the sign stays outside, where a difference turns around.
    const size = coefficient.value < 0 ? multiplyConstants(coefficient, MINUS_ONE) : coefficient;
    const fits = only.args.every((arg) =>
      Number.isFinite(size.value * splitCoefficient(algebra, arg).coefficient.value),
    );
    if (size.value === 1 || !fits) return product(algebra, coefficient, sorted);
    const inside = algebra.add(only.args.map((arg) => algebra.mul([algebra.constant(size), arg])));
    return coefficient.value < 0 ? algebra.mul([algebra.constant(-1), inside]) : inside;
  }
  return product(algebra, coefficient, sorted);
}

function product(algebra: Simplifier, coefficient: Constant, nodes: readonly Node[]): Node {
  const args = coefficient.value === 1 ? nodes : [algebra.constant(coefficient), ...nodes];
  return algebra.rewritten(algebra.graph.make('mul', args));
}

function hasUnitCoefficient(term: Node): boolean {
  if (term.op === 'const') return Math.abs(term.value) === 1;
  const first = term.op === 'mul' ? term.args[0]! : undefined;
  return first?.op !== 'const' || Math.abs(first.value) === 1;
}
