/** Gradients without their size: how far one is from another, and from a mixture of two. */
import { goldenSection } from './golden-section.js';

/** A gradient on each group of inputs at length 1, and the lengths. */
export interface Direction {
  readonly units: readonly Float64Array[];
  readonly lengths: readonly number[];
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!;
  return sum;
};

/** Undefined where a gradient is 0, or not a number somewhere. */
export function directionOf(gradients: readonly Float64Array[]): Direction | undefined {
  const lengths = gradients.map((gradient) => Math.sqrt(dot(gradient, gradient)));
  if (!lengths.every((length) => length > 0 && length < Number.POSITIVE_INFINITY)) return undefined;
  return { units: gradients.map((gradient, group) => gradient.map((x) => x / lengths[group]!)), lengths };
}

/**
 * What is left of `a`, as a share of its length, when the nearest positive multiple of `b` is taken away. Each group has a multiple of
 * its own: a mean over classes is a sum for each number of classes.
 */
export const distance = (a: Direction, b: Direction): number =>
  left(a.units.map((unit, group) => dot(unit, b.units[group]!)));

function left(cosines: readonly number[]): number {
  const squares = cosines.map((cosine) => {
    const along = Math.max(0, Math.min(1, cosine));
    return 1 - along * along;
  });
  return Math.sqrt(squares.reduce((a, b) => a + b, 0) / squares.length);
}

/** Shares that are tried before the best of them is made better. */
const STEP = 0.05;
/** Steps in which it is made better. */
const REFINED = 30;
const SHARES = Array.from({ length: 19 }, (_, i) => (i + 1) * STEP);

export interface Blend {
  readonly distance: number;
  /** Weights of the two, which add up to 1. */
  readonly weights: readonly [number, number];
}

/** The nearest mixture of two with weights above 0. */
export function nearestBlend(found: Direction, a: Direction, b: Direction): Blend {
  const last = found.lengths.length - 1;
  // In units of their lengths on the last group, so that shares of very different losses are no extremes.
  const groups = found.units.map((unit, group) => {
    const [ofA, ofB] = [a, b].map(({ lengths }) => lengths[group]! / lengths[last]!) as [number, number];
    return {
      a: ofA * dot(unit, a.units[group]!),
      b: ofB * dot(unit, b.units[group]!),
      both: ofA * ofB * dot(a.units[group]!, b.units[group]!),
      squares: [ofA * ofA, ofB * ofB] as const,
    };
  });
  const at = (share: number): number =>
    left(
      groups.map(({ a: alongA, b: alongB, both, squares: [ofA, ofB] }) => {
        const rest = 1 - share;
        const square = share * share * ofA + rest * rest * ofB + 2 * share * rest * both;
        return (share * alongA + rest * alongB) / Math.sqrt(square);
      }),
    );
  const best = SHARES.reduce((top, share) => (at(share) < at(top) ? share : top));
  const share = goldenSection(at, best - STEP, best + STEP, REFINED);
  const [weightA, weightB] = [share / a.lengths[last]!, (1 - share) / b.lengths[last]!];
  const sum = weightA + weightB;
  return { distance: at(share), weights: [weightA / sum, weightB / sum] };
}
