import type { Random } from '../random.js';
import { LARGEST_KEPT, ROUNDING, SMALLEST_NORMAL } from './float32.js';
import { LOST } from './judge.js';
import { mutated } from './mutate.js';
import { type Point, REGIONS, type Region } from './point.js';
import type { Numbers, Subject } from './subject.js';

/** A number that a loss gives: an item's value, or the derivative by an entry of a prediction or parameter. */
export interface Place {
  readonly of: 'value' | 'gradient';
  /** Of a derivative: by what. */
  readonly name: string;
  readonly entry: number;
}

/** A point where a number may be wrong. */
export interface Candidate extends Place {
  readonly point: Point;
  /** The relative error as float64 sees it, made smaller by as much as rounding the inputs moves the number. */
  readonly score: number;
  /** Whether float64 cannot tell: it has no finite number there, or two ways to it that disagree. */
  readonly open: boolean;
}

/** How much is looked at. */
export interface Effort {
  readonly drawn: number;
  readonly rounds: number;
  readonly mutants: number;
  /** Numbers for which as many digits are used as there are, where fewer do not settle what looks wrong. */
  readonly deep: number;
}

/** Candidates that are kept of each number and region: where float64 sees an error, and where it cannot tell. */
const KEPT = 3;
const KEPT_OPEN = 2;
/** Points at which derivatives by parameters are read: one after the other, for those of a batch are added up. */
const ALONE = 12;
/** Two ways of float64 agree within this. */
const AGREE = 1e-7;

export interface Found {
  /** For each number of each region, worst first. */
  readonly candidates: readonly (readonly Candidate[])[];
  readonly points: number;
}

/** Points where a loss may be wrong in float32, found by comparing with float64. */
export function search(subject: Subject, effort: Effort, random: Random): Found {
  const found = REGIONS.map((region) => searchIn(subject, region, effort, random.fork(region)));
  return {
    candidates: found.flatMap(({ candidates }) => candidates),
    points: found.reduce((total, { points }) => total + points, 0),
  };
}

function searchIn(
  subject: Subject,
  region: Region,
  { drawn, rounds, mutants }: Effort,
  random: Random,
): Found {
  const best = new Map<string, Pool>();
  const { predictions, derivedParameters } = subject;
  let points = 0;
  const look = (list: readonly Point[], names: readonly string[]): void => {
    points += list.length;
    for (const candidate of scored(subject, list, names, random)) {
      const key = `${candidate.of} ${candidate.name}`;
      best.set(key, withCandidate(best.get(key) ?? { known: [], open: [] }, candidate));
    }
  };
  // One by one, points of a batch that cannot be joined have derivatives by parameters of their own.
  const together = subject.isItemwise ? predictions : [...predictions, ...derivedParameters];
  const first = Array.from({ length: drawn }, () => subject.draw(region, random));
  look(first, together);
  for (let round = 0; round < rounds; round++) {
    const parents = [...best.values()].flatMap(({ known }) => known.slice(0, 2).map(({ point }) => point));
    look(
      parents.flatMap((parent) => Array.from({ length: mutants }, () => mutated(parent, subject, random))),
      together,
    );
  }
  if (subject.isItemwise && derivedParameters.length > 0) {
    const suspects = [...best.values()].flatMap(({ known }) => known.map(({ point }) => point));
    for (const point of [...suspects, ...first.slice(0, ALONE)]) look([point], derivedParameters);
  }
  return { candidates: [...best.values()].map(({ known, open }) => [...known, ...open]), points };
}

interface Pool {
  readonly known: readonly Candidate[];
  readonly open: readonly Candidate[];
}

function withCandidate({ known, open }: Pool, candidate: Candidate): Pool {
  const ranked = (list: readonly Candidate[], most: number): readonly Candidate[] =>
    [...list, candidate].sort((a, b) => b.score - a.score).slice(0, most);
  return candidate.open ? { known, open: ranked(open, KEPT_OPEN) } : { known: ranked(known, KEPT), open };
}

