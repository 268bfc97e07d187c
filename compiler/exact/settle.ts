import { type BigNumber, type BigNumberClass, type Doubts, MOST_DIGITS } from './decimal/number.js';

/** A number to the digits asked for; undefined where no precision that was tried settles them, as at a kink of a derivative. */
export type Exact = BigNumber | undefined;

/** How many digits a number was worked out in. */
const precisionOf = (x: BigNumber): number => (x.constructor as BigNumberClass).precision;

/**
 * What two evaluations of one number, the second in more digits, agree on: the number if they differ by less than the digits asked
 * for. Where numbers cancelled on the way, what is 0 or infinite in few digits may be a number in more: 1 - sigmoid(1000) is 0 in 434
 * digits. Then it is believed in the most digits there are, as is 0 for what becomes smaller as fast as the precision grows, unless
 * some number left the range of mathjs. Not a number is never the answer.
 */
export function settled(
  [first, second]: readonly [Exact, Exact],
  digits: number,
  doubts: Readonly<Doubts>,
): Exact {
  if (first === undefined || second === undefined || second.isNaN()) return undefined;
  const isLast = precisionOf(second) === MOST_DIGITS && !doubts.leftRange;
  if (first.isFinite() && second.isFinite() && !second.isZero()) {
    const apart = first.minus(second).abs();
    if (apart.lte(second.abs().times(`1e-${digits}`))) return second;
    const vanishes = [first, second].every((x) => x.abs().lt(`1e-${Math.floor(precisionOf(x) / 2)}`));
    return vanishes && isLast ? second.minus(second) : undefined;
  }
  // Few digits gave no number: more of them give one, and a third evaluation has to confirm it.
  if (second.isFinite() && !second.isZero()) return undefined;
  const isSure = !doubts.leftRange && !doubts.cancelled;
  return isLast || isSure ? second : undefined;
}
