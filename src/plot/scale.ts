/** From values to places on a picture. */
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
