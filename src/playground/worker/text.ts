/** The text of the editor as the language services have it. */
import { Documents, type OpenDocument } from '../../language-server/documents.js';
import { type View, viewAt } from '../../language-server/view.js';
import type { Edit } from '../messages.js';

/** What diagnostics and emitted code call the text. */
export const TEXT_NAME = 'playground.loss';

export const DOCUMENTS = new Documents();
let version = 0;

/** The text, read once as long as it stays the same. */
export function documentOf(text: string): OpenDocument {
  if (DOCUMENTS.find(TEXT_NAME)?.reading.source.text !== text) {
    version += 1;
    DOCUMENTS.change(TEXT_NAME, version, text);
  }
  return DOCUMENTS.find(TEXT_NAME)!;
}

/** The text with what was asked of a place in it: an earlier reading where the present one does not reach. */
export function viewOf({ text, offset }: { readonly text: string; readonly offset: number }): {
  readonly view: View;
  readonly at: number;
} {
  const document = documentOf(text);
  const position = document.text.positionAt(offset);
  const view = viewAt(document, position);
  return { view, at: view.offset(position) };
}

export type LinesAndColumns = OpenDocument['text'];
interface LineRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}
export interface RangedPlace {
  readonly uri: string;
  readonly range: LineRange;
}
interface RangedText {
  readonly range: LineRange;
  readonly newText: string;
}

/** An edit of the protocol, by offsets. */
export const editIn = (text: LinesAndColumns, { range, newText }: RangedText): Edit => ({
  from: text.offsetAt(range.start),
  to: text.offsetAt(range.end),
  text: newText,
});
