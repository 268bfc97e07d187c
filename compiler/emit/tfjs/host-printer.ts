import { invariant } from '../../../grammar/invariant.js';
import { axisIndex } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import type { HelperName } from '../helpers/helpers.js';
import { isNumberAt } from '../plan/schedule.js';
import { atom, InfixPrinter, LEVEL, type Printed, type Scale, within } from '../print/infix.js';
import { numberText } from '../print/literals.js';
import { isCall, TFJS } from './ops.js';

/** Names of what numbers are made of. */
export interface HostNames {
  readonly parameter: (node: Node) => string;
  readonly size: (axis: number) => string;
  /** A variable that holds the node's value already. */
  readonly bound: (node: Node) => string | undefined;
  readonly use: (helper: HelperName) => void;
}

/** Numbers that are known before any tensor is touched, as JavaScript expressions. */
export class HostPrinter {
  readonly #printer: InfixPrinter;

  constructor(private readonly names: HostNames) {
    this.#printer = new InfixPrinter({
      bound: names.bound,
      number: numberText,
      signed: LEVEL.atom,
      power: (base, exponent, printer) => power(base, exponent, printer),
      other: (node, printer) => this.#other(node, printer),
    });
  }

  text(node: Node): string {
    return this.#printer.text(node);
  }

  /** The number itself, not its variable. */
  definition(node: Node): string {
    return this.#printer.make(node).text;
  }

  scale(scale: Scale): string {
    return this.#printer.product(scale).text;
  }

  /** A sum of numbers. */
  sum(nodes: readonly Node[]): string {
    return this.#printer.sum(nodes).text;
  }

  #other(node: Node, printer: InfixPrinter): Printed {
    switch (node.op) {
      case 'size':
        return atom(this.names.size(axisIndex(node.axis)));
      case 'parameter':
        return atom(this.names.parameter(node));
      case 'at':
        invariant(isNumberAt(node), 'a number of a list');
        this.names.use('entry');
        return atom(
          `entry(${this.names.parameter(node.args[0]!)}, ${printer.text(node.args[1]!)}, ${this.names.size(axisIndex(node.axis))})`,
        );
      case 'select': {
        const text = node.args.map((arg) => within(printer.print(arg), LEVEL.or));
        return { text: `${text[0]} ? ${text[1]} : ${text[2]}`, level: LEVEL.choice };
      }
      case 'stop':
        return printer.print(node.args[0]!);
      default:
        return this.#operator(node, printer);
    }
  }

  #operator(node: Node, printer: InfixPrinter): Printed {
    invariant(isCall(node.op), `${node.op} of numbers`);
    const row = TFJS[node.op];
    if (row.numberHelper !== undefined) this.names.use(row.numberHelper);
    const args = node.args.map((arg) => printer.print(arg));
    if (row.infix === undefined) {
      const texts = args.map((arg) => arg.text);
      return atom(row.number(texts, node.value));
    }
    const level = LEVEL[row.infix.level];
    return { text: args.map((arg) => within(arg, level + 1)).join(` ${row.infix.sign} `), level };
  }
}

function power(base: Node, exponent: Node | number, printer: InfixPrinter): Printed {
  if (exponent === 0.5) return atom(`Math.sqrt(${printer.text(base)})`);
  // A sign in front of the base of ** is a syntax error.
  const left = within(printer.print(base), LEVEL.atom);
  const right =
    typeof exponent === 'number' ? numberText(exponent) : within(printer.print(exponent), LEVEL.power);
  return { text: `${left} ** ${right}`, level: LEVEL.power };
}
