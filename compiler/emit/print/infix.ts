import type { Node } from '../../graph/graph.js';
import { operatorsThat } from '../../operators/traits.js';

/** A constant times factors, none of which is a constant. */
export interface Scale {
  readonly value: number;
  readonly factors: readonly Node[];
}

export const ONE: Scale = { value: 1, factors: [] };
export const isOne = (scale: Scale): boolean => scale.value === 1 && scale.factors.length === 0;
export const isSign = (scale: Scale): boolean =>
  (scale.value === 1 || scale.value === -1) && scale.factors.length === 0;
export const negated = (scale: Scale): Scale => ({ ...scale, value: -scale.value });
export const times = (a: Scale, b: Scale): Scale => ({
  value: a.value * b.value,
  factors: [...a.factors, ...b.factors],
});
/** The product of several scales, in one pass. */
const product = (scales: readonly Scale[]): Scale => ({
  value: scales.reduce((value, scale) => value * scale.value, 1),
  factors: scales.flatMap((scale) => scale.factors),
});
/** The scale 1 / k as k. */
export function divisorOf(scale: Scale): Node | undefined {
  const [factor] = scale.factors;
  if (scale.value !== 1 || scale.factors.length !== 1 || factor!.op !== 'pow') return undefined;
  const exponent = factor!.args[1]!;
  return exponent.op === 'const' && exponent.value === -1 ? factor!.args[0]! : undefined;
}

const GUARDING = operatorsThat('bounds');
/** The square of a larger number leaves float32. */
const LARGE = 1e18;
const GROWING = operatorsThat('grows');

/** How often a factor divides by what a guard keeps from 0, or is an exponential; a power without such bounds may be anything. */
function largeParts({ op, args, range }: Node): number {
  if (op === 'pow' && GUARDING.has(args[0]!.op)) return Math.max(0, -args[1]!.range.lo);
  if (range.lo >= -LARGE && range.hi <= LARGE) return 0;
  return op === 'pow' && args[1]!.op !== 'const' ? 2 : GROWING.has(op) ? 1 : 0;
}

/** The largest constant times what a guard bounds that float32 holds. */
const LARGEST_IN_FRONT = 100;

/**
 * Whether a number is made of more than one part that may be as large as float32 can hold, or of one and a large constant, and so may be
 * too large for it: a tensor would hold infinity, which makes NaN of 0.
 */
export function leavesFloat32({ value, factors }: Scale): boolean {
  const parts = factors.reduce((sum, factor) => sum + largeParts(factor), 0);
  return parts > 1 || (parts > 0 && Math.abs(value) > LARGEST_IN_FRONT);
}

export const sameScale = (a: Scale, b: Scale): boolean =>
  a.value === b.value &&
  a.factors.length === b.factors.length &&
  a.factors.every((factor, i) => factor === b.factors[i]);

/** How tight an expression binds, loosest first; the same in JavaScript and Python. */
export const LEVEL = {
  choice: 0,
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  sum: 5,
  product: 6,
  sign: 7,
  power: 8,
  atom: 9,
} as const;

export interface Printed {
  readonly text: string;
  readonly level: number;
}

export const atom = (text: string): Printed => ({ text, level: LEVEL.atom });
export const within = (printed: Printed, level: number): string =>
  printed.level < level ? `(${printed.text})` : printed.text;

/** What differs between the languages that are printed. */
export interface Dialect {
  /** A variable that holds the node's value already. */
  readonly bound: (node: Node) => string | undefined;
  readonly number: (value: number) => string;
  /** How tight the operand of a sign must bind: in JavaScript -x ** 2 is an error, in Python it is -(x ** 2). */
  readonly signed: number;
  /** A power with an exponent that is not negative, or not a constant. */
  readonly power: (base: Node, exponent: Node | number, printer: InfixPrinter) => Printed;
  /** Everything that is no sum, product, power or constant. */
  readonly other: (node: Node, printer: InfixPrinter) => Printed;
}

/** Nodes as infix expressions, with differences and quotients and the fewest parentheses. */
export class InfixPrinter {
  constructor(private readonly dialect: Dialect) {}

  text(node: Node): string {
    return this.print(node).text;
  }

  print(node: Node): Printed {
    const bound = this.dialect.bound(node);
    return bound === undefined ? this.make(node) : atom(bound);
  }

