/** The best formula of each size, and which of them is taken. */
import { fillSketch } from '../evolve/gp/genome.js';
import type { SketchSubject } from '../evolve/losses/subject.js';
import type { Trees } from '../evolve/model/genome.js';
import type { Fitted } from './coefficients.js';
import { fitCoefficients, type Problem, squaresAt } from './least-squares.js';
import { type Fittable, type Quantity, rowFunction } from './row-function.js';
import type { Rows } from './samples.js';

export interface Member {
  readonly trees: Trees;
  readonly fitted: Fitted;
  readonly size: number;
  readonly coefficients: Float64Array;
  /** Sum of squared differences on the rows that it is fitted to. */
  readonly squares: number;
  /** Squared differences on the rows that are held out. */
  readonly heldOut: Float64Array;
}

/** What the formulas of a front are judged by. */
export interface Judge {
  readonly train: Rows;
  readonly heldOut: Rows;
  readonly quantity: Quantity;
  /** Of the mean square of the samples: below this share of it nothing is told apart. */
  readonly negligible: number;
}

/** Normalised error below which two formulas are the same to rounding. */
export const NEGLIGIBLE = 1e-10;

/** A formula with names in the place of its coefficients, as a loss of the sketch. */
export const fittableOf = ({ trees, names }: Fitted, { sketch, library }: SketchSubject): Fittable => ({
  loss: fillSketch(sketch, trees, sketch.name.name),
  library,
  coefficients: names,
});

/** The formula with its coefficients fitted to all rows; undefined where it has no value at some of them. */
export function joined(
  { trees, fitted, size }: Pick<Member, 'trees' | 'fitted' | 'size'>,
  fittable: Fittable,
  start: Float64Array,
  judge: Judge,
  free: readonly number[] = [...start.keys()],
): Member | undefined {
  const rows = rowFunction(fittable, judge.quantity);
  if (rows === undefined) return undefined;
  const { coefficients, squares } = fitCoefficients({ rows, ...judge.train }, start, free);
  const heldOut = differencesAt({ rows, ...judge.heldOut }, coefficients).map((x) => x * x);
  if (squares === Number.POSITIVE_INFINITY || !heldOut.every((x) => Number.isFinite(x))) return undefined;
  return { trees, fitted, size, coefficients, squares, heldOut };
}

export function differencesAt(problem: Problem, coefficients: Float64Array): Float64Array {
  const result = new Float64Array(problem.rows.width * problem.wanted.length);
  squaresAt(problem, coefficients, result);
  return problem.wanted.map((wanted, i) => result[i * problem.rows.width]! - wanted);
}

export const meanOf = (numbers: Float64Array): number =>
  numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/** Those that are better than everything smaller, by the rows that they were fitted to, smallest first. */
export function frontOf(members: Iterable<Member>): readonly Member[] {
  let least = Number.POSITIVE_INFINITY;
  return [...members]
    .sort((a, b) => a.size - b.size || a.squares - b.squares)
    .filter(({ squares }) => {
      if (squares >= least) return false;
      least = squares;
      return true;
    });
}

/**
 * The smallest formula whose error on the rows that were held out is within one standard error of the least (Breiman and others 1984):
 * of the difference between the two, row by row, since both meet the same noise.
 */
export function picked(front: readonly Member[], { negligible }: Judge): Member | undefined {
  const best = front.reduce<Member | undefined>(
    (least, one) => (least === undefined || meanOf(one.heldOut) < meanOf(least.heldOut) ? one : least),
    undefined,
  );
  return best && front.find(({ heldOut }) => isLevel(heldOut, best.heldOut, negligible));
}

export function isLevel(squares: Float64Array, least: Float64Array, negligible: number): boolean {
  const excess = squares.map((x, i) => x - least[i]!);
  const mean = meanOf(excess);
  if (mean <= negligible) return true;
  const variance = meanOf(excess.map((x) => (x - mean) * (x - mean)));
  return mean <= Math.sqrt(variance / excess.length);
}
