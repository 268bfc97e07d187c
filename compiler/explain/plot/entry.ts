/** Entries of inputs along a line: numbers that stand still, and formulas of `x`. */

/** One number of an input as a function of `x`, and how the picture writes it. */
export interface Entry {
  readonly text: string;
  at(x: number): number;
  slope(x: number): number;
}

const numberText = (value: number): string => String(value).replace('-', '\u2212');

/** A number that stands still. */
export const held = (value: number): Entry => ({ text: numberText(value), at: () => value, slope: () => 0 });

/** `1/n`: what each of n equal probabilities is. */
export const uniform = (count: number): Entry =>
  count === 1 ? held(1) : { text: `1/${count}`, at: () => 1 / count, slope: () => 0 };

/** `from + x`, or `from - x`. */
export const moved = (from = 0, by: 1 | -1 = 1): Entry => ({
  text: from === 0 ? (by > 0 ? 'x' : '\u2212x') : `${numberText(from)} ${by > 0 ? '+' : '\u2212'} x`,
  at: (x) => from + by * x,
  slope: () => by,
});

/** `(1 - x)/n`: an equal share of what x leaves. */
export const rest = (count: number): Entry => ({
  text: count === 1 ? '1 \u2212 x' : `(1 \u2212 x)/${count}`,
  at: (x) => (1 - x) / count,
  slope: () => -1 / count,
});

/** The other side of a vector of length 1 of which one side is x. */
export const side = (sign: 1 | -1 = 1): Entry => ({
  text: `${sign > 0 ? '' : '\u2212'}\u221a(1 \u2212 x\u00b2)`,
  at: (x) => sign * Math.sqrt(1 - x * x),
  slope: (x) => (-sign * x) / Math.sqrt(1 - x * x),
});

/** Entries one after another as nested lists: the batch first, then each axis. */
export function nestedText(entries: readonly string[], lengths: readonly number[]): string {
  const [first, ...inner] = lengths;
  if (first === undefined) return entries[0]!;
  const step = entries.length / first;
  const parts = Array.from({ length: first }, (_, i) =>
    nestedText(entries.slice(i * step, (i + 1) * step), inner),
  );
  return `[${shortened(parts).join(', ')}]`;
}

/** Beyond this many, entries at the end that are alike are three dots. */
const WRITTEN = 4;

function shortened(parts: readonly string[]): readonly string[] {
  if (parts.length <= WRITTEN) return parts;
  const last = parts.at(-1)!;
  const from = parts.findLastIndex((part) => part !== last) + 2;
  return from < parts.length ? [...parts.slice(0, from), '\u2026'] : parts;
}
