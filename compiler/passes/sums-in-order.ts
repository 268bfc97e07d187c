import { addConstants, type Constant, constantOf } from '../graph/exact.js';
import { type Graph, type Node, reachable } from '../graph/graph.js';
import { choose, RawBuilder } from '../graph/raw.js';
import { rebuild } from '../graph/rebuild.js';

/** What a sum is near a bound of its terms, as a part of its constant, for float32 to lose digits of it that a logarithm shows. */
const NEAR_BOUND = 2 ** -4;
/** What is so much smaller than a round number beside it is a term of its own, whatever the other terms may be. */
const TINY = 1e-5;
/** A constant below this comes behind what two other terms may leave of each other. */
const SMALL = 2 ** -6;
/** Digits of such a round number. */
const ROUND_DIGITS = 3;
/** log1p is for a sum nearer to 1 than to 0. */
const HALF = -0.5;

/**
 * The same values with the terms of sums in an order that keeps digits where they cancel. Normal form adds up constants and puts
 * them first, then parameters: `1 - p + 1e-10` is `1.0000000001 - p` there, which is 0 in float32 where p is 1. Here what may
 * cancel is added first, `(1 - p) + 1e-10`. It comes behind all passes that ask a sum for its terms.
 */
export function sumsInOrder(graph: Graph, roots: readonly Node[]): readonly Node[] {
  const sums = new SumsInOrder(graph);
  // Most losses have none: they need not be made again.
  if (reachable(roots).every((node) => sums.inOrder(node) === node)) return roots;
  return rebuild(sums.b, roots, undefined, (node) => sums.inOrder(node));
}

class SumsInOrder {
  readonly b: RawBuilder;
  /** The terms, in the order of normal form, of the sums that were made. */
  readonly #terms = new Map<Node, readonly Node[]>();
  readonly #isOfData = new Map<Node, boolean>();

  constructor(graph: Graph) {
    this.b = new RawBuilder(graph);
  }

  /** The node, or what is to be in its place. Asked for arguments before what they are arguments of. */
  inOrder(node: Node): Node {
    const isOfData = node.op === 'input' || node.args.some((arg) => this.#isOfData.get(arg));
    this.#isOfData.set(node, isOfData);
    const better = this.#better(node);
    if (better === undefined) return node;
    this.#isOfData.set(better, isOfData);
    return better;
  }

  #better(node: Node): Node | undefined {
    if (node.op === 'add') return this.#sum(node.args);
    return node.op === 'log' || node.op === 'log1p' ? this.#logarithm(node) : undefined;
  }

  #termsOf(node: Node): readonly Node[] {
    return this.#terms.get(node) ?? (node.op === 'add' ? node.args : [node]);
  }

  /** A sum with its terms in order; undefined where they are, or where nothing can cancel. */
  #sum(terms: readonly Node[]): Node | undefined {
    const { b } = this;
    // Of two terms only a constant can be taken apart.
    const isPlain = terms.length === 2 && !terms.some((term) => isConstant(term) && !isFloat(term.value));
    if (isPlain || haveOneSign(terms)) return undefined;
    const others = terms.filter((term) => !isConstant(term));
    const ofData = others.filter((term) => this.#isOfData.get(term));
    const data = ofData.length > 0 ? ofData : others;
    const numbers = ofData.length > 0 ? others.filter((term) => !this.#isOfData.get(term)) : [];
    const { main, parts } = constantsOf(terms, data);
    const pair = terms.length > 2 ? opposites(terms) : undefined;
    const isOfPair = (term: Node): boolean => pair?.includes(term) ?? false;
    const alone = data.filter((term) => !isOfPair(term));
    const plain = numbers.filter((term) => !isOfPair(term));
    const first =
      main === undefined ? [...alone] : [b.constant(main), ...cancelling(main.value, alone, plain)];
    const next = [...alone, ...plain].filter((term) => !first.includes(term));
    if (pair !== undefined) first.push(b.add(pair));
    const last = [...next, ...parts.map((part) => b.constant(part))];
    if (pair === undefined && (first.length < 2 || last.length === 0)) return undefined;
    const sum = b.add([...(first.length > 0 ? [b.add(first)] : []), ...last]);
    this.#terms.set(sum, terms);
    return sum;
  }

  /**
   * The logarithm of a sum near 1: log1p of the other terms is right where they are small, and where they come near -1 it is right
   * to add them to the 1 first.
   */
  #logarithm(node: Node): Node | undefined {
    const { b } = this;
    const terms = this.#termsOf(node.args[0]!);
    const all = node.op === 'log1p' ? withOneMore(b, terms) : terms;
    const others = all.filter((term) => !isConstant(term));
    const { main, parts } = constantsOf(all, others);
    if (main?.value !== 1 || others.length + parts.length < 2 || haveOneSign(all)) return undefined;
    const whole = this.#sum(all) ?? b.add(all);
    if (whole.range.lo > -HALF) return undefined;
    const less = [...parts.map((part) => b.constant(part)), ...others];
    const rest = this.#sum(less) ?? b.add(less);
    const isFar = b.apply('lt', [rest, b.constant(HALF)]);
    return choose(b, isFar, b.apply('log', [whole]), b.apply('log1p', [rest]));
  }
}

