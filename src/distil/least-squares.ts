/** Coefficients of a formula by least squares: Levenberg (1944) and Marquardt (1963), from where the search has them. */
import type { RowFunction } from './row-function.js';

/** What is fitted: a function of points and coefficients, and what it should give there. */
export interface Problem {
  readonly rows: RowFunction;
  readonly columns: readonly Float64Array[];
  readonly wanted: Float64Array;
}

export interface Fit {
  readonly coefficients: Float64Array;
  /** Sum of squared differences. */
  readonly squares: number;
}

/** How long a fit goes on. */
export interface Patience {
  readonly steps: number;
  /** A step that lowers the sum of squares by less than this share of it is the last. */
  readonly converged: number;
}

/** To as many digits as samples tell. */
const TO_THE_END: Patience = { steps: 40, converged: 1e-7 };
/** Damping at the start, relative to the diagonal; and where a fit is given up. */
const [DAMPING, MOST_DAMPING] = [1e-4, 1e8];

/** The quantity and its derivatives at some coefficients, with the sum of squared differences. */
export function squaresAt(
  { rows, columns, wanted }: Problem,
  coefficients: Float64Array,
  result: Float64Array,
): number {
  const count = wanted.length;
  rows.run(columns, coefficients, count, result);
  let squares = 0;
  for (let i = 0; i < count; i++) {
    const difference = result[i * rows.width]! - wanted[i]!;
    squares += difference * difference;
  }
  return Number.isFinite(squares) ? squares : Number.POSITIVE_INFINITY;
}

/** The coefficients near `start` with the least squares; those that are not `free` stay. Infinite squares where it has no value. */
export function fitCoefficients(
  problem: Problem,
  start: Float64Array,
  free: readonly number[],
  { steps, converged }: Patience = TO_THE_END,
): Fit {
  const { rows, wanted } = problem;
  let result = new Float64Array(rows.width * wanted.length);
  let trial = new Float64Array(result.length);
  let coefficients = start;
  let squares = squaresAt(problem, coefficients, result);
  if (free.length === 0 || squares === Number.POSITIVE_INFINITY) return { coefficients, squares };
  let damping = DAMPING;
  for (let step = 0; step < steps; step++) {
    const { matrix, slope } = normalEquations(rows.width, result, wanted, free);
    let next: Fit | undefined;
    while (next === undefined && damping < MOST_DAMPING) {
      const change = solved(matrix, slope, damping);
      const moved = Float64Array.from(coefficients);
      for (const [k, at] of free.entries()) moved[at]! -= change[k]!;
      const there = squaresAt(problem, moved, trial);
      if (there < squares) next = { coefficients: moved, squares: there };
      else damping *= 10;
    }
    if (next === undefined) break;
    const gain = squares - next.squares;
    ({ coefficients, squares } = next);
    [result, trial] = [trial, result];
    damping = Math.max(1e-12, damping / 10);
    if (gain <= converged * squares) break;
  }
  return { coefficients, squares };
}

/** JᵀJ and Jᵀr over the free coefficients. */
function normalEquations(
  width: number,
  result: Float64Array,
  wanted: Float64Array,
  free: readonly number[],
): { readonly matrix: readonly Float64Array[]; readonly slope: Float64Array } {
  const n = free.length;
  const matrix = free.map(() => new Float64Array(n));
  const slope = new Float64Array(n);
  const row = new Float64Array(n);
  for (let i = 0; i < wanted.length; i++) {
    const at = i * width;
    const difference = result[at]! - wanted[i]!;
    for (let a = 0; a < n; a++) row[a] = result[at + 1 + free[a]!]!;
    for (let a = 0; a < n; a++) {
      slope[a]! += row[a]! * difference;
      const line = matrix[a]!;
      for (let b = 0; b <= a; b++) line[b]! += row[a]! * row[b]!;
    }
  }
  return { matrix, slope };
}

/** The solution with a damped diagonal, by Cholesky's factors; 0 for a coefficient that the rest determines. */
function solved(lower: readonly Float64Array[], slope: Float64Array, damping: number): Float64Array {
  const n = slope.length;
  const factors = lower.map((line) => Float64Array.from(line));
  for (let a = 0; a < n; a++) {
    const line = factors[a]!;
    for (let b = 0; b <= a; b++) {
      let sum = line[b]!;
      if (a === b) sum += damping * (lower[a]![a]! || 1);
      for (let k = 0; k < b; k++) sum -= line[k]! * factors[b]![k]!;
      // What rounding leaves of a singular matrix makes the step tiny, not wild.
      if (a === b) line[a] = Math.sqrt(sum > 0 ? sum : Number.MAX_VALUE);
      else line[b] = sum / factors[b]![b]!;
    }
  }
  const x = Float64Array.from(slope);
  for (let a = 0; a < n; a++) {
    for (let k = 0; k < a; k++) x[a]! -= factors[a]![k]! * x[k]!;
    x[a]! /= factors[a]![a]!;
  }
  for (let a = n - 1; a >= 0; a--) {
    for (let k = a + 1; k < n; k++) x[a]! -= factors[k]![a]! * x[k]!;
    x[a]! /= factors[a]![a]!;
  }
  return x;
}
