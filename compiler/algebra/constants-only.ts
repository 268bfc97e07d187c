import {
  addConstants,
  type Constant,
  constantOf,
  losesDigits,
  multiplyConstants,
  powerConstant,
} from '../graph/exact.js';
import type { Node } from '../graph/graph.js';
import { RawBuilder } from '../graph/raw.js';

/** Makes what it is asked for, but with the numbers of a sum or product as one number: for an expression that is best left as it is. */
export class ConstantsOnly extends RawBuilder {
  override add(terms: readonly Node[]): Node {
    const numbers = terms.filter(({ op }) => op === 'const');
    // What one of them would lose shows where the other terms cancel the rest.
    if (numbers.length < terms.length && numbers.some((a) => numbers.some((b) => losesDigits(a, b))))
      return super.add(terms);
    return this.#folded(terms, addConstants, 0, (rest) => super.add(rest));
  }

  override mul(factors: readonly Node[]): Node {
    return this.#folded(factors, multiplyConstants, 1, (rest) => super.mul(rest));
  }

  override pow(base: Node, exponent: Node): Node {
    if (base.op === 'const' && exponent.op === 'const' && Number.isInteger(exponent.value)) {
      const value = powerConstant(base, exponent.value);
      if (Number.isFinite(value.value)) return this.constant(value);
    }
    return super.pow(base, exponent);
  }

  /** The numbers as the first argument; none where that changes nothing. */
  #folded(
    args: readonly Node[],
    combine: (a: Constant, b: Constant) => Constant,
    neutral: number,
    make: (args: readonly Node[]) => Node,
  ): Node {
    const numbers = args.filter(({ op }) => op === 'const');
    if (numbers.length === 0) return make(args);
    const value = numbers.reduce<Constant>(combine, constantOf(neutral));
    if (!Number.isFinite(value.value) || (value.value === 0 && neutral === 1)) return make(args);
    const rest = args.filter(({ op }) => op !== 'const');
    if (rest.length === 0) return this.constant(value);
    return make(value.value === neutral ? rest : [this.constant(value), ...rest]);
  }
}
