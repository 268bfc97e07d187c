import { absolute, type Interval } from '../../interval/interval.js';

/** Logit gaps at which growth is watched: decades, so that what levels off like 1 / x is told from what grows like log x. */
export const DECADES = [10, 100, 1e3, 1e4, 1e5];

/** A quantity goes on growing if each decade adds at least this share of what the one before added. */
const GOES_ON = 0.5;

/** Growth from one decade to the next that only an overflow ends. */
const EXPLODES = 1e20;

/** Whether the size of a quantity, read at decades, goes on growing. What leaves float64 does. */
export function growsOn(values: ArrayLike<number>): boolean {
  const sizes = Array.from(values, Math.abs);
  const gone = sizes.findIndex((size) => !Number.isFinite(size));
  if (sizes[gone] === Number.POSITIVE_INFINITY) return true;
  // Beside an infinity, 0 times infinity is not a number: then the step before tells.
  if (gone >= 0) return gone > 1 && sizes[gone - 1]! > EXPLODES * Math.max(sizes[gone - 2]!, 1);
  const added = sizes.slice(1).map((size, i) => size - sizes[i]!);
  return added
    .slice(-3)
    .every((more, i, last) => more > 1e-6 * sizes.at(-4 + i)! && (i === 0 || more > GOES_ON * last[i - 1]!));
}

/** What only overflow can have made this large is infinite for `growsOn`. */
const ENDLESS = 1e300;

/** Whether a quantity between bounds goes on growing, wherever in them it is: from one decade to the next it certainly grows. */
export function certainlyGrows(bounds: readonly Interval[]): boolean {
  const sizes = bounds.map(absolute);
  const gone = sizes.findIndex(({ hi }) => hi === Number.POSITIVE_INFINITY);
  if (gone >= 0 && !(sizes[gone]!.lo > ENDLESS)) {
    const [before, last] = [sizes[gone - 2], sizes[gone - 1]];
    return before !== undefined && last!.lo > EXPLODES * Math.max(before.hi, 1);
  }
  const told = gone < 0 ? sizes : sizes.slice(0, gone + 1);
  const rises = told.slice(1).every(({ lo }, i) => i + 4 < told.length || lo > told[i]!.hi);
  return rises && growsOn(told.map(({ lo }) => (lo > ENDLESS ? Number.POSITIVE_INFINITY : lo)));
}
