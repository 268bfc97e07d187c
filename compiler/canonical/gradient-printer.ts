import { constantOf, multiplyConstants, powerConstant } from '../graph/exact.js';
import type { Graph, Node } from '../graph/graph.js';
import { factorsOf } from '../graph/node-range.js';
import {
  type Fingerprint,
  multiplyPrints,
  negatePrint,
  ONE,
  powerPrint,
  subtractPrints,
  ZERO,
} from './fingerprint.js';
import { Printer } from './printer.js';
import { commonScale, type Direction, UNIT } from './scale.js';
import { type PrintTensor, scalarTensor } from './tensor.js';

/** Deeper than this the positive factor of a gradient is left where it is. */
const MAX_DEPTH = 200;

/** Fingerprints of gradients, up to a positive constant factor. */
export class GradientPrinter extends Printer {
  constructor(graph: Graph, root: Node) {
    super(graph, root, true);
  }

  direction(): Fingerprint {
    return this.entry(this.#direction(this.root, 0).print);
  }

  /** A number that does not see the signs of the entries, nor the order of their axes. */
  #size(tensor: PrintTensor): Fingerprint {
    return this.sum(
      this.positions.map([tensor], ([x]) => multiplyPrints(x!, x!)),
      tensor.axes,
    ).data[0]!;
  }

  /** A value as a positive constant times a rest that is the same for all its positive multiples. */
  #direction(node: Node, depth: number): Direction {
    const { positions } = this;
    const opaque = (): Direction => ({ scale: UNIT, sizes: ONE, print: this.print(node) });
    if (depth > MAX_DEPTH) return opaque();
    const of = (arg: Node): Direction => this.#direction(arg, depth + 1);
    const common = (terms: readonly Direction[]): Direction =>
      commonScale(positions, terms, (tensor) => this.#size(tensor));
    switch (node.op) {
      case 'const': {
        if (node.value === 0) return { scale: UNIT, sizes: ONE, print: scalarTensor(ZERO) };
        const [scale, sign] = node.value < 0 ? [multiplyConstants(constantOf(-1), node), -1] : [node, 1];
        return { scale, sizes: ONE, print: scalarTensor(sign < 0 ? negatePrint(ONE) : ONE) };
      }
      case 'size':
        return { scale: UNIT, sizes: this.print(node).data[0]!, print: scalarTensor(ONE) };
      case 'mul': {
        const parts = factorsOf(node).map(of);
        return {
          scale: parts.map((part) => part.scale).reduce(multiplyConstants),
          sizes: parts.map((part) => part.sizes).reduce(multiplyPrints),
          print: positions.map(
            parts.map((part) => part.print),
            (prints) => prints.reduce(multiplyPrints),
          ),
        };
      }
      case 'add':
        return common(node.args.map(of));
      case 'pow': {
        const exponent = node.args[1]!;
        if (exponent.op !== 'const' || !Number.isInteger(exponent.value)) return opaque();
        const base = of(node.args[0]!);
        return {
          scale: powerConstant(base.scale, exponent.value),
          sizes: powerPrint(base.sizes, exponent.value),
          print: positions.map([base.print], ([x]) => powerPrint(x!, exponent.value)),
        };
      }
      case 'sum': {
        const value = of(node.args[0]!);
        return { ...value, print: this.sum(value.print, node.axis) };
      }
      case 'select': {
        const condition = this.print(node.args[0]!);
        const [yes, no] = [of(node.args[1]!), of(node.args[2]!)];
        return common([
          { ...yes, print: positions.map([condition, yes.print], ([c, x]) => multiplyPrints(c!, x!)) },
          {
            ...no,
            print: positions.map([condition, no.print], ([c, x]) =>
              multiplyPrints(subtractPrints(ONE, c!), x!),
            ),
          },
        ]);
      }
      default:
        return opaque();
    }
  }
}
