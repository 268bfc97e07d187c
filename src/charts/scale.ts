/** From values to places on a picture, and round numbers for its axes. */
import { log } from '../../compiler/elementary/logarithm.js';
import { decadeOf, powerOfTen } from '../../compiler/elementary/power.js';

export interface Scale {
  readonly low: number;
  readonly high: number;
  place(value: number): number;
}

/** A linear scale; `from` and `to` are the places of `low` and `high`. */
export const linearScale = (low: number, high: number, from: number, to: number): Scale => ({
  low,
  high,
  place: (value) => from + ((value - low) / (high - low)) * (to - from),
});

/** A logarithmic scale; all values must be positive. */
export function logScale(low: number, high: number, from: number, to: number): Scale {
  const scale = linearScale(log(low), log(high), from, to);
  return { low, high, place: (value) => scale.place(log(value)) };
}

/** The least and the greatest of the values that are finite, a little apart where they are equal; 0 and 1 where there are none. */
export function spanOf(values: readonly number[]): { readonly low: number; readonly high: number } {
  // Not as arguments: a long training has more points than fit onto the stack.
  const finite = values.filter((value) => Number.isFinite(value));
  const low = finite.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = finite.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (finite.length === 0) return { low: 0, high: 1 };
  const room = low === high ? (Math.abs(low) || 1) * 0.05 : 0;
  return { low: low - room, high: high + room };
}

/** Multiples of 1, 2 or 5 times a power of ten that lie in the interval: about `count` of them. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = powerOfTen(decadeOf(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** 1, 2 and 5 times each power of ten that lie in the interval. */
export function decadeTicks(low: number, high: number): number[] {
  const [first, last] = [decadeOf(low), decadeOf(high)];
  return Array.from({ length: last - first + 1 }, (_, i) => powerOfTen(first + i))
    .flatMap((power) => [power, 2 * power, 5 * power])
    .filter((tick) => tick >= low && tick <= high);
}

/**
 * The range of values that a frame shows for several lines: all of the middle of every line, but no line that is many times
 * larger than the usual one may flatten the others; what leaves the frame is clipped.
 */
export function frameOf(lines: readonly (readonly number[])[]): { low: number; high: number } {
  const middles = lines.map((values) => {
    const cut = Math.floor(values.length * MARGIN);
    return values.slice(cut, values.length - cut).filter((value) => Number.isFinite(value));
  });
  const bounds = middles
    .filter((values) => values.length > 0)
    .map((values) => ({ low: Math.min(...values), high: Math.max(...values) }));
  if (bounds.length === 0) return { low: 0, high: 1 };
  const usual = median(bounds.map(({ low, high }) => Math.max(Math.abs(low), Math.abs(high))));
  const most = LARGEST * (usual || 1);
  const near = bounds.filter((bound) => bound.low <= most && bound.high >= -most);
  const low = Math.max(Math.min(...near.map((bound) => bound.low)), -most);
  const high = Math.min(Math.max(...near.map((bound) => bound.high)), most);
  const room = high > low ? (high - low) * ROOM : Math.max(1e-3, Math.abs(high) * ROOM);
  return { low: low - room, high: high + room };
}

/** Share of a line at either end that may leave the frame. */
const MARGIN = 0.05;
/** How many times larger than the usual line a line may be before it leaves the frame. */
const LARGEST = 3;
/** Room above and below, as a share of the height. */
const ROOM = 0.06;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
