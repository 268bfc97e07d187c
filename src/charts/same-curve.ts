/** Lines that lie on each other: which line hides which, and how nearly. */

interface Curve {
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** What a line lies on. */
export interface Hidden {
  /** Position of the first line that it lies on. */
  readonly under: number;
  /** Lines on that place before it. */
  readonly before: number;
  /** They differ by rounding alone. */
  readonly isExact: boolean;
}

/** Two lines cannot be told apart where they are nearer than half of their width, as a share of the frame's height. */
const VISIBLE = 4e-3;
const ROUNDING = 1e-7;

/** For each line, in the order of drawing, what it lies on all the way. */
export function hiddenOf(curves: readonly Curve[], height: number): readonly (Hidden | undefined)[] {
  const firsts: number[] = [];
  const counts = new Map<number, number>();
  return curves.map((curve, i) => {
    const under = firsts.find((first) => isNear(curves[first]!, curve, VISIBLE * height));
    if (under === undefined) {
      firsts.push(i);
      return undefined;
    }
    const before = (counts.get(under) ?? 0) + 1;
    counts.set(under, before);
    return { under, before, isExact: isNear(curves[under]!, curve, ROUNDING * height) };
  });
}

function isNear(one: Curve, other: Curve, distance: number): boolean {
  if (one.x.length !== other.x.length) return false;
  return one.x.every((x, i) => {
    const [a, b] = [one.y[i]!, other.y[i]!];
    if (Math.abs(x - other.x[i]!) > 1e-9) return false;
    return Number.isFinite(a) && Number.isFinite(b)
      ? Math.abs(a - b) <= distance
      : Number.isFinite(a) === Number.isFinite(b);
  });
}
