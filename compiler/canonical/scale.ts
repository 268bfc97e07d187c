import { type Constant, constantOf, divideConstants } from '../graph/exact.js';
import {
  addPrints,
  constantPrint,
  type Fingerprint,
  isZero,
  multiplyPrints,
  ONE,
  powerPrint,
  printText,
  ZERO,
} from './fingerprint.js';
import { type Positions, type PrintTensor, scalarTensor } from './tensor.js';

/** An expression as positive factors times the rest: a number, sizes of axes, and what is left. */
export interface Direction {
  readonly scale: Constant;
  readonly sizes: Fingerprint;
  readonly print: PrintTensor;
}

export const UNIT = constantOf(1);

/** Terms over the scale of the one whose rest comes first in a fixed order. `size` is a number that does not see signs. */
export function commonScale(
  positions: Positions,
  terms: readonly Direction[],
  size: (tensor: PrintTensor) => Fingerprint,
): Direction {
  const present = terms
    .filter(({ print }) => !print.data.every(isZero))
    .map((term) => ({ term, key: printText(size(term.print)) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  const first = present[0]?.term;
  if (first === undefined) return { scale: UNIT, sizes: ONE, print: scalarTensor(ZERO) };
  const unsized = powerPrint(first.sizes, -1);
  const parts = present.map(({ term }) => {
    const scale = constantPrint(divideConstants(term.scale, first.scale));
    const factor = multiplyPrints(scale, multiplyPrints(term.sizes, unsized));
    return positions.map([term.print], ([x]) => multiplyPrints(factor, x!));
  });
  const print = positions.map(parts, (prints) => prints.reduce(addPrints));
  return { scale: first.scale, sizes: first.sizes, print };
}
