import type { SampledLine } from './line.js';

/** The loss has a gradient somewhere on the line. */
export const isAlive = ({ values, slopes }: SampledLine): boolean =>
  values.some((value) => Number.isFinite(value)) &&
  slopes.some((slope) => Number.isFinite(slope) && Math.abs(slope) > 1e-12);

/** Lines that are one curve are drawn once, with all of their notes. */
export function unlike(lines: readonly SampledLine[]): readonly SampledLine[] {
  const kept: SampledLine[] = [];
  for (const line of lines) {
    const at = kept.findIndex((other) => isSame(other.x, line.x) && isSame(other.values, line.values));
    if (at < 0) kept.push(line);
    else kept[at] = { ...kept[at]!, note: `${kept[at]!.note} or ${line.note}` };
  }
  return kept;
}

const isSame = (one: readonly number[], other: readonly number[]): boolean =>
  one.every((x, i) => Object.is(x, other[i]) || Math.abs(x - other[i]!) <= 1e-9 * Math.max(1, Math.abs(x)));
