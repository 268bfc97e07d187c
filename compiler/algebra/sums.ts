import { addConstants, type Constant, losesDigits, multiplyConstants } from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { factorsOf } from '../graph/node-range.js';
import { without } from '../graph/without.js';
import { absorbed } from './absorb.js';
import { MINUS_ONE, MOST_TAKEN_APART, ONE, splitCoefficient, type Term, ZERO } from './coefficient.js';
import { infiniteFactor, LARGE_INVERSE, largeFactor } from './large.js';
import { compareNodes } from './order.js';
import type { Simplifier } from './simplifier.js';
import { undefinedConstant, undefinedFactor } from './undefined.js';

/** Collects like terms, in canonical order; constants add up exactly. */
class TermList {
  constant: Constant = ZERO;
  /** What the constant is too large to hold beside it. */
  #lost: Constant = ZERO;
  readonly terms: Term[] = [];
  readonly #byNode = new Map<Node, Term>();

  constructor(private readonly algebra: Simplifier) {}

  push(node: Node, factor: Constant): void {
    const stack: { node: Node; factor: Constant }[] = [{ node, factor }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { coefficient, rest } = splitCoefficient(this.algebra, next.node);
      const scaled = next.factor.value === 1 ? coefficient : multiplyConstants(next.factor, coefficient);
      // As in a product an infinity is a factor: infinity - infinity must not fold.
      if (Math.abs(coefficient.value) === Infinity)
        this.#collect(infiniteFactor(this.algebra), scaled.value > 0 ? ONE : MINUS_ONE);
      else if (!Number.isFinite(scaled.value)) {
        const reduced = multiplyConstants(multiplyConstants(next.factor, LARGE_INVERSE), coefficient);
        this.#collectLarge(rest, reduced);
      } else if (rest === undefined) this.#addConstant(scaled);
      else if (rest.op === 'add' && rest.args.length <= MOST_TAKEN_APART)
        for (const arg of rest.args) stack.push({ node: arg, factor: scaled });
      else this.#collect(rest, scaled);
    }
  }

