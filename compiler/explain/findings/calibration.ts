import { exp } from '../../elementary/exponential.js';
import { log } from '../../elementary/logarithm.js';
import { absolute, add, around, exactly, type Interval, multiply } from '../../interval/interval.js';
import { figure, figures } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';
import { measured, refuted } from '../finding.js';
import { areApart, cannotTell, ends, exactEnds, isBelow } from '../probe/certain.js';
import { wholeCurve } from '../probe/curve.js';
import { type Labelled, stacked } from '../probe/labelled.js';
import { Sequence } from '../probe/sequence.js';

/** A gradient this small beside its parts is 0 in float64. */
const ZERO = 1e-9;
/** Distributions that are tried for properness. */
const TRIED = 8;

/**
 * `convex`: in the logits. `whole`: the gradient is the derivative of the value.
 * `proper`: the true class probabilities are a stationary point of the expected loss, so that outputs can be read as
 * probabilities (Gneiting and Raftery 2007). `calibrated`: what minimises the expected loss names the most likely class
 * (Bartlett, Jordan and McAuliffe 2006; Tewari and Bartlett 2007).
 */
export function explainCalibration(loss: Labelled, convex: boolean, whole: boolean): Finding[] {
  if (isLevel(loss)) return [];
  const findings = loss.scores ? [] : [proper(loss)];
  if (!whole) return findings;
  if (loss.family === 'margin' && convex) return [...findings, marginCalibrated(loss)];
  return [...findings, ...calibrated(loss)];
}

/** A loss without a gradient has no opinion. */
const isLevel = (loss: Labelled): boolean =>
  [0, 1].every((label) => wholeCurve(loss, label).slopes.every((slope) => slope === 0));

function proper(loss: Labelled): Finding {
  const sequence = new Sequence(Math.min(loss.labels, 12));
  const tried = loss.labels > 32 ? 2 : TRIED;
  const shares = Array.from({ length: tried }, () => {
    const weights = Array.from({ length: loss.labels }, () => exp(1.2 * sequence.normal()));
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / total);
  });
  const rows = shares.map((share) =>
    loss.family === 'classes' ? Float64Array.from(share, log) : Float64Array.of(log(share[1]! / share[0]!)),
  );
  const all = Array.from({ length: loss.labels }, (_, label) => label);
  const { gradients } = loss.read(
    rows.flatMap(() => all),
    stacked(rows.flatMap((row) => all.map(() => row))),
  );
  const base = { topic: 'minimum', property: 'proper' } as const;
  let doubtful = false;
  for (const [i, share] of shares.entries()) {
    const mean = new Float64Array(loss.width);
    let size = 0;
    for (const label of all) {
      for (let k = 0; k < loss.width; k++) {
        const part = share[label]! * gradients[(i * loss.labels + label) * loss.width + k]!;
        mean[k] = mean[k]! + part;
        size = Math.max(size, Math.abs(part));
      }
    }
    const rest = Math.max(...mean.map(Math.abs));
    if (rest <= ZERO * Math.max(size, 1e-300)) continue;
    if (!certainlyPulls(loss, share, rows[i]!)) {
      doubtful = true;
      continue;
    }
    const told = loss.family === 'classes' ? share : [share[1]!];
    return refuted(
      base,
      'Not proper: where the outcome is uncertain, the loss does not lead to the true probabilities.',
      `With true probabilities ${figures(told.slice(0, 6))}${told.length > 6 ? ' and so on' : ''} as prediction, a gradient of ${figure(rest)} remains.`,
      { witness: { probabilities: told, gradient: rest } },
    );
  }
  if (doubtful)
    return cannotTell(base, 'the loss is proper', 'where the prediction is the true probabilities');
  return measured(
    base,
    'Proper: where the outcome is uncertain, the true probabilities are a stationary point.',
    `The expected gradient is 0 there for ${tried} distributions.`,
  );
}

/** Whether the expected gradient is certainly not 0 where the prediction is the true probabilities, up to their own rounding. */
function certainlyPulls(loss: Labelled, share: readonly number[], row: Float64Array): boolean {
  const labels = share.map((_, label) => label);
  const near = Array.from(row, (z) => around(z, z, 4));
  const { gradients } = loss.certain(labels, ends(labels.flatMap(() => near)));
  return near.some((_, k) => {
    const parts = share.map((part, label) =>
      multiply(around(part, part, 4), gradients[label * loss.width + k]!),
    );
    return absolute(parts.reduce(add)).lo > 0;
  });
}

