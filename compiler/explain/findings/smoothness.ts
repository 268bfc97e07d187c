import { hypot } from '../../elementary/hyperbolic.js';
import { absolute, subtract } from '../../interval/interval.js';
import { figure, figures } from '../../words/sentence.js';
import type { Finding } from '../explanation.js';
import { measured, refuted } from '../finding.js';
import { areApart, cannotTell, exactEnds } from '../probe/certain.js';
import { certainSlopes, readCurve, wholeCurve } from '../probe/curve.js';
import { type Labelled, stacked } from '../probe/labelled.js';
import { Sequence } from '../probe/sequence.js';
import { randomRows, softmaxOf, toldLabels } from './minimum.js';

/** Step of difference quotients of the gradient: float64 keeps eight digits. */
const STEP = 1e-4;
/** Power iterations over all places, and more of them at the worst. */
const ITERATIONS = 6;
const MORE = 12;
/** Places that are looked at on either side of the worst. */
const SIDE = 20;
/** Places within this gap; the second shows whether the bound goes on growing. */
const NEAR = 10;
const FAR = 20;
/** The logit of a class that is as good as absent. */
const ABSENT = -25;
/** Off the round numbers where corners lie: there a difference quotient is the mean of both sides. */
const OFF = 0.037;
/** Halvings of the interval in which a slope jumps: until float64 has no number in between, or hardly any. */
const HALVINGS = 60;
/** Growth from the near to the far places that counts as without end. */
const GROWS = 3;

interface Place {
  readonly label: number;
  readonly row: Float64Array;
  /** How far from the uniform prediction. */
  readonly reach: number;
}

/**
 * `smooth`: the Lipschitz constant of the gradient in the logits, which bounds the learning rates that descend
 * (Nesterov 2004, section 1.2): the largest absolute eigenvalue of the second derivative, by power iteration on difference
 * quotients of the gradient.
 */
export function explainSmoothness(loss: Labelled): Finding {
  const base = { topic: 'shape', property: 'smooth' } as const;
  const by = loss.scores ? 'score' : 'logit';
  const jump = findJump(loss);
  if (jump === 'doubtful') return cannotTell(base, 'the gradient jumps nowhere', 'at some places');
  if (jump !== undefined) {
    return refuted(
      base,
      `The gradient jumps: no learning rate is small enough near a ${loss.scores ? 'margin' : 'logit gap'} of ${figure(jump.gap)}.`,
      `It goes from ${figure(jump.from)} to ${figure(jump.to)} there.`,
      { witness: { target: loss.targetOf(jump.label), gap: jump.gap, from: jump.from, to: jump.to } },
    );
  }
  const places = placesOf(loss);
  const sizes = curvatures(loss, places, ITERATIONS);
  const within = (reach: number): number =>
    Math.max(0, ...sizes.filter((size, i) => places[i]!.reach <= reach && Number.isFinite(size)));
  const worst = sizes.reduce((best, size, i) => (size > sizes[best]! ? i : best), 0);
  const place = places[worst]!;
  const where =
    loss.family === 'classes' && !loss.scores
      ? `at the prediction ${figures(softmaxOf(place.row).slice(0, 6))}${loss.width > 6 ? ' and so on' : ''} for ${loss.nameOf(place.label)}`
      : `at ${loss.scores ? 'the score' : 'the logit'}${loss.width > 1 ? 's' : ''} ${loss.width > 1 ? figures([...place.row.slice(0, 6)]) : figure(place.row[0]!)} for ${loss.nameOf(place.label)}`;
  if (within(FAR) > GROWS * within(NEAR)) {
    if (!certainlySteepens(loss, places, sizes))
      return cannotTell(base, 'the second derivative is bounded', 'far out');
    return refuted(
      base,
      `Not smooth: the second derivative with respect to the ${by}s grows without bound.`,
      `Within a gap of ${NEAR} it reaches ${figure(within(NEAR))}, within ${FAR} ${figure(within(FAR))}, ${where}.`,
      {
        value: within(FAR),
        witness: { target: loss.targetOf(place.label), logits: [...place.row], curvature: within(FAR) },
      },
    );
  }
  const value = Math.max(sharpened(loss, place), within(FAR));
  if (!Number.isFinite(value))
    return {
      ...base,
      status: 'unknown',
      statement: `It is not known whether the gradient with respect to the ${by}s is Lipschitz: its slope is not defined somewhere.`,
      reason: `Computed in float64 ${where}.`,
    };
  return measured(
    base,
    `The gradient with respect to the ${by}s is Lipschitz with a constant of about ${figure(value)}.`,
    `The largest second derivative at ${places.length} places, found ${where}.`,
    { value, witness: { target: loss.targetOf(place.label), logits: [...place.row], curvature: value } },
  );
}

/** The sharpest of places near one: the label's own logit is moved. */
function sharpened(loss: Labelled, place: Place): number {
  const own = loss.family === 'classes' ? place.label : 0;
  const near = Array.from({ length: 2 * SIDE + 1 }, (_, i) => {
    const row = place.row.slice();
    row[own] = row[own]! + (i - SIDE) / SIDE;
    return { ...place, row };
  });
  return Math.max(...curvatures(loss, near, MORE));
}

