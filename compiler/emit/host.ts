import { invariant } from '../../grammar/invariant.js';
import { axisIndex } from '../axes.js';
import type { Node } from '../graph.js';
import { isNumberAt } from '../schedule.js';
import { type CallOp, TFJS } from './tfjs-ops.js';

/** A number that is known before any tensor is touched: a constant times factors, each a node of sizes and parameters. */
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
export const sameScale = (a: Scale, b: Scale): boolean =>
  a.value === b.value &&
  a.factors.length === b.factors.length &&
  a.factors.every((factor, i) => factor === b.factors[i]);

/** A string as JavaScript, with single quotes where nothing needs escaping. */
export const stringText = (text: string): string =>
  /^[\w(), .+-]*$/.test(text) ? `'${text}'` : JSON.stringify(text);

/** A number as JavaScript. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  // 10 ** -24 is 1.0000000000000001e-24: the last digit says nothing.
  const rounded = String(Number(value.toPrecision(15)));
  const exact = String(value);
  return rounded.length + 6 < exact.length ? rounded : exact;
}

/** How tight an expression binds, loosest first. */
const LEVEL = { choice: 0, or: 1, and: 2, comparison: 3, sum: 4, product: 5, sign: 6, power: 7, atom: 8 };

interface Printed {
  readonly text: string;
  readonly level: number;
}

const atom = (text: string): Printed => ({ text, level: LEVEL.atom });
const wrapped = (printed: Printed, level: number): string =>
  printed.level < level ? `(${printed.text})` : printed.text;

/** Names of what numbers are made of. */
export interface HostNames {
  readonly parameter: (node: Node) => string;
  readonly size: (axis: number) => string;
  /** A variable that holds the node's value already. */
  readonly bound: (node: Node) => string | undefined;
  readonly use: (helper: string) => void;
}

/** Numbers as JavaScript expressions, with the fewest parentheses. */
export class HostPrinter {
  constructor(private readonly names: HostNames) {}

  text(node: Node): string {
    return this.#print(node).text;
  }

  /** The number itself, not its variable. */
  definition(node: Node): string {
    return this.#make(node).text;
  }

  scale(scale: Scale): string {
    return this.#product(scale).text;
  }

  /** A sum of numbers. */
  sum(nodes: readonly Node[]): string {
    return this.#sum(nodes).text;
  }

