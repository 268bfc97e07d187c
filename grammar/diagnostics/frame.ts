import type { Span } from '../tree/ast.js';
import { lineSpan, positionAt, type Source } from './source.js';

export interface FrameRow {
  /** A line of the source, the carets below it, or the mark for lines left out. */
  readonly kind: 'text' | 'marks' | 'gap';
  /** The line number, on text rows. */
  readonly label: string;
  readonly text: string;
}

/** Columns shown of a line that is longer; a terminal is rarely narrower than this plus the gutter. */
const MAX_WIDTH = 110;
/** Columns kept in front of the span when a long line is cut. */
const LEAD = 30;
/** A span over more lines than this shows its first two and its last. */
const MAX_LINES = 4;
const TAB = '  ';

/** What one character takes on a terminal: nothing, one column or two (Unicode's East Asian wide ranges, emoji). */
function columns(character: string): number {
  const code = character.codePointAt(0)!;
  if (code < 0x300) return 1;
  if (/\p{Mark}|\p{Format}/u.test(character)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}

/** A character as it is shown: tabs as spaces, control characters and lone surrogates visible but harmless. */
function shown(character: string): string {
  if (character === '\t') return TAB;
  return /\p{Control}|\p{Surrogate}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(character)
    ? '\ufffd'
    : character;
}

/** One source line and the carets under [from, to), at least one, both cut to a width that can be read. */
function drawLine(line: string, from: number, to: number): { readonly text: string; readonly marks: string } {
  // Cut first, so that a line of a megabyte costs nothing.
  const first = from > MAX_WIDTH ? from - LEAD : 0;
  const last = Math.min(line.length, first + MAX_WIDTH);
  const end = Math.max(to, from + 1);
  let text = first > 0 ? '\u2026' : '';
  let marks = first > 0 ? ' ' : '';
  let offset = first;
  for (const character of line.slice(first, last)) {
    const piece = shown(character);
    text += piece;
    const marked = offset >= from && offset < end;
    marks += (marked ? '^' : ' ').repeat(piece === TAB ? TAB.length : columns(piece));
    offset += character.length;
  }
  if (last < line.length) text += '\u2026';
  if (from >= line.length) marks += '^';
  return { text: text.trimEnd(), marks: marks.trimEnd() };
}

/** The source lines of a span with carets under it, and how wide the line numbers are. */
export function drawFrame(
  span: Span,
  source: Source,
): { readonly gutter: number; readonly rows: readonly FrameRow[] } {
  const firstLine = positionAt(source, span.start).line;
  const lastLine = Math.max(firstLine, positionAt(source, Math.max(span.start, span.end - 1)).line);
  const skips = lastLine - firstLine >= MAX_LINES;
  const rows: FrameRow[] = [];
  for (let line = firstLine; line <= lastLine; line += 1) {
    if (skips && line === firstLine + 2) {
      rows.push({ kind: 'gap', label: '', text: '\u2026' });
      line = lastLine;
    }
    const { start, end } = lineSpan(source, line);
    const text = source.text.slice(start, end);
    const indent = text.length - text.trimStart().length;
    const from = line === firstLine ? Math.max(0, span.start - start) : indent;
    const to = line === lastLine ? span.end - start : text.length;
    const drawn = drawLine(text, Math.min(from, text.length), Math.min(to, text.length));
    rows.push({ kind: 'text', label: String(line), text: drawn.text });
    if (line === firstLine || text.trim() !== '') rows.push({ kind: 'marks', label: '', text: drawn.marks });
  }
  return { gutter: String(lastLine).length, rows };
}
