const RATIO = (Math.sqrt(5) - 1) / 2;

/**
 * Where a function with one valley between two numbers is least; an end where that is lowest. Each step asks for one value and leaves
 * 0.618 of the interval.
 */
export function goldenSection(f: (x: number) => number, lower: number, upper: number, steps: number): number {
  let [lo, hi] = [lower, upper];
  let left = hi - RATIO * (hi - lo);
  let right = lo + RATIO * (hi - lo);
  let [atLeft, atRight] = [f(left), f(right)];
  for (let step = 0; step < steps; step++) {
    if (atLeft <= atRight) {
      [hi, right, atRight] = [right, left, atLeft];
      left = hi - RATIO * (hi - lo);
      atLeft = f(left);
    } else {
      [lo, left, atLeft] = [left, right, atRight];
      right = lo + RATIO * (hi - lo);
      atRight = f(right);
    }
  }
  const inside = (lo + hi) / 2;
  return [lower, upper].reduce((best, end) => (f(end) <= f(best) ? end : best), inside);
}