  #print(node: Node): Printed {
    const bound = this.names.bound(node);
    return bound === undefined ? this.#make(node) : atom(bound);
  }

  #make(node: Node): Printed {
    switch (node.op) {
      case 'const':
        return { text: numberText(node.value), level: node.value < 0 ? LEVEL.sign : LEVEL.atom };
      case 'size':
        return atom(this.names.size(axisIndex(node.axis)));
      case 'parameter':
        return atom(this.names.parameter(node));
      case 'at':
        invariant(isNumberAt(node), 'a number of a list');
        this.names.use('entry');
        return atom(`entry(${this.names.parameter(node.args[0]!)}, ${this.text(node.args[1]!)})`);
      case 'add':
        return this.#sum(node.args);
      case 'mul':
      case 'pow':
        return this.#product({ value: 1, factors: [node] });
      case 'select': {
        const [condition, yes, no] = node.args.map((arg) => this.#print(arg));
        const text = [condition!, yes!, no!].map((part) => wrapped(part, LEVEL.or));
        return { text: `${text[0]} ? ${text[1]} : ${text[2]}`, level: LEVEL.choice };
      }
      default:
        return this.#operator(node);
    }
  }

  #operator(node: Node): Printed {
    const row = TFJS[node.op as CallOp];
    for (const name of row.helpers ?? []) if (name.endsWith('Of')) this.names.use(name);
    const infix = row.infix;
    const args = node.args.map((arg) => this.#print(arg));
    if (infix === undefined) {
      return atom(
        row.number(
          args.map((arg) => arg.text),
          node.value,
        ),
      );
    }
    const level = LEVEL[infix.level];
    return { text: args.map((arg) => wrapped(arg, level + 1)).join(` ${infix.sign} `), level };
  }

  #sum(nodes: readonly Node[], flip = false): Printed {
    const terms = nodes.map((node) => {
      const own = this.#scaleOf(node);
      const scale = flip ? negated(own) : own;
      return scale.value < 0 ? { sign: '-', scale: negated(scale) } : { sign: '+', scale };
    });
    const lead = terms.findIndex((term) => term.sign === '+');
    if (lead > 0) terms.unshift(...terms.splice(lead, 1));
    const text = terms.map(({ sign, scale }, i) => {
      const printed = wrapped(this.#product(scale), LEVEL.product);
      if (i === 0) return sign === '-' ? `-${printed}` : printed;
      return `${sign} ${printed}`;
    });
    return { text: text.join(' '), level: LEVEL.sum };
  }

  /** A node as a constant times factors that are no products. */
  #scaleOf(node: Node): Scale {
    if (node.op === 'const') return { value: node.value, factors: [] };
    if (node.op !== 'mul' || this.names.bound(node) !== undefined) return { value: 1, factors: [node] };
    return node.args.map((arg) => this.#scaleOf(arg)).reduce(times);
  }

  #product(scale: Scale): Printed {
    const flat = scale.factors
      .map((factor) => this.#scaleOf(factor))
      .reduce(times, {
        value: scale.value,
        factors: [],
      });
    const [only] = flat.factors;
    // -(1 - x) is x - 1.
    if (
      flat.value === -1 &&
      flat.factors.length === 1 &&
      only!.op === 'add' &&
      this.names.bound(only!) === undefined
    )
      return this.#sum(only!.args, true);
    const above: Printed[] = [];
    const below: Printed[] = [];
    for (const factor of flat.factors) {
      const exponent = factor.args[1];
      const negative =
        factor.op === 'pow' &&
        this.names.bound(factor) === undefined &&
        exponent!.op === 'const' &&
        exponent!.value < 0;
      if (negative) below.push(this.#power(factor.args[0]!, -exponent!.value));
      else if (factor.op === 'pow' && this.names.bound(factor) === undefined)
        above.push(this.#powerOf(factor));
      else above.push(this.#print(factor));
    }
    const { value } = flat;
    const sign = value < 0 && value !== -1 ? '' : value === -1 && above.length > 0 ? '-' : '';
    const number = value === 1 && above.length > 0 ? [] : sign === '-' ? [] : [atom(numberText(value))];
    const top = [...number, ...above];
    if (top.length === 1 && below.length === 0 && sign === '')
      return number.length === 1
        ? { text: top[0]!.text, level: value < 0 ? LEVEL.sign : LEVEL.atom }
        : top[0]!;
    const factors = top.map((part) => wrapped(part, LEVEL.sign)).join(' * ');
    const divisor = below.map((part) => wrapped(part, LEVEL.sign)).join(' * ');
    const bottom = divisor === '' ? '' : below.length === 1 ? ` / ${divisor}` : ` / (${divisor})`;
    return {
      text: `${sign}${factors}${bottom}`,
      level: top.length === 1 && bottom === '' ? LEVEL.sign : LEVEL.product,
    };
  }

  #powerOf(node: Node): Printed {
    const [base, exponent] = [node.args[0]!, node.args[1]!];
    if (exponent.op === 'const') return this.#power(base, exponent.value);
    return {
      text: `${wrapped(this.#print(base), LEVEL.atom)} ** ${wrapped(this.#print(exponent), LEVEL.power)}`,
      level: LEVEL.power,
    };
  }

  #power(base: Node, exponent: number): Printed {
    if (exponent === 1) return this.#print(base);
    if (exponent === 0.5) return atom(`Math.sqrt(${this.text(base)})`);
    return {
      text: `${wrapped(this.#print(base), LEVEL.atom)} ** ${numberText(exponent)}`,
      level: LEVEL.power,
    };
  }
}