  /** Ends a sum. A constant that doubles lose beside another, as in `1 - p + 1e-20`, is a term of its own: the other may cancel. */
  close(): void {
    if (this.#lost.value === 0) return;
    if (this.terms.length === 0 || this.constant.value === 0)
      this.constant = addConstants(this.constant, this.#lost);
    else this.terms.push({ node: this.algebra.constant(this.#lost), coefficient: ONE });
    this.#lost = ZERO;
  }

  #addConstant(constant: Constant): void {
    const sum = addConstants(this.constant, constant);
    if (losesDigits(this.constant, constant)) {
      const isLarger = Math.abs(constant.value) > Math.abs(this.constant.value);
      const [large, small] = isLarger ? [constant, this.constant] : [this.constant, constant];
      this.constant = large;
      this.#lost = addConstants(this.#lost, small);
    } else if (Number.isFinite(sum.value)) this.constant = sum;
    else {
      this.#collectLarge(undefined, reducedSum(this.constant, constant));
      this.constant = ZERO;
    }
  }

  #collectLarge(rest: Node | undefined, coefficient: Constant): void {
    const factors = [largeFactor(this.algebra), ...(rest === undefined ? [] : factorsOf(rest))];
    const node =
      factors.length === 1 ? factors[0]! : this.algebra.graph.make('mul', factors.sort(compareNodes));
    this.#collect(node, coefficient);
  }

  #collect(node: Node, coefficient: Constant): void {
    const known = this.#byNode.get(node);
    if (known !== undefined) {
      const sum = addConstants(known.coefficient, coefficient);
      if (Number.isFinite(sum.value)) known.coefficient = sum;
      else {
        this.#collectLarge(node, reducedSum(known.coefficient, coefficient));
        known.coefficient = ZERO;
      }
    } else {
      const term = { node, coefficient };
      this.terms.push(term);
      this.#byNode.set(node, term);
    }
  }
}

const reducedSum = (a: Constant, b: Constant): Constant =>
  addConstants(multiplyConstants(a, LARGE_INVERSE), multiplyConstants(b, LARGE_INVERSE));

/** The normal form of a sum: like terms collected, constant first, a common coefficient outside, the leading sign positive. */
export function normalSum(algebra: Simplifier, args: readonly Node[]): Node {
  const list = new TermList(algebra);
  for (const arg of args) list.push(arg, ONE);
  list.close();
  const outside = undefinedFactor(
    list.terms.filter(({ coefficient }) => coefficient.value === 0).map(({ node }) => node),
  );
  if (outside !== undefined) return undefinedConstant(algebra, outside);
  const terms = list.terms.filter((term) => {
    if (term.coefficient.value !== 0) return true;
    if (!term.node.range.total) algebra.widen('cancelled', term.node);
    return false;
  });
  const merged = terms.length > 1 ? mergeSelects(algebra, mergeReductions(algebra, terms)) : terms;
  if (merged !== terms) {
    const all = merged.map((term) => scale(algebra, term));
    if (list.constant.value !== 0) all.push(algebra.constant(list.constant));
    return algebra.add(all);
  }
  if (terms.length === 0) return algebra.constant(list.constant);
  const fewer = terms.length > 1 ? absorbed(algebra, terms) : undefined;
  if (fewer !== undefined) return algebra.add([...fewer, algebra.constant(list.constant)]);
  terms.sort((a, b) => compareNodes(a.node, b.node));
  return assemble(algebra, list.constant, terms);
}

/** A sum of collected and sorted terms as a node. */
function assemble(algebra: Simplifier, constant: Constant, terms: readonly Term[]): Node {
  if (terms.length === 1 && constant.value === 0) return scale(algebra, terms[0]!);
  const factored = commonFactors(algebra, constant, terms);
  if (factored !== undefined) return factored;
  const outside = contentOf(constant, terms);
  const inside = outside.value === 1 ? (c: Constant): Constant => c : dividedBy(outside);
  const nodes = terms.map(({ node, coefficient }) =>
    scale(algebra, { node, coefficient: inside(coefficient) }),
  );
  if (constant.value !== 0) nodes.unshift(algebra.constant(inside(constant)));
  const sum = algebra.rewritten(algebra.graph.make('add', nodes));
  return outside.value === 1 ? sum : algebra.mul([algebra.constant(outside), sum]);
}

/** Coefficients of one size over that size: 1 or -1, where a quotient of doubles might be the next double. */
function dividedBy(outside: Constant): (coefficient: Constant) => Constant {
  if (outside.value === -1) return (coefficient) => multiplyConstants(coefficient, MINUS_ONE);
  return ({ value }) => (value > 0 === outside.value > 0 ? ONE : MINUS_ONE);
}

/** What stands outside: the shared size of all coefficients, with the sign of the leading one. */
function contentOf(constant: Constant, terms: readonly Term[]): Constant {
  const lead = constant.value !== 0 ? constant : terms[0]!.coefficient;
  const size = Math.abs(lead.value);
  const uniform = terms.every((term) => Math.abs(term.coefficient.value) === size);
  if (uniform && Number.isFinite(1 / size)) return lead;
  return lead.value < 0 ? MINUS_ONE : ONE;
}

function scale(algebra: Simplifier, term: Term): Node {
  if (term.coefficient.value === 1) return term.node;
  if (term.node.op === 'const') return algebra.constant(multiplyConstants(term.coefficient, term.node));
  const coefficient = algebra.constant(term.coefficient);
  const factors = term.node.op === 'mul' ? term.node.args : [term.node];
  return algebra.graph.make('mul', [coefficient, ...factors]);
}

/** a * b + a * c is a * (b + c): factors that every term has, with the same exponent. */
function commonFactors(algebra: Simplifier, constant: Constant, terms: readonly Term[]): Node | undefined {
  if (constant.value !== 0 || terms.length < 2) return undefined;
  const first = terms[0]!.node;
  const candidates = first.op === 'mul' ? first.args : [first];
  const common = [...new Set(candidates)].filter((factor) =>
    terms.every(({ node }) => node === factor || (node.op === 'mul' && node.args.includes(factor))),
  );
  if (common.length === 0) return undefined;
  // A long product that is a factor of one term may be all of another.
  const whole = common.find(({ op }) => op === 'mul');
  const shared = whole === undefined ? common : [whole];
  const rest = terms.map(({ node, coefficient }) => {
    const factors = node === whole ? [node] : factorsOf(node);
    return algebra.mul([algebra.constant(coefficient), ...without(factors, shared)!]);
  });
  return algebra.mul([...shared, algebra.add(rest)]);
}

/** Terms that are sums over the same axes become one, when their coefficients are numbers: one pass over the data less. */
function mergeReductions(algebra: Simplifier, terms: readonly Term[]): readonly Term[] {
  return mergeBy(
    terms,
    (node) => (node.op === 'sum' ? `${node.axis} ${node.axes}` : undefined),
    (group) => {
      const inside = algebra.add(
        group.map((term) => algebra.mul([algebra.constant(term.coefficient), term.node.args[0]!])),
      );
      return algebra.reduce('sum', inside, group[0]!.node.axis);
    },
  );
}

/** Terms that choose by the same condition choose once. */
function mergeSelects(algebra: Simplifier, terms: readonly Term[]): readonly Term[] {
  return mergeBy(
    terms,
    (node) => (node.op === 'select' ? node.args[0]!.id : undefined),
    (group) => {
      const branch = (i: number): Node =>
        algebra.add(
          group.map((term) => algebra.mul([algebra.constant(term.coefficient), term.node.args[i]!])),
        );
      return algebra.apply('select', [group[0]!.node.args[0]!, branch(1), branch(2)]);
    },
  );
}

function mergeBy(
  terms: readonly Term[],
  key: (node: Node) => string | number | undefined,
  merge: (group: readonly Term[]) => Node,
): readonly Term[] {
  const keyed = terms.filter((term) => key(term.node) !== undefined);
  if (keyed.length < 2) return terms;
  const groups = new Map<string | number, Term[]>();
  for (const term of keyed) {
    const k = key(term.node)!;
    const group = groups.get(k);
    if (group === undefined) groups.set(k, [term]);
    else group.push(term);
  }
  const large = [...groups.values()].filter((group) => group.length > 1);
  if (large.length === 0) return terms;
  const gone = new Set(large.flat());
  return [
    ...terms.filter((term) => !gone.has(term)),
    ...large.map((group) => ({ node: merge(group), coefficient: ONE })),
  ];
}