/** Rows along the curve, along edges between two classes, and spread over the simplex. */
function placesOf(loss: Labelled): Place[] {
  const places: Place[] = [];
  const labels = loss.family === 'classes' ? toldLabels(loss).slice(0, 1) : toldLabels(loss);
  for (const label of labels) {
    const step = loss.affordable(400) < 400 ? 2 : 1;
    const add = (row: Float64Array): void => {
      places.push({ label, row, reach: reachOf(loss, label, row) });
    };
    for (let gap = -FAR; gap <= FAR; gap += Math.abs(gap) < 3 ? step / 4 : step)
      add(loss.row(label, gap + OFF));
    if (loss.family !== 'classes' || loss.labels === 2) continue;
    const [other, third] = [(label + 1) % loss.labels, (label + 2) % loss.labels];
    for (let gap = -NEAR; gap <= NEAR; gap += Math.abs(gap) < 3 ? step / 4 : step)
      add(edge(loss, label, other, gap));
    const between = edge(loss, other, third, 0);
    between[label] = -NEAR;
    add(between);
    for (const row of randomRows(loss, loss.affordable(36))) add(row);
  }
  return places;
}

/** How far the label leads the best of the others, or is led. */
function reachOf(loss: Labelled, label: number, row: Float64Array): number {
  if (loss.family !== 'classes') return Math.abs(row[0]!);
  return Math.abs(row[label]! - Math.max(...row.filter((_, k) => k !== label)));
}

/** Two classes share all of the probability. */
function edge(loss: Labelled, one: number, other: number, gap: number): Float64Array {
  const row = new Float64Array(loss.width).fill(ABSENT);
  row[one] = gap;
  row[other] = 0;
  return row;
}

/** The largest absolute eigenvalue of the second derivative at each place, from below. */
function curvatures(loss: Labelled, places: readonly Place[], iterations: number): number[] {
  const sequence = new Sequence(Math.min(loss.width, 16));
  const { width } = loss;
  const labels = places.flatMap(({ label }) => [label, label]);
  let directions = places.map(() => unit(Float64Array.from({ length: width }, () => sequence.normal())));
  let sizes: number[] = [];
  for (let round = 0; round < (width === 1 ? 1 : iterations); round++) {
    const rows = places.flatMap(({ row }, i) => [
      moved(row, directions[i]!, -STEP),
      moved(row, directions[i]!, STEP),
    ]);
    const { gradients } = loss.read(labels, stacked(rows));
    const products = places.map((_, i) => {
      const [low, high] = [2 * i * width, (2 * i + 1) * width];
      return Float64Array.from(
        { length: width },
        (__, k) => (gradients[high + k]! - gradients[low + k]!) / (2 * STEP),
      );
    });
    sizes = products.map((product) => hypot(...product));
    directions = products.map((product, i) => (sizes[i]! > 0 ? unit(product) : directions[i]!));
  }
  return sizes;
}

const moved = (row: Float64Array, direction: Float64Array, by: number): Float64Array =>
  row.map((z, k) => z + by * direction[k]!);

function unit(vector: Float64Array): Float64Array {
  const length = hypot(...vector);
  return vector.map((x) => x / (length || 1));
}

/** Gaps beyond the far places at which the second derivative has to go on growing. */
const FARTHER = [-80, -40, -20, 20, 40, 80];

/** Whether the second derivative far out is certainly larger than all that was found near, and goes on growing. */
function certainlySteepens(loss: Labelled, places: readonly Place[], sizes: readonly number[]): boolean {
  const near = Math.max(0, ...sizes.filter((size, i) => places[i]!.reach <= NEAR && Number.isFinite(size)));
  return toldLabels(loss).some((label) => {
    const found = FARTHER.map((gap) => {
      const row = loss.row(label, gap);
      const own = loss.family === 'classes' ? label : 0;
      const direction = Float64Array.from(row, (_, k) => (k === own ? 1 : 0));
      const rows = [moved(row, direction, -STEP), moved(row, direction, STEP)];
      const { gradients } = loss.certain([label, label], exactEnds(stacked(rows)));
      return absolute(subtract(gradients[loss.width + own]!, gradients[own]!)).lo / (2 * STEP);
    });
    const isEndless = ([first, second, third]: readonly number[]): boolean =>
      first! > near && second! > first! && third! > second!;
    return isEndless(found.slice(3)) || isEndless(found.slice(0, 3).reverse());
  });
}

interface Jump {
  readonly label: number;
  readonly gap: number;
  /** The last gap before the jump that float64 has, or that is as good as it. */
  readonly before: number;
  readonly from: number;
  readonly to: number;
}

/** A gap at which the slope of the curve jumps: what is left of a difference when its interval is halved again and again. */
function findJump(loss: Labelled): Jump | 'doubtful' | undefined {
  let doubtful = false;
  for (const label of toldLabels(loss)) {
    const { gaps, slopes } = wholeCurve(loss, label);
    const steps = gaps.slice(1).map((_, i) => Math.abs(slopes[i + 1]! - slopes[i]!));
    const suspects = steps
      .map((size, i) => ({ size, i }))
      .filter(({ size, i }) => size > 1e-9 && size > 4 * Math.max(steps[i - 1] ?? 0, steps[i + 1] ?? 0))
      .slice(0, 4);
    for (const { size, i } of suspects) {
      const found = narrowed(loss, label, gaps[i]!, gaps[i + 1]!);
      if (!(Math.abs(found.to - found.from) > size / 2)) continue;
      const [left, right] = certainSlopes(loss, label, [found.before, found.gap]);
      if (areApart(left!, right!)) return found;
      doubtful = true;
    }
  }
  return doubtful ? 'doubtful' : undefined;
}

function narrowed(loss: Labelled, label: number, low: number, high: number): Jump {
  let [from, to] = [low, high];
  const slopeAt = (gap: number): number => readCurve(loss, label, [gap]).slopes[0]!;
  let [start, end] = [slopeAt(from), slopeAt(to)];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (from + to) / 2;
    if (middle === from || middle === to) break;
    const slope = slopeAt(middle);
    if (Math.abs(slope - start) > Math.abs(end - slope)) [to, end] = [middle, slope];
    else [from, start] = [middle, slope];
  }
  return { label, gap: to, before: from, from: start, to: end };
}
