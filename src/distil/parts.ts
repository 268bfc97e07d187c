/**
 * Holes that never matter at one row, such as the two branches of an `if`, are searched apart, each by the rows where it matters: two
 * formulas are found sooner one by one than as a pair.
 */

import type { SketchDecl } from '../../grammar/tree/ast.js';
import { num } from '../../grammar/tree/build.js';
import { fillSketch } from '../evolve/gp/genome.js';
import { holesIn, searchSpace } from '../evolve/gp/space.js';
import { spaceContext } from '../evolve/losses/compiler.js';
import type { SketchSubject } from '../evolve/losses/subject.js';
import type { Random } from '../random.js';
import { withFitted } from './coefficients.js';
import { fittableOf, frontOf, type Judge, joined, type Member } from './front.js';
import { QuickRows } from './quick.js';
import { rowsAt } from './samples.js';

/** A search of its own. */
export interface Part {
  readonly subject: SketchSubject;
  readonly judge: Judge;
}

/** Values that holes are given in turn, to see where they matter. */
const DRAWS = 4;
/** Fewer rows, of those that formulas are fitted to, do not make a search of their own. */
const LEAST_ROWS = 20;

/** The sketch once for each of its holes, with 0 in the others; as it is where it has one hole, or where two of them matter at one row. */
export function partsOf(subject: SketchSubject, judge: Judge, random: Random): readonly Part[] {
  const whole = [{ subject, judge }];
  const holes = holesIn(subject.sketch);
  if (holes.length < 2) return whole;
  const draws = Array.from({ length: DRAWS }, () => Float64Array.from(holes, () => random.normal()));
  const space = searchSpace(subject.sketch, spaceContext(subject));
  const [train, heldOut] = [judge.train, judge.heldOut].map((rows) =>
    placesOf(new QuickRows(subject, space, rows, judge.quantity), rows.wanted.length, draws),
  );
  if (train === undefined || heldOut === undefined) return whole;
  const areEnough = train.every((places, k) => places.length >= LEAST_ROWS && heldOut[k]!.length > 0);
  if (!areEnough) return whole;
  return holes.map((_, k) => ({
    subject: { ...subject, sketch: withOne(subject.sketch, k) },
    judge: { ...judge, train: rowsAt(judge.train, train[k]!), heldOut: rowsAt(judge.heldOut, heldOut[k]!) },
  }));
}

/** For each hole the places of the rows where it matters; undefined where two holes matter at one of them. */
function placesOf(
  quick: QuickRows,
  count: number,
  draws: readonly Float64Array[],
): readonly (readonly number[])[] | undefined {
  const slopes = draws.map((values) => quick.holeSlopes(values));
  const all = Array.from({ length: count }, (_, i) => i);
  // NaN, too, says that it matters.
  const matters = (hole: number, i: number): boolean =>
    slopes.some((one) => one === undefined || one[hole]![i] !== 0);
  const holes = [...draws[0]!.keys()];
  if (all.some((i) => holes.filter((hole) => matters(hole, i)).length > 1)) return undefined;
  return holes.map((hole) => all.filter((i) => matters(hole, i)));
}

function withOne(sketch: SketchDecl, at: number): SketchDecl {
  const trees = holesIn(sketch).map((hole, k) => (k === at ? hole : num(0)));
  return { ...sketch, body: fillSketch(sketch, trees, sketch.name.name).body };
}

/** The front of the whole sketch, from the front of each part: sums of squares of rows apart are added. */
export function wholeFront(
  fronts: readonly (readonly Member[])[],
  subject: SketchSubject,
  judge: Judge,
): readonly Member[] {
  const [first, ...others] = fronts;
  if (others.length === 0) return first!;
  const space = searchSpace(subject.sketch, spaceContext(subject));
  const pairs = others.reduce(
    (found: readonly Member[], front) =>
      frontOf(found.flatMap((one) => front.map((other) => paired(one, other)))),
    first!,
  );
  return frontOf(
    pairs.flatMap(({ trees, size, coefficients }) => {
      const fitted = withFitted(trees, space);
      return joined({ trees, fitted, size }, fittableOf(fitted, subject), coefficients, judge) ?? [];
    }),
  );
}

/** Enough of two members to compare pairs by. */
const paired = (one: Member, other: Member): Member => ({
  ...one,
  trees: [...one.trees, ...other.trees],
  size: one.size + other.size,
  coefficients: Float64Array.of(...one.coefficients, ...other.coefficients),
  squares: one.squares + other.squares,
});