/** The worst entry of each number of each point: of the values, and of the derivatives by the names given. */
function scored(
  subject: Subject,
  points: readonly Point[],
  names: readonly string[],
  random: Random,
): readonly Candidate[] {
  const single = subject.single(points);
  const double = subject.double(points);
  const formula = subject.formula(points);
  // Copies with rounded inputs tell how much rounding alone moves a number.
  const beside = points.map((point) => rounded(point, subject, random));
  const copies = ([0, 1] as const).map((way) => subject.double(beside.map((pair) => pair[way])));
  return points.flatMap((point, i) => {
    const compare = (of: Place['of'], name: string, own: (numbers: Numbers) => Float64Array) =>
      worst(
        { point, of, name },
        {
          single: own(single[i]!),
          double: own(double[i]!),
          formula: own(formula[i]!),
          copies: copies.map((copy) => own(copy[i]!)),
        },
      );
    return [
      ...compare('value', '', ({ value }) => value),
      ...names.flatMap((name) => compare('gradient', name, ({ gradients }) => gradients.get(name)!)),
    ];
  });
}

/** A point whose inputs are moved as far as rounding would move them, each one way or the other; and all of them the other way. */
export function rounded(point: Point, subject: Subject, random: Random): readonly [Point, Point] {
  const ways = new Map(
    [...point.inputs].map(
      ([name, data]) => [name, data.map(() => (random.int(2) === 0 ? -ROUNDING : ROUNDING))] as const,
    ),
  );
  const moved = (way: 1 | -1): Point => ({
    ...point,
    inputs: new Map(
      [...point.inputs].map(([name, data]) => {
        const isWhole = subject.input(name).node.range.integer;
        return [name, isWhole ? data : data.map((x, k) => x * (1 + way * ways.get(name)![k]!))] as const;
      }),
    ),
  });
  return [moved(1), moved(-1)];
}

/** The size that errors of a list of numbers are measured by: a derivative by the largest of its input. */
export const sizeOf = (numbers: ArrayLike<number>): number =>
  Array.from(numbers).reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);

interface Readings {
  readonly single: Float64Array;
  readonly double: Float64Array;
  readonly formula: Float64Array;
  readonly copies: readonly Float64Array[];
}

/** The worst entry where float64 can tell, and one where it cannot. */
function worst(
  of: Pick<Candidate, 'point' | 'of' | 'name'>,
  { single, double, formula, copies }: Readings,
): Candidate[] {
  const largest = sizeOf(double);
  let known: Candidate | undefined;
  let open: Candidate | undefined;
  for (const [entry, right] of double.entries()) {
    const size = Math.max(of.of === 'value' ? Math.abs(right) : largest, SMALLEST_NORMAL);
    const apart = Math.abs(right - (formula[entry] ?? Number.NaN)) / size;
    const score = scoreOf(single[entry]!, right, size);
    if (score === undefined || apart > AGREE) {
      // Where the two ways are far apart one of them is wrong; no number at all is mostly right, at the edge of a domain.
      const doubt = score === undefined ? 0 : Math.min(apart, 1);
      if (open === undefined || doubt > open.score) open = { ...of, entry, score: doubt, open: true };
    }
    if (score === undefined) continue;
    const moved = copies.reduce((most, copy) => Math.max(most, Math.abs(copy[entry]! - right)), 0);
    const spread = Number.isFinite(moved) ? moved / size : 0;
    const fair = score / (1 + spread / (2 * ROUNDING));
    if (known === undefined || fair > known.score) known = { ...of, entry, score: fair, open: false };
  }
  return [known, open].filter((candidate) => candidate !== undefined);
}

/** What float32 is off, as float64 sees it; undefined where that has no number. */
function scoreOf(single: number, right: number, size: number): number | undefined {
  if (!Number.isFinite(right)) return undefined;
  if (Math.abs(right) > LARGEST_KEPT)
    return Math.abs(single) > 1e30 && Math.sign(single) === Math.sign(right) ? 0 : LOST;
  if (!Number.isFinite(single)) return LOST;
  if (Math.abs(right) < SMALLEST_NORMAL && Math.abs(single) < 1e-37) return 0;
  return Math.min(Math.abs(single - right) / size, LOST);
}
