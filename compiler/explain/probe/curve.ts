import { add, around, type Interval, multiply, negated } from '../../interval/interval.js';
import { exactEnds } from './certain.js';
import { type Labelled, stacked } from './labelled.js';

/** Gaps on both sides of 0 that are looked at: a probability of 1e-13 is as far as float64 differences still mean something. */
const WIDEST = 30;
/** Refining ends at an interval of this length, divided into as many parts at a time as are affordable. */
const NARROW = 1e-9;
const PARTS = 24;

/** The loss along the rows in which one label leads all others, which are equal. */
export interface Curve {
  readonly gaps: readonly number[];
  readonly values: Float64Array;
  /** By the gap. */
  readonly slopes: Float64Array;
}

/** A place where the slope changes from falling to rising, or from falling to flat. */
export interface Bottom {
  readonly gap: number;
  readonly value: number;
  /** The slope is 0 from here on, to the next rise if there is one. */
  readonly flat: boolean;
}

/** Values and slopes of one label at gaps. */
export function readCurve(loss: Labelled, label: number, gaps: readonly number[]): Curve {
  const rows = stacked(gaps.map((gap) => loss.row(label, gap)));
  const labels = new Int32Array(gaps.length).fill(label);
  const { values, gradients } = loss.read(labels, rows);
  const slopes = Float64Array.from(gaps, (gap, i) =>
    slopeOf(loss, label, gap, gradients.subarray(i * loss.width, (i + 1) * loss.width)),
  );
  return { gaps, values, slopes };
}

/** The derivative by the gap. A row of logs of probabilities moves as a whole: by 1 - p at the label, by -p elsewhere. */
function slopeOf(loss: Labelled, label: number, gap: number, gradient: Float64Array): number {
  if (loss.family !== 'classes') return label === 1 ? gradient[0]! : -gradient[0]!;
  if (loss.scores) return gradient[label]!;
  const total = gradient.reduce((sum, part) => sum + part, 0);
  return gradient[label]! - loss.probability(gap) * total;
}

/** Bounds of the derivative by the gap. */
export function certainSlopes(loss: Labelled, label: number, gaps: readonly number[]): Interval[] {
  if (gaps.length === 0) return [];
  const rows = exactEnds(stacked(gaps.map((gap) => loss.row(label, gap))));
  const { gradients } = loss.certain(new Int32Array(gaps.length).fill(label), rows);
  return gaps.map((gap, i) => {
    const gradient = gradients.slice(i * loss.width, (i + 1) * loss.width);
    if (loss.family !== 'classes') return label === 1 ? gradient[0]! : negated(gradient[0]!);
    if (loss.scores) return gradient[label]!;
    const share = loss.probability(gap);
    const moved = multiply(around(share, share, 8), gradient.reduce(add));
    return add(gradient[label]!, negated(moved));
  });
}

const wholeCurves = new WeakMap<Labelled, Map<number, Curve>>();

/** The curve from certainly wrong to certainly right; read once, for several questions look at it. */
export function wholeCurve(loss: Labelled, label: number): Curve {
  const known = wholeCurves.get(loss) ?? new Map<number, Curve>();
  wholeCurves.set(loss, known);
  const curve = known.get(label) ?? readWhole(loss, label);
  known.set(label, curve);
  return curve;
}

function readWhole(loss: Labelled, label: number): Curve {
  const points = loss.affordable(481);
  const gaps = Array.from({ length: points }, (_, i) => -WIDEST + (2 * WIDEST * i) / (points - 1));
  return readCurve(loss, label, gaps);
}

/** What a rising slope has to exceed, beside the value, not to be a rounding error of a slope that fades. */
const NEGLIGIBLE = 1e-13;

/**
 * -1 where the loss falls with the gap, 1 where it rises, 0 where it is exactly level. A slope whose sign is lost to rounding
 * counts as the one before.
 */
export function directions(loss: Labelled, label: number, curve: Curve): Directions {
  const known = wholeDirections.get(curve);
  if (known !== undefined) return known;
  const signs = readSigns(curve);
  const turns = [...signs.keys()].filter((i) => signs[i] === 1);
  const bounds = certainSlopes(
    loss,
    label,
    turns.map((i) => curve.gaps[i]!),
  );
  let doubtful = false;
  for (const [k, i] of turns.entries()) {
    if (bounds[k]!.lo > 0) continue;
    doubtful = true;
    signs[i] = signs[i - 1] ?? 0;
  }
  const result = { signs, doubtful };
  wholeDirections.set(curve, result);
  return result;
}

interface Directions {
  readonly signs: readonly number[];
  /** Somewhere the loss seems to rise, by no more than rounding may have made. */
  readonly doubtful: boolean;
}

const wholeDirections = new WeakMap<Curve, Directions>();

function readSigns(curve: Curve): number[] {
  const signs: number[] = [];
  for (const [i, slope] of curve.slopes.entries()) {
    const least = NEGLIGIBLE * Math.max(1e-3, Math.abs(curve.values[i]!));
    const fades = Number.isNaN(slope) || (slope > 0 && slope <= least);
    signs.push(fades ? (signs.at(-1) ?? 0) : Math.sign(slope));
  }
  return signs;
}

/** The lowest point of the curve: inside, or where it goes on falling: at the right end, at the left end. */
export function lowest(loss: Labelled, label: number, curve: Curve): Bottom | 'right' | 'left' | 'level' {
  const { gaps, values } = curve;
  const { signs } = directions(loss, label, curve);
  if (signs.every((sign) => sign === 0)) return 'level';
  const ends: (Bottom | 'right' | 'left')[] = [];
  for (let i = 1; i < gaps.length; i++) {
    if (signs[i - 1] !== -1 || signs[i] === -1) continue;
    const flat = signs[i] === 0 && (signs[i + 1] ?? 0) === 0;
    ends.push({ ...refined(loss, label, gaps[i - 1]!, gaps[i]!), flat });
  }
  if (signs.at(-1) === -1) ends.push('right');
  if (signs.find((sign) => sign !== 0) === 1) ends.push('left');
  const endValue = (end: Bottom | 'right' | 'left'): number =>
    end === 'right' ? values.at(-1)! : end === 'left' ? values[0]! : end.value;
  return ends.reduce((best, end) => (endValue(end) < endValue(best) - 1e-12 ? end : best));
}

function refined(loss: Labelled, label: number, from: number, to: number): { gap: number; value: number } {
  const gap = crossing(loss, label, from, to);
  return { gap, value: readCurve(loss, label, [gap]).values[0]! };
}

/** The gap between two others at which the loss stops falling, by the sign of its slope. */
export function crossing(loss: Labelled, label: number, from: number, to: number): number {
  const parts = Math.max(4, Math.floor((PARTS * loss.affordable(480)) / 480));
  let [low, high] = [from, to];
  while (high - low > NARROW) {
    const gaps = Array.from({ length: parts + 1 }, (_, i) => low + ((high - low) * i) / parts);
    const { slopes } = readCurve(loss, label, gaps);
    const at = slopes.findIndex((slope) => slope >= 0);
    if (at <= 0) break;
    [low, high] = [gaps[at - 1]!, gaps[at]!];
  }
  return high;
}
