import { type AxisSet, axisIndices } from '../../graph/axes.js';
import type { Node } from '../../graph/graph.js';
import type { MatrixProduct } from '../plan/matrix-product.js';
import { atom, type InfixPrinter, LEVEL, type Printed, within } from '../print/infix.js';
import type { Framework } from './framework.js';

/** What a matrix product is written with. */
interface EinsumCode {
  readonly slots: readonly number[];
  readonly framework: Framework;
  readonly printer: InfixPrinter;
}

/** A sum of products as an einsum, so that the product with all axes is never made. */
export function einsum(node: Node, product: MatrixProduct, code: EinsumCode): Printed {
  const side = (factors: readonly Node[]): { letters: string; text: string } => {
    const axes = factors.reduce((mask, factor) => mask | factor.axes, 0);
    const printed = code.printer.product({ value: 1, factors });
    return { letters: lettersOf(axes), text: indexed(within(printed, LEVEL.atom), axes, '0', code) };
  };
  const [a, b] = [side(product.leftFactors), side(product.rightFactors)];
  const formula = `${a.letters},${b.letters}->${lettersOf(node.axes)}`;
  return atom(indexed(code.framework.einsum(formula, a.text, b.text), node.axes, 'None', code));
}

/** Dimensions of length 1 for the axes that a tensor lacks, taken away by the index 0 or added by `None`. */
function indexed(text: string, axes: AxisSet, other: '0' | 'None', { slots }: EinsumCode): string {
  if (slots.every((slot) => (axes >> slot) & 1)) return text;
  return `${text}[${slots.map((slot) => ((axes >> slot) & 1 ? ':' : other)).join(', ')}]`;
}

const lettersOf = (axes: AxisSet): string =>
  axisIndices(axes)
    .map((index) => String.fromCharCode(index < 26 ? 97 + index : 39 + index))
    .join('');
