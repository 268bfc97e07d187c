/** Lower and upper bound of each coordinate; null where there is none, for infinity does not survive JSON. */
export interface Bounds {
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
}

/**
 * Mirrors each coordinate at its bounds until it lies inside, so that the search sees a continuous function on the
 * whole space and a best point on a bound is an ordinary minimum. With one bound it is mirrored once.
 */
export function reflect(point: readonly number[], bounds: Bounds | undefined): number[] {
  if (bounds === undefined) return [...point];
  const { lower, upper } = bounds;
  return point.map((x, i) =>
    reflectOne(x, lower[i] ?? Number.NEGATIVE_INFINITY, upper[i] ?? Number.POSITIVE_INFINITY),
  );
}

function reflectOne(x: number, lower: number, upper: number): number {
  if (x >= lower && x <= upper) return x;
  const width = upper - lower;
  if (width === 0) return lower;
  if (!Number.isFinite(width)) return x < lower ? lower + (lower - x) : upper - (x - upper);
  const phase = (((x - lower) % (2 * width)) + 2 * width) % (2 * width);
  // Adding to a bound can round past the other one by an ulp.
  return Math.min(upper, Math.max(lower, lower + (phase <= width ? phase : 2 * width - phase)));
}
