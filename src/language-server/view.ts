import type { Position, Range, TextEdit } from 'vscode-languageserver';
import type { Fix } from '../../grammar/diagnostics/diagnostic.js';
import type { Span } from '../../grammar/tree/ast.js';
import { nodeAt } from '../../grammar/tree/nodes.js';
import type { linesOf, OpenDocument } from './documents.js';
import type { Reading } from './reading.js';

/** A document through one of its readings: the present one, or an earlier one whose places are moved to where they are now. */
export class View {
  readonly #toReading: Shift;
  readonly #toPresent: Shift;

  constructor(
    readonly document: OpenDocument,
    readonly reading: Reading,
  ) {
    const present = document.text.getText();
    const { text } = reading.source;
    this.#toReading = shift(present, text);
    this.#toPresent = shift(text, present);
  }

  offset(position: Position): number {
    return this.#toReading(this.document.text.offsetAt(position));
  }

  range({ start, end }: Span): Range {
    return rangeIn(this.document.text, { start: this.#toPresent(start), end: this.#toPresent(end) });
  }

  /** Is this the text that the editor has? */
  get isPresent(): boolean {
    return this.reading === this.document.reading;
  }
}

/** The view to look a name up in: an earlier one only where the present text cannot be read there. */
export function viewAt(document: OpenDocument, position: Position): View {
  const { reading, earlier, text } = document;
  const isRead = nodeAt(reading.file, text.offsetAt(position)) !== undefined;
  return new View(document, earlier === undefined || isRead ? reading : earlier);
}

export const rangeIn = (text: ReturnType<typeof linesOf>, { start, end }: Span): Range => ({
  start: text.positionAt(start),
  end: text.positionAt(end),
});

/** A replacement as an editor makes it. */
export const editOf = (text: ReturnType<typeof linesOf>, { span, text: newText }: Fix): TextEdit => ({
  range: rangeIn(text, span),
  newText,
});

type Shift = (offset: number) => number;

/** Where an offset of one text is in another: they are the same before and behind what has changed. */
function shift(from: string, to: string): Shift {
  if (from === to) return (offset) => offset;
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from.charCodeAt(start) === to.charCodeAt(start)) start += 1;
  let end = 0;
  while (end < most - start && from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end))
    end += 1;
  return (offset) => {
    if (offset <= start) return offset;
    return offset >= from.length - end ? offset + to.length - from.length : start;
  };
}
