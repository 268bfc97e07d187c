import { decadeOf, powerOfTen } from '../../compiler/elementary/power.js';

/** From data to places on a chart, and round numbers for its axes. */
export interface Scale {
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Linear, widened a little where all values are equal. */
export function linearScale(values: readonly number[], from: number, to: number, count = 5): Scale {
  const finite = values.filter(Number.isFinite);
  let low = finite.length === 0 ? 0 : Math.min(...finite);
  let high = finite.length === 0 ? 1 : Math.max(...finite);
  if (low === high) [low, high] = [low - (Math.abs(low) || 1) * 0.05, high + (Math.abs(high) || 1) * 0.05];
  const place = (value: number): number => from + ((value - low) / (high - low)) * (to - from);
  return { place, ticks: roundTicks(low, high, count) };
}

/** Multiples of 1, 2 or 5 times a power of ten that lie in the interval. */
export function roundTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / count;
  const power = powerOfTen(decadeOf(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough)!;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

/** A number as short as an axis needs it. */
export function shortNumber(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`;
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`;
  if (size < 1e-3) return value.toExponential(0);
  return String(Number(value.toPrecision(4)));
}