  /** The expression itself, not its variable. */
  make(node: Node): Printed {
    switch (node.op) {
      case 'const':
        return { text: this.dialect.number(node.value), level: node.value < 0 ? LEVEL.sign : LEVEL.atom };
      case 'add':
        return this.sum(node.args);
      case 'mul':
        return this.product(product(node.args.map((arg) => this.#partOf(arg))));
      case 'pow':
        return this.product({ value: 1, factors: [node] }, node);
      default:
        return this.dialect.other(node, this);
    }
  }

  /** A sum, positive terms first; with its sign turned if `flip`. */
  sum(nodes: readonly Node[], flip = false): Printed {
    const terms = nodes.map((node) => {
      const own = this.#scaleOf(node);
      const scale = flip ? negated(own) : own;
      return scale.value < 0 ? { sign: '-', scale: negated(scale) } : { sign: '+', scale };
    });
    const lead = terms.findIndex((term) => term.sign === '+');
    if (lead > 0) terms.unshift(...terms.splice(lead, 1));
    const text = terms.map(({ sign, scale }, i) => {
      if (i === 0 && sign === '-') return this.#negative(scale);
      const printed = within(this.product(scale), LEVEL.product);
      return i === 0 ? printed : `${sign} ${printed}`;
    });
    return { text: text.join(' '), level: LEVEL.sum };
  }

  #negative(scale: Scale): string {
    const [only] = scale.factors;
    // As a product of its own it would be a sum with its sign turned, and still in parentheses.
    if (scale.value === 1 && scale.factors.length === 1 && only!.op === 'add')
      return `-${within(this.product(scale), LEVEL.product)}`;
    return within(this.product(negated(scale)), LEVEL.product);
  }

  /** A product as a quotient: factors with a negative exponent below the line. `whole` is being defined: its variable does not count. */
  product(scale: Scale, whole?: Node): Printed {
    const free = (node: Node): boolean => node === whole || this.dialect.bound(node) === undefined;
    const flat = product([
      { value: scale.value, factors: [] },
      ...scale.factors.map((factor) =>
        factor === whole ? { value: 1, factors: [factor] } : this.#partOf(factor),
      ),
    ]);
    const [only] = flat.factors;
    // -(1 - x) is x - 1.
    if (flat.value === -1 && flat.factors.length === 1 && only!.op === 'add' && free(only!))
      return this.sum(only!.args, true);
    const above: Printed[] = [];
    const below: Printed[] = [];
    for (const factor of flat.factors) {
      if (factor.op !== 'pow' || !free(factor)) above.push(this.print(factor));
      else {
        const [base, exponent] = [factor.args[0]!, factor.args[1]!];
        if (exponent.op === 'const' && exponent.value < 0) below.push(this.#power(base, -exponent.value));
        else above.push(this.#power(base, exponent.op === 'const' ? exponent.value : exponent));
      }
    }
    return this.#quotient(flat.value, above, below);
  }

  #power(base: Node, exponent: Node | number): Printed {
    return exponent === 1 ? this.print(base) : this.dialect.power(base, exponent, this);
  }

  #quotient(value: number, above: readonly Printed[], below: readonly Printed[]): Printed {
    const minus = value === -1 && above.length > 0;
    const hidden = minus || (value === 1 && above.length > 0);
    const number: Printed = {
      text: this.dialect.number(value),
      level: value < 0 ? LEVEL.sign : LEVEL.atom,
    };
    const top = hidden ? above : [number, ...above];
    if (top.length === 1 && below.length === 0) {
      if (!minus) return top[0]!;
      return { text: `-${within(top[0]!, this.dialect.signed)}`, level: LEVEL.sign };
    }
    // The first factor of a product may be a quotient or a product; the others may not.
    const [lead] = top as [Printed];
    // Two signs in a row are another operator in JavaScript.
    const isSigned = lead.level === LEVEL.power || lead.text.startsWith('-');
    const first = minus && isSigned ? this.dialect.signed : LEVEL.product;
    const factors = top.map((part, i) => within(part, i === 0 ? first : LEVEL.sign)).join(' * ');
    // One after the other: the product of two guarded divisors could underflow to 0.
    const bottom = below.map((part) => ` / ${within(part, LEVEL.sign)}`).join('');
    return { text: `${minus ? '-' : ''}${factors}${bottom}`, level: LEVEL.product };
  }

  /** A node as a constant times factors that are no products. */
  #scaleOf(node: Node): Scale {
    if (node.op === 'const') return { value: node.value, factors: [] };
    if (node.op !== 'mul' || this.dialect.bound(node) !== undefined) return { value: 1, factors: [node] };
    return product(node.args.map((arg) => this.#partOf(arg)));
  }

  /**
   * A factor of a product. A product of tensors inside another stays one: the order in which factors are multiplied decides the last
   * digit, and an entry is found to be the maximum only where both were worked out in the same order.
   */
  #partOf(node: Node): Scale {
    return node.op === 'mul' && node.axes !== 0 ? { value: 1, factors: [node] } : this.#scaleOf(node);
  }
}
