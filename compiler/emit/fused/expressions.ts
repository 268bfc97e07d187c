import { invariant } from '../../../grammar/invariant.js';
import { BATCH } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import { isReduction, type ReduceOp } from '../../operators/axis.js';
import { LOWEST_LOG_PROBABILITY } from '../../operators/special.js';
import { isNumberAt } from '../plan/schedule.js';
import { atom, InfixPrinter, LEVEL, type Printed, within } from '../print/infix.js';
import { numberText } from '../print/literals.js';
import { isCall, TFJS } from '../tfjs/ops.js';
import { FUSED } from './ops.js';
import type { SoftmaxParts } from './reductions.js';
import { softmaxForm } from './softmax-forms.js';

/** What the loops have bound so far. */
export interface FusedCode {
  /** The variable of a node that has one. */
  readonly bound: (node: Node) => string | undefined;
  /** The typed array of an input. */
  readonly array: (node: Node) => string;
  readonly perClass: (node: Node) => boolean;
  readonly softmaxes: ReadonlyMap<Node, SoftmaxParts>;
  /** What is subtracted from a logit for the logarithm of its softmax. */
  readonly logs: ReadonlyMap<Node, string>;
}

/** Prints nodes as expressions of the place that the loops have reached. */
export const fusedPrinter = (code: FusedCode): InfixPrinter => new Expressions(code).printer;

/** Reductions of a value that does not depend on the class. */
const SAME_FOR_ALL: { readonly [K in ReduceOp]: (x: string) => Printed } = {
  sum: (x) => ({ text: `classes * ${x}`, level: LEVEL.product }),
  prod: (x) => ({ text: `${x} ** classes`, level: LEVEL.power }),
  reduceMax: atom,
  reduceMin: atom,
  logsumexp: (x) => ({ text: `${x} + Math.log(classes)`, level: LEVEL.sum }),
};

class Expressions {
  readonly printer: InfixPrinter;

  constructor(private readonly code: FusedCode) {
    this.printer = new InfixPrinter({
      bound: code.bound,
      number: (value) => (value < 0 ? `(${numberText(value)})` : numberText(value)),
      signed: LEVEL.atom,
      power,
      other: (node, printer) => this.#other(node, printer),
    });
  }

  #other(node: Node, printer: InfixPrinter): Printed {
    const fast = this.#ofSoftmax(node);
    if (fast !== undefined) return fast;
    switch (node.op) {
      case 'size':
        return atom(node.axis === BATCH ? 'batch' : 'classes');
      case 'parameter':
        return atom(`parameters[${node.leaf!.position}]`);
      case 'input':
        return atom(`${this.code.array(node)}[${this.code.perClass(node) ? 'start + j' : 'i'}]`);
      case 'index':
        return atom('j');
      case 'stop':
        return printer.print(node.args[0]!);
      case 'at':
        if (isNumberAt(node))
          return atom(`(parameters[${node.args[0]!.leaf!.position}][${node.args[1]!.value}] ?? 0)`);
        return printer.print(node.args[0]!);
      case 'select': {
        const [condition, yes, no] = node.args.map((arg) => within(printer.print(arg), LEVEL.or));
        return { text: `${condition} ? ${yes} : ${no}`, level: LEVEL.choice };
      }
      case 'logSoftmax':
        // As it is defined: of a class that cannot be, times the 0 of a target it is 0.
        return atom(
          `Math.max(${printer.text(node.args[0]!)} - ${this.code.logs.get(node)!}, ${LOWEST_LOG_PROBABILITY})`,
        );
      case 'softmax': {
        const { exps, share } = this.code.softmaxes.get(node)!;
        return { text: `${exps}[j] * ${share}`, level: LEVEL.product };
      }
      default:
        if (isReduction(node.op))
          return SAME_FOR_ALL[node.op](within(printer.print(node.args[0]!), LEVEL.atom));
        return this.#call(node, printer);
    }
  }

  #call(node: Node, printer: InfixPrinter): Printed {
    invariant(isCall(node.op), `${node.op} in a loop`);
    const { infix } = TFJS[node.op];
    const args = node.args.map((arg) =>
      infix === undefined ? printer.text(arg) : within(printer.print(arg), LEVEL[infix.level] + 1),
    );
    return atom(FUSED[node.op](args, node.value));
  }

  /** exp, expm1 and the inverse of softmax from the exponentials that are there already. */
  #ofSoftmax(node: Node): Printed | undefined {
    const { softmaxes } = this.code;
    const form = softmaxForm(node, (inner) => softmaxes.has(inner));
    if (form === undefined) return undefined;
    const { exps, others, share, place } = softmaxes.get(form.of)!;
    switch (form.kind) {
      case 'share':
        return { text: `${exps}[j] * ${share}`, level: LEVEL.product };
      case 'share minus 1': {
        const text = `j === ${place} ? -${others} * ${share} : ${exps}[j] * ${share} - 1`;
        return { text, level: LEVEL.choice };
      }
      case 'inverse share':
        return atom(`Math.min((1 + ${others}) / ${exps}[j], ${numberText(form.bound)})`);
    }
  }
}

function power(base: Node, exponent: Node | number, printer: InfixPrinter): Printed {
  const x = within(printer.print(base), LEVEL.atom);
  if (exponent === 0.5) return atom(`Math.sqrt(${printer.text(base)})`);
  if (exponent === 2) return atom(`squareOf(${printer.text(base)})`);
  const right =
    typeof exponent === 'number' ? numberText(exponent) : within(printer.print(exponent), LEVEL.power);
  return { text: `${x} ** ${right}`, level: LEVEL.power };
}
