import { pow } from '../elementary/power.js';
import { addConstants, type Constant, constantOf, multiplyConstants, powerConstant } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { factorsOf } from '../graph/node-range.js';
import { without } from '../graph/without.js';
import { isBinary, isNonnegative, isPositive } from '../operators/range.js';
import { MINUS_ONE, MOST_TAKEN_APART, ONE, splitCoefficient, ZERO } from './coefficient.js';
import { withoutContents } from './content.js';
import { infiniteFactor, isLargeFactor, LARGE, LARGE_INVERSE, largeFactor } from './large.js';
import { compareNodes } from './order.js';
import type { Simplifier } from './simplifier.js';
import { undefinedConstant, undefinedFactor } from './undefined.js';

/** A factor of a product: base to an exponent, which is a number or another node. */
interface Factor {
  readonly base: Node;
  exponent: Constant | Node;
  /** The power as it came in, until another joins it. */
  whole: Node | undefined;
}

const isNode = (exponent: Constant | Node): exponent is Node => 'op' in exponent;
const isWhole = (c: Constant): boolean => Number.isInteger(c.value);

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

/** Smaller coefficients, and larger ones than its inverse, are no floats of single precision. */
const SMALLEST_COEFFICIENT = 1e-36;

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

/**
 * A product of more factors stays whole inside another: the adjoints of a deep expression would otherwise be as long as it is deep,
 * each of them.
 */
const MAX_FACTORS = 12;

/** Shorter lists are searched from end to end, which is faster than keeping a table of them. */
const SHORT_LIST = 16;

/** Bases whose powers have another form. */
const REWRITTEN_BASES: ReadonlySet<string> = new Set(['const', 'mul', 'pow', 'exp', 'abs']);

const NO_FACTORS: readonly Factor[] = [];

class FactorList {
  /** The number in front; its sign where the number is infinite. */
  coefficient: Constant = ONE;
  /** How many times the large factor stands beside it. */
  #large = 0;
  infinite = false;
  readonly factors: Factor[] = [];
  /** The factors with each base, once the list is long. */
  #byBase: Map<Node, Factor[]> | undefined;
  readonly #exponentials: Node[] = [];

  constructor(private readonly algebra: Simplifier) {}

  push(node: Node): void {
    if (node.op === 'const') this.#scale(node);
    else if (node.op === 'mul' && node.args.length <= MAX_FACTORS)
      for (const arg of node.args) this.push(arg);
    else if (node.op === 'mul') {
      const { coefficient, rest } = splitCoefficient(this.algebra, node);
      this.#scale(coefficient);
      this.#collect(rest!, ONE);
    } else if (node.op === 'exp') this.#exponentials.push(node);
    else if (isLargeFactor(node)) this.#large -= node.args[1]!.value;
    else if (node.op === 'pow' && this.#isWhole(node)) this.#collect(node, ONE);
    else if (node.op === 'pow') {
      // What differentiation takes from an expression that was left as it was may have powers that are not in normal form.
      const normal = !REWRITTEN_BASES.has(node.args[0]!.op);
      this.#collect(node.args[0]!, node.args[1]!, normal ? node : undefined);
    } else this.#collect(node, ONE);
  }

  /** A power with an exponent that is no number, of what may be 0, meets no other exponent, but it may meet itself. */
  #isWhole({ args: [base, exponent] }: Node): boolean {
    return exponent!.op !== 'const' && !isPositive(base!.range) && !REWRITTEN_BASES.has(base!.op);
  }

