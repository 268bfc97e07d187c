import { addConstants, type Constant, multiplyConstants } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { isBinary, isNonnegative, isPositive } from '../operators/range.js';
import { operatorsThat } from '../operators/traits.js';
import { isWhole, MINUS_ONE, ONE, splitCoefficient, ZERO } from './coefficient.js';
import { infiniteFactor, isLargeFactor, LARGE, LARGE_INVERSE, largeFactor } from './large.js';
import type { Simplifier } from './simplifier.js';

/** A factor of a product: base to an exponent, which is a number or another node. */
interface Factor {
  readonly base: Node;
  exponent: Constant | Node;
  /** The power as it came in, until another joins it. */
  whole: Node | undefined;
}

const isNode = (exponent: Constant | Node): exponent is Node => 'op' in exponent;

/**
 * A product of more factors stays whole inside another: the adjoints of a deep expression would otherwise be as long as it is deep,
 * each of them.
 */
const MAX_FACTORS = 12;

/** Shorter lists are searched from end to end, which is faster than keeping a table of them. */
const SHORT_LIST = 16;

const REWRITTEN_BASES = operatorsThat('melts in powers');

const NO_FACTORS: readonly Factor[] = [];

/** The factors of a product as they are collected: one for each base, the exponentials, and the number in front. */
export class FactorList {
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
    known.exponent = this.#sum(base, known.exponent, exponent);
  }

  #sum(base: Node, a: Constant | Node, b: Constant | Node): Constant | Node {
    if (isNode(a) || isNode(b)) return this.algebra.add([this.#asNode(a), this.#asNode(b)]);
    // t * t is t for labels, so t / t has to be t as well: (t * t) / t and t * (t / t) are one product.
    if (a.value * b.value < 0 && isBinary(base.range)) return ONE;
    return addConstants(a, b);
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
