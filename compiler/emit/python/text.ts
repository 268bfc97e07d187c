/** Numbers and docs as Python text. */
import type { ParameterValue } from '../../lower/lowered.js';

/** From here on a whole number is written with a point: tensors of 32-bit integers do not take it otherwise. */
const LARGE = 2 ** 31;

/** A number as Python. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "float('nan')";
  if (!Number.isFinite(value)) return value > 0 ? "float('inf')" : "-float('inf')";
  // The last digit of what an engine computed says nothing.
  const rounded = String(Number(value.toPrecision(15)));
  const exact = String(value);
  const shown = rounded.length + 6 < exact.length ? rounded : exact;
  return Math.abs(value) >= LARGE && /^-?\d+$/.test(shown) ? `${shown}.0` : shown;
}

export const tuple = (items: readonly (number | string)[]): string =>
  items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;

/** The default of a parameter. */
export const literal = (value: ParameterValue): string =>
  typeof value === 'number' ? numberText(value) : tuple(value.map(literal));

/** Text as lines that cannot leave a comment or a string. */
export const safeLines = (text: string): string[] =>
  text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => line.replace(/[^\P{C}\t]/gu, ' '));

/** Lines as a docstring. A quote or a backslash cannot end it: it holds neither. */
export function docstring(lines: readonly string[]): string[] {
  const safe = lines.map((line) => line.replaceAll('\\', '/').replaceAll('"', "'").trimEnd());
  if (safe.length === 1) return [`"""${safe[0]}"""`];
  return [`"""${safe[0]}`, ...safe.slice(1), '"""'];
}

/** Lines one level further in. */
export const indented = (lines: readonly string[]): string[] =>
  lines.map((line) => (line === '' ? '' : `    ${line}`));