const haveOneSign = (terms: readonly Node[]): boolean =>
  terms.every(({ range }) => range.lo >= 0) || terms.every(({ range }) => range.hi <= 0);

/** The terms that a constant is added to first: those that may cancel it, of data rather than of parameters. */
function cancelling(constant: number, data: readonly Node[], numbers: readonly Node[]): readonly Node[] {
  const may = (terms: readonly Node[]): boolean => {
    const lo = terms.reduce((sum, { range }) => sum + range.lo, constant);
    const hi = terms.reduce((sum, { range }) => sum + range.hi, constant);
    return lo <= 0 && hi >= 0;
  };
  const one = data.filter((term) => may([term]));
  if (one.length > 0 || may(data)) return one.length > 0 ? one : data;
  const other = numbers.filter((term) => may([term]));
  return other.length > 0 ? other : data;
}

const isConstant = ({ op }: Node): boolean => op === 'const';
/** Whether float32 has the number. */
const isFloat = (x: number): boolean => Math.fround(x) === x;

/** The terms with 1 added to them; what it makes of a much smaller constant would lose digits of that. */
function withOneMore(b: RawBuilder, terms: readonly Node[]): readonly Node[] {
  const one = b.constant(1);
  const constant = terms.find(isConstant);
  const sum = constant === undefined ? undefined : addConstants(constant, one);
  if (sum?.exact === undefined) return [one, ...terms];
  return [b.constant(sum), ...terms.filter((term) => term !== constant)];
}

/** The constants of a sum as one that the other terms may cancel, if any, and what float32 would lose beside that. */
function constantsOf(
  terms: readonly Node[],
  others: readonly Node[],
): { readonly main: Constant | undefined; readonly parts: readonly Constant[] } {
  const [main, ...parts] = terms.filter(isConstant).toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value));
  if (main === undefined) return { main, parts };
  if (Math.abs(main.value) < SMALL && others.length > 1) return { main: undefined, parts: [main, ...parts] };
  const split = apart(main, others);
  return split === undefined ? { main, parts } : { main: split.round, parts: [split.part, ...parts] };
}

/** A constant that float32 has no number for as a round number, or a bound of the other terms, and what is beside that in it. */
function apart(
  { value }: Constant,
  others: readonly Node[],
): { readonly round: Constant; readonly part: Constant } | undefined {
  if (isFloat(value)) return undefined;
  const beside = (round: number, most: number): ReturnType<typeof apart> => {
    const part = difference(value, round);
    const isSmall = part !== 0 && Math.abs(part) < most * Math.abs(value);
    return isSmall ? { round: constantOf(round), part: constantOf(part) } : undefined;
  };
  const bound = others.reduce((sum, { range }) => sum + (value > 0 ? range.lo : range.hi), 0);
  return beside(-bound, NEAR_BOUND) ?? beside(Number(value.toPrecision(ROUND_DIGITS)), TINY);
}

/** The difference of the decimals that two doubles are read as: of 1.0000001e-10 and 1e-10 it is 1e-17. */
function difference(x: number, y: number): number {
  const exponent = Number(x.toExponential().split('e')[1]);
  const shifted = (z: number, by: number): number => {
    const [digits, power] = z.toExponential().split('e');
    return Number(`${digits}e${Number(power) + by}`);
  };
  if (!Number.isFinite(y)) return Number.NaN;
  const less = addConstants(constantOf(shifted(x, -exponent)), constantOf(-shifted(y, -exponent)));
  return shifted(less.value, exponent);
}

/** Two terms that are alike but for their sign: what they are may be large, and what they differ by small. */
function opposites(terms: readonly Node[]): readonly [Node, Node] | undefined {
  const kinds = terms.map((term) => {
    const isNegative = term.op === 'mul' && term.args.length === 2 && term.args[0]!.value === -1;
    return { term, isNegative, of: isNegative ? term.args[1]! : term };
  });
  const keyOf = ({ op, axis }: Node): string => `${op} ${axis}`;
  const negative = new Map<string, Node>();
  for (const { term, isNegative, of } of kinds)
    if (isNegative && !negative.has(keyOf(of))) negative.set(keyOf(of), term);
  for (const { term, isNegative, of } of kinds) {
    const other = isNegative || of.args.length === 0 ? undefined : negative.get(keyOf(of));
    if (other !== undefined) return [term, other];
  }
  return undefined;
}