  #scale(by: Constant): void {
    let product = multiplyConstants(this.coefficient, by);
    if (!Number.isFinite(product.value) && Number.isFinite(by.value)) {
      product = multiplyConstants(multiplyConstants(this.coefficient, LARGE_INVERSE), by);
      this.#large++;
    }
    if (Number.isFinite(product.value)) {
      this.coefficient = product;
      return;
    }
    this.infinite = true;
    this.coefficient = this.coefficient.value === 0 ? ZERO : product.value < 0 ? MINUS_ONE : ONE;
  }

  #collect(base: Node, given: Constant | Node, whole?: Node): void {
    const exponent: Constant | Node =
      isNode(given) && given.op === 'const' ? { value: given.value, exact: given.exact } : given;
    const known = this.#withBase(base).find(
      (factor) => factor.base === base && this.#combines(base, factor.exponent, exponent),
    );
    if (known === undefined) {
      this.#append({ base, exponent, whole });
      return;
    }
    known.whole = undefined;
    known.exponent =
      isNode(known.exponent) || isNode(exponent)
        ? this.algebra.add([this.#asNode(known.exponent), this.#asNode(exponent)])
        : addConstants(known.exponent, exponent);
  }

  /** The factors with this base, and perhaps others. */
  #withBase(base: Node): readonly Factor[] {
    return this.#byBase === undefined ? this.factors : (this.#byBase.get(base) ?? NO_FACTORS);
  }

  #append(factor: Factor): void {
    this.factors.push(factor);
    if (this.#byBase === undefined && this.factors.length > SHORT_LIST) {
      this.#byBase = new Map();
      for (const each of this.factors) this.#index(this.#byBase, each);
    } else if (this.#byBase !== undefined) this.#index(this.#byBase, factor);
  }

  #index(byBase: Map<Node, Factor[]>, factor: Factor): void {
    const same = byBase.get(factor.base);
    if (same === undefined) byBase.set(factor.base, [factor]);
    else same.push(factor);
  }

  #asNode(exponent: Constant | Node): Node {
    return isNode(exponent) ? exponent : this.algebra.constant(exponent);
  }

  /** x^a * x^b is x^(a + b) for all numbers, whatever the order they come in; x = 0 or x < 0 may gain a value. */
  #combines(base: Node, a: Constant | Node, b: Constant | Node): boolean {
    if (isNode(a) || isNode(b)) return isPositive(base.range);
    if (a.value * b.value < 0 && !base.range.nonzero) this.algebra.widen('divided by', base);
    const rootIsGone = isWhole(addConstants(a, b)) && !(isWhole(a) && isWhole(b));
    if (rootIsGone && !isNonnegative(base.range)) this.algebra.widen('root of', base);
    return true;
  }

  finish(): Node[] {
    const nodes: Node[] = [];
    const keep = (node: Node): void => {
      // Rewriting a power may bring out a number or a product.
      if (node.op === 'const') this.#scale(node);
      else if (node.op === 'mul') for (const arg of node.args) keep(arg);
      else nodes.push(node);
    };
    const [first] = this.#exponentials;
    if (this.#exponentials.length === 1) keep(this.algebra.apply('exp', first!.args));
    else if (first !== undefined)
      keep(this.algebra.apply('exp', [this.algebra.add(this.#exponentials.map(({ args }) => args[0]!))]));
    for (const { base, exponent, whole } of this.factors) {
      if (whole !== undefined) nodes.push(whole);
      else if (isNode(exponent) || exponent.value !== 1) keep(this.algebra.pow(base, this.#asNode(exponent)));
      else if (base.op === 'mul') nodes.push(base);
      else keep(base);
    }
    this.#finishCoefficient(nodes);
    return nodes;
  }

  /** What is too large for a double stands beside the coefficient as a factor. */
  #finishCoefficient(nodes: Node[]): void {
    if (this.infinite) {
      if (this.coefficient.value !== 0) this.coefficient = this.coefficient.value < 0 ? MINUS_ONE : ONE;
      const infinite = infiniteFactor(this.algebra);
      if (!nodes.includes(infinite)) nodes.push(infinite);
      return;
    }
    while (this.#large > 0) {
      const product = multiplyConstants(this.coefficient, LARGE);
      if (!Number.isFinite(product.value)) break;
      this.coefficient = product;
      this.#large--;
    }
    if (this.#large > 0) nodes.push(largeFactor(this.algebra, this.#large));
  }
}

/** The normal form of a power. */
export function normalPower(algebra: Simplifier, base: Node, exponent: Node): Node {
  if (exponent.op !== 'const') {
    if (base.op === 'const' && base.value === 1) return base;
    if (base.op === 'exp') return algebra.apply('exp', [algebra.mul([base.args[0]!, exponent])]);
    return algebra.rewritten(algebra.graph.make('pow', [base, exponent]));
  }
  const e = exponent.value;
  if (e === 0) return algebra.constant(1);
  if (e === 1) return base;
  if (base.op === 'const') {
    const folded = constantPower(base, e);
    if (folded !== undefined) return algebra.constant(folded);
  }
  if (isBinary(base.range) && e !== -1) return e > 0 ? base : algebra.pow(base, algebra.constant(-1));
  if (base.op === 'exp') return algebra.apply('exp', [algebra.mul([exponent, base.args[0]!])]);
  if (base.op === 'pow') return powerOfPower(algebra, base, exponent) ?? plain(algebra, base, exponent);
  if (base.op === 'abs' && e % 2 === 0) return algebra.pow(base.args[0]!, exponent);
  if (base.op === 'mul') return powerOfProduct(algebra, base, exponent);
  return plain(algebra, base, exponent);
}

const plain = (algebra: Simplifier, base: Node, exponent: Node): Node =>
  algebra.rewritten(algebra.graph.make('pow', [base, exponent]));

/** A power of a number, when it is exact: 2^3, 0.5^-2, sqrt(4); not sqrt(2), which reads better as it is. */
function constantPower(base: Node, exponent: number): Constant | undefined {
  if (Number.isInteger(exponent)) {
    const value = powerConstant(base, exponent);
    return Number.isFinite(value.value) ? value : undefined;
  }
  const value = pow(base.value, exponent);
  return Number.isSafeInteger(value) && pow(value, 1 / exponent) === base.value
    ? constantOf(value)
    : undefined;
}

/** (x^a)^b is x^(a * b) where that changes nothing; (x^2)^0.5 is |x|. */
function powerOfPower(algebra: Simplifier, base: Node, exponent: Node): Node | undefined {
  const [inner, a] = [base.args[0]!, base.args[1]!];
  const nonnegative = isNonnegative(inner.range);
  if (a.op !== 'const') {
    return nonnegative ? algebra.pow(inner, algebra.mul([a, exponent])) : undefined;
  }
  const total = multiplyConstants(a, exponent);
  if (nonnegative || (isWhole(a) && isWhole(exponent))) return algebra.pow(inner, algebra.constant(total));
  if (isWhole(exponent)) {
    // sqrt(x)^2 is x, but was undefined for negative x.
    if (isWhole(total)) algebra.widen('root of', inner);
    return algebra.pow(inner, algebra.constant(total));
  }
  return isWhole(a) && a.value % 2 === 0
    ? algebra.pow(algebra.apply('abs', [inner]), algebra.constant(total))
    : undefined;
}

/** (2 / x)^10000 stays one power: 2^10000 is no float, and beside x^-10000 it would be infinity times 0. */
function leavesFloats(base: number, exponent: number): boolean {
  const isInside = (size: number): boolean =>
    size >= SMALLEST_COEFFICIENT && size <= 1 / SMALLEST_COEFFICIENT;
  return isInside(Math.abs(base)) && !isInside(pow(Math.abs(base), exponent));
}

/** (x * y)^n factor by factor for whole n; of other powers only what is surely not negative comes out. */
function powerOfProduct(algebra: Simplifier, base: Node, exponent: Node): Node {
  if (base.args.some((factor) => factor.op === 'const' && leavesFloats(factor.value, exponent.value)))
    return plain(algebra, base, exponent);
  if (Number.isInteger(exponent.value))
    return algebra.mul(base.args.map((factor) => algebra.pow(factor, exponent)));
  const out = base.args.filter(
    (factor) =>
      factor.op === 'exp' ||
      (factor.op === 'const' && factor.value > 0 && constantPower(factor, exponent.value) !== undefined),
  );
  if (out.length === 0) return plain(algebra, base, exponent);
  const rest = base.args.filter((factor) => !out.includes(factor));
  return algebra.mul([
    ...out.map((factor) => algebra.pow(factor, exponent)),
    algebra.pow(algebra.mul(rest), exponent),
  ]);
}
