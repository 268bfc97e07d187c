import { type Constant, constantOf, divideConstants } from '../graph/exact.js';
import {
  addPrints,
  compareUnsigned,
  constantPrint,
  type Fingerprint,
  multiplyPrints,
  ONE,
  powerPrint,
  ZERO,
} from './fingerprint.js';

/** An expression as positive factors times the rest: a number, sizes of axes, and what is left. */
export interface Direction {
  readonly scale: Constant;
  readonly sizes: Fingerprint;
  readonly print: Fingerprint;
}

export const UNIT = constantOf(1);

/** Terms over the scale of the one whose rest comes first in a fixed order. */
export function commonScale(terms: readonly Direction[]): Direction {
  const present = terms.filter(({ print }) => compareUnsigned(print, ZERO) !== 0);
  const [first] = present.sort((a, b) => compareUnsigned(a.print, b.print));
  if (first === undefined) return { scale: UNIT, sizes: ONE, print: ZERO };
  const unsized = powerPrint(first.sizes, -1);
  const print = present
    .map((term) => {
      const scale = constantPrint(divideConstants(term.scale, first.scale));
      return multiplyPrints(multiplyPrints(scale, multiplyPrints(term.sizes, unsized)), term.print);
    })
    .reduce(addPrints);
  return { scale: first.scale, sizes: first.sizes, print };
}
