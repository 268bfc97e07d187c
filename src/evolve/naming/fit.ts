/** The parameters at which a loss is nearest to another. */

import { createRandom } from '../../random.js';
import { createCma } from '../cmaes/cmaes.js';
import type { ParameterValues } from '../model/candidate.js';
import { parametersAt, type Variable } from '../tuning/tunable.js';
import { goldenSection } from './golden-section.js';

/** How far a loss is at these parameters; infinite where it cannot be evaluated. */
export type DistanceAt = (parameters: ParameterValues) => number;

/** A loss of more free numbers can be brought near to anything, which says nothing. */
const MOST_VARIABLES = 3;
/** What is tried first, in units of the default or, between two bounds, evenly. */
const FACTORS = [0, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8];
const EVENLY = 8;
/** Bounds that are further apart than this are none to speak of. */
const WIDE = 20;
/** Steps of the search for one parameter: four digits of it. */
const STEPS = 18;
/** Generations of the search for several, and its first step in units of the distance to what was tried beside. */
const GENERATIONS = 50;
const SIGMA = 0.5;
/** Distances that differ by less are one. */
const SAME = 1e-6;

export interface Fitted {
  readonly variables: readonly Variable[];
  readonly point: readonly number[];
}

export const isFittable = (variables: readonly Variable[]): boolean =>
  variables.length > 0 &&
  variables.length <= MOST_VARIABLES &&
  variables.every(({ index }) => index === undefined);

/** The best of a few values for each parameter, or of all pairs for two. Parameters that change nothing are left out. */
export function coarseFit(all: readonly Variable[], distanceAt: DistanceAt): Fitted {
  let variables: readonly Variable[] = all;
  let point: readonly number[] = all.map(({ start }) => start);
  for (const variable of all) {
    const i = variables.indexOf(variable);
    const at = (x: number): number => distanceAt(parametersAt(variables, point.with(i, x)));
    const tried = valuesOf(variable)
      .map((x) => ({ x, distance: at(x) }))
      // A weight of 0 leaves no gradient.
      .filter(({ distance }) => distance < Number.POSITIVE_INFINITY);
    const distances = tried.map(({ distance }) => distance);
    const least = Math.min(...distances);
    if (Math.max(...distances) - least > SAME)
      point = point.with(i, tried.find(({ distance }) => distance === least)!.x);
    else {
      variables = variables.toSpliced(i, 1);
      point = point.toSpliced(i, 1);
    }
  }
  return variables.length === 2 ? overPairs(variables, distanceAt) : { variables, point };
}

/** What two parameters do together is often a valley that no step along one of them follows. */
function overPairs(variables: readonly Variable[], distanceAt: DistanceAt): Fitted {
  const [first, second] = variables.map(valuesOf) as [number[], number[]];
  const points = first.flatMap((x) => second.map((y) => [x, y]));
  const distances = points.map((point) => distanceAt(parametersAt(variables, point)));
  return { variables, point: points[distances.indexOf(Math.min(...distances))]! };
}

/** From a coarse fit to a fine one: one parameter by golden section, several by CMA-ES. */
export function fineFit({ variables, point }: Fitted, distanceAt: DistanceAt): Fitted {
  const at = (values: readonly number[]): number => distanceAt(parametersAt(variables, values));
  const [first] = variables;
  if (variables.length === 1) {
    const ends = around(first!, point[0]!);
    return { variables, point: [goldenSection((x) => at([x]), ...ends, STEPS)] };
  }
  const units = variables.map((variable, i) => {
    const [lower, upper] = around(variable, point[i]!);
    return (upper - lower) / 2;
  });
  const scaled = (values: readonly number[]): number[] => values.map((x, i) => x / units[i]!);
  const cma = createCma(
    {
      mean: scaled(point),
      sigma: SIGMA,
      bounds: {
        lower: scaled(variables.map(({ lower }) => lower)),
        upper: scaled(variables.map(({ upper }) => upper)),
      },
    },
    createRandom('fit'),
  );
  let best = { point, distance: at(point) };
  for (let generation = 0; generation < GENERATIONS && best.distance > SAME; generation++) {
    const points = cma.ask().map((values) => values.map((x, i) => x * units[i]!));
    const distances = points.map(at);
    cma.tell(distances);
    for (const [i, distance] of distances.entries())
      if (distance < best.distance) best = { point: points[i]!, distance };
  }
  return { variables, point: best.point };
}

/** Increasing. */
function valuesOf({ start, lower, upper, scale }: Variable): number[] {
  if (upper - lower <= WIDE * Math.max(1, Math.abs(start)))
    return Array.from({ length: EVENLY + 1 }, (_, i) => lower + ((upper - lower) * i) / EVENLY);
  const isWide = Number.isFinite(upper - lower);
  const positive = FACTORS.map((factor) => factor * (isWide ? Math.abs(start) : scale));
  const values = Number.isFinite(lower) ? positive : positive.flatMap((x) => [start - x, start + x]);
  const inside = [start, ...values].filter((x) => x >= lower && x <= upper);
  return [...new Set(inside)].toSorted((a, b) => a - b);
}

/** The neighbours of a value among those that are tried. */
function around(variable: Variable, value: number): readonly [number, number] {
  const values = valuesOf(variable);
  const i = values.indexOf(value);
  return [values[i - 1] ?? value, values[i + 1] ?? value];
}
