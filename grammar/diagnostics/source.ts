import type { Span } from '../tree/ast.js';

/** A text with the name that a person knows it by, as diagnostics print it. */
export interface Source {
  /** A path, or any name that diagnostics print. */
  readonly name: string;
  /** All of it. */
  readonly text: string;
}

/** A place in a text as editors count it: lines and columns from 1, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

const LINE_STARTS = new WeakMap<Source, readonly number[]>();

function lineStarts(source: Source): readonly number[] {
  const known = LINE_STARTS.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  for (let at = source.text.indexOf('\n'); at >= 0; at = source.text.indexOf('\n', at + 1))
    starts.push(at + 1);
  LINE_STARTS.set(source, starts);
  return starts;
}

/** The line and column of an offset; offsets outside the text count as its nearest end. */
export function positionAt(source: Source, offset: number): Position {
  const starts = lineStarts(source);
  const inside = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= inside) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: inside - starts[low]! + 1 };
}

/** The offsets of a line (from 1), without what ends it. */
export function lineSpan(source: Source, line: number): Span {
  const starts = lineStarts(source);
  const start = starts[line - 1] ?? source.text.length;
  const next = starts[line];
  let end = next === undefined ? source.text.length : next - 1;
  if (end > start && source.text[end - 1] === '\r') end -= 1;
  return { start, end };
}