/** Margins on either side of 0 with nothing in between that a formula could turn at. */
const NEAREST = 1e-300;

/** For a convex loss of the margin, a negative slope at 0 decides (Bartlett et al. 2006, theorem 2). */
function marginCalibrated(loss: Labelled): Finding {
  const base = { topic: 'minimum', property: 'calibrated' } as const;
  const [left, right] = [-NEAREST, NEAREST].map((z) => loss.certain([1], exactEnds([z])).gradients[0]!);
  const slope = loss.read([1], Float64Array.of(NEAREST)).gradients[0]!;
  // Convex: where the slopes on both sides are the same, so is the one between.
  const holds = right!.hi < 0 && !areApart(left!, right!);
  if (!holds && !areApart(left!, right!) && !(right!.lo >= 0))
    return cannotTell(base, 'minimising the loss finds the more likely class', 'at margin 0');
  return {
    ...base,
    status: holds ? 'proved' : 'refuted',
    holds,
    statement: holds
      ? 'Classification-calibrated: minimising it finds the more likely class.'
      : 'Not classification-calibrated: the slope at margin 0 does not lead to the more likely class.',
    reason: `The loss is convex in the margin, and its slope at margin 0 is ${figure(slope)} (Bartlett et al. 2006).`,
    value: slope,
    ...(!holds && { witness: { margin: 0, slope } }),
  };
}

/** Logits of the first label, and of the second where there are more: the grid that descent starts from. */
const STEPS = [0, 0.5, 1, 2, 4, 8, 16];
const LADDER = [...STEPS.slice(1).map((z) => -z), ...STEPS].sort((a, b) => a - b);
/** Halvings of the step of the search. */
const HALVINGS = 26;
/** Logits that are not left. */
const EDGE = 20;
/** A label that leads by less is not named. */
const NAMED = 1e-5;

/** Distributions of many classes: shares of the first and the second, the rest evenly spread. */
const SHARES = [
  [0.4, 0.35],
  [0.7, 0.2],
  [0.36, 0.34],
] as const;
/** Of two: shares of the first. */
const HALVES = [0.05, 0.35, 0.45, 0.55, 0.65, 0.95];

/** The logits of the leading labels; all others are 0. */
type Point = readonly number[];

function calibrated(loss: Labelled): Finding[] {
  const two = loss.labels === 2;
  if (!two && (!loss.alike || loss.affordable(600) < 600)) return [];
  const labels = two ? [0, 1] : [0, 1, 2];
  const grid: Point[] = two
    ? LADDER.map((z) => [z])
    : LADDER.flatMap((first) => LADDER.map((second) => [first, second]));
  const read = (points: readonly Point[]): Float64Array => {
    const rows = points.map((point) => rowAt(loss, point));
    return loss.read(
      rows.flatMap(() => labels),
      stacked(rows.flatMap((row) => labels.map(() => row))),
    ).values;
  };
  const onGrid = read(grid);
  const tried: (readonly number[])[] = two
    ? HALVES.map((first) => [first, 1 - first])
    : SHARES.map(([first, second]) => [first, second, 1 - first - second]);
  for (const shares of tried) {
    const expected = (values: Float64Array, i: number): number =>
      shares.reduce((sum, share, label) => sum + share * values[i * labels.length + label]!, 0);
    const costs = grid.map((_, i) => expected(onGrid, i));
    const finite = costs.map((cost) => (Number.isFinite(cost) ? cost : Number.POSITIVE_INFINITY));
    const start = grid[finite.indexOf(Math.min(...finite))]!;
    const best = searched(start, (points) => {
      const values = read(points);
      return points.map((_, i) => expected(values, i));
    });
    if (isNamed(best.point, shares)) continue;
    // Scores that run away are held back by something else: a constraint, another term.
    if (best.point.some((z) => Math.abs(z) >= EDGE)) return [];
    const named = searched(namedStart(grid, costs, shares), (points) => {
      const values = read(points);
      return points.map((point, i) =>
        leadOf(point, shares) > 0 ? expected(values, i) : Number.POSITIVE_INFINITY,
      );
    });
    const [found, other] = [best, named].map(({ point }) => certainCost(loss, labels, shares, point));
    if (!isBelow(found!, other!))
      return [
        cannotTell(
          { topic: 'minimum', property: 'calibrated' },
          'the lowest expected loss names the most likely class',
          'for some distribution',
        ),
      ];
    return [notCalibrated(loss, shares, best)];
  }
  return [isCalibrated(tried.length)];
}

