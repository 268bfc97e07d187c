import { arrayOf } from '../../compiler/evaluate/bind.js';
import {
  type BigNumber,
  bigNumbers,
  binaryDigits,
  type Exact,
  evaluateExactly,
} from '../../compiler/exact/exact.js';
import { joined, type Point } from './point.js';
import type { Place } from './search.js';
import type { Subject } from './subject.js';

/** Digits that are asked for: float32 has seven. */
const DIGITS = 9;

/**
 * The number of a place at a point by the definition of the loss, in arbitrary precision; undefined at kinks, and where `most` digits
 * on the way do not settle it.
 */
export async function exactAt(
  subject: Subject,
  point: Point,
  { of, name, entry }: Place,
  most: number,
): Promise<Exact> {
  const Big = await bigNumbers(120);
  const exact = ({
    shape,
    data,
  }: {
    readonly shape: readonly number[];
    readonly data: ArrayLike<number>;
  }) => ({
    shape,
    data: Array.from(data, (x): BigNumber => binaryDigits(Big, x)),
  });
  const { program, decl, compiled, parameters } = subject;
  const inputs = joined([point], subject.itemShapes, subject.items);
  const result = await evaluateExactly(
    {
      library: program.module,
      decl,
      reduction: 'sum',
      ignored: { label: Number.NaN, inputs: new Set() },
      given: {
        inputs: new Map([...inputs].map(([key, value]) => [key, exact(value)] as const)),
        parameters: new Map([...parameters].map(([key, value]) => [key, exact(arrayOf(value))] as const)),
        labels: new Set(),
        logits: new Set(compiled.logits),
      },
    },
    {
      digits: DIGITS,
      by: of === 'gradient' ? [name] : [],
      only: (_, k) => k === entry,
      most,
    },
  );
  return of === 'value' ? result.items.data[entry] : result.gradient.get(name)!.data[entry];
}