function rowAt(loss: Labelled, point: Point): Float64Array {
  if (loss.labels === 2) return loss.row(0, point[0]!);
  const row = new Float64Array(loss.width);
  row.set(point);
  return row;
}

/** Whether the most likely label leads. */
const isNamed = (point: Point, shares: readonly number[]): boolean => leadOf(point, shares) > NAMED;

/** By how much the most likely label leads the others. */
function leadOf(point: Point, shares: readonly number[]): number {
  const [first, second] = [point[0]!, point[1] ?? 0];
  const lead = point.length === 1 ? first : Math.min(first, first - second);
  return point.length > 1 || shares[0]! > 0.5 ? lead : -lead;
}

/** The cheapest point of a grid that names the most likely label. */
function namedStart(grid: readonly Point[], costs: readonly number[], shares: readonly number[]): Point {
  const naming = [...grid.keys()].filter((i) => leadOf(grid[i]!, shares) > 0 && !Number.isNaN(costs[i]!));
  return grid[naming.reduce((best, i) => (costs[i]! < costs[best]! ? i : best), naming[0] ?? 0)]!;
}

/** Bounds of the expected loss at a point. */
function certainCost(
  loss: Labelled,
  labels: readonly number[],
  shares: readonly number[],
  point: Point,
): Interval {
  const rows = exactEnds(stacked(labels.map(() => rowAt(loss, point))));
  const { values } = loss.certain(labels, rows);
  return labels.map((_, i) => multiply(values[i]!, exactly(shares[i]!))).reduce(add);
}

/** The lowest point that a search with halved steps finds, from a start. */
function searched(
  start: Point,
  costs: (points: readonly Point[]) => readonly number[],
): { point: Point; value: number } {
  let best = { point: start, value: costs([start])[0]! };
  let step = 1;
  for (let i = 0; i < HALVINGS; i++) {
    const around = NEIGHBOURS[start.length - 1]!.map((way) =>
      best.point.map((z, k) => Math.max(-EDGE, Math.min(EDGE, z + step * way[k]!))),
    );
    const values = costs(around);
    const at = values.reduce((low, value, k) => (value < values[low]! ? k : low), 0);
    if (values[at]! < best.value) best = { point: around[at]!, value: values[at]! };
    else step /= 2;
  }
  return best;
}

const WAYS = [-1, 0, 1];
const NEIGHBOURS: readonly (readonly Point[])[] = [
  [[-1], [1]],
  WAYS.flatMap((x) => WAYS.map((y) => [x, y])).filter(([x, y]) => x !== 0 || y !== 0),
];

const isCalibrated = (tried: number): Finding => ({
  topic: 'minimum',
  property: 'calibrated',
  status: 'measured',
  holds: true,
  statement:
    'Classification-calibrated in every case that was tried: the lowest expected loss names the most likely class.',
  reason: `Observed for ${tried} distributions, on a grid of predictions.`,
});

function notCalibrated(
  loss: Labelled,
  shares: readonly number[],
  best: { readonly point: Point; readonly value: number },
): Finding {
  const rest = loss.labels - 2;
  const probabilities =
    rest === 0 ? shares : [shares[0]!, shares[1]!, ...Array<number>(rest).fill(shares[2]! / rest)];
  const row = [...rowAt(loss, best.point)];
  return {
    topic: 'minimum',
    property: 'calibrated',
    status: 'refuted',
    holds: false,
    statement:
      'Not classification-calibrated: the lowest expected loss does not always name the most likely class.',
    reason: `For probabilities ${figures(probabilities.slice(0, 4))}${rest > 2 ? ' and so on' : ''}, the lowest that was found is ${figure(best.value)} at ${loss.scores ? 'scores' : 'logits'} ${figures(row.slice(0, 4))}, which does not.`,
    witness: { probabilities, logits: row, value: best.value },
  };
}
